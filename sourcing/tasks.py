"""Background work of sourcing, in the order of the pipeline. Each task makes one call and may run twice.

poll_due -> poll -> roll_up
"""

import logging
from datetime import date

import httpx
from celery import shared_task
from django.utils import timezone

from sourcing import exchange, polling, purging, rollups, schedule
from sourcing.marketplaces import MarketplaceError, new_client, policy, search, searchable
from sourcing.reading import RULES, read_title

logger = logging.getLogger(__name__)


@shared_task(autoretry_for=(httpx.HTTPError,), max_retries=5, retry_backoff=60, retry_jitter=True)
def refresh_exchange_rates() -> None:
    """Fetch the day's exchange rates; the last good day stays where the bank's file is no good."""
    with httpx.Client() as client:
        try:
            day = exchange.refresh(client)
        except exchange.RatesUnreadable as unreadable:
            logger.warning("Exchange rates not taken over: %s", unreadable)
            return
    logger.info("Exchange rates of %s are on record.", day.isoformat())


@shared_task
def poll_due() -> None:
    """Hand out every poll whose time has come, each to its marketplace's queue."""
    marketplaces, now = searchable(), timezone.now()
    schedule.ensure_polls(marketplaces, now)
    for handed in schedule.hand_out(marketplaces, now):
        poll.apply_async((handed.poll_id,), countdown=handed.after_s, queue=f"poll-{handed.marketplace}")


@shared_task
def poll(poll_id: int) -> None:
    """Ask one marketplace for one part. A failure is noted on the poll, which comes due again by itself."""
    claimed = polling.claim(poll_id, timezone.now())
    if claimed is None:
        return
    query = schedule.query_for(claimed.part)
    if query is None or claimed.last_started is None:
        return
    with new_client() as client:
        try:
            done = polling.poll(
                claimed,
                lambda: search(claimed.marketplace, client, query),
                read_title,
                policy(claimed.marketplace),
                RULES,
                claimed.last_started,
            )
        except MarketplaceError as error:
            logger.warning("%s was not read for %s: %s", claimed.marketplace, claimed.part_id, error)
            return
    day = claimed.last_started.date().isoformat()
    for part_id in done.parts:
        roll_up.delay(part_id, day)


@shared_task
def roll_up(part_id: int, day: str) -> None:
    """Make one part's prices of one day anew."""
    rollups.refresh(part_id, date.fromisoformat(day))


@shared_task
def purge_expired() -> None:
    """Delete what may not be kept any longer."""
    purged = purging.purge(timezone.now())
    logger.info("Purged %s listings, %s observations, %s quotes.", purged.listings, purged.observations, purged.quotes)
