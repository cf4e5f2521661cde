"""A landed-cost question, from the page, the API or the command line, as the order that is computed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from catalog import snapshot
from catalog.field_errors import FieldError, InvalidFields, shortened
from catalog.provenance import Confidence, Source
from catalog.snapshot import UnknownSlug
from sourcing import exchange, measures, prices
from sourcing.landed.agents import Agent, OwnFigures
from sourcing.landed.cost import Order, goods_of
from sourcing.landed.currency import Rate, Rates
from sourcing.landed.entry import informal_limit
from sourcing.landed.freight import Freight
from sourcing.landed.money import written
from sourcing.landed.tariffs import MeasureKind, starts_with
from sourcing.landed.types import CURRENCY, Destination, Money, PricedLine
from sourcing.order_fields import Reader, amount, day, flag, made_in, one_of, quantity, tariff_code, text

QUESTION_KEYS = (
    "lines",
    "destination",
    "entry_date",
    "agent",
    "freight",
    "fx",
    "exclusions_extended",
    "entry",
    "insured",
    "own",
)
LINE_KEYS = (
    "part",
    "quantity",
    "unit_price",
    "currency",
    "origin",
    "hts",
    "weight_kg",
    "metal_percent",
    "imported",
)
OWN_KEYS = ("domestic_freight_usd", "insurance_usd", "brokerage_usd", "payment_percent")
MOST_LINES = 50
# An exchange rate that is off the record by more than this factor is the inverse, or a slip.
MOST_OFF = 5
_PAIR = re.compile(r"([A-Z]{3})([A-Z]{3})\Z")
_price = amount("0", "10000000")


class InvalidOrder(InvalidFields):
    """One or more fields of a landed-cost question are not usable."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What single fields are read against."""

    rates_of: date  # whose exchange rates count
    rates: Rates
    errors: list[FieldError]


def read_order(question: Any, as_of: date) -> Order:
    """The order a question describes; every mistake in it is reported at once.

    Raises InvalidOrder.
    """
    errors: list[FieldError] = []
    fields = Reader(question, "", QUESTION_KEYS, errors)
    entry_date: date = fields.read("entry_date", day, as_of)
    rates_of = min(entry_date, as_of)
    rates = _rates(fields, exchange.rates_on(rates_of), as_of)
    context = _Context(rates_of, rates, errors)
    lines = _lines(fields, context)
    freight, freight_currency = _freight(fields, context)
    agent = _agent(fields)
    destination, remarks = _destination(fields)
    used = {freight_currency, *(line.currency for line in lines), *({"CNY"} if agent is not None else ())}
    order = Order(
        lines=lines,
        destination=destination,
        entry_date=entry_date,
        freight=freight,
        rates=rates,
        agent=agent,
        own=_own(fields),
        entry=fields.read("entry", one_of("formal", "informal")),
        insured=fields.read("insured", flag, False),
        exclusions_extended=fields.read("exclusions_extended", flag, False),
        remarks=(*remarks, *_stale(rates, used, rates_of)),
    )
    if not errors:
        _refuse_informal_above_limit(fields, order)
    if errors:
        raise InvalidOrder(errors)
    return order


def _lines(fields: Reader, context: _Context) -> tuple[PricedLine, ...]:
    given = fields.data.get("lines")
    if not isinstance(given, list) or not given:
        fields.refuse("lines", 'give a list of at least one line, such as [{"part": "v100-sxm2-16gb", "quantity": 4}]')
        return ()
    if len(given) > MOST_LINES:
        fields.refuse("lines", f"{len(given)} lines are too many; give at most {MOST_LINES}")
        return ()
    readers = [Reader(one, f"lines[{index}].", LINE_KEYS, context.errors) for index, one in enumerate(given)]
    read = [_line(reader, context) for reader in readers if reader.is_object]
    return tuple(line for line in read if line is not None)


