"""Prices that a person was told, typed or read off a page: kept for their own browser, shown to nobody else."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from catalog import snapshot
from catalog.models import Part
from sourcing import exchange, prices
from sourcing.landed.money import cents
from sourcing.landed.types import Destination, LandedCost
from sourcing.links import AgentLink, Item, agent_links, canonical
from sourcing.listing_models import Quote
from sourcing.marketplaces import policy
from sourcing.offers import AtTheDoor, verdict_of

MOST_KEPT = 20
"""Quotes of one part in one browser; the oldest goes when another comes."""


@dataclass(frozen=True, slots=True)
class StatedPrice:
    """A price as it was told: of ``quantity`` pieces together, for an item where that is known."""

    price: Decimal
    currency: str
    quantity: int
    item: Item | None
    agent: str
    how: str


@dataclass(frozen=True, slots=True)
class FreshQuote:
    """A quote that may still be counted with: one piece of ``part`` in ``currency``, told on ``day`` for so many."""

    part: str
    quantity: int
    unit: Decimal
    currency: str
    day: date

    @property
    def in_words(self) -> str:
        many = f", for {self.quantity}" if self.quantity > 1 else ""
        return f"{self.unit:,.2f} {self.currency} a piece{many}"


@dataclass(frozen=True, slots=True)
class ShownQuote(AtTheDoor):
    """A quote on the part's page. ``unit_usd`` and ``landed`` None: no exchange rate is on record."""

    quote: Quote
    unit_usd: Decimal | None
    landed: LandedCost | None
    verdict: str
    is_fresh: bool
    page: str
    links: tuple[AgentLink, ...]


def keep(part: Part, owner: str, stated: StatedPrice, now: datetime) -> Quote:
    """Keep a quote. The same item, or the same price told again, replaces what was told before."""
    market, item_id = (stated.item.market, stated.item.id) if stated.item else ("", "")
    with transaction.atomic():
        own = Quote.objects.of_owner(owner).filter(part=part)
        same = own.filter(market=market, item_id=item_id)
        if not item_id:
            same = same.filter(price=stated.price, currency=stated.currency, quantity=stated.quantity)
        same.delete()
        own.exclude(pk__in=own.newest_first().values_list("pk", flat=True)[: MOST_KEPT - 1]).delete()
        return Quote.objects.create(
            part=part,
            owner_key=owner,
            market=market,
            item_id=item_id,
            agent=stated.agent,
            price=stated.price,
            currency=stated.currency,
            quantity=stated.quantity,
            how=stated.how,
            quoted_at=now,
        )


def fresh_quotes(owner: str, now: datetime) -> tuple[FreshQuote, ...]:
    """The quotes of a browser that may still be counted with: of each part the cheapest piece first. One query."""
    if not owner:
        return ()
    rows = Quote.objects.of_owner(owner).filter(quoted_at__gte=now - policy("agents").show_at_most)
    priced = []
    with snapshot.one_state():
        for row in rows.select_related("part").order_by("pk"):
            day = row.quoted_at.date()
            rates = exchange.rates_on(day)
            if row.currency in rates.known:
                quote = FreshQuote(row.part.slug, row.quantity, row.unit_price, row.currency, day)
                priced.append((quote.part, rates.usd(quote.unit, quote.currency), row.pk, quote))
    return tuple(quote for *_, quote in sorted(priced, key=lambda each: each[:3]))


@snapshot.one_state()
def quotes_of(part: Part, owner: str, destination: Destination, now: datetime) -> tuple[ShownQuote, ...]:
    """All quotes of a browser for a part, the newest first."""
    band = prices.band_lines([part.slug]).get(part.slug)
    shown = []
    for quote in Quote.objects.of_owner(owner).filter(part=part).select_related("part").newest_first():
        day = quote.quoted_at.date()
        rates = exchange.rates_on(day)
        unit = rates.usd(quote.unit_price, quote.currency) if quote.currency in rates.known else None
        item = Item(quote.market, quote.item_id) if quote.item_id else None
        shown.append(
            ShownQuote(
                quote,
                None if unit is None else cents(unit),
                None if unit is None else _landed(quote, unit, destination, now.date()),
                verdict_of(unit, band),
                quote.quoted_at >= now - policy("agents").show_at_most,
                canonical(item) if item else "",
                agent_links(item) if item else (),
            )
        )
    return tuple(shown)


def _landed(quote: Quote, unit_usd: Decimal, destination: Destination, today: date) -> LandedCost:
    lines = prices.priced_lines([(quote.part.slug, quote.quantity, unit_usd)], today)
    agent = quote.agent if quote.agent in dict(prices.agent_choices()) else ""  # it may have left the record since
    return prices.landed(prices.order_of(lines, destination, entry_date=today, rates_of=today, agent=agent))
