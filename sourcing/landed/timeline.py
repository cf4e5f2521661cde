"""The duty of a good as days go by: periods in which the same rules hold. Pure: no Django, no clock, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from sourcing.landed.money import percent
from sourcing.landed.tariffs import LineDuty, Measure, Tariff, line_duties
from sourcing.landed.types import PricedLine

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both inclusive, on which one set of rules holds for a line. ``rate`` None = not known."""

    first: date
    last: date
    duty: LineDuty

    @property
    def rate(self) -> Decimal | None:
        return self.duty.rate

    @property
    def words(self) -> str:
        """What holds, what is lifted by what, and what is not known."""
        on_date = self.duty.on_date
        said = [
            measure.program
            + (f" {percent(measure.rate)}" if measure.rate is not None else "")
            + (f" ({measure.heading})" if measure.heading else "")
            for measure in on_date.applied
        ]
        said += [f"{lift.measure.program} lifted by {lift.by.program}" for lift in on_date.lifted]
        return "; ".join([*said, *on_date.unknown])


def duty_periods(
    line: PricedLine, country: str, tariff: Tariff, first: date, last: date, *, extended: bool
) -> tuple[Period, ...]:
    """The periods of one line from a first to a last day, in order, without gaps; neighbours differ in their rules."""
    starts = [first, *(day for day in _changes(tariff, country) if first < day <= last)]
    periods: list[Period] = []
    for start in dict.fromkeys(sorted(starts)):
        (duty,) = line_duties([line], country, start, tariff, extended=extended)
        if periods and _rules(periods[-1].duty) == _rules(duty):
            continue
        if periods:
            periods[-1] = Period(periods[-1].first, start - DAY, periods[-1].duty)
        periods.append(Period(start, last, duty))
    return tuple(periods)


def last_day_before_change(
    lines: Iterable[PricedLine], country: str, tariff: Tariff, since: date, on: date, *, extended: bool
) -> date | None:
    """The last day on which the rate of some line was another, known one; None where there is none since a day."""
    days = []
    for line in lines:
        if not line.imported:
            continue
        known = [p for p in duty_periods(line, country, tariff, since, on, extended=extended) if p.rate is not None]
        days += [
            before.last
            for before, after in pairwise(known)
            if before.rate != after.rate and before.last + DAY == after.first
        ]
    return max(days, default=None)


def _changes(tariff: Iterable[Measure], country: str) -> set[date]:
    """Every day on which some rule of a country begins, or has ended."""
    days: set[date] = set()
    for measure in tariff:
        if country in measure.destinations:
            if measure.valid_from is not None:
                days.add(measure.valid_from)
            if measure.valid_to is not None and measure.valid_to < date.max:
                days.add(measure.valid_to + DAY)
    return days


def _rules(duty: LineDuty) -> tuple[object, ...]:
    """What tells one period from the next: the rules that hold, those that are lifted and by what, what is unknown."""
    on_date = duty.on_date
    return (
        tuple(sorted(measure.id for measure in on_date.applied)),
        tuple(sorted((lift.measure.id, lift.by.id) for lift in on_date.lifted)),
        on_date.unknown,
    )
