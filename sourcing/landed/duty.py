"""The duty row of a landed cost and what to say about it. Pure: no Django, no clock, no I/O.

duty of a line = customs value of the line * sum of the rates in force on the day of entry
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.provenance import Confidence, Source
from sourcing.landed.currency import Rates
from sourcing.landed.entry import FreeUpTo
from sourcing.landed.money import cents, exactly, percent, shared, times, total, written, written_range
from sourcing.landed.tariffs import LineDuty, Measure, MeasureKind, Tariff, line_duties
from sourcing.landed.types import CostRow, DutyLine, LineMeasure, Money, PricedLine

KEY = "duty"
LABEL = "Duty"


@dataclass(frozen=True, slots=True)
class DutyResult:
    """``unknown`` holds the names of priced lines whose duty is missing from a row that has an amount."""

    row: CostRow
    lines: tuple[DutyLine, ...]
    unknown: tuple[str, ...]
    warnings: tuple[str, ...]
    text_as_of: date | None = None  # of the oldest text the duty rests on


def duty(
    lines: Sequence[PricedLine],
    values: Sequence[Money | None],
    country: str,
    on: date,
    tariff: Tariff,
    *,
    extended: bool,
    free: FreeUpTo | None,
    rates: Rates,
) -> DutyResult:
    """Duty on each imported line with a price, rounded to cents a line.

    Args:
        lines: the imported lines.
        values: the customs value of each, None where it has no price.
        on: the day of entry, which decides the rates.
        extended: take exclusions that may have been renewed as renewed.
        free: the rule for small consignments, where the order falls under one.
        rates: convert a flat duty in foreign money.
    """
    if free is not None:
        return _free_duty(lines, values, free, rates)
    duties = list(zip(line_duties(lines, country, on, tariff, extended=extended), values, strict=True))
    priced = [(one, value) for one, value in duties if value is not None]
    known = [(one, value) for one, value in priced if one.rate is not None]
    missing = [one for one, _ in priced if one.rate is None]
    reasons = [f"{one.line.name}: {'; '.join(one.on_date.unknown)}." for one in missing]
    judged = [one for one, _ in known]
    row = CostRow(
        KEY,
        LABEL,
        total(_amount(one, value) for one, value in known) if known else None,
        "; ".join(_formula(one, value) for one, value in known),
        _weightiest_source(judged),
        " ".join([*dict.fromkeys(_stack(one) for one in judged), *(f"Not known for {reason}" for reason in reasons)])
        or "No imported line has a price.",
    )
    return DutyResult(
        row=row,
        lines=tuple(_duty_line(one, value) for one, value in duties),
        unknown=tuple(one.line.name for one in missing) if known else (),
        warnings=tuple(_warnings(known, country, on, tariff, extended=extended)),
        text_as_of=min((m.text_as_of for one in judged for m in _rules_of(one)), default=None),
    )


def _rules_of(one: LineDuty) -> list[Measure]:
    """What decides the duty of a line: the rules that hold, and those that take others away."""
    return [*one.on_date.applied, *(lift.by for lift in one.on_date.lifted)]


def _free_duty(lines: Sequence[PricedLine], values: Sequence[Money | None], free: FreeUpTo, rates: Rates) -> DutyResult:
    """No duty, or the flat one for each tariff line, shared equally by the lines of it."""
    limit = f"{free.limit:,f} {free.currency}"
    flat = free.flat_per_tariff_line
    codes = [line.hts or "" for line in lines]
    if flat is None:
        amounts = [Decimal("0.00")] * len(lines)
        formula = f"nothing on goods of up to {limit}"
    else:
        each_usd = cents(rates.usd(flat, free.currency))
        distinct = list(dict.fromkeys(codes))
        share = {code: iter(shared(each_usd, [Decimal(1)] * codes.count(code))) for code in distinct}
        amounts = [next(share[code]) for code in codes]
        formula = (
            f"{len(distinct)} × {flat:f} {free.currency}, a flat duty for each tariff line of goods of up to {limit}"
        )
    duty_lines = tuple(
        DutyLine(line.part, line.name, line.hts, line.origin, value, exactly(amount), (), ())
        for line, value, amount in zip(lines, values, amounts, strict=True)
    )
    row = CostRow(KEY, LABEL, exactly(sum(amounts, Decimal(0))), formula, free.source, free.note)
    return DutyResult(row, duty_lines, (), ())


def _duty_line(one: LineDuty, value: Money | None) -> DutyLine:
    """A line with every rule that bears on it; those that only lift others stand with a rate of nothing."""
    line = one.line
    measures: list[LineMeasure] = []
    if value is not None:
        lifting: dict[str, list[str]] = {}
        lifters = {lift.by.id: lift.by for lift in one.on_date.lifted if lift.by.kind is MeasureKind.EXEMPTION}
        for lift in one.on_date.lifted:
            lifting.setdefault(lift.by.id, []).append(lift.measure.id)
        for measure in (*one.on_date.applied, *lifters.values()):
            if measure.rate is None and measure.kind is not MeasureKind.EXEMPTION:
                continue
            rate = measure.rate or Decimal(0)
            measures.append(
                LineMeasure(
                    measure.id,
                    measure.program,
                    measure.heading,
                    rate,
                    times(value, rate),
                    measure.valid_from,
                    measure.valid_to,
                    tuple(lifting.get(measure.id, ())),
                    measure.source,
                )
            )
    amount = _amount(one, value) if value is not None and one.rate is not None else None
    return DutyLine(line.part, line.name, line.hts, line.origin, value, amount, tuple(measures), one.on_date.unknown)


def _amount(one: LineDuty, value: Money) -> Money:
    """The duty; its low end by the lowest rate that is not ruled out, its high end by the highest."""
    if one.rate is None or one.lowest_rate is None or one.highest_rate is None:
        raise ValueError(f"duty on {one.line.part} is not known")
    return Money(cents(value.low * one.lowest_rate), cents(value.mid * one.rate), cents(value.high * one.highest_rate))


def _formula(one: LineDuty, value: Money) -> str:
    rate = percent(one.rate) if one.rate is not None else "?"
    amount = _amount(one, value)
    spread = f" ({written_range(amount)})" if one.lowest_rate != one.highest_rate else ""
    return f"{one.line.name} {written(value.mid)} × {rate} = {written(amount.mid)}{spread}"


def _stack(one: LineDuty) -> str:
    """The measures in words: "8473.30.1180 from CN: base rate 0 % + Section 301 list 3 25 %." """
    held = " + ".join(f"{m.program} {percent(m.rate)}" for m in one.on_date.applied if m.rate is not None)
    lifted = "".join(f"; {lift.measure.program} lifted by {lift.by.program}" for lift in one.on_date.lifted)
    return f"{one.line.hts} from {one.line.origin}: {held}{lifted}."


def _weightiest_source(duties: Iterable[LineDuty]) -> Source | None:
    """The source of what decides most: the highest rate in force, or what lifted it where nothing is left to pay."""
    listed = list(duties)
    applied = [m for one in listed for m in one.on_date.applied if m.rate]
    lifting = [lift.by for one in listed for lift in one.on_date.lifted]
    held = [m for one in listed for m in one.on_date.applied]
    if applied:
        return max(applied, key=lambda m: m.rate or 0).source
    return next(iter(lifting or held)).source if lifting or held else None


def _warnings(
    known: Sequence[tuple[LineDuty, Money]], country: str, on: date, tariff: Tariff, *, extended: bool
) -> Iterator[str]:
    yield from _about_extension(known, country, on, tariff, extended=extended)
    concerned: dict[str, list[str]] = {}
    for one, _ in known:
        for text in _about_line(one, country, on, tariff, extended=extended):
            concerned.setdefault(text, []).append(one.line.name)
    yield from (f"{', '.join(dict.fromkeys(names))}: {text}" for text, names in concerned.items())


def _about_line(one: LineDuty, country: str, on: date, tariff: Tariff, *, extended: bool) -> Iterator[str]:
    """What is uncertain about the rate of one line."""
    if one.by_code:
        rates = f"{percent(one.lowest_rate or Decimal(0))} to {percent(one.highest_rate or Decimal(0))}"
        same = one.lowest_rate == one.highest_rate
        yield (
            f"{one.line.hts} may be {', '.join(one.codes)}: "
            f"{'the duty is the same' if same else f'{rates}, the dearest counts; give all digits'}."
        )
    for measure in one.on_date.applied:
        if measure.rate and measure.doubt:
            yield f"{measure.program} {percent(measure.rate)}: {measure.doubt}"
        if measure.rate and measure.condition and measure.metal_from_percent is None:
            yield f"{measure.program} {percent(measure.rate)} {measure.condition}"
        if measure.rate and measure.condition and one.with_less_metal:
            without = one.with_less_metal[0].rate
            then = (
                "what then applies is not known"
                if without is None
                else f"then {percent(without)} in all applies, and the range holds both"
            )
            yield f"{measure.program} {percent(measure.rate)} {measure.condition}; {then}."
    for lift in one.on_date.lifted:
        if lift.by.source.confidence is Confidence.UNVERIFIED:
            rate = f" ({percent(lift.measure.rate)})" if lift.measure.rate is not None else ""
            yield f"{lift.measure.program}{rate} is taken as lifted by {lift.by.program}, which is not verified."
    for measure in tariff:
        if _misses_only_the_part(measure, one, country, on, extended=extended):
            yield (
                f"{measure.program} covers particular goods of {one.line.hts} "
                f"({measure.condition}) and is not counted here."
            )


def lapsed_exclusions(lines: Iterable[PricedLine], country: str, on: date, tariff: Tariff) -> tuple[str, ...]:
    """Slugs of the imported lines whose duty an extension of the ended exclusions would lower."""
    imported = [line for line in lines if line.imported]
    ended = line_duties(imported, country, on, tariff, extended=False)
    extended = line_duties(imported, country, on, tariff, extended=True)
    return tuple(
        one.line.part for one, two in zip(ended, extended, strict=True) if two.rate is not None and one.rate != two.rate
    )


def _about_extension(
    known: Sequence[tuple[LineDuty, Money]], country: str, on: date, tariff: Tariff, *, extended: bool
) -> Iterator[str]:
    """What the switch does or would do to this order."""
    other = line_duties((one.line for one, _ in known), country, on, tariff, extended=not extended)
    differing = [
        (one, two, value)
        for (one, value), two in zip(known, other, strict=True)
        if two.rate is not None and one.rate != two.rate
    ]
    if not differing:
        return
    with_extension = [
        lift.by for pair in differing for one in pair[:2] for lift in one.on_date.lifted if lift.by.extendable
    ]
    ended = max((m.valid_to for m in with_extension if m.valid_to is not None), default=None)
    here = total(_amount(one, value) for one, _, value in differing)
    there = total(_amount(two, value) for _, two, value in differing)
    names = ", ".join(one.line.name for one, _, _ in differing)
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
