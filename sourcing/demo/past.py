"""When somebody would have looked at the demo marketplace before today, had it been running all the time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from sourcing.demo.state import below

LOOKS_A_DAY = 2
_MISSED = 25
"""Of so many days one was missed; yesterday never, so that the past ends where today begins."""


def looks(first: date, until: date, seed: int = 1) -> Iterator[tuple[datetime, ...]]:
    """The moments of each day from ``first`` to the day before ``until``, oldest first; days that were missed are left
    out. The last look of a day is within the last step before midnight."""
    for back in range((until - first).days, 0, -1):
        day = until - timedelta(days=back)
        if back > 1 and below(_MISSED, seed, "missed", day.isoformat()) == 0:
            continue
        midnight = datetime.combine(day, time.min, UTC)
        every = timedelta(days=1) / LOOKS_A_DAY
        yield tuple(midnight + every * look - timedelta(minutes=1) for look in range(1, LOOKS_A_DAY + 1))
