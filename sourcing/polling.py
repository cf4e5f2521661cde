"""Asking one marketplace for one part, and keeping what it says: the only place where listings are written.

A poll is one transaction. Whatever dies in between leaves the state of before; whatever runs twice finds its own rows.
A failure changes no price, no listing and no ``last_seen``: it is noted on the poll and nothing else.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q

from catalog.models import Part
from sourcing.listing_models import Listing, Poll, PriceObservation
from sourcing.marketplaces.errors import MarketplaceError, Wait
from sourcing.marketplaces.offers import Found, Offer
from sourcing.marketplaces.policies import DataPolicy
from sourcing.matching.types import ListingText, Match

CLAIM = timedelta(minutes=10)  # longer than any poll may take: after it the worker is taken for dead
# The longest is shorter than the six hours after which what eBay said may not be shown any more.
SHORTEST, USUAL, LONGEST = timedelta(hours=1), timedelta(hours=3), timedelta(hours=5)
RETRY_FIRST, RETRY_LONGEST = timedelta(minutes=5), timedelta(hours=6)
MOST_RESULTS = 400
CENT = Decimal("0.01")

Search = Callable[[], Found]
Matcher = Callable[[ListingText], Match]


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll changed. ``parts`` are those whose rollups of the day must be made anew; ``looked_at`` are all
    whose offers it has read, found unchanged or found gone."""

    found: int
    accepted: int
    changed: int
    gone: int
    parts: tuple[int, ...]
    looked_at: tuple[int, ...] = ()


def claim(poll_id: int, now: datetime) -> Poll | None:
    """The poll, for this worker alone until its claim runs out; None where it is not due or somebody has it."""
    claimed = (
        Poll.objects.filter(pk=poll_id, due_at__lte=now)
        .filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
        .update(claimed_until=now + CLAIM, last_started=now)
    )
    return Poll.objects.select_related("part").get(pk=poll_id) if claimed else None


def poll(poll: Poll, search: Search, matcher: Matcher, policy: DataPolicy, rules: str, now: datetime) -> Polled:
    """Ask, match and store. ``now`` is the moment of the claim: it dates every observation of this poll.

    Raises MarketplaceError, with the failure noted and nothing else changed.
    """
    try:
        found = search()
    except MarketplaceError as error:
        note_failure(poll, error, now)
        raise
    offers = _each_once(found.offers)
    with transaction.atomic():
        if not _still_ours(poll, now):
            return Polled(0, 0, 0, 0, ())
        seen, observed = _store(poll, offers, matcher, rules, now)
        # Where not every row was read, what is missing is not known to be gone; nor is what could not be read.
        present = found.seen | {offer.external_id for offer in found.offers}
        gone = _expire(poll, present, policy, now) if found.complete else []
        moved = sum(one.moved for one in seen)
        accepted = sum(one.listing.accepted for one in seen)
        _note_success(poll, len(offers), accepted, bool(moved or gone), now)
    parts = {one.listing.part_id for one in seen if one.listing.accepted} | {one.part_id for one in gone}
    looked_at = sorted({poll.part_id} | {part_id for part_id in parts if part_id is not None})
    return Polled(len(offers), accepted, moved, len(gone), tuple(sorted(observed)), tuple(looked_at))


def _each_once(offers: Iterable[Offer]) -> list[Offer]:
    """Offers with a price, each listing once, not more than a poll may store.

    In one order whatever the marketplace's: polls that overlap lock the same rows, and would wait for each other.
    """
    priced = {one.external_id: one for one in offers if one.price is not None and one.price.quantize(CENT) > 0}
    return sorted(list(priced.values())[:MOST_RESULTS], key=lambda offer: offer.external_id)


