"""What is polled and when: one row for each part and marketplace, handed out so that no part starves another."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.models import Part
from sourcing.listing_models import Poll
from sourcing.marketplaces.offers import SearchQuery
from sourcing.polling import USUAL

STAGGER = timedelta(seconds=7)
MOST_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Handed:
    """A poll to be made, so many seconds from now."""

    poll_id: int
    marketplace: str
    after_s: int


def ensure_polls(marketplaces: Iterable[str], now: datetime) -> int:
    """A row for each part that has something to search for, at each marketplace; returns how many are new.

    New rows come due within an hour, spread out, so that a new installation does not ask for everything at once.
    """
    made = []
    for marketplace in marketplaces:
        have = set(Poll.objects.of_marketplace(marketplace).values_list("part__slug", flat=True))
        for part in Part.objects.exclude(slug__in=have):
            if query_for(part) is not None:
                due = now + timedelta(seconds=random.uniform(0, 3600))  # noqa: S311 not for secrets
                made.append(Poll(marketplace=marketplace, part=part, due_at=due, interval_s=int(USUAL.total_seconds())))
    return len(Poll.objects.bulk_create(made, ignore_conflicts=True))


def query_for(part: Part) -> SearchQuery | None:
    """What is typed into a marketplace's search for a part; None where the catalog has no words for it."""
    words = part.search.get("english", []) if isinstance(part.search, dict) else []
    if not words:
        return None
    if len(words) == 1:
        return SearchQuery(words[0])
    return SearchQuery("(" + ", ".join(f'"{word}"' if " " in word else word for word in words[:4]) + ")")


def hand_out(marketplaces: Iterable[str], now: datetime) -> list[Handed]:
    """The polls whose time has come: the longest unasked first, then shuffled, a few seconds apart each."""
    handed = []
    for marketplace in marketplaces:
        due = list(Poll.objects.of_marketplace(marketplace).due(now)[:MOST_AT_ONCE])
        random.shuffle(due)
        for place, poll in enumerate(due):
            # Due again only when its turn has come, so that the next round does not hand it out a second time. Who has
            # claimed or made it since it was read decides himself when it is due.
            still_due = Poll.objects.due(now).filter(pk=poll.pk, due_at=poll.due_at)
            if still_due.order_by().update(due_at=now + STAGGER * place):
                handed.append(Handed(poll.pk, marketplace, int(STAGGER.total_seconds()) * place))
    return handed
