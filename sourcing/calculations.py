"""What the calculator shows of one order: its cost, on another day and in other counts too, and its duty in time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sourcing import measures
from sourcing.landed.cost import Measures, Order, landed_cost
from sourcing.landed.money import cents, each
from sourcing.landed.timeline import Period, duty_periods
from sourcing.landed.types import LandedCost, Money
from sourcing.orders import read_order
from sourcing.pictures import Timeline, Waterfall, timeline, waterfall
from sourcing.prices import OtherDay, other_day

SHARED_AMONG = (1, 2, 5, 10)
TIMELINE_BEFORE = timedelta(days=300)
TIMELINE_AFTER = timedelta(days=120)


@dataclass(frozen=True)
class Together:
    """The order so many times over in one shipment, and what one of it then comes to."""

    count: int
    cost: LandedCost
    one: Money


@dataclass(frozen=True)
class Calculation:
    """One order, computed."""

    order: Order
    cost: LandedCost
    other: OtherDay | None
    together: tuple[Together, ...]
    periods: tuple[tuple[str, tuple[Period, ...]], ...]
    waterfall: Waterfall
    timeline: Timeline | None


def calculate(question: Mapping[str, Any], *, as_of: date, compare_date: date | None) -> Calculation:
    """Compute the order of a question. Raises InvalidOrder."""
    order = read_order(question, as_of)
    rules = measures.measures()
    cost = landed_cost(order, rules)
    other = other_day(order, cost, compare_date)
    first, last = _span(order.entry_date, other.entry_date if other else None, as_of)
    periods = _periods(order, rules, first, last)
    marks = [("today", as_of)]
    if order.entry_date != as_of:
        marks.append(("entry", order.entry_date))
    return Calculation(
        order=order,
        cost=cost,
        other=other,
        together=_together(order, rules),
        periods=periods,
        waterfall=waterfall(cost),
        timeline=timeline(periods, marks, first, last) if periods else None,
    )


def _span(entry_date: date, other: date | None, as_of: date) -> tuple[date, date]:
    days = [day for day in (entry_date, other, as_of) if day is not None]
    return min(min(days), as_of - TIMELINE_BEFORE), max(max(days), as_of) + TIMELINE_AFTER


def _periods(order: Order, rules: Measures, first: date, last: date) -> tuple[tuple[str, tuple[Period, ...]], ...]:
    """The duty of each imported line in time; lines with the same rules throughout stand together."""
    found: dict[tuple[Any, ...], tuple[list[str], tuple[Period, ...]]] = {}
    for line in order.imported:
        periods = duty_periods(
            line, order.destination.country, rules.duties, first, last, extended=order.exclusions_extended
        )
        key = (line.hts, line.origin, *((p.first, p.rate) for p in periods))
        found.setdefault(key, ([], periods))[0].append(line.name)
    return tuple((", ".join(dict.fromkeys(names)), periods) for names, periods in found.values())


def _together(order: Order, rules: Measures) -> tuple[Together, ...]:
    """The order several times over in one shipment; none where somebody quoted a sum for this very order."""
    own = order.own
    if any(
        one is not None
        for one in (order.freight.price_usd, own.domestic_freight_usd, own.insurance_usd, own.brokerage_usd)
    ):
        return ()
    rows = []
    for count in SHARED_AMONG:
        lines = tuple(replace(line, quantity=line.quantity * count) for line in order.lines)
        cost = landed_cost(replace(order, lines=lines, entry=None), rules)
        rows.append(Together(count, cost, each(lambda amount, by=count: cents(amount / by), cost.total)))
    return tuple(rows)
