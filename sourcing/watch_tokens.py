"""Signed, expiring tokens of the links in mails, each for one purpose only."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing

from sourcing.mailboxes import mailbox_hash
from sourcing.watch_models import Subscriber, Watch

CONFIRM_LIVES, MANAGE_LIVES, UNSUBSCRIBE_LIVES = timedelta(days=7), timedelta(days=14), timedelta(days=400)
_SALT = "sourcing.watch."


class BadToken(ValueError):
    """``expired`` True = it was good once; the message says what to do."""

    def __init__(self, *, expired: bool) -> None:
        self.expired = expired
        super().__init__(
            "This link has expired. Ask for a new one." if expired else "This link is not complete, or not ours."
        )


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """What a link ends: one watch, or everything that comes in a person's daily mail."""

    watch_id: int | None
    subscriber_id: int


def confirm_token(watch: Watch) -> str:
    return _made("confirm", [watch.pk, watch.subscriber.token_version])


def manage_token(subscriber: Subscriber) -> str:
    return _made("manage", [subscriber.pk, subscriber.token_version])


def unsubscribe_token(subscriber_id: int, watch_id: int | None = None) -> str:
    """Of one watch, or of the daily mail. It outlives every other link: who wants out gets out."""
    return _made("unsubscribe", [watch_id, subscriber_id])


def never_token(subscriber: Subscriber) -> str:
    """Of a mailbox that nothing may be sent to any more, by its hash: it works when the person is deleted."""
    return _made("never", [subscriber.pk, mailbox_hash(subscriber.address)])


def read_confirm(token: str) -> Watch:
    """The watch of a token. Raises BadToken."""
    pk, version = _read("confirm", token, CONFIRM_LIVES)
    watch = (
        Watch.objects.select_related("subscriber")
        .prefetch_related("lines")
        .filter(pk=pk, subscriber__token_version=version)
        .first()
    )
    if watch is None:
        raise BadToken(expired=True)
    return watch


def read_manage(token: str) -> Subscriber:
    """The person of a token. Raises BadToken."""
    pk, version = _read("manage", token, MANAGE_LIVES)
    subscriber = Subscriber.objects.filter(pk=pk, token_version=version).first()
    if subscriber is None:
        raise BadToken(expired=True)
    return subscriber


def read_unsubscribe(token: str) -> Unsubscribe:
    """Raises BadToken."""
    return Unsubscribe(*_read("unsubscribe", token, UNSUBSCRIBE_LIVES))


def read_never(token: str) -> tuple[int, str]:
    """The person written to, who may be gone, and the hash of the mailbox. Raises BadToken."""
    pk, mailbox = _read("never", token, UNSUBSCRIBE_LIVES)
    return pk, mailbox


def _made(purpose: str, content: list[Any]) -> str:
    return signing.dumps(content, salt=_SALT + purpose)


def _read(purpose: str, token: str, lives: timedelta) -> tuple[Any, Any]:
    try:
        first, second = signing.loads(token, salt=_SALT + purpose, max_age=lives)
    except signing.SignatureExpired:
        raise BadToken(expired=True) from None
    except (signing.BadSignature, ValueError):
        raise BadToken(expired=False) from None
    return first, second
