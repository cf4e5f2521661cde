"""What another build would change, against the one that stands. Pure."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures people choose by. ``tok_s`` None: no speed can be estimated. ``unpriced`` names what ``usd`` leaves
    out because nobody has told a price or a rate."""

    tok_s: float | None
    wall_w: float
    usd: Decimal
    unpriced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """Differences, in the units of :class:`Figures`; None = not known.

    What costs an unknown price more is not known; ``unpriced`` names it. What does without something unpriced costs
    ``usd`` or less, and ``is_most`` says so.
    """

    tok_s: float | None
    wall_w: float
    usd: Decimal | None
    unpriced: tuple[str, ...] = ()
    is_most: bool = False


def change(now: Figures, then: Figures) -> Change:
    """``then`` against ``now``."""
    more, less = then.unpriced - now.unpriced, now.unpriced - then.unpriced
    return Change(
        tok_s=None if now.tok_s is None or then.tok_s is None else then.tok_s - now.tok_s,
        wall_w=then.wall_w - now.wall_w,
        usd=None if more else then.usd - now.usd,
        unpriced=tuple(sorted(more)),
        is_most=bool(less) and not more,
    )
