"""One poll from claim to storage, as the worker and the command line make it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from sourcing import polling, schedule
from sourcing.listing_models import Poll
from sourcing.marketplaces import MarketplaceError, new_client, policy, search
from sourcing.reading import RULES, read_title

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a poll. ``parts`` have new prices on ``day``, the offers of those of ``looked_at`` are as they
    stand now; ``said`` is one sentence for people."""

    said: str
    day: date
    failed: bool = False
    parts: tuple[int, ...] = ()
    looked_at: tuple[int, ...] = ()


def ask(poll_id: int, now: datetime) -> Answer:
    """Ask one marketplace for one part. A failure is noted on the poll, which comes due again by itself.

    Any other exception is noted like one and goes on: what breaks over one row must not be tried at once for ever.
    """
    claimed = polling.claim(poll_id, now)
    if claimed is None:
        return Answer("not due, or another worker is asking.", now.date())
    query = schedule.query_for(claimed.part)
    if query is None:
        # The catalog has lost its words since the row was made.
        Poll.objects.filter(pk=poll_id).delete()
        return Answer("nothing to search for.", now.date())
    with new_client() as client:
        try:
            done = polling.poll(
                claimed,
                lambda: search(claimed.marketplace, client, query),
                read_title,
                policy(claimed.marketplace),
                RULES,
                now,
            )
        except MarketplaceError as error:
            logger.warning("%s was not read for %s: %s", claimed.marketplace, claimed.part.slug, error)
            return Answer(str(error), now.date(), failed=True)
        except Exception as error:
            polling.note_failure(claimed, error, now)
            raise
    said = f"{done.found} listings, {done.accepted} of them parts; {done.changed} new or changed, {done.gone} gone."
    return Answer(said, now.date(), parts=done.parts, looked_at=done.looked_at)


def polls_of(slugs: Sequence[str], marketplaces: Iterable[str], now: datetime) -> list[Poll]:
    """The polls of these parts, or of all where none is named, made due now unless somebody is just asking."""
    marketplaces = list(marketplaces)
    schedule.ensure_polls(marketplaces, now)
    polls = Poll.objects.filter(marketplace__in=marketplaces)
    if slugs:
        polls = polls.filter(part__slug__in=slugs)
    polls.filter(Q(claimed_until=None) | Q(claimed_until__lt=now)).update(due_at=now)
    return list(polls.select_related("part").order_by("part__slug", "marketplace"))