def _line(fields: Reader, context: _Context) -> PricedLine | None:
    slug, pieces = fields.read("part", text, ""), fields.read("quantity", quantity, 1)
    hts, origin = fields.read("hts", tariff_code), fields.read("origin", made_in)
    currency, price = fields.read("currency", text, CURRENCY).upper(), fields.read("unit_price", _price)
    weight = fields.read("weight_kg", amount("0.001", "5000", "kg"))
    metal = fields.read("metal_percent", amount("0", "100", "%"))
    imported = fields.read("imported", flag, True)
    if hts is not None and not _known_code(hts):
        fields.refuse("hts", f"'{hts}' is not on record; known are {', '.join(_known_codes())}")
    if currency not in context.rates.known:
        _refuse_currency(fields, currency, context)
        return None
    if not _names_a_part(fields, slug, hts):
        return None
    (line,) = prices.priced_lines([(slug, pieces, None)], context.rates_of)
    if price is not None:
        line = _at_own_price(line, price, currency, context)
    return replace(
        line,
        hts=hts or line.hts,
        origin=origin or line.origin,
        weight_kg=weight if weight is not None else line.weight_kg,
        metal_percent=metal,
        imported=imported,
    )


def _refuse_currency(fields: Reader, currency: str, context: _Context) -> None:
    known = ", ".join(context.rates.known)
    fields.refuse("currency", f"'{shortened(currency)}' is not on record; known are {known}")


def _names_a_part(fields: Reader, slug: str, hts: str | None) -> bool:
    """Whether the line says what it is: a part of the catalog, or anything with a tariff code."""
    if "part" in fields.wrong:
        return False
    if not slug:
        fields.refuse("part", "name a part of the catalog, such as v100-sxm2-16gb")
        return False
    parts = snapshot.current().parts
    if slug not in parts and hts is None:
        unknown = UnknownSlug("part", slug, parts)
        fields.refuse("part", f"{unknown}. For anything else give its tariff code (hts) as well")
        return False
    return True


def _at_own_price(line: PricedLine, price: Decimal, currency: str, context: _Context) -> PricedLine:
    usd = context.rates.usd(price, currency)
    return replace(
        line,
        unit=Money(usd, usd, usd),
        basis="quote",
        as_of=context.rates_of,
        source=Source("Your own price", "", context.rates_of, Confidence.UNVERIFIED),
        conversion="" if currency == CURRENCY else f"{price:,f} {currency} each; {context.rates.in_words(currency)}.",
        currency=currency,
    )


def _known_codes() -> list[str]:
    """The tariff lines with a base rate on record, for any destination."""
    return sorted(
        {prefix for m in measures.measures().duties if m.kind is MeasureKind.BASE for prefix in m.hts_prefixes}
    )


def _known_code(hts: str) -> bool:
    return any(starts_with(hts, prefix) or starts_with(prefix, hts) for prefix in _known_codes())


def _destination(fields: Reader) -> tuple[Destination, tuple[str, ...]]:
    """Where the order goes, and what there is to say of it."""
    names = prices.country_names()
    given = fields.data.get("destination")
    if given is None:
        fields.refuse("destination", f"is missing; give an object with country, one of {', '.join(names)}, and region")
        return Destination("US"), ()
    inner = Reader(given, "destination.", ("country", "region"), fields.errors)
    if not inner.is_object:
        return Destination("US"), ()
    told = inner.read("country", text, "")
    country = "GB" if told.upper() == "UK" else told.upper()
    if country not in names:
        if "country" not in inner.wrong:
            inner.refuse("country", f"'{shortened(told)}' is not on record; known are {', '.join(names)}")
        return Destination("US"), ()
    region = inner.read("region", text, "")
    regions = prices.region_names(country)
    if region and not regions:
        return Destination(country), (f"Taxes of {names[country]} do not differ by region: '{region}' is not used.",)
    found = next((code for code, name in regions.items() if region.upper() in (code, name.upper())), "")
    if region and not found:
        inner.refuse("region", f"'{shortened(region)}' is not of {names[country]}; known are {', '.join(regions)}")
    return Destination(country, found), ()


def _agent(fields: Reader) -> Agent | None:
    slug = fields.read("agent", text, "").lower()
    if not slug or slug == "none":
        return None
    try:
        return prices.agent_named(slug)
    except (UnknownSlug, prices.RefusedAgent) as refused:
        fields.refuse("agent", str(refused).rstrip("."))
        return None


