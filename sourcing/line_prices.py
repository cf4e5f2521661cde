"""Which price each line of a build counts at: a person's own, their quote, the best fresh offer, or the band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from catalog.provenance import Confidence, Source
from sourcing import exchange, offer_prices, prices
from sourcing.landed.types import Destination, Money, PricedLine
from sourcing.quotes import FreshQuote, fresh_quotes

ORDER = ("own", "quote", "offer", "band")
"""Where a price may come from, what counts first where nobody says otherwise. A person's own always counts."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of prices beside the bands. ``offers_at``: when offers are looked at; None = there are none.

    ``quotes``: of each part the cheapest piece first.
    """

    quotes: tuple[FreshQuote, ...]
    offers_at: datetime | None


@dataclass(frozen=True, slots=True)
class WantedLine:
    """One line to price. ``own`` in US dollars; ``source`` is one of ORDER but the first; any other word = the best."""

    slug: str
    quantity: int
    own: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class LinePrices:
    """The prices a line could count at, by where they come from, and the one it does. ``wanted`` is what was asked."""

    used: str
    wanted: str
    options: Mapping[str, PricedLine]
    note: str = ""  # what the used price leaves open

    @property
    def line(self) -> PricedLine:
        return self.options[self.used]


def told_to(owner: str, now: datetime) -> Told:
    """What a browser may be told now: its own quotes, and offers where there are any. Two queries."""
    return Told(fresh_quotes(owner, now), now if offer_prices.any_on_offer() else None)


NOTHING_TOLD = Told((), None)


def price_lines(
    wanted: Sequence[WantedLine], destination: Destination, as_of: date, told: Told
) -> tuple[LinePrices, ...]:
    """The prices of every line. A source that has none for a line gives way to the best of the others."""
    published = [(each.slug, each.quantity, None) for each in wanted]
    typed = [(each.slug, each.quantity, each.own) for each in wanted if each.own is not None]
    lines = prices.priced_lines([*published, *typed], as_of)
    banded, owned = lines[: len(wanted)], iter(lines[len(wanted) :])
    to_buy = [line for line in banded if line.quantity]
    offered = offer_prices.offered_lines(to_buy, destination, told.offers_at) if told.offers_at else {}
    found = []
    for each, band in zip(wanted, banded, strict=True):
        options = {"band": band}
        if each.own is not None:
            options["own"] = next(owned)
        # What was asked for a hundred pieces is no price of one.
        fitting = (one for one in told.quotes if one.part == each.slug and one.quantity <= each.quantity)
        if quote := next(fitting, None):
            options["quote"] = _at_quote(band, quote)
        if each.slug in offered:
            options["offer"] = offered[each.slug].line
        used = next(name for name in ("own", each.source, *ORDER) if name in options)
        found.append(LinePrices(used, each.source, options, offered[each.slug].note if used == "offer" else ""))
    return tuple(found)


def _at_quote(line: PricedLine, quote: FreshQuote) -> PricedLine:
    rates = exchange.rates_on(quote.day)
    unit = rates.usd(quote.unit, quote.currency)
    conversion = rates.in_words(quote.currency)
    return replace(
        line,
        unit=Money(unit, unit, unit),
        basis="quote",
        as_of=quote.day,
        source=Source(f"Quote: {quote.in_words}", "", quote.day, Confidence.UNVERIFIED),
        currency=quote.currency,
        conversion=f"{line.part}: your quote at {conversion}." if conversion else "",
    )
