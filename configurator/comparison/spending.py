"""Break-even and spending of a comparison, in words and as lines to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.templatetags.quantities import count, money
from configurator.comparison.break_even import PaysOff
from configurator.comparison.compare import Comparison
from configurator.cost_picture import CostLine

NEVER = "never"


@dataclass(frozen=True, slots=True)
class BreakEvenRow:
    """A machine to buy, and when it is even with each rent: one pair of words and detail for each."""

    name: str
    at_least: bool
    cells: tuple[tuple[str, str, PaysOff], ...]


@dataclass(frozen=True, slots=True)
class SpentRow:
    name: str
    usd: tuple[str, ...]


def break_even_rows(comparison: Comparison) -> tuple[BreakEvenRow, ...]:
    """One row for each machine to buy; none where nothing is rented, nothing has a price, or no hour is computed."""
    found = comparison.break_evens
    return tuple(
        BreakEvenRow(
            owned.name,
            owned.at_least,
            tuple((in_months(each), in_hours(each), each) for each in found if each.owned is owned),
        )
        for _, owned in comparison.owned
        if any(each.owned is owned for each in found)
    )


def in_months(pays: PaysOff) -> str:
    """``14–31 months``; ``14 months or never`` where it depends on the rent; ``never``."""
    soonest, latest = pays.months
    if soonest is None:
        return NEVER
    if latest is None:
        return f"{_number(soonest)} months or never"
    if _number(soonest) == _number(latest):
        return f"{_number(soonest)} months"
    return f"{_number(soonest)}–{_number(latest)} months"


def in_hours(pays: PaysOff) -> str:
    """The same in hours of computing; empty where it is never."""
    soonest, latest = pays.soonest.hours_to_break_even, pays.latest.hours_to_break_even
    if soonest is None:
        return ""
    if latest is None or count(soonest) == count(latest):
        return f"{count(soonest)} h of computing"
    return f"{count(soonest)}–{count(latest)} h of computing"


def _number(months: Decimal) -> str:
    """One decimal below ten months, none above."""
    return f"{months:,.1f}".removesuffix(".0") if months < 10 else f"{months:,.0f}"


def cost_lines(comparison: Comparison) -> tuple[CostLine, ...]:
    """Every machine to buy and every rent, at the person's hours a day."""
    hours = comparison.hours_per_day
    owned = [
        CostLine(each.name, False, float(each.landed_usd), usd, usd)
        for _, each in comparison.owned
        for usd in (float(each.usd_a_month(hours)),)
    ]
    rented = [
        CostLine(
            each.name,
            True,
            0.0,
            float(each.usd_a_month(hours, each.low_usd)),
            float(each.usd_a_month(hours, each.high_usd)),
        )
        for _, each in comparison.rented
    ]
    return (*owned, *rented)


def spent(lines: Sequence[CostLine], months: Sequence[float]) -> tuple[SpentRow, ...]:
    """What each has cost after so many months, at the middle of its rent."""
    return tuple(SpentRow(line.name, tuple(money(round(line.after(month))) for month in months)) for line in lines)
