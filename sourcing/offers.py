"""Current offers of a part as pages show them: each marketplace apart, with age, price at the door and verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from catalog.models import Part
from catalog.specs import PriceBand
from sourcing import exchange, prices
from sourcing.landed.currency import Rates
from sourcing.landed.money import cents
from sourcing.landed.types import Destination, Money
from sourcing.listing_models import Listing
from sourcing.marketplaces import MARKETPLACES, Marketplace, policy

MOST_SHOWN = 20
SUSPICIOUS_BELOW = Decimal("0.5")  # of the band's floor


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """One listing. ``unit_usd`` is one piece with shipping where it is told, ``landed_usd`` at the door; None = not
    known."""

    listing: Listing
    unit_usd: Decimal | None
    shipping_known: bool
    landed_usd: Money | None
    verdict: str  # below-floor, in-band, above, suspicious, no-band


@dataclass(frozen=True, slots=True)
class MarketplaceOffers:
    """The offers of one marketplace, cheapest a piece first. They are never mixed with another's."""

    marketplace: Marketplace
    offers: tuple[ShownOffer, ...]
    more: int
    oldest: datetime | None


def offers_of(part: Part, destination: Destination, now: datetime) -> tuple[MarketplaceOffers, ...]:
    """Every marketplace with offers that may still be shown. Two queries, whatever their number."""
    rows = list(Listing.objects.accepted().on_offer().for_part(part).cheapest_first()[: MOST_SHOWN * 10])
    rates = exchange.rates_on(now.date())
    band = prices.band_lines([part.slug]).get(part.slug)
    found = []
    for marketplace in MARKETPLACES.values():
        since = now - policy(marketplace.slug).show_at_most
        own = [row for row in rows if row.marketplace == marketplace.slug and row.last_seen >= since]
        shown = sorted((_shown(row, band, destination, rates, now) for row in own), key=_by_price)
        if shown:
            oldest = min(row.last_seen for row in own)
            found.append(
                MarketplaceOffers(marketplace, tuple(shown[:MOST_SHOWN]), max(0, len(shown) - MOST_SHOWN), oldest)
            )
    return tuple(found)


def best_offer(offers: Iterable[MarketplaceOffers]) -> ShownOffer | None:
    """The cheapest piece that is not suspicious; None where there is none."""
    good = [
        offer
        for block in offers
        for offer in block.offers
        if offer.unit_usd is not None and offer.verdict != "suspicious"
    ]
    return min(good, key=_by_price, default=None)


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
    return (offer.unit_usd is None, offer.unit_usd or Decimal(0))


def _shown(
    listing: Listing, band: PriceBand | None, destination: Destination, rates: Rates, now: datetime
) -> ShownOffer:
    if listing.currency not in rates.known:
        return ShownOffer(listing, None, listing.shipping is not None, None, "no-band")
    piece = rates.usd(listing.price, listing.currency) / listing.quantity
    shipping = None if listing.shipping is None else rates.usd(listing.shipping, listing.currency)
    unit = cents(piece + (shipping or Decimal(0)) / listing.quantity)
    return ShownOffer(
        listing,
        unit,
        shipping is not None,
        _landed(listing, piece, shipping, destination, now),
        verdict_of(unit, band),
    )


def _landed(
    listing: Listing, piece_usd: Decimal, shipping_usd: Decimal | None, destination: Destination, now: datetime
) -> Money | None:
    """One piece at the door, with duty and tax of today; freight as the listing tells it, else by weight."""
    if listing.part is None:
        return None
    (line,) = prices.priced_lines([(listing.part.slug, listing.quantity, piece_usd)], now.date())
    if listing.country == destination.country:
        line = replace(line, imported=False)
    order = prices.order_of(
        [line],
        destination,
        entry_date=now.date(),
        rates_of=now.date(),
        freight_usd=shipping_usd,
    )
    return prices.landed(order).parts[0].unit
