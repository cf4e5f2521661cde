"""The mails that the embedded mode has written to its folder instead of sending them. They stay there for 30 days, or
until their person has all that is theirs deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

MOST_SHOWN = 50
KEPT = timedelta(days=30)
_ENDS = b"\n" + b"-" * 79


@dataclass(frozen=True, slots=True)
class KeptMail:
    """``name`` is that of its file, ``headers`` all of them in order. HTML is a stranger's: show it as text only."""

    name: str
    subject: str
    to: str
    date: datetime | None
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


def kept_mails(folder: Path) -> tuple[KeptMail, ...]:
    """The newest mails first; none where there is no folder yet."""
    files = sorted(_files(folder), key=lambda file: (file.stat().st_mtime, file.name), reverse=True)
    return tuple(_read(file) for file in files[:MOST_SHOWN])


def delete_mails_to(folder: Path, address: str) -> None:
    """Delete every mail that went to an address, which is given as it is stored."""
    for file in _files(folder):
        if _recipient(file) == address:
            file.unlink(missing_ok=True)


def delete_old_mails(folder: Path, now: datetime) -> None:
    """Delete what is older than mails are kept. Running it again deletes nothing more."""
    for file in _files(folder):
        if file.stat().st_mtime < (now - KEPT).timestamp():
            file.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.log")


def _recipient(file: Path) -> str:
    with file.open("rb") as opened:
        headers = BytesHeaderParser(policy=policy.default).parse(opened)
    return parseaddr(str(headers["To"] or ""))[1].lower()


def _read(file: Path) -> KeptMail:
    # Django writes a line of dashes after every mail; we write one mail a file.
    parsed = message_from_bytes(file.read_bytes().partition(_ENDS)[0], policy=policy.default)
    message = parsed if isinstance(parsed, EmailMessage) else EmailMessage()
    date = message["Date"]
    return KeptMail(
        file.name,
        str(message["Subject"] or ""),
        str(message["To"] or ""),
        parsedate_to_datetime(str(date)) if date else None,
        _part(message, "plain"),
        _part(message, "html"),
        tuple((name, str(value)) for name, value in message.items()),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
