"""Ids of mails: made once, before the first attempt to send, so that a repeated mail can be told for what it is."""

from email.utils import make_msgid, parseaddr

from django.conf import settings


def new_message_id() -> str:
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return make_msgid(domain=sender.rpartition("@")[2] or "localhost")
