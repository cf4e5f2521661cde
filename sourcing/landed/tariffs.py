"""Which duties hold for a good on the day it enters, and what they come to. Pure: no Django, no clock, no I/O.

A measure is one dated rule as data. Three things keep "not known" from turning into "free":
a good without a base rate in force is unknown; a rule whose ``rate`` is None makes its days unknown for the goods
it covers; a line without a tariff code or an origin is unknown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from catalog.provenance import Source
from sourcing.landed.types import PricedLine


class MeasureKind(StrEnum):
    """What a measure does to a good it covers."""

    BASE = "base"  # the schedule's own rate; without one the duty is not known
    SURCHARGE = "surcharge"  # added to the base rate
    EXEMPTION = "exemption"  # only lifts others


@dataclass(frozen=True, slots=True)
class Measure:
    """One rule. Rates are fractions of the customs value (Decimal("0.25") is 25 %); both dates are inclusive.

    ``hts_prefixes`` and ``origins`` empty mean all. ``parts`` names the catalog parts a rule was judged to cover
    where its text describes goods and not whole tariff lines; None means every good of the tariff lines, an empty
    tuple none of the catalog. ``lifts`` names the measures that do not hold where this one does.
    ``extendable`` marks a rule that may have been renewed after ``valid_to`` without our knowing.
    ``metal_from_percent`` limits a rule to goods with at least so much copper or aluminium in their weight;
    ``except_hts`` takes tariff lines out of it. ``doubt`` is what a reader of a sum must know where the rule counts.
    ``text_as_of`` is the day of the text it was taken from.
    """

    id: str
    kind: MeasureKind
    program: str
    heading: str
    destinations: tuple[str, ...]
    hts_prefixes: tuple[str, ...]
    origins: tuple[str, ...]
    except_origins: tuple[str, ...]
    parts: tuple[str, ...] | None
    rate: Decimal | None
    lifts: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    extendable: bool
    text_as_of: date
    condition: str
    note: str
    source: Source
    metal_from_percent: Decimal | None = None
    except_hts: tuple[str, ...] = ()
    doubt: str = ""

    def in_force(self, on: date, *, extended: bool = False) -> bool:
        """Whether the day lies in the rule's window; ``extended`` leaves the end of extendable rules open."""
        if self.valid_from is not None and on < self.valid_from:
            return False
        return self.valid_to is None or on <= self.valid_to or (extended and self.extendable)

    def covers_tariff_line(self, hts: str, origin: str) -> bool:
        """Whether the rule is about goods of this tariff line and origin, whatever the day."""
        return (
            (not self.hts_prefixes or any(starts_with(hts, prefix) for prefix in self.hts_prefixes))
            and not any(starts_with(hts, prefix) for prefix in self.except_hts)
            and (not self.origins or origin in self.origins)
            and origin not in self.except_origins
        )

    def covers(self, hts: str, origin: str, part: str) -> bool:
        """Whether the rule is about this part, whatever the day."""
        return self.covers_tariff_line(hts, origin) and (self.parts is None or part in self.parts)

    def takes_metal(self, percent: Decimal | None) -> bool:
        """Whether goods with this share of metal fall under it; a share that is not known does."""
        return self.metal_from_percent is None or percent is None or percent >= self.metal_from_percent


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """The duties on record, every country's. One object is one state of the record, so what was found is remembered
    by it."""

    measures: tuple[Measure, ...]

    def __iter__(self) -> Iterator[Measure]:
        return iter(self.measures)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A measure that would hold, and the one that lifts it."""

    measure: Measure
    by: Measure


@dataclass(frozen=True, slots=True)
class MeasuresOnDate:
    """What holds for one good on one day. ``unknown`` says in words why there is no rate; empty means there is one."""

    applied: tuple[Measure, ...]
    lifted: tuple[Lifted, ...]
    unknown: tuple[str, ...]

    @property
    def rate(self) -> Decimal | None:
        """The sum of the rates that hold, as a fraction of the customs value; None where it is not known."""
        if self.unknown:
            return None
        return sum((measure.rate for measure in self.applied if measure.rate is not None), Decimal(0))


def measures_on(
    on: date,
    hts: str,
    origin: str,
    measures: Sequence[Measure],
    *,
    part: str = "",
    extended: bool = False,
    metal_percent: Decimal | None = None,
) -> MeasuresOnDate:
    """The measures that hold on a day for goods of a tariff line and an origin.

    Args:
        on: the day of entry.
        hts: tariff code with dots, as many digits as are known ("8473.30.1180").
        origin: ISO code of the country of manufacture, not of dispatch.
        measures: the rules of one destination.
        part: catalog slug, for rules that describe goods and not whole tariff lines.
        extended: take rules that may have been renewed as renewed.
        metal_percent: share of copper or aluminium in the weight; None = not known, then the rules on metal hold.
    """
    held = [
        m
        for m in measures
        if m.in_force(on, extended=extended) and m.covers(hts, origin, part) and m.takes_metal(metal_percent)
    ]
    lifters = {lifted: m for m in held for lifted in m.lifts}
    applied = tuple(m for m in held if m.kind is not MeasureKind.EXEMPTION and m.id not in lifters)
    unknown = [f"{m.program}: {m.note or 'the rate on this day is not known'}" for m in applied if m.rate is None]
    if not any(m.kind is MeasureKind.BASE for m in applied):
        unknown.append(f"no base rate on record for {hts} on {on.isoformat()}")
    return MeasuresOnDate(
        applied=applied,
        lifted=tuple(Lifted(m, lifters[m.id]) for m in held if m.id in lifters),
        unknown=tuple(unknown),
    )


@dataclass(frozen=True, slots=True)
class LineDuty:
    """One imported line with the measures that hold for it.

    ``on_date`` is what counts; where something that decides is not known, it is the dearest possibility.
    ``by_code`` are the possibilities where the tariff code is too short to tell, ``with_less_metal`` those where the
    line may have too little metal for a rule on metal.
    """

    line: PricedLine
    on_date: MeasuresOnDate
    by_code: tuple[MeasuresOnDate, ...] = ()
    with_less_metal: tuple[MeasuresOnDate, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def rate(self) -> Decimal | None:
        return self.on_date.rate

    @property
    def lowest_rate(self) -> Decimal | None:
        """The rate of the cheapest possibility whose rate is known."""
        return None if self.rate is None else min(self._known)

    @property
    def highest_rate(self) -> Decimal | None:
        """The rate of the dearest possibility whose rate is known."""
        return None if self.rate is None else max(self._known)

    @property
    def _known(self) -> list[Decimal]:
        possible = (self.on_date, *self.by_code, *self.with_less_metal)
        return [one.rate for one in possible if one.rate is not None]


def line_duties(
    lines: Iterable[PricedLine],
    country: str,
    on: date,
    tariff: Tariff,
    *,
    extended: bool = False,
) -> tuple[LineDuty, ...]:
    """The measures for each imported line entering a country on a day; lines bought at home are left out."""
    return tuple(_for_line(line, country, on, tariff, extended=extended) for line in lines if line.imported)


@lru_cache(maxsize=64)
def _of_country(tariff: Tariff, country: str) -> tuple[Measure, ...]:
    return tuple(measure for measure in tariff if country in measure.destinations)


@lru_cache(maxsize=4096)
def _held(
    tariff: Tariff, country: str, on: date, hts: str, origin: str, part: str, extended: bool, metal: Decimal | None
) -> MeasuresOnDate:
    return measures_on(on, hts, origin, _of_country(tariff, country), part=part, extended=extended, metal_percent=metal)


def _for_line(line: PricedLine, country: str, on: date, tariff: Tariff, *, extended: bool) -> LineDuty:
    if line.hts is None:
        return LineDuty(line, MeasuresOnDate((), (), ("its tariff code is not known",)))
    if line.origin is None:
        return LineDuty(line, MeasuresOnDate((), (), ("its country of manufacture is not known",)))
    origin = line.origin

    def held(code: str, metal_percent: Decimal | None) -> MeasuresOnDate:
        return _held(tariff, country, on, code, origin, line.part, extended, metal_percent)

    codes = _codes(tariff, country, line.hts, line.part)
    by_code = [held(code, line.metal_percent) for code in codes]
    unknown = next((one for one in by_code if one.rate is None), None)
    dearest = unknown or max(by_code, key=lambda one: one.rate or Decimal(0))
    less = [
        held(code, Decimal(0))
        for code, one in zip(codes, by_code, strict=True)
        if line.metal_percent is None and _rests_on_metal(one)
    ]
    return LineDuty(line, dearest, tuple(by_code[1:] and by_code), tuple(less), codes)


def _rests_on_metal(one: MeasuresOnDate) -> bool:
    return any(m.metal_from_percent is not None for m in (*one.applied, *(lift.by for lift in one.lifted)))


@lru_cache(maxsize=512)
def _codes(tariff: Tariff, country: str, hts: str, part: str) -> tuple[str, ...]:
    """The tariff lines a code may stand for: itself, and those below it that some rule tells apart.

    A code of eight digits or more stands for the rest of its line as well; a shorter one only for what is below it.
    Rules that name other parts tell nothing apart for this one.
    """
    below = {
        code
        for m in _of_country(tariff, country)
        if m.parts is None or part in m.parts
        for code in (*m.hts_prefixes, *m.except_hts)
        if len(_digits(code)) > len(_digits(hts)) and starts_with(code, hts)
    }
    if not below:
        return (hts,)
    return tuple(sorted(below)) if len(_digits(hts)) < _DIGITS_OF_A_LINE else (hts, *sorted(below))


_DIGITS_OF_A_LINE = 8


def _digits(hts: str) -> str:
    return hts.replace(".", "")


def starts_with(hts: str, prefix: str) -> bool:
    """Tariff codes compare by digits: 8473.30.11 holds 8473.30.1180, however the dots are set."""
    return _digits(hts).startswith(_digits(prefix))
