"""Background work of sourcing, in the order of the pipeline. Each task makes one call and may run twice.

poll_due -> poll -> roll_up -> check_watches -> send_mail; rematch and purge_expired once an hour. send_due makes good
what a broker or a dead worker has lost on the way from a watch to its mail.
"""

import logging
from datetime import date

import httpx
from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from sourcing import alert_outbox, alerts, asking, exchange, purging, rematching, rollups, schedule, watch_purging
from sourcing.marketplaces import poll_queue, searchable
from sourcing.reading import RULES, read_title

logger = logging.getLogger(__name__)

MESSAGE_LIVES_S = 600
"""Seconds after its turn in which a poll is made; later it has been handed out again."""


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
        poll.apply_async(
            (handed.poll_id,),
            # A second late, so that no worker whose clock is a little behind finds it not yet due.
            countdown=handed.after_s + 1,
            expires=handed.after_s + MESSAGE_LIVES_S,
            queue=poll_queue(handed.marketplace),
        )


@shared_task
def poll(poll_id: int) -> None:
    """Ask one marketplace for one part, and let its prices of the day be summed up."""
    answer = asking.ask(poll_id, timezone.now())
    for part_id in answer.looked_at:
        if part_id in answer.parts:
            roll_up.delay(part_id, answer.day.isoformat())
        else:
            check_watches.delay(part_id)


@shared_task
def roll_up(part_id: int, day: str) -> None:
    """Make one part's prices of one day anew, and let its watches look at them."""
    rollups.refresh(part_id, date.fromisoformat(day))
    check_watches.delay(part_id)


@shared_task(autoretry_for=(OperationalError,), max_retries=5, retry_backoff=5, retry_jitter=True)
def check_watches(part_id: int) -> None:
    """Let every watch on a part look at what is on offer now."""
    for alert_id in alerts.check(part_id, timezone.now()).alerts:
        send_mail.delay("alert", alert_id)


@shared_task(autoretry_for=(OperationalError,), max_retries=5, retry_backoff=5, retry_jitter=True)
def check_watch(watch_id: int) -> None:
    """Let one watch look, as when it was just confirmed."""
    for alert_id in alerts.check_watch(watch_id, timezone.now()).alerts:
        send_mail.delay("alert", alert_id)


@shared_task
def send_mail(kind: str, pk: int) -> None:
    """Send one alert, digest or notice, if nobody else is at it."""
    alert_outbox.send(kind, pk, timezone.now())


@shared_task
def send_digests() -> None:
    """Make the daily mail of everybody whose hour has come."""
    for digest_id in alert_outbox.gather_digests(timezone.now()):
        send_mail.delay("digest", digest_id)


@shared_task
def send_due() -> None:
    """Hand out again every mail that is due and in nobody's hands, and every watch that was never looked at."""
    now = timezone.now()
    for kind, pk in alert_outbox.overdue(now):
        send_mail.apply_async((kind, pk), expires=MESSAGE_LIVES_S)
    for watch_id in alerts.unchecked():
        check_watch.apply_async((watch_id,), expires=MESSAGE_LIVES_S)


@shared_task
def purge_watches() -> None:
    """Delete watches that nobody confirmed, and what is left of mails that went out long ago."""
    watch_purging.purge(timezone.now())


@shared_task
def rematch() -> None:
    """Read listings anew that older rules have read, some at a time."""
    done = rematching.rematch(read_title, RULES)
    if done.more:
        rematch.delay()


@shared_task
def purge_expired() -> None:
    """Delete what may not be kept any longer."""
    purged = purging.purge(timezone.now())
    logger.info("Purged %s listings, %s observations, %s quotes.", purged.listings, purged.observations, purged.quotes)
