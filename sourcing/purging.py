"""Rows that may not be kept any longer: by each marketplace's policy, and by our own word on quotes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sourcing.listing_models import Listing, PriceObservation, Quote
from sourcing.marketplaces import MARKETPLACES, policy

GONE_KEPT = timedelta(days=90)
QUOTES_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Purged:
    listings: int
    observations: int
    quotes: int


def purge(now: datetime) -> Purged:
    """Delete what has outlived its policy. Running it again deletes nothing more."""
    listings = observations = 0
    for slug in MARKETPLACES:
        rules = policy(slug)
        own = Listing.objects.filter(marketplace=slug)
        too_old = own.filter(last_seen__lt=now - rules.show_at_most)
        if rules.keep_history:
            # What it cost stays; what it said need not.
            too_old = own.filter(last_seen__lt=now - GONE_KEPT)
        else:
            old_prices = PriceObservation.objects.filter(marketplace=slug, observed_at__lt=now - rules.show_at_most)
            observations += old_prices.delete()[0]
        listings += too_old.count()
        too_old.delete()
    quotes = Quote.objects.filter(quoted_at__lt=now - QUOTES_KEPT).delete()[0]
    return Purged(listings, observations, quotes)
