"""Prices, and what they come to at the door: the only way the configurator looks into sourcing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from catalog import snapshot
from catalog.provenance import Confidence, Source
from catalog.snapshot import UnknownSlug
from catalog.specs import PartSpec, PriceBand
from sourcing import measures, models
from sourcing.landed import duty
from sourcing.landed.cost import landed_cost
from sourcing.landed.money import cents, exactly, percent
from sourcing.landed.types import Destination, LandedCost, Money, PricedLine


@dataclass(frozen=True, slots=True)
class _UsedBand:
    """The band a part is computed with, in dollars, and its source."""

    band: PriceBand
    source: Source


def band_lines(slugs: Iterable[str]) -> dict[str, PriceBand]:
    """The band each part is computed with, in US dollars; parts without one are left out.

    The note of a converted band says so, with rate and day.
    """
    used = _used_bands()
    return {slug: used[slug].band for slug in slugs if slug in used}


def priced_lines(items: Sequence[tuple[str, int, Decimal | None]], as_of: date) -> tuple[PricedLine, ...]:
    """Lines with prices: a person's own price in US dollars where there is one, else the part's band, else none.

    Args:
        items: slug, quantity and own unit price of each line.
        as_of: the day the own prices are of.
    """
    parts, used = snapshot.current().parts, _used_bands()
    return tuple(_line(slug, quantity, own, as_of, parts.get(slug), used.get(slug)) for slug, quantity, own in items)


def landed(
    lines: Sequence[PricedLine],
    destination: Destination,
    *,
    entry_date: date,
    agent: str = "",
    freight_usd: Decimal | None = None,
    exclusions_extended: bool = False,
) -> LandedCost:
    """What the lines cost at the door, by the rules on record.

    Args:
        agent: slug of an agent; empty for buying directly.
        freight_usd: the person's own figure for international freight.

    Raises:
        UnknownSlug: where the agent is not on record.
    """
    known = measures.agents()
    if agent and agent not in known:
        raise UnknownSlug("agent", agent, known)
    return landed_cost(
        lines=tuple(lines),
        destination=destination,
        entry_date=entry_date,
        agent=known[agent] if agent else None,
        freight_usd=None if freight_usd is None else exactly(freight_usd),
        measures=measures.measures(),
        exclusions_extended=exclusions_extended,
    )


def lapsed_exclusions(lines: Sequence[PricedLine], country: str, entry_date: date) -> tuple[str, ...]:
    """Slugs of the lines whose exclusion from duty had ended on the day of entry."""
    return duty.lapsed_exclusions(lines, country, entry_date, measures.measures().duties)


def agent_choices() -> list[tuple[str, str]]:
    """(slug, name with fee) of the agents a person may choose."""
    return [
        (agent.slug, f"{agent.name} (fee {'not known' if agent.fee_rate is None else percent(agent.fee_rate)})")
        for agent in measures.agents().values()
    ]


def in_usd(band: PriceBand) -> PriceBand | None:
    """The band in US dollars, its note saying from what and at which rate; None where no rate is on record."""
    if band.currency == "USD":
        return band
    rate = measures.exchange_rates().get(band.currency)
    if rate is None:
        return None
    converted = (
        f"Converted from {band.low:,f} to {band.high:,f} {band.currency} at {rate.per_usd} {band.currency} a dollar "
        f"({rate.as_of.isoformat()})."
    )
    return replace(
        band,
        low=cents(band.low / rate.per_usd),
        high=cents(band.high / rate.per_usd),
        currency="USD",
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
        return exactly(own), "quote", as_of, Source("Your own price", "", as_of, Confidence.UNVERIFIED)
    if used is None:
        return None, "none", None, None
    band = used.band
    unit = Money(cents(band.low), cents(band.mid), cents(band.high))
    return unit, "band", date.fromisoformat(band.as_of), used.source


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


@snapshot.kept
def _used_bands() -> Mapping[str, _UsedBand]:
    """The first band of every part, in dollars."""
    used = {}
    for row in models.PriceBand.objects.used().select_related("part"):
        published = row.spec()
        band = in_usd(published)
        if band is None:
            continue
        source = row.source
        if band is not published:
            source = replace(source, title=f"{source.title}. {band.note.removeprefix(published.note).strip()}")
        used[published.part] = _UsedBand(band, source)
    return used
