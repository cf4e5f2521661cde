"""What so many pieces of a part cost by the offers that may still be shown: the cheapest basket of them.

The price of a piece is that of a basket of named listings divided by its pieces, never a statistic of a market.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q, Window
from django.db.models.functions import Coalesce, RowNumber

from catalog.provenance import Confidence, Source
from catalog.specs import PriceBand
from sourcing import exchange, prices
from sourcing.baskets import MOST_OVER, cheapest_basket
from sourcing.landed.currency import Rates
from sourcing.landed.types import CURRENCY, Destination, Money, PricedLine
from sourcing.listing_models import Listing
from sourcing.marketplaces import MARKETPLACES
from sourcing.offers import SUSPICIOUS_BELOW, cost_of, is_at_home, may_be_shown, verdict_of

MOST_LISTINGS = 40
"""Looked at for each part, marketplace and currency: the cheapest a piece of those that can count."""
OUTLIER = 2
"""A piece is waited for at so many times the price of the cheapest, where it is above the band too."""


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line priced by offers; ``note`` says what the offers leave open, empty where they leave nothing."""

    line: PricedLine
    note: str


@dataclass(frozen=True, slots=True)
class _Lot:
    """A listing that counts, and what it costs in dollars as a whole: with the seller's shipping where it is bought at
    home, without it where the order's freight brings it."""

    listing: Listing
    price: Decimal

    @property
    def pieces(self) -> int:
        return self.listing.quantity


def any_on_offer() -> bool:
    return Listing.objects.accepted().on_offer().exists()


def offered_lines(lines: Iterable[PricedLine], destination: Destination, now: datetime) -> dict[str, OfferedLine]:
    """Each line whose part is on offer, by its slug, priced by offers. One query, whatever is on offer.

    Only offers that can be compared count: no auction, nothing suspiciously low, and none that comes from where the
    order goes and does not tell its shipping. Every listing is taken to sell its pieces once. What the offers do not
    cover, and what nobody would buy at their price, counts at the line's own price (its band); without one, at the
    dearest of the offers.
    """
    by_slug = {line.part: line for line in lines}
    rates = exchange.rates_on(now.date())
    bands = prices.band_lines(by_slug)
    lots: dict[str, list[_Lot]] = {}
    for listing in _usable(by_slug, bands, destination, now):
        if listing.part is not None and (lot := _lot(listing, bands.get(listing.part.slug), destination, rates)):
            lots.setdefault(listing.part.slug, []).append(lot)
    return {slug: _best(by_slug[slug], found, destination, rates, now) for slug, found in lots.items()}


def _usable(
    lines: Mapping[str, PricedLine], bands: Mapping[str, PriceBand], destination: Destination, now: datetime
) -> Iterable[Listing]:
    """The listings that can count, the cheapest of them: what cannot must not stand in their place."""
    wanted = Q()
    for slug, line in lines.items():
        of_part = Q(part__slug=slug, quantity__lte=line.quantity * MOST_OVER)
        if slug in bands:
            of_part &= ~Q(currency=CURRENCY, price__lt=F("quantity") * (bands[slug].low * SUSPICIOUS_BELOW))
        wanted |= of_part
    with_shipping = (F("price") + Coalesce(F("shipping"), Decimal(0))) / F("quantity")
    groups = [F("part"), F("marketplace"), F("currency")]
    return (
        Listing.objects.accepted()
        .on_offer()
        .filter(may_be_shown(now), wanted)
        .exclude(buying="auction")
        .exclude(shipping=None, country__in=prices.without_customs(destination.country))
        .annotate(place=Window(RowNumber(), partition_by=groups, order_by=with_shipping.asc()))
        .filter(place__lte=MOST_LISTINGS)
        .select_related("part")
        .order_by("pk")
    )


def _lot(listing: Listing, band: PriceBand | None, destination: Destination, rates: Rates) -> _Lot | None:
    cost = cost_of(listing, rates)
    if cost is None or verdict_of(cost.unit, band) == "suspicious":
        return None
    shipping = cost.shipping if is_at_home(listing, destination) else None
    return _Lot(listing, cost.price + (shipping or Decimal(0)))


def _best(line: PricedLine, lots: Sequence[_Lot], destination: Destination, rates: Rates, now: datetime) -> OfferedLine:
    """The cheapest at the door of what each marketplace offers at home and from abroad."""
    groups: dict[tuple[str, bool], list[_Lot]] = {}
    for lot in lots:
        groups.setdefault((lot.listing.marketplace, is_at_home(lot.listing, destination)), []).append(lot)
    offered = [_filled(line, group, rates, is_home=home) for (_, home), group in groups.items()]
    if len(offered) == 1:
        return offered[0]
    order = prices.order_of([], destination, entry_date=now.date(), rates_of=now.date())
    return min(offered, key=lambda each: prices.landed(replace(order, lines=(each.line,))).total.mid)


def _filled(line: PricedLine, lots: Sequence[_Lot], rates: Rates, *, is_home: bool) -> OfferedLine:
    """The line bought as the cheapest basket of these lots and, as far as they do not reach, at its own price."""
    dearest = max(lot.price / lot.pieces for lot in lots)
    rest = line.unit or Money(dearest, dearest, dearest)
    cheapest = min(lot.price / lot.pieces for lot in lots)
    waited_for = max(rest.high, cheapest * OUTLIER)
    taken = cheapest_basket([(lot.pieces, lot.price) for lot in lots], line.quantity, waited_for)
    basket = [lots[index] for index in taken]
    paid, pieces = sum((lot.price for lot in basket), Decimal(0)), sum(lot.pieces for lot in basket)
    missing = max(line.quantity - pieces, 0)
    unit = Money(*((paid + each * missing) / line.quantity for each in (rest.low, rest.mid, rest.high)))
    first = min(basket, key=lambda lot: lot.price / lot.pieces)
    seen, currency = min(lot.listing.last_seen for lot in basket), first.listing.currency
    conversion = rates.in_words(currency)
    name = MARKETPLACES[first.listing.marketplace].name
    listings = f"{len(basket)} listing{'' if len(basket) == 1 else 's'}"
    each = first.price / first.pieces
    said = f"{name}, {listings} seen {seen:%d %b %H:%M} UTC, the cheapest {each:,.2f} USD a piece"
    priced = replace(
        line,
        unit=unit,
        basis="offer",
        as_of=seen.date(),
        source=Source(said, first.listing.href, seen.date(), Confidence.UNVERIFIED),
        # What is not on offer here would still be imported, and a duty too much is better than one forgotten.
        imported=line.imported and not (is_home and not missing),
        currency=currency,
        conversion=f"{line.part}: {conversion}." if conversion else "",
    )
    return OfferedLine(priced, _note(line, pieces, name))


def _note(line: PricedLine, pieces: int, name: str) -> str:
    if pieces == line.quantity:
        return ""
    if pieces > line.quantity:
        return f"{line.name}: {pieces} pieces for the {line.quantity} needed, since that is cheapest at {name}."
    rest = "its published price" if line.unit else "the dearest of the offers"
    return f"{line.name}: {pieces} of {line.quantity} on offer at {name}; the rest counts at {rest}."
