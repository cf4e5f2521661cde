"""Duty in time."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sourcing import measures
from sourcing.landed.tariffs import line_duties
from sourcing.landed.timeline import duty_periods, last_day_before_change
from sourcing.landed.types import PricedLine
from tests.sourcing.landed import orders

DUTIES = measures.measures().duties
V100 = orders.line(
    {"part": "v100-sxm2-16gb", "name": "V100", "quantity": 1, "unit": None, "hts": "8473.30.1180", "origin": "CN"}
)
BOARD = replace(V100, part="quad-board-taq-sxm2-4p5a5", name="Board")
FIRST, LAST = date(2026, 2, 1), date(2027, 1, 31)


def _rates(line: PricedLine) -> list[tuple[date, date, Decimal | None]]:
    periods = duty_periods(line, "US", DUTIES, FIRST, LAST, extended=False)
    return [(period.first, period.last, period.rate) for period in periods]


def test_a_v100_is_unknown_then_free_then_pays_a_quarter() -> None:
    rates = _rates(V100)
    assert rates[0] == (FIRST, date(2026, 2, 23), None)  # the IEEPA tariffs
    assert [rate for first, _, rate in rates if date(2026, 2, 24) <= first < date(2026, 11, 10)] == [0, 0]
    assert rates[-1] == (date(2026, 11, 10), LAST, Decimal("0.25"))


def test_the_last_day_before_the_change_is_the_last_of_the_exclusion() -> None:
    since, on = date(2026, 1, 1), date(2026, 11, 25)
    assert last_day_before_change([V100], "US", DUTIES, since, on, extended=False) == date(2026, 11, 9)
    assert last_day_before_change([BOARD], "US", DUTIES, since, on, extended=False) is None
    assert last_day_before_change([V100], "US", DUTIES, since, on, extended=True) is None
    assert last_day_before_change([replace(V100, imported=False)], "US", DUTIES, since, on, extended=False) is None


@given(
    st.sampled_from(["8473.30.1180", "8473.30.5100", "8544.42.9090", "8471.50.0150"]),
    st.sampled_from(["CN", "TW", "HK"]),
    st.dates(FIRST, LAST),
    st.booleans(),
)
def test_every_day_lies_in_one_period_with_the_rate_of_that_day(
    hts: str, origin: str, day: date, extended: bool
) -> None:
    line = replace(V100, hts=hts, origin=origin)
    periods = duty_periods(line, "US", DUTIES, FIRST, LAST, extended=extended)
    assert periods[0].first == FIRST
    assert periods[-1].last == LAST
    for before, after in itertools.pairwise(periods):
        assert before.last + timedelta(days=1) == after.first
    (found,) = [period for period in periods if period.first <= day <= period.last]
    (that_day,) = line_duties([line], "US", day, DUTIES, extended=extended)
    assert found.rate == that_day.rate
