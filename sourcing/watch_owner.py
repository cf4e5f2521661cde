"""Who comes from their manage page to make another watch: their mailbox is proved, so that no second mail is needed.

A signed cookie says so for an hour. It goes to the page of the form and nowhere else, no script reads it, and no other
site can have it sent. The link itself stays out of addresses, forms and the session.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sourcing import watch_tokens
from sourcing.watch_models import Subscriber

NAME = "watch_owner"
LIVES = timedelta(hours=1)


def remember(response: HttpResponse, token: str) -> None:
    """Let the next watches of this browser be those of a manage link."""
    response.set_signed_cookie(
        NAME,
        token,
        salt=NAME,
        max_age=LIVES,
        path=reverse("sourcing:new_watch"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(NAME, path=reverse("sourcing:new_watch"), samesite="Strict")


def token_of(request: HttpRequest) -> str:
    """The manage link that this browser came from within the hour, and that is still good; else empty."""
    token = request.get_signed_cookie(NAME, default="", salt=NAME, max_age=LIVES) or ""
    return token if token and owner_of(token) is not None else ""


def owner_of(token: str) -> Subscriber | None:
    try:
        return watch_tokens.read_manage(token)
    except watch_tokens.BadToken:
        return None
