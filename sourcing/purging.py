"""Rows that may not be kept any longer: by each marketplace's policy, and by our own word on quotes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sourcing.listing_models import DailyPrice, Listing, PriceObservation, Quote
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
        # Permission to keep what things cost is none to keep what the marketplace said of them.
        kept = rules.show_at_most if rules.delete_when_gone or not rules.keep_history else GONE_KEPT
        too_old = Listing.objects.filter(marketplace=slug, last_seen__lt=now - kept)
        prices = PriceObservation.objects.filter(marketplace=slug)
        if rules.keep_history:
            # Of refused ones they would begin to count.
            observations += prices.filter(listing__in=too_old.filter(accepted=False)).delete()[0]
        else:
            observations += prices.filter(observed_at__lt=now - rules.show_at_most).delete()[0]
            DailyPrice.objects.filter(marketplace=slug, day__lt=(now - rules.show_at_most).date()).delete()
        listings += too_old.count()
        too_old.delete()
    quotes = Quote.objects.filter(quoted_at__lt=now - QUOTES_KEPT).delete()[0]
    return Purged(listings, observations, quotes)