def _still_ours(poll: Poll, now: datetime) -> bool:
    """Locks the row: a worker whose claim ran out while it asked must not write over another's poll."""
    return Poll.objects.select_for_update().filter(pk=poll.pk, last_started=now).exists()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A listing as this poll leaves it, and whether price, shipping, match or presence is another than before."""

    listing: Listing
    moved: bool


_TOLD = (
    "found_by",
    "title",
    "href",
    "condition_id",
    "item_group_type",
    "country",
    "buying",
    "ends_at",
    "part",
    "quantity",
    "accepted",
    "reason",
    "evidence",
    "confidence",
    "matched_by",
    "price",
    "currency",
    "shipping",
    "priced_at",
    "last_seen",
    "gone_at",
)


def _store(
    poll: Poll, offers: Sequence[Offer], matcher: Matcher, rules: str, now: datetime
) -> tuple[list[_Seen], set[int]]:
    """Write every offer, and an observation where something changed or the day has none yet.

    Returns the listings, and the parts that have new observations.
    """
    ids = [offer.external_id for offer in offers]
    known = {
        listing.external_id: listing
        for listing in Listing.objects.filter(marketplace=poll.marketplace, external_id__in=ids)
    }
    parts = Part.objects.in_bulk(field_name="slug")
    seen = []
    for offer in offers:
        listing = known.get(offer.external_id)
        before = None if listing is None else _state(listing)
        if listing is None:
            listing = Listing(marketplace=poll.marketplace, external_id=offer.external_id, first_seen=now)
        # Searches overlap: only the one that found it last may say that it has gone.
        listing.found_by = poll.part
        take_over(offer, listing, parts, matcher, rules, now)
        seen.append(_Seen(listing, before != _state(listing)))
    Listing.objects.bulk_create(
        [one.listing for one in seen],
        update_conflicts=True,
        unique_fields=["marketplace", "external_id"],
        update_fields=_TOLD,
    )
    today = _observed_today([one.listing for one in seen], now)
    observations = [
        PriceObservation(
            listing=one.listing,
            part_id=part_id,
            marketplace=one.listing.marketplace,
            quantity=one.listing.quantity,
            observed_at=now,
            price=one.listing.price,
            currency=one.listing.currency,
            shipping=one.listing.shipping,
        )
        for one in seen
        if (part_id := one.listing.part_id) is not None
        and one.listing.accepted
        and one.listing.buying == "fixed"
        and (one.moved or one.listing.pk not in today)
    ]
    PriceObservation.objects.bulk_create(observations, ignore_conflicts=True)
    return seen, {row.part_id for row in observations}


def take_over(
    offer: Offer, listing: Listing, parts: Mapping[str, Part], matcher: Matcher, rules: str, now: datetime
) -> None:
    """What an offer says and what the matcher reads of it, into its listing; nothing is saved."""
    asked = _asked(listing)
    told = (offer.title, offer.condition_id, offer.item_group_type or "", rules)
    if told != (listing.title, listing.condition_id, listing.item_group_type, listing.matched_by):
        listing.title, listing.condition_id, listing.item_group_type, listing.matched_by = told
        match_listing(listing, parts, matcher)
    listing.href, listing.country, listing.buying, listing.ends_at = (
        offer.href,
        offer.country,
        offer.buying,
        offer.ends_at,
    )
    listing.price = (offer.price or Decimal(0)).quantize(CENT)
    listing.currency = offer.currency
    # Shipping in another currency than the price cannot be added to it here: it counts as not told.
    told_shipping = offer.shipping if offer.shipping_currency == offer.currency else None
    listing.shipping = None if told_shipping is None else told_shipping.quantize(CENT)
    if listing.priced_at is None or _asked(listing) != asked:
        listing.priced_at = now
    listing.last_seen, listing.gone_at = now, None


def _asked(listing: Listing) -> tuple[object, ...]:
    """What is sold, and what is asked for one piece of it: changed, it must be read a second time to be believed."""
    what = (listing.part_id, listing.accepted, listing.condition_id)
    return (*what, listing.price, listing.currency, listing.shipping, listing.quantity)


def _state(listing: Listing) -> tuple[object, ...]:
    """What is worth an observation when it changes."""
    return (
        listing.price,
        listing.currency,
        listing.shipping,
        listing.gone_at,
        listing.part_id,
        listing.quantity,
        listing.accepted,
    )


def match_listing(listing: Listing, parts: Mapping[str, Part], matcher: Matcher) -> None:
    """What the matcher reads of a listing, into it; a correction by hand stays."""
    if listing.corrected_at is not None:
        return
    match = matcher(
        ListingText(
            marketplace=listing.marketplace,
            title=listing.title,
            condition_id=listing.condition_id,
            item_group_type=listing.item_group_type or None,
            price=None,
            currency=None,
        )
    )
    listing.part = parts.get(match.part) if match.part else None
    listing.quantity = match.quantity
    listing.accepted = match.accept and listing.part is not None
    listing.reason = match.reason
    listing.evidence = list(match.evidence)
    listing.confidence = match.confidence


def _observed_today(listings: Sequence[Listing], now: datetime) -> set[int]:
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = PriceObservation.objects.filter(listing__in=listings, observed_at__gte=start)
    return set(rows.values_list("listing_id", flat=True))


def _expire(poll: Poll, seen: frozenset[str], policy: DataPolicy, now: datetime) -> list[Listing]:
    """Listings this search used to find and no longer does: deleted where the policy wants it, else marked as gone."""
    missing = Listing.objects.filter(marketplace=poll.marketplace, found_by=poll.part, gone_at=None).exclude(
        external_id__in=seen
    )
    listings = list(missing.only("pk", "part_id", "accepted"))
    ids = [listing.pk for listing in listings]
    if not policy.delete_when_gone:
        Listing.objects.filter(pk__in=ids).update(gone_at=now)
        return listings
    # What a refused listing cost counts for nothing while it is there, and must not begin to when it has gone.
    unkept = [listing for listing in listings if not listing.accepted] if policy.keep_history else listings
    PriceObservation.objects.of_listings(unkept).delete()
    Listing.objects.filter(pk__in=ids).delete()
    return listings


def _note_success(poll: Poll, found: int, accepted: int, moved: bool, now: datetime) -> None:
    """Sooner again where something moved, later where nothing did."""
    usual = timedelta(seconds=poll.interval_s) if poll.interval_s else USUAL
    interval = min(max(usual * (0.5 if moved else 1.5), SHORTEST), LONGEST)
    Poll.objects.filter(pk=poll.pk).update(
        claimed_until=None,
        last_succeeded=now,
        failures=0,
        last_error="",
        found=found,
        accepted=accepted,
        interval_s=int(interval.total_seconds()),
        due_at=now + _jittered(interval),
    )


def note_failure(poll: Poll, error: Exception, now: datetime) -> None:
    """Later and later while it fails; at once as late as the marketplace asks."""
    wait = min(RETRY_FIRST * 2 ** min(poll.failures, 10), RETRY_LONGEST)
    asked = timedelta(seconds=error.retry_after_s if isinstance(error, Wait) else 0)
    Poll.objects.filter(pk=poll.pk, last_started=now).update(
        claimed_until=None,
        failures=F("failures") + 1,
        # What we ourselves have done wrong is for the log, not for a page.
        last_error=(str(error) if isinstance(error, MarketplaceError) else "It could not be stored.")[:200],
        due_at=now + max(_jittered(wait), asked),
    )


def _jittered(wait: timedelta) -> timedelta:
    """Up to a tenth more or less, so that what failed or began together does not come back together."""
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 not for secrets
