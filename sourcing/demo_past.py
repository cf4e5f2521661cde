"""A past for the demo marketplace, so that its charts have something to show: what polls would have stored, had they
been made. Read and matched as polls do it; its name says that it is simulated, as with everything from there."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain

from django.db import transaction

from catalog.models import Part
from sourcing import exchange, rollups
from sourcing.demo.browse import group, has_words, summary
from sourcing.demo.past import looks
from sourcing.demo.state import state
from sourcing.listing_models import DailyPrice, Listing, PriceObservation
from sourcing.marketplaces.ebay_account import Account, demo_account
from sourcing.marketplaces.ebay_offers import read_row, read_variations
from sourcing.marketplaces.offers import Offer
from sourcing.polling import take_over
from sourcing.reading import RULES, read_title
from sourcing.schedule import query_for

DAYS, MOST_DAYS = 120, 365
SLUG = "demo"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Past:
    """What was stored; nothing where the demo marketplace had offers already."""

    days: int
    observations: int


def store(now: datetime, days: int = DAYS) -> Past:
    """Store the days before today's, once: where anything of the demo marketplace is stored, nothing happens.

    Raises NotConfigured where no demo marketplace is set up: what is simulated has no place beside real prices.
    """
    account = demo_account()
    if _has_begun():
        return Past(0, 0)
    listings: dict[str, Listing] = {}
    seen: list[tuple[Listing, PriceObservation]] = []
    parts = Part.objects.in_bulk(field_name="slug")
    words = [query.text for part in parts.values() if (query := query_for(part)) is not None]
    found, matcher = cache(lambda title: any(has_words(title, one) for one in words)), cache(read_title)
    looked = list(looks(now.date() - timedelta(days=days), now.date()))
    for at in chain.from_iterable(looked):
        for offer in _offers(at, account, found):
            listing = listings.get(offer.external_id)
            if listing is None:
                listing = Listing(marketplace=SLUG, external_id=offer.external_id, first_seen=at)
            take_over(offer, listing, parts, matcher, RULES, at)
            if listing.accepted and listing.part is not None:
                listing.found_by = listing.part
                listings[offer.external_id] = listing
                seen.append((listing, _observed(listing, listing.part, at)))
    with transaction.atomic():
        if _has_begun():
            return Past(0, 0)
        # All of them are stored for their ids, by which observations tell them apart for good.
        Listing.objects.bulk_create(listings.values(), batch_size=BATCH)
        for listing, row in seen:
            row.listing_id = listing.pk
        rows = [row for _, row in seen]
        PriceObservation.objects.bulk_create(rows, batch_size=BATCH)
        DailyPrice.objects.bulk_create(_daily(rows), batch_size=BATCH)
        Listing.objects.filter(marketplace=SLUG, last_seen__lt=looked[-1][-1]).delete()
    return Past(len(looked), len(rows))


def _has_begun() -> bool:
    return any(model.objects.filter(marketplace=SLUG).exists() for model in (Listing, PriceObservation, DailyPrice))


def _offers(at: datetime, account: Account, found: Callable[[str], bool]) -> Iterator[Offer]:
    """What the searches would have found, but for auctions, which leave no observation."""
    for listing in state(at).listings:
        if listing.good.auction or not found(listing.title):
            continue
        row = summary(listing, account.api_url)
        if listing.variations:
            pairs, _ = read_variations(group(listing, account.api_url), account, at, row)
            yield from (offer for _, offer in pairs)
        else:
            yield read_row(row, account, at)


def _observed(listing: Listing, part: Part, at: datetime) -> PriceObservation:
    """The observation of a listing as it stands; its id is not known yet."""
    return PriceObservation(
        part=part,
        marketplace=SLUG,
        quantity=listing.quantity,
        observed_at=at,
        price=listing.price,
        currency=listing.currency,
        shipping=listing.shipping,
    )


def _daily(rows: list[PriceObservation]) -> Iterator[DailyPrice]:
    by_day: dict[date, dict[int, list[PriceObservation]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_day[row.observed_at.date()][row.part_id].append(row)
    for day, of_day in by_day.items():
        rates = exchange.rates_on(day)
        for part_id, of_part in of_day.items():
            for marketplace, figures in rollups.summed_up(of_part, rates).items():
                yield DailyPrice(part_id=part_id, marketplace=marketplace, day=day, **figures)
