"""Handing one mail over, and what came of it."""

import smtplib
from collections.abc import Callable
from email.errors import MessageError
from email.utils import parseaddr
from enum import Enum
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives

NO_MAILBOX = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
"""Enhanced status codes (RFC 3463) that say there is nobody at the address. A bare 550 may as well be our fault."""

UNWRITABLE = (ValueError, LookupError, TypeError, AttributeError, MessageError)
"""What Django and the standard library raise over a header or a text that cannot be put into a mail."""


class Outcome(Enum):
    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    NO_MAILBOX = "no mailbox"
    IN_DOUBT = "in doubt"
    """The whole mail went out and no answer came: it may have arrived."""


class ClaimLost(Exception):
    """Somebody else has the mail, or it was taken back; it was not sent."""


def deliver(
    message: EmailMultiAlternatives,
    before_end: Callable[[], None],
    refused: Callable[[], None],
    accepted: Callable[[], None],
) -> tuple[Outcome, str]:
    """Send one mail to its one recipient. Returns what came of it, and the server's words where it did not want it.

    ``before_end`` is called when nothing has been handed over yet, and may raise ClaimLost to stop it. After it comes
    ``refused`` where the server has answered no, ``accepted`` where it has taken the mail, neither where it has not
    answered; all before the connection is closed.
    """
    handed_over = False

    def last_moment() -> None:
        nonlocal handed_over
        before_end()
        handed_over = True

    try:
        message.message().as_bytes()
    except UNWRITABLE as trouble:
        return Outcome.REFUSED, _words(trouble)  # no server would ever see it
    connection = mail.get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as trouble:
        return Outcome.LATER, _words(trouble)  # ours or the server's, but not this mail's
    try:
        _send(connection, message, last_moment)
        accepted()
    except smtplib.SMTPRecipientsRefused as answer:
        return _answered(*next(iter(answer.recipients.values())), recipient=True)
    except smtplib.SMTPSenderRefused as answer:
        return Outcome.LATER, _words(answer)  # of whom we say we are; no mail of ours would fare better
    except smtplib.SMTPResponseException as answer:
        if handed_over:
            refused()
        return _answered(answer.smtp_code, answer.smtp_error, recipient=False)
    except (smtplib.SMTPException, OSError) as trouble:
        return (Outcome.IN_DOUBT if handed_over else Outcome.LATER), _words(trouble)
    finally:
        _close(connection)
    return Outcome.ACCEPTED, ""


def _send(connection: Any, message: EmailMultiAlternatives, before_end: Callable[[], None]) -> None:
    if hasattr(connection, "send_one"):
        connection.send_one(mail_address(message.from_email), message.to[0], message.message(), before_end)
    else:
        before_end()
        connection.send_messages([message])


def mail_address(named: str) -> str:
    """The address alone of ``Name <address>``."""
    return parseaddr(named)[1]


def _answered(code: int, said: bytes | str, *, recipient: bool) -> tuple[Outcome, str]:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    words = f"{code} {text}"
    if code < 500:
        return Outcome.LATER, words
    if recipient and text.lstrip().startswith(NO_MAILBOX):
        return Outcome.NO_MAILBOX, words
    return Outcome.REFUSED, words


def _words(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"


def _close(connection: Any) -> None:
    """The mail is through or not: how the server says goodbye changes nothing."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return
