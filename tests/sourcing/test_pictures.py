"""The pictures of cost lie where their numbers say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given

from sourcing import measures
from sourcing.landed.cost import Order, landed_cost
from sourcing.landed.timeline import duty_periods
from sourcing.pictures import timeline, waterfall
from tests.sourcing.landed import orders
from tests.sourcing.landed.test_timeline import DUTIES, FIRST, LAST, V100


@given(orders.orders)
def test_each_bar_of_a_waterfall_begins_where_the_one_before_ends(order: Order) -> None:
    cost = landed_cost(order, measures.measures())
    picture = waterfall(cost)
    before = 0.0
    for bar in picture.bars:
        assert abs(bar.x - before) < 0.1
        before = bar.x + bar.width
        assert 0 <= bar.spread_x <= bar.spread_end <= 100.1 or not cost.total.high
    assert abs(before - picture.total_width) < 0.2


def test_the_total_of_a_waterfall_ends_at_its_high_end() -> None:
    order = orders.order(
        {
            "lines": [
                {
                    "part": "a",
                    "name": "A",
                    "quantity": 1,
                    "unit": ["50", "75", "100"],
                    "hts": None,
                    "origin": None,
                    "imported": False,
                }
            ],
            "country": "DE",
            "region": "",
            "entry_date": "2026-11-25",
            "agent": None,
            "entry": None,
            "own": {},
            "freight": {"mode": "express", "quote": None, "divisor": None},
            "fx": {},
            "exclusions_extended": False,
        }
    )
    picture = waterfall(landed_cost(order, measures.measures()))
    assert (picture.total_width, picture.spread_x, picture.spread_end) == (75.0, 50.0, 100.0)


def test_the_periods_of_a_timeline_fill_its_width() -> None:
    periods = duty_periods(V100, "US", DUTIES, FIRST, LAST, extended=False)
    picture = timeline([("V100", periods)], [("today", date(2026, 11, 25)), ("far", date(2030, 1, 1))], FIRST, LAST)
    (row,) = picture.rows
    assert row.spans[0].x == 0
    assert round(row.spans[-1].x + row.spans[-1].width, 1) == 100
    assert [span.level for span in row.spans] == ["unknown", "free", "middle"]
    assert [mark.label for mark in picture.marks] == ["today 2026-11-25"]
    assert [tick.label for tick in picture.ticks] == ["2026-04", "2026-07", "2026-10", "2027-01"]


def test_levels_go_from_free_to_high() -> None:
    cable = replace(V100, hts="8544.42.9090", part="cable", metal_percent=Decimal(10))
    periods = duty_periods(cable, "US", DUTIES, date(2026, 8, 1), date(2026, 8, 31), extended=False)
    (row,) = timeline([("Cable", periods)], [], date(2026, 8, 1), date(2026, 8, 31)).rows
    assert [span.level for span in row.spans] == ["high"]  # 40.1 %
