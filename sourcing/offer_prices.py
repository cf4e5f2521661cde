"""What so many pieces of a part cost by the cheapest offers that may still be shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from catalog.provenance import Confidence, Source
from sourcing import exchange, prices
from sourcing.landed.currency import Rates
from sourcing.landed.types import CURRENCY, Destination, Money, PricedLine
from sourcing.listing_models import Listing
from sourcing.marketplaces import MARKETPLACES, policy
from sourcing.offers import ListingCost, cost_of, is_at_home, verdict_of

MOST_LISTINGS = 40
"""Looked at for each part on each marketplace, the cheapest a piece first."""


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line priced by offers; ``note`` says what the offers leave open, empty where they leave nothing."""

    line: PricedLine
    note: str


@dataclass(frozen=True, slots=True)
class _Piece:
    listing: Listing
    cost: ListingCost
    unit: Decimal


def any_on_offer() -> bool:
    return Listing.objects.accepted().on_offer().exists()


def offered_lines(lines: Iterable[PricedLine], destination: Destination, now: datetime) -> dict[str, OfferedLine]:
    """Each line whose part is on offer, by its slug, priced by offers. One query, whatever is on offer.

    Only offers that can be compared count: no auction, nothing suspiciously low, no lot larger than what is needed,
    and none from the destination's own country whose shipping is not told. Every listing is taken to sell its pieces
    once. What the offers do not cover counts at the line's own price (its band); without one, at the dearest offer.
    """
    by_slug = {line.part: line for line in lines}
    rates = exchange.rates_on(now.date())
    listings: dict[str, list[Listing]] = {}
    for listing in _cheapest(by_slug, now):
        if listing.part is not None:
            listings.setdefault(listing.part.slug, []).append(listing)
    bands = prices.band_lines(listings) if listings else {}

    def is_plausible(unit: Decimal, slug: str) -> bool:
        return verdict_of(unit, bands.get(slug)) != "suspicious"

    found = {}
    for slug, rows in listings.items():
        pieces = [piece for row in rows if (piece := _piece(row, by_slug[slug], destination, rates, is_plausible))]
        if offered := _best(by_slug[slug], pieces, destination, rates, now):
            found[slug] = offered
    return found


def _cheapest(slugs: Iterable[str], now: datetime) -> Iterable[Listing]:
    fresh = Q()
    for marketplace in MARKETPLACES:
        fresh |= Q(marketplace=marketplace, last_seen__gte=now - policy(marketplace).show_at_most)
    unit = F("price") / F("quantity")
    place = Window(RowNumber(), partition_by=[F("part"), F("marketplace")], order_by=unit.asc())
    return (
        Listing.objects.accepted()
        .on_offer()
        .filter(fresh, part__slug__in=list(slugs))
        .exclude(buying="auction")
        .annotate(place=place)
        .filter(place__lte=MOST_LISTINGS)
        .select_related("part")
        .order_by("pk")
    )


def _piece(
    listing: Listing,
    line: PricedLine,
    destination: Destination,
    rates: Rates,
    is_plausible: Callable[[Decimal, str], bool],
) -> _Piece | None:
    cost = cost_of(listing, rates)
    if cost is None or listing.quantity > line.quantity or not is_plausible(cost.unit, line.part):
        return None
    if not is_at_home(listing, destination):
        return _Piece(listing, cost, cost.piece)
    return None if cost.shipping is None else _Piece(listing, cost, cost.unit)


def _best(
    line: PricedLine, pieces: Sequence[_Piece], destination: Destination, rates: Rates, now: datetime
) -> OfferedLine | None:
    """The cheapest at the door of what each marketplace offers at home and from abroad."""
    groups: dict[tuple[str, bool], list[_Piece]] = {}
    for piece in sorted(pieces, key=lambda each: each.unit):
        groups.setdefault((piece.listing.marketplace, is_at_home(piece.listing, destination)), []).append(piece)
    offered = [_filled(line, group, rates, is_home=home) for (_, home), group in groups.items()]
    if len(offered) < 2:
        return offered[0] if offered else None
    order = prices.order_of([], destination, entry_date=now.date(), rates_of=now.date())
    return min(offered, key=lambda each: prices.landed(replace(order, lines=(each.line,))).total.mid)


def _filled(line: PricedLine, pieces: Sequence[_Piece], rates: Rates, *, is_home: bool) -> OfferedLine:
    """The line bought from the cheapest listings on, as far as they reach."""
    taken: list[tuple[_Piece, int]] = []
    needed = line.quantity
    for piece in pieces:
        if piece.listing.quantity <= needed:
            taken.append((piece, piece.listing.quantity))
            needed -= piece.listing.quantity
    first, last = taken[0][0], taken[-1][0]
    rest = line.unit or Money(last.unit, last.unit, last.unit)
    paid = sum((piece.unit * count for piece, count in taken), Decimal(0))
    unit = Money(*((paid + each * needed) / line.quantity for each in (rest.low, rest.mid, rest.high)))
    seen = min(piece.listing.last_seen for piece, _ in taken)
    name = MARKETPLACES[first.listing.marketplace].name
    listings = f"{len(taken)} listing{'' if len(taken) == 1 else 's'}"
    said = f"{name}, {listings} seen {seen:%d %b %H:%M} UTC, the cheapest {first.unit:,.2f} USD a piece"
    currency = first.listing.currency
    priced = replace(
        line,
        unit=unit,
        basis="offer",
        as_of=seen.date(),
        source=Source(said, first.listing.href, seen.date(), Confidence.UNVERIFIED),
        # What is not on offer here would still be imported, and a duty too much is better than one forgotten.
        imported=line.imported and not (is_home and not needed),
        currency=currency,
        conversion="" if currency == CURRENCY else f"{line.part}: {rates.by_currency[currency].in_words}.",
    )
    return OfferedLine(priced, _note(line, needed, name) if needed else "")


def _note(line: PricedLine, needed: int, name: str) -> str:
    covered = line.quantity - needed
    rest = "its published price" if line.unit else "the dearest of the offers"
    return f"{line.name}: {covered} of {line.quantity} on offer at {name}; the rest counts at {rest}."
