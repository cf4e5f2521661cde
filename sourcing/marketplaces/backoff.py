"""How long to wait before asking again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

from sourcing.marketplaces.errors import MarketplaceError, Wait

LONGEST_S = 86_400.0
"""A day: eBay's longest window. Whoever says more is not believed."""
_chance = SystemRandom()


def read_retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or as an HTTP date; None where it is missing or junk."""
    if header is None or len(header) > 60:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_S)
    try:
        until = parsedate_to_datetime(text)
        # A date in "-0000" comes without a zone, and means UTC.
        seconds = (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_S)


def wait_s(attempt: int, *, base_s: float = 1.0, cap_s: float = 300.0) -> float:
    """Seconds before try number ``attempt`` + 1: doubled each time up to ``cap_s``, half of it left to chance so that
    workers which failed together do not come back together."""
    whole = min(cap_s, base_s * 2.0 ** min(attempt, 30))
    return whole / 2 + _chance.uniform(0, whole / 2)


def wait_after_s(error: MarketplaceError, attempt: int, *, base_s: float = 30.0, cap_s: float = 3600.0) -> float:
    """Seconds before a task that ended with ``error`` runs again: what was asked for where something was, and a
    jittered, growing wait on top."""
    asked_for = error.retry_after_s if isinstance(error, Wait) else 0.0
    return asked_for + wait_s(attempt, base_s=base_s, cap_s=cap_s)
