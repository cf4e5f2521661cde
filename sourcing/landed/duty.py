"""The duty row of a landed cost and what to say about it. Pure: no Django, no clock, no I/O."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.provenance import Confidence, Source
from sourcing.landed.money import percent, times, total, written
from sourcing.landed.tariffs import LineDuty, Measure, MeasureKind, line_duties
from sourcing.landed.types import CostRow, Money, PricedLine

KEY = "duty"
LABEL = "Duty"


@dataclass(frozen=True, slots=True)
class DutyResult:
    """``unknown`` holds the names of priced lines whose duty is missing from a row that has an amount."""

    row: CostRow
    unknown: tuple[str, ...]
    warnings: tuple[str, ...]


def duty(
    lines: Iterable[PricedLine], country: str, on: date, measures: Sequence[Measure], *, extended: bool
) -> DutyResult:
    """Duty on each imported line with a price: its value times the sum of the rates in force, rounded to cents a line.

    Args:
        on: the day of entry, which decides the rates.
        extended: take exclusions that may have been renewed as renewed.
    """
    duties = line_duties(lines, country, on, measures, extended=extended)
    priced = [one for one in duties if one.line.unit is not None]
    known = [one for one in priced if one.rate is not None]
    missing = [one for one in priced if one.rate is None]
    reasons = [f"{one.line.name}: {'; '.join(one.on_date.unknown)}." for one in missing]
    row = CostRow(
        KEY,
        LABEL,
        total(_amount(one) for one in known) if known else None,
        "; ".join(_formula(one) for one in known),
        _weightiest_source(known),
        " ".join([*dict.fromkeys(_stack(one) for one in known), *(f"Not known for {reason}" for reason in reasons)])
        or "No imported line has a price.",
    )
    return DutyResult(
        row=row,
        unknown=tuple(one.line.name for one in missing) if known else (),
        warnings=tuple(_warnings(known, country, on, measures, extended=extended)),
    )


def value(line: PricedLine) -> Money:
    """What the line costs; only lines with a price are asked."""
    if line.unit is None:
        raise ValueError(f"{line.part} has no price")
    return times(line.unit, line.quantity)


def _amount(one: LineDuty) -> Money:
    if one.rate is None:
        raise ValueError(f"duty on {one.line.part} is not known")
    return times(value(one.line), one.rate)


def _formula(one: LineDuty) -> str:
    rate = percent(one.rate) if one.rate is not None else "?"
    return f"{one.line.name} {written(value(one.line).mid)} × {rate} = {written(_amount(one).mid)}"


def _stack(one: LineDuty) -> str:
    """The measures in words: "8473.30.1180 from CN: base rate 0 % + Section 301 list 3 25 %." """
    held = " + ".join(f"{m.program} {percent(m.rate)}" for m in one.on_date.applied if m.rate is not None)
    lifted = "".join(f"; {lift.measure.program} lifted by {lift.by.program}" for lift in one.on_date.lifted)
    return f"{one.line.hts} from {one.line.origin}: {held}{lifted}."


def _weightiest_source(duties: Iterable[LineDuty]) -> Source | None:
    """The source of what decides most: the highest rate in force, or what lifted it where nothing is left to pay."""
    applied = [m for one in duties for m in one.on_date.applied if m.rate]
    lifting = [lift.by for one in duties for lift in one.on_date.lifted]
    held = [m for one in duties for m in one.on_date.applied]
    if applied:
        return max(applied, key=lambda m: m.rate or 0).source
    return next(iter(lifting or held)).source if lifting or held else None


def _warnings(
    known: Sequence[LineDuty], country: str, on: date, measures: Sequence[Measure], *, extended: bool
) -> Iterator[str]:
    yield from _about_extension(known, country, on, measures, extended=extended)
    concerned: dict[str, list[str]] = {}
    for one in known:
        for text in _about_line(one, country, on, measures, extended=extended):
            concerned.setdefault(text, []).append(one.line.name)
    yield from (f"{', '.join(dict.fromkeys(names))}: {text}" for text, names in concerned.items())


def _about_line(one: LineDuty, country: str, on: date, measures: Sequence[Measure], *, extended: bool) -> Iterator[str]:
    """What is uncertain about the rate of one line."""
    for measure in one.on_date.applied:
        if measure.condition and measure.rate:
            yield f"{measure.program} {percent(measure.rate)} {measure.condition}"
    for lift in one.on_date.lifted:
        if lift.by.source.confidence is Confidence.UNVERIFIED:
            rate = f" ({percent(lift.measure.rate)})" if lift.measure.rate is not None else ""
            yield f"{lift.measure.program}{rate} is taken as lifted by {lift.by.program}, which is not verified."
    for measure in measures:
        if _misses_only_the_part(measure, one, country, on, extended=extended):
            yield (
                f"{measure.program} covers particular goods of {one.line.hts} "
                f"({measure.condition}) and is not counted here."
            )


def lapsed_exclusions(
    lines: Iterable[PricedLine], country: str, on: date, measures: Sequence[Measure]
) -> tuple[str, ...]:
    """Slugs of the imported lines whose duty an extension of the ended exclusions would lower."""
    imported = [line for line in lines if line.imported]
    ended = line_duties(imported, country, on, measures, extended=False)
    extended = line_duties(imported, country, on, measures, extended=True)
    return tuple(
        one.line.part for one, two in zip(ended, extended, strict=True) if two.rate is not None and one.rate != two.rate
    )


def _about_extension(
    known: Sequence[LineDuty], country: str, on: date, measures: Sequence[Measure], *, extended: bool
) -> Iterator[str]:
    """What the switch does or would do to this order."""
    other = line_duties((one.line for one in known), country, on, measures, extended=not extended)
    differing = [
        (one, two) for one, two in zip(known, other, strict=True) if two.rate is not None and one.rate != two.rate
    ]
    if not differing:
        return
    with_extension = [
        lift.by for pair in differing for one in pair for lift in one.on_date.lifted if lift.by.extendable
    ]
    ended = max((m.valid_to for m in with_extension if m.valid_to is not None), default=None)
    here = total(_amount(one) for one, _ in differing)
    there = total(_amount(two) for _, two in differing)
    names = ", ".join(one.line.name for one, _ in differing)
    day = f" on {ended.isoformat()}" if ended else ""
    if extended:
        yield (
            f"Duty is computed as if the exclusion that ended{day} had been extended; nobody has told us that it was. "
            f"If it was not, duty on {names} is {written(there.mid)} instead of {written(here.mid)} USD."
        )
    else:
        yield (
            f"The exclusion for {names} ended{day}; whether it was extended is not known. "
            f"If it was, duty is {written(there.mid)} instead of {written(here.mid)} USD."
        )


def _misses_only_the_part(measure: Measure, one: LineDuty, country: str, on: date, *, extended: bool) -> bool:
    """An exemption for particular goods of this tariff line that we did not judge this part to be."""
    line = one.line
    return (
        measure.kind is MeasureKind.EXEMPTION
        and measure.parts is not None
        and line.part not in measure.parts
        and country in measure.destinations
        and measure.in_force(on, extended=extended)
        and any(m.id in measure.lifts for m in one.on_date.applied)
        and line.hts is not None
        and line.origin is not None
        and measure.covers_tariff_line(line.hts, line.origin)
    )
