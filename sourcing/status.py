"""How asking the marketplaces goes, for people to look at: each marketplace, and each part at it."""

from dataclasses import dataclass
from datetime import datetime

from sourcing.listing_models import Poll
from sourcing.marketplaces import MARKETPLACES, Marketplace, breaker, budget, why_not


@dataclass(frozen=True, slots=True)
class PartStatus:
    """``state``: waiting (never asked), asking, working, failing."""

    poll: Poll
    state: str


@dataclass(frozen=True, slots=True)
class MarketplaceStatus:
    """``why_not`` says why it is not asked, and is empty where it is. ``breaker`` as in ``breaker.known_state``."""

    marketplace: Marketplace
    why_not: str
    breaker: str
    calls_today: int
    parts: tuple[PartStatus, ...]

    @property
    def working(self) -> int:
        return sum(part.poll.last_succeeded is not None for part in self.parts)

    @property
    def failing(self) -> int:
        return sum(part.state == "failing" for part in self.parts)

    @property
    def last_success(self) -> datetime | None:
        return max((part.poll.last_succeeded for part in self.parts if part.poll.last_succeeded), default=None)


def market_status(now: datetime) -> tuple[MarketplaceStatus, ...]:
    """Every marketplace that is asked, or could be. Queries do not grow with parts."""
    polls = list(Poll.objects.select_related("part").order_by("part__name"))
    found = []
    for slug, marketplace in MARKETPLACES.items():
        reason = why_not(slug)
        rows = tuple(PartStatus(poll, _state(poll, now)) for poll in polls if poll.marketplace == slug)
        # The demo marketplace is nothing to visitors of an installation that does not use it.
        if slug == "demo" and reason and not rows:
            continue
        found.append(MarketplaceStatus(marketplace, reason, breaker.known_state(slug), budget.used(slug), rows))
    return tuple(found)


def _state(poll: Poll, now: datetime) -> str:
    if poll.claimed_until is not None and poll.claimed_until > now:
        return "asking"
    if poll.failures:
        return "failing"
    return "waiting" if poll.last_succeeded is None else "working"
