"""Prices, and what they come to at the door: the only way the configurator looks into sourcing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from catalog import snapshot
from catalog.provenance import Confidence, Source
from catalog.snapshot import UnknownSlug
from catalog.specs import PartSpec, PriceBand
from sourcing import exchange, measures, models
from sourcing.landed import duty
from sourcing.landed.agents import Agent
from sourcing.landed.cost import Order, landed_cost
from sourcing.landed.currency import Rates
from sourcing.landed.entry import area_of
from sourcing.landed.freight import Freight, FreightLine
from sourcing.landed.money import cents, percent
from sourcing.landed.taxes import regions_of
from sourcing.landed.timeline import last_day_before_change
from sourcing.landed.types import CURRENCY, Destination, LandedCost, Money, PricedLine

DEFAULT_MODE = "express"
LOOK_BACK = timedelta(days=365)


class RefusedAgent(ValueError):
    """An agent that is on record and cannot be chosen; the message says why."""


@dataclass(frozen=True, slots=True)
class _UsedBand:
    """The band a part is computed with, in dollars, and its source."""

    band: PriceBand
    source: Source
    currency: str = CURRENCY  # it was published in
    conversion: str = ""  # how it became dollars


@snapshot.one_state()
def band_lines(slugs: Iterable[str]) -> dict[str, PriceBand]:
    """The band each part is computed with, in US dollars at the newest rates; parts without one are left out.

    The note of a converted band says so, with rate and day.
    """
    used = _used_bands(date.max)
    return {slug: used[slug].band for slug in slugs if slug in used}


@snapshot.one_state()
def priced_lines(items: Sequence[tuple[str, int, Decimal | None]], as_of: date) -> tuple[PricedLine, ...]:
    """Lines with prices: a person's own price in US dollars where there is one, else the part's band, else none.

    Args:
        items: slug, quantity and own unit price of each line.
        as_of: the day the own prices are of, whose exchange rates count.
    """
    parts, used = snapshot.current().parts, _used_bands(as_of)
    return tuple(_line(slug, quantity, own, as_of, parts.get(slug), used.get(slug)) for slug, quantity, own in items)


@dataclass(frozen=True, slots=True)
class OtherDay:
    """The same order at the same exchange rates, entering on another day.

    ``chosen`` False: nobody asked for the day; it is the last one before the duty of a line changed.
    """

    entry_date: date
    cost: LandedCost
    chosen: bool
    today: LandedCost

    @property
    def comparable(self) -> bool:
        """Whether both totals leave out the same: else their difference is what one of them does not count."""
        return self.cost.unknown == self.today.unknown

    @property
    def difference(self) -> Decimal:
        """Dollars between the middles of both totals, without a sign; to be shown only where they are comparable."""
        return abs(self.cost.total.mid - self.today.total.mid)

    @property
    def missing(self) -> tuple[str, ...]:
        """What only one of the two leaves out."""
        return tuple(sorted(set(self.cost.unknown) ^ set(self.today.unknown)))

    @property
    def is_less(self) -> bool:
        return self.cost.total.mid < self.today.total.mid


def order_of(
    lines: Sequence[PricedLine],
    destination: Destination,
    *,
    entry_date: date,
    rates_of: date,
    agent: str = "",
    freight_mode: str = DEFAULT_MODE,
    freight_usd: Decimal | None = None,
    exclusions_extended: bool = False,
) -> Order:
    """Lines with prices as an order.

    Args:
        agent: slug of an agent; empty for buying directly.
        freight_usd: the person's own quote for international freight.
        rates_of: the day whose exchange rates count.

    Raises:
        UnknownSlug: where the agent is not on record.
        RefusedAgent: where it cannot be chosen.
    """
    return Order(
        lines=tuple(lines),
        destination=destination,
        entry_date=entry_date,
        freight=Freight(measures.measures().freight_lines[freight_mode], freight_usd),
        rates=exchange.rates_on(rates_of),
        agent=agent_named(agent) if agent else None,
        exclusions_extended=exclusions_extended,
    )


def landed(order: Order) -> LandedCost:
    """What an order costs at the door, by the rules on record."""
    return landed_cost(order, measures.measures())


def other_day(order: Order, cost: LandedCost, chosen: date | None) -> OtherDay | None:
    """The order on a chosen day, else on the last day before the duty of one of its lines changed; None where none."""
    day = chosen or last_day_before_change(
        order.lines,
        order.destination.country,
        measures.measures().duties,
        order.entry_date - LOOK_BACK,
        order.entry_date,
        extended=order.exclusions_extended,
    )
    if day is None or day == order.entry_date:
        return None
    return OtherDay(day, landed(replace(order, entry_date=day)), chosen is not None, cost)


def agent_named(slug: str) -> Agent:
    """An agent that may be chosen. Raises UnknownSlug, or RefusedAgent with the reason."""
    known = measures.agents()
    if slug in known.refused:
        refused = known.refused[slug]
        raise RefusedAgent(f"{refused.name} cannot be chosen. {refused.refused}")
    if slug not in known.offered:
        raise UnknownSlug("agent", slug, known.offered)
    return known.offered[slug]


def lapsed_exclusions(lines: Sequence[PricedLine], country: str, entry_date: date) -> tuple[str, ...]:
    """Slugs of the lines whose exclusion from duty had ended on the day of entry."""
    return duty.lapsed_exclusions(lines, country, entry_date, measures.measures().duties)


def agent_choices() -> list[tuple[str, str]]:
    """(slug, name with fee) of the agents a person may choose."""
    return [
        (agent.slug, f"{agent.name} (fee {'not known' if agent.fee_rate is None else percent(agent.fee_rate)})")
        for agent in measures.agents().offered.values()
    ]


def freight_lines() -> Mapping[str, FreightLine]:
    """The ways of shipping on record, the usual one first."""
    lines = measures.measures().freight_lines
    return {DEFAULT_MODE: lines[DEFAULT_MODE], **lines}


def without_customs(country: str) -> tuple[str, ...]:
    """The countries from which goods reach this one without customs between, itself among them."""
    area = area_of(measures.measures().areas, country)
    return tuple(area.countries) if area is not None else (country,)


def country_names() -> dict[str, str]:
    """Code and name of every country an order can go to, the Union's members by their own names."""
    taxes = measures.measures().taxes
    names = {tax.country: tax.name for tax in taxes if not tax.region}
    areas = {country: area.name for area in measures.measures().areas for country in area.countries}
    return {country: names.get(country, areas[country]) for country in areas}


