"""SMTP that says when a mail can no longer be taken back: before the line that ends it, the server has not got it."""

import re
import smtplib
from collections.abc import Callable
from email.message import Message
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp


class _Told:
    """Mixed into smtplib's classes, whose ``data`` sends a mail and the line that ends it in one go."""

    before_end: Callable[[], None] | None = None

    def data(self, msg: Any) -> tuple[int, bytes]:
        connection: Any = self
        connection.putcmd("data")
        code, answer = connection.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        body = re.sub(rb"\r\n|\n|\r(?!\n)", b"\r\n", msg if isinstance(msg, bytes) else msg.encode("ascii"))
        body = re.sub(rb"(?m)^\.", b"..", body)
        connection.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        if self.before_end is not None:
            self.before_end()
        # RFC 5321 (4.5.3.2.6) lets the server think long before this answer, and it is the one that matters.
        connection.sock.settimeout(settings.EMAIL_ANSWER_TIMEOUT)
        connection.send(b".\r\n")
        answered: tuple[int, bytes] = connection.getreply()
        return answered


class _Smtp(_Told, smtplib.SMTP):
    pass


class _SmtpOverTls(_Told, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, with ``send_one``, which calls back before a mail is out of our hands."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpOverTls if self.use_ssl else _Smtp

    def send_one(self, sender: str, recipient: str, message: Message, before_end: Callable[[], None]) -> None:
        """Send one mail over a connection that is open. Raises smtplib.SMTPException or OSError."""
        connection: Any = self.connection
        connection.before_end = before_end
        connection.sendmail(sender, [recipient], message.as_bytes())
