"""Current offers of a part as pages show them: each marketplace apart, with age, price at the door and verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

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


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """One listing. ``unit_usd`` is one piece with the shipping that is told; None = no exchange rate is on record.

    ``landed`` is one piece at the door, with what it leaves out; None where the price is not known in dollars.
    """

    listing: Listing
    unit_usd: Decimal | None
    landed: LandedCost | None
    verdict: str
    at_home: bool = False

    @property
    def landed_unit(self) -> Money | None:
        """One piece at the door; None where that is not known."""
        return self.landed.parts[0].unit if self.landed is not None and self.landed.parts else None

    @property
    def at_least(self) -> bool:
        """Whether something is missing from the price at the door."""
        return self.landed is not None and (self.landed.at_least or (self.at_home and self.listing.shipping is None))

    @property
    def verdict_words(self) -> str:
        return VERDICTS[self.verdict]

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
    costs = [cost_of(listing, order.rates) for listing in rows]
    lines = prices.priced_lines(
        [
            (part.slug, listing.quantity, _own_price(cost, at_home=is_at_home(listing, destination)))
            for listing, cost in zip(rows, costs, strict=True)
        ],
        now.date(),
    )
    return [_offer(listing, cost, line, order, band) for listing, cost, line in zip(rows, costs, lines, strict=True)]


@dataclass(frozen=True, slots=True)
class ListingCost:
    """Dollars: of a piece alone, of the shipping of the whole listing (None = not told), of a piece with its share."""

    piece: Decimal
    shipping: Decimal | None
    unit: Decimal


def cost_of(listing: Listing, rates: Rates) -> ListingCost | None:
    """What a listing asks; None where there is no rate for its currency."""
    if listing.currency not in rates.known:
        return None
    piece = rates.usd(listing.price, listing.currency) / listing.quantity
    shipping = None if listing.shipping is None else rates.usd(listing.shipping, listing.currency)
    return ListingCost(piece, shipping, piece + (shipping or Decimal(0)) / listing.quantity)


def _own_price(cost: ListingCost | None, *, at_home: bool) -> Decimal | None:
    """Freight is a row of what is imported only; what a seller at home asks for shipping is part of the price."""
    return None if cost is None else cost.unit if at_home else cost.piece


def is_at_home(listing: Listing, destination: Destination) -> bool:
    """Whether it comes from the country it goes to; a listing that does not say counts as coming from abroad."""
    return listing.country == destination.country


def _offer(
    listing: Listing, cost: ListingCost | None, line: PricedLine, order: Order, band: PriceBand | None
) -> ShownOffer:
    at_home = is_at_home(listing, order.destination)
    if cost is None:
        return ShownOffer(listing, None, None, "no-band", at_home)
    bought = replace(
        order,
        lines=(replace(line, imported=False) if at_home else line,),
        freight=replace(order.freight, price_usd=cost.shipping),
    )
    verdict = "auction" if listing.buying == "auction" else verdict_of(cents(cost.unit), band)
    return ShownOffer(listing, cents(cost.unit), prices.landed(bought), verdict, at_home)