def _freight(fields: Reader, context: _Context) -> tuple[Freight, str]:
    given = fields.data.get("freight")
    lines = prices.freight_lines()
    if given is None:
        return Freight(lines[prices.DEFAULT_MODE]), CURRENCY
    inner = Reader(given, "freight.", ("mode", "price", "currency", "divisor"), fields.errors)
    mode = inner.read("mode", one_of(*lines), prices.DEFAULT_MODE)
    price, currency = inner.read("price", _price), inner.read("currency", text, CURRENCY).upper()
    if currency not in context.rates.known:
        _refuse_currency(inner, currency, context)
        return Freight(lines[mode]), CURRENCY
    divisor = inner.read("divisor", amount("1000", "20000", "cm³/kg"))
    if price is None:
        return Freight(lines[mode], None, divisor), CURRENCY
    conversion = "" if currency == CURRENCY else f"{price:,f} {currency}; {context.rates.in_words(currency)}."
    return Freight(lines[mode], context.rates.usd(price, currency), divisor, conversion), currency


def _own(fields: Reader) -> OwnFigures:
    given = fields.data.get("own")
    if given is None:
        return OwnFigures()
    inner = Reader(given, "own.", OWN_KEYS, fields.errors)
    percent = inner.read("payment_percent", amount("0", "50", "%"))
    return OwnFigures(
        domestic_freight_usd=inner.read("domestic_freight_usd", _price),
        insurance_usd=inner.read("insurance_usd", _price),
        brokerage_usd=inner.read("brokerage_usd", _price),
        payment_rate=None if percent is None else percent / 100,
    )


def _rates(fields: Reader, recorded: Rates, as_of: date) -> Rates:
    """The rates on record with those the question brings in their place."""
    given = fields.data.get("fx")
    if given is None or given == "":
        return recorded
    if not isinstance(given, Mapping):
        fields.refuse("fx", 'give exchange rates as an object, such as {"CNYUSD": "0.1503"}')
        return recorded
    own = {}
    for pair, value in given.items():
        inner = Reader({str(pair): value}, "fx.", (str(pair),), fields.errors)
        currency, usd = _own_rate(inner, str(pair))
        if usd is None:
            continue
        known = recorded.by_currency.get(currency)
        if known is not None and not known.usd / MOST_OFF <= usd <= known.usd * MOST_OFF:
            inner.refuse(
                str(pair),
                f"'{shortened(value)}' cannot be right; {currency}USD is how many dollars one {currency} buys, "
                f"about {known.usd:.4f}",
            )
            continue
        own[currency] = Rate(currency, usd, as_of, Source("Your own rate", "", as_of, Confidence.UNVERIFIED))
    return Rates({**recorded.by_currency, **own})


def _own_rate(fields: Reader, pair: str) -> tuple[str, Decimal | None]:
    """Currency and dollars for one of it, from CNYUSD or USDCNY."""
    match = _PAIR.match(pair.upper())
    if match is None or CURRENCY not in match.groups() or match[1] == match[2]:
        fields.refuse(pair, "is not a pair of currencies; give one with the dollar, such as CNYUSD")
        return "", None
    value = fields.read(pair, amount("0.000001", "1000000"))
    if value is None:
        return "", None
    return (match[1], value) if match[2] == CURRENCY else (match[2], 1 / value)


def _stale(rates: Rates, currencies: set[str], on: date) -> tuple[str, ...]:
    return tuple(words for currency in sorted(currencies) if (words := rates.stale(currency, on)))


def _refuse_informal_above_limit(fields: Reader, order: Order) -> None:
    limit = informal_limit(measures.measures().entry_fees, order.destination.country)
    goods = goods_of(order.imported)
    if order.entry == "informal" and limit is not None and goods is not None and goods.mid > limit:
        fields.refuse(
            "entry",
            f"an informal entry is for goods of up to {written(limit)} USD, and these are {written(goods.mid)}; "
            "leave it out or give formal",
        )
