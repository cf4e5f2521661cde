"""Current offers of a part as pages show them: each marketplace apart, with age, price at the door and verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q

from catalog import snapshot
from catalog.models import Part
from catalog.specs import PriceBand
from sourcing import prices
from sourcing.landed.cost import Order
from sourcing.landed.currency import Rates
from sourcing.landed.money import cents
from sourcing.landed.types import Destination, LandedCost, Money, PricedLine
from sourcing.listing_models import Listing
from sourcing.marketplaces import MARKETPLACES, Marketplace, policy

MOST_SHOWN = 10
SUSPICIOUS_BELOW = Decimal("0.5")
"""Of the band's floor: what costs less than half of what anybody has paid is a mistake or a trap until it is proven."""

VERDICTS = {
    "suspicious": "Suspiciously low",
    "below-floor": "Below the band",
    "in-band": "In the band",
    "above": "Above the band",
    "auction": "A bid so far, not a price",
    "no-band": "No band to compare with",
}


class AtTheDoor:
    """What a page shows of a price, an offer's or a quote's."""

    __slots__ = ()
    landed: LandedCost | None
    verdict: str

    @property
    def landed_unit(self) -> Money | None:
        """One piece at the door, bought as many as it is for; None where that is not known."""
        return self.landed.parts[0].unit if self.landed is not None and self.landed.parts else None

    @property
    def verdict_words(self) -> str:
        return VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class ShownOffer(AtTheDoor):
    """One listing. ``unit_usd`` is one piece with the shipping that is told; None = no exchange rate is on record.

    ``landed`` is one piece at the door, with what it leaves out; None where the price is not known in dollars.
    """

    listing: Listing
    unit_usd: Decimal | None
    landed: LandedCost | None
    verdict: str
    at_home: bool = False

    @property
    def at_least(self) -> bool:
        """Whether something is missing from the price at the door."""
        return self.landed is not None and (self.landed.at_least or (self.at_home and self.listing.shipping is None))

    @property
    def is_foreign(self) -> bool:
        """Whether the dollars shown are converted."""
        return self.listing.currency != "USD"


@dataclass(frozen=True, slots=True)
class MarketplaceOffers:
    """The offers of one marketplace, cheapest a piece first, never mixed with another's. ``total`` counts all."""

    marketplace: Marketplace
    offers: tuple[ShownOffer, ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.offers)


@snapshot.one_state()
def offers_of(part: Part, destination: Destination, now: datetime) -> tuple[MarketplaceOffers, ...]:
    """Every marketplace with offers that may still be shown. Two queries a marketplace, whatever is on offer."""
    band = prices.band_lines([part.slug]).get(part.slug)
    found = []
    for marketplace in MARKETPLACES.values():
        fresh = (
            Listing.objects.accepted()
            .on_offer()
            .for_part(part)
            .filter(marketplace=marketplace.slug)
            .fresh(now - policy(marketplace.slug).show_at_most)
        )
        rows = list(fresh.cheapest_first()[:MOST_SHOWN])
        if rows:
            shown = sorted(_shown(rows, part, band, destination, now), key=_by_price)
            found.append(MarketplaceOffers(marketplace, tuple(shown), fresh.count()))
    return tuple(found)


def may_be_shown(now: datetime) -> Q:
    """Of listings: seen no longer ago than their marketplace's rules allow."""
    shown_since = {slug: now - policy(slug).show_at_most for slug in MARKETPLACES}
    return reduce(or_, (Q(marketplace=slug, last_seen__gte=since) for slug, since in shown_since.items()))


def verdict_of(unit_usd: Decimal | None, band: PriceBand | None) -> str:
    """Where a price of one piece lies against the published band, in dollars."""
    if band is None or unit_usd is None:
        return "no-band"
    if unit_usd < band.low * SUSPICIOUS_BELOW:
        return "suspicious"
    if unit_usd < band.low:
        return "below-floor"
    return "in-band" if unit_usd <= band.high else "above"


def _by_price(offer: ShownOffer) -> tuple[bool, Decimal]:
    """Prices before bids and before what cannot be compared."""
    return (offer.unit_usd is None or offer.verdict == "auction", offer.unit_usd or Decimal(0))


def _shown(
    rows: Sequence[Listing], part: Part, band: PriceBand | None, destination: Destination, now: datetime
) -> list[ShownOffer]:
    order = prices.order_of([], destination, entry_date=now.date(), rates_of=now.date())
    return [shown(one, order, band) for one in readied(rows, part.slug, order.rates, now.date())]


@dataclass(frozen=True, slots=True)
class Readied:
    """A listing with what it costs in dollars, and the lines of an order for it, bought at home and imported. ``cost``
    None = there is no rate for its currency."""

    listing: Listing
    cost: "ListingCost | None"
    at_home: PricedLine
    imported: PricedLine


def readied(rows: Sequence[Listing], slug: str, rates: Rates, day: date) -> list[Readied]:
    """Listings of one part ready to be priced at any door."""
    costs = [cost_of(listing, rates) for listing in rows]
    # Freight is a row of what is imported only; what a seller at home asks for shipping is part of the price.
    own = [
        (slug, listing.quantity, price)
        for listing, cost in zip(rows, costs, strict=True)
        for price in ((None, None) if cost is None else (cost.unit, cost.piece))
    ]
    lines = iter(prices.priced_lines(own, day))
    return [
        Readied(listing, cost, replace(next(lines), imported=False), next(lines))
        for listing, cost in zip(rows, costs, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class ListingCost:
    """Dollars: of the whole listing, of a piece alone, of the shipping of the whole listing (None = not told), of a
    piece with its share."""

    price: Decimal
    piece: Decimal
    shipping: Decimal | None
    unit: Decimal


def cost_of(listing: Listing, rates: Rates) -> ListingCost | None:
    """What a listing asks; None where there is no rate for its currency."""
    if listing.currency not in rates.known:
        return None
    price = rates.usd(listing.price, listing.currency)
    piece = price / listing.quantity
    shipping = None if listing.shipping is None else rates.usd(listing.shipping, listing.currency)
    return ListingCost(price, piece, shipping, piece + (shipping or Decimal(0)) / listing.quantity)


def is_at_home(listing: Listing, destination: Destination) -> bool:
    """Whether it comes from where it goes to without customs between: one country, or two of one customs union. A
    listing that does not say counts as coming from abroad."""
    return listing.country in prices.without_customs(destination.country)


def shown(one: Readied, order: Order, band: PriceBand | None) -> ShownOffer:
    """A listing as it is bought for the destination of an order, whose own lines do not count."""
    at_home = is_at_home(one.listing, order.destination)
    if one.cost is None:
        return ShownOffer(one.listing, None, None, "no-band", at_home)
    bought = replace(
        order,
        lines=(one.at_home if at_home else one.imported,),
        freight=replace(order.freight, price_usd=one.cost.shipping),
    )
    unit = cents(one.cost.unit)
    verdict = "auction" if one.listing.buying == "auction" else verdict_of(unit, band)
    return ShownOffer(one.listing, unit, prices.landed(bought), verdict, at_home)
