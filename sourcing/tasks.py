"""Background work of sourcing. Each task makes one call and may run twice."""

import logging

import httpx
from celery import shared_task

from sourcing import exchange

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