def region_names(country: str) -> dict[str, str]:
    """Code and name of each state or province a country's taxes differ by; empty where they do not."""
    return regions_of(measures.measures().taxes, country)


def region_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """(country, its states or provinces) for a list to choose from."""
    names = country_names()
    countries = dict.fromkeys(tax.country for tax in measures.measures().taxes if tax.region)
    return [(names[country], list(region_names(country).items())) for country in countries]


def freight_choices() -> list[tuple[str, str]]:
    """(id, name with days) of the ways of shipping."""
    return [(line.id, f"{line.name}, {line.days[0]:f}–{line.days[1]:f} days") for line in freight_lines().values()]


def in_usd(band: PriceBand, rates: Rates) -> PriceBand | None:
    """The band in US dollars, its note saying from what and at which rate; None where no rate is on record."""
    if band.currency == CURRENCY:
        return band
    rate = rates.by_currency.get(band.currency)
    if rate is None:
        return None
    converted = f"Converted from {band.low:,f} to {band.high:,f} {band.currency} at {rate.in_words}."
    return replace(
        band,
        low=cents(band.low * rate.usd),
        high=cents(band.high * rate.usd),
        currency=CURRENCY,
        note=f"{band.note} {converted}".strip(),
    )


def _line(
    slug: str, quantity: int, own: Decimal | None, as_of: date, part: PartSpec | None, used: _UsedBand | None
) -> PricedLine:
    figures = part.figures if part else {}
    weight = figures.get("weight_kg")
    unit, basis, day, source = _price(own, as_of, used)
    return PricedLine(
        part=slug,
        name=part.name if part else slug,
        quantity=quantity,
        unit=unit,
        basis=basis,
        as_of=day,
        conversion=used.conversion if used is not None and basis == "band" else "",
        currency=used.currency if used is not None and basis == "band" else CURRENCY,
        hts=_text(figures.get("hts_code")),
        origin=_text(figures.get("origin_country")),
        weight_kg=None if weight is None else Decimal(str(weight)),
        source=source,
        # Where nobody knows, it counts as imported: its duty is then named as unknown and not passed over.
        imported=figures.get("imported") is not False,
    )


def _price(
    own: Decimal | None, as_of: date, used: _UsedBand | None
) -> tuple[Money | None, str, date | None, Source | None]:
    """Unit price, basis, day and source."""
    if own is not None:
        return Money(own, own, own), "quote", as_of, Source("Your own price", "", as_of, Confidence.UNVERIFIED)
    if used is None:
        return None, "none", None, None
    band = used.band
    unit = Money(cents(band.low), cents(band.mid), cents(band.high))
    return unit, "band", date.fromisoformat(band.as_of), used.source


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _used_bands(as_of: date) -> Mapping[str, _UsedBand]:
    """The first band of every part, in dollars of a day."""
    return {
        slug: used
        for slug, (published, source) in _published_bands().items()
        if (used := _in_dollars(published, source, as_of)) is not None
    }


def _in_dollars(published: PriceBand, source: Source, as_of: date) -> _UsedBand | None:
    if published.currency == CURRENCY:
        return _UsedBand(published, source)
    band = in_usd(published, exchange.rates_on(as_of))
    if band is None:
        return None
    said = band.note.removeprefix(published.note).strip()
    titled = replace(source, title=f"{source.title}. {said}")
    return _UsedBand(band, titled, published.currency, f"{band.part}: {said}")


@snapshot.kept
def _published_bands() -> Mapping[str, tuple[PriceBand, Source]]:
    """The first band of every part as it was published, and its source."""
    rows = models.PriceBand.objects.used().select_related("part")
    return {row.part.slug: (row.spec(), row.source) for row in rows}
