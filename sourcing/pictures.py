"""Geometry of the pictures of cost, for templates to draw as SVG. Pure: no Django, no clock, no I/O.

All x are percent of the drawing's width, so that it stretches with the page while its text does not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from sourcing.landed.timeline import Period
from sourcing.landed.types import CostRow, LandedCost, Money

_WIDE_ENOUGH = 16.0  # percent of the width that a label such as "52.6 %" takes on a phone
_WIDE_ENOUGH_TO_ASK = 5.0  # and a "?"


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """One row on top of all before it: from ``x`` on, ``width`` at its middle, ``spread`` more at its high end."""

    row: CostRow
    amount: Money | None  # None = not known
    x: float
    width: float
    spread_x: float
    spread_width: float

    @property
    def spread_end(self) -> float:
        return round(self.spread_x + self.spread_width, 2)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The rows one upon another, and the total with its range, on one scale."""

    bars: tuple[WaterfallBar, ...]
    total_width: float
    spread_x: float
    spread_width: float

    @property
    def spread_end(self) -> float:
        return round(self.spread_x + self.spread_width, 2)


def waterfall(cost: LandedCost) -> Waterfall:
    """How the total is reached, row by row."""
    scale = cost.total.high or Decimal(1)
    bars = []
    before = Decimal(0)
    for row in cost.rows:
        amount = row.amount
        mid = amount.mid if amount is not None else Decimal(0)
        low, high = (amount.low, amount.high) if amount is not None else (mid, mid)
        bars.append(
            WaterfallBar(
                row,
                amount,
                _percent(before, scale),
                _percent(mid, scale),
                _percent(before + low, scale),
                _percent(high - low, scale),
            )
        )
        before += mid
    total = cost.total
    return Waterfall(
        tuple(bars), _percent(total.mid, scale), _percent(total.low, scale), _percent(total.high - total.low, scale)
    )


@dataclass(frozen=True, slots=True)
class TimelineSpan:
    """Days of one rate as a bar. ``level`` names its shade: unknown, free, low, middle, high."""

    rate: Decimal | None
    x: float
    width: float
    level: str
    label_fits: bool


@dataclass(frozen=True, slots=True)
class TimelineTick:
    x: float
    label: str
    is_end: bool


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One good: its name, its bars from left to right, and the periods of its rules, which are more than the bars."""

    name: str
    hts: str
    origin: str
    spans: tuple[TimelineSpan, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Goods over the same days. ``marks`` are days that matter: today, the day of entry, the day compared with."""

    rows: tuple[TimelineRow, ...]
    ticks: tuple[TimelineTick, ...]
    marks: tuple[TimelineTick, ...]
    first: date
    last: date


def timeline(
    goods: Sequence[tuple[str, Sequence[Period]]], marks: Iterable[tuple[str, date]], first: date, last: date
) -> Timeline:
    """The periods of each good on one axis of days, with a tick at the start of each quarter."""
    days = Decimal((last - first).days + 1)

    def at(day: date) -> float:
        return _percent(Decimal((min(max(day, first), last) - first).days), days)

    rows = []
    for name, periods in goods:
        spans = []
        for rate, same in groupby(periods, key=lambda period: period.rate):
            run = list(same)
            x = at(run[0].first)
            width = round(_percent(Decimal((run[-1].last - first).days + 1), days) - x, 2)
            enough = _WIDE_ENOUGH if rate is not None else _WIDE_ENOUGH_TO_ASK
            spans.append(TimelineSpan(rate, x, width, _level(rate), width >= enough))
        line = periods[0].duty.line
        rows.append(TimelineRow(name, line.hts or "", line.origin or "", tuple(spans), tuple(periods)))
    return Timeline(
        tuple(rows),
        tuple(TimelineTick(at(day), day.strftime("%Y-%m"), at(day) > 85) for day in _quarters(first, last)),
        tuple(
            TimelineTick(at(day), f"{label} {day.isoformat()}", at(day) > 50)
            for label, day in marks
            if first <= day <= last
        ),
        first,
        last,
    )


def _level(rate: Decimal | None) -> str:
    if rate is None:
        return "unknown"
    if rate == 0:
        return "free"
    return "low" if rate < Decimal("0.15") else "middle" if rate <= Decimal("0.3") else "high"


def _quarters(first: date, last: date) -> list[date]:
    """The first days of quarters within a span of days."""
    found = []
    day = date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    while day <= last:
        if day >= first:
            found.append(day)
        day = (day.replace(day=1) + timedelta(days=95)).replace(day=1)
    return found


def _percent(amount: Decimal, scale: Decimal) -> float:
    return float(round(100 * amount / scale, 2)) if scale > 0 else 0.0
