"""Stored listings read anew: after the matcher's rules have changed, and after a person has corrected one.

What was observed of a listing follows what it is now read as, and the rollups of those days are made anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from catalog.models import Part
from sourcing import rollups
from sourcing.listing_models import Listing, PriceObservation
from sourcing.marketplaces.policies import policy
from sourcing.polling import Matcher, match_listing

BATCH = 500
MATCHED = ("part", "quantity", "accepted", "reason", "evidence", "confidence", "matched_by", "priced_at")

PartDay = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Rematched:
    """How many listings were read, how many are now something else, and whether there may be more to read."""

    read: int
    changed: int
    more: bool


def rematch(matcher: Matcher, rules: str) -> Rematched:
    """Read up to BATCH listings anew that other rules have read. Running it until ``more`` is False reads them all."""
    parts = Part.objects.in_bulk(field_name="slug")
    changed = []
    with transaction.atomic():
        listings = list(Listing.objects.read_by_other_rules(rules).select_for_update().order_by("pk")[:BATCH])
        for listing in listings:
            before = _what_it_sells(listing)
            match_listing(listing, parts, matcher)
            listing.matched_by = rules
            if _what_it_sells(listing) != before:
                # As another thing it has been seen once: the next poll is its second reading.
                listing.priced_at = listing.last_seen
                changed.append(listing)
        Listing.objects.bulk_update(listings, MATCHED)
        days = _follow(changed)
    _roll_up(days)
    return Rematched(len(listings), len(changed), len(listings) == BATCH)


def correct(listing: Listing, part: Part | None, quantity: int, reason: str, now: datetime) -> None:
    """What a person says a listing sells; it stands before what the matcher reads from then on."""
    before = _what_it_sells(listing)
    listing.part, listing.quantity, listing.reason = part, quantity, reason
    listing.accepted = reason == "ok"
    if _what_it_sells(listing) != before:
        listing.priced_at = listing.last_seen
    listing.corrected_at = now
    listing.confidence, listing.evidence = 1.0, ["corrected by hand"]
    with transaction.atomic():
        listing.save()
        days = _follow([listing])
    _roll_up(days)


def _what_it_sells(listing: Listing) -> tuple[int | None, int, bool]:
    return listing.part_id, listing.quantity, listing.accepted


def _follow(listings: Iterable[Listing]) -> set[PartDay]:
    """Let observations say what their listings now sell; returns the rollups this touches.

    Those of a refused listing stay as they are where history may be kept, and count for nothing until it is accepted
    again: a correction taken back, or rules that were wrong, cost no history.
    """
    listings = list(listings)
    touched: set[PartDay] = set()
    by_listing = {listing.pk: listing for listing in listings}
    kept, dropped = [], []
    for row in PriceObservation.objects.of_listings(listings):
        listing = by_listing[row.listing_id]
        touched.add((row.part_id, row.observed_at.date()))
        if not listing.accepted or listing.part_id is None:
            if not policy(row.marketplace).keep_history:
                dropped.append(row.pk)
            continue
        row.part_id, row.quantity = listing.part_id, listing.quantity
        touched.add((row.part_id, row.observed_at.date()))
        kept.append(row)
    PriceObservation.objects.bulk_update(kept, ["part", "quantity"], batch_size=BATCH)
    PriceObservation.objects.filter(pk__in=dropped).delete()
    return touched


def _roll_up(days: Iterable[PartDay]) -> None:
    for part_id, day in sorted(days):
        rollups.refresh(part_id, day)
