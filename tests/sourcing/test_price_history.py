"""The history of a part: gaps stay gaps, and what may not be kept is not drawn."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Part
from sourcing.listing_models import DailyPrice
from sourcing.price_history import LEAST_DAYS, MOST_STEPS, SHOWN_DAYS, history_of, round_steps

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def seen(part: Part, days_ago: int, lowest: str, marketplace: str = "demo", today: date = TODAY) -> None:
    DailyPrice.objects.create(
        part=part, marketplace=marketplace, day=today - timedelta(days=days_ago),
        lowest_usd=Decimal(lowest), low_three_usd=Decimal(lowest), count=1,
    )  # fmt: skip


def test_days_in_a_row_are_a_line_and_a_day_that_was_not_seen_is_a_gap(make_part: Any) -> None:
    part = make_part("fin")
    for days_ago in (9, 8, 7, 3, 1, 0):
        seen(part, days_ago, "100")
    (history,) = history_of(part, TODAY)
    assert [len(run.points) for run in history.runs] == [3, 1, 2]
    assert [run.is_dot for run in history.runs] == [False, True, False]


def test_time_runs_to_the_right_and_price_upwards_from_zero(make_part: Any, make_band: Any) -> None:
    part = make_part("fin")
    make_band(part, "50", "100")
    seen(part, SHOWN_DAYS - 1, "50")
    seen(part, 0, "25")
    (history,) = history_of(part, TODAY)
    (first,), (last,) = (run.points for run in history.runs)
    assert (first[0], last[0]) == (0, 100)
    assert history.top == Decimal(105)
    assert first[1] == pytest.approx(100 - 100 * 50 / 105, abs=0.01)
    assert last[1] == pytest.approx(100 - 100 * 25 / 105, abs=0.01)
    assert history.band_y == pytest.approx(100 - 100 * 100 / 105, abs=0.01)
    assert history.band_height == pytest.approx(100 * 50 / 105, abs=0.02)


def test_older_days_are_left_out(make_part: Any) -> None:
    part = make_part("fin")
    seen(part, SHOWN_DAYS, "100")
    assert history_of(part, TODAY) == ()


def test_the_axis_begins_with_the_first_day_that_was_seen_but_holds_a_month_at_least(make_part: Any) -> None:
    part = make_part("fin")
    seen(part, 2, "100")
    (history,) = history_of(part, TODAY)
    assert history.first == TODAY - timedelta(days=LEAST_DAYS - 1)
    seen(part, 100, "80")
    seen(part, 90, "80")
    (history,) = history_of(part, TODAY)
    assert history.first == TODAY - timedelta(days=100)
    assert [day.isoformat() for _, day in history.months] == ["2026-09-01", "2026-10-01", "2026-11-01"]
    assert (history.lowest.day, history.highest.day) == (TODAY - timedelta(days=90), TODAY - timedelta(days=2))


@pytest.mark.parametrize(
    ("top", "steps"), [("472.5", "0 100 200 300 400"), ("24", "0 5 10 15 20"), ("1.05", "0 0.5 1.0")]
)
def test_the_scale_has_round_steps(top: str, steps: str) -> None:
    assert round_steps(Decimal(top)) == [Decimal(step) for step in steps.split()]


@given(st.decimals("0.01", "9000000", places=2))
def test_any_scale_has_a_few_steps_none_above_its_top(top: Decimal) -> None:
    steps = round_steps(top)
    assert 3 <= len(steps) <= MOST_STEPS + 1
    assert steps[0] == 0
    assert steps[-1] <= top


def test_a_marketplace_whose_prices_may_not_be_kept_is_not_drawn(make_part: Any, settings: Any) -> None:
    part = make_part("fin")
    seen(part, 1, "100", "ebay")
    assert history_of(part, TODAY) == ()
    settings.EBAY_HISTORY_CLAUSE = "8.1(d)"
    assert [history.marketplace for history in history_of(part, TODAY)] == ["eBay"]


def test_the_page_draws_it_and_holds_the_same_as_a_table(client: Client, make_part: Any) -> None:
    seen(make_part("fin"), 0, "123.45", today=timezone.localdate())
    page = client.get("/parts/fin/prices/").content.decode()
    assert "history-dot" in page
    assert "Middle of the lowest three" in page
    assert "$123" in page


def test_a_part_nobody_has_seen_has_no_history(client: Client, make_part: Any) -> None:
    make_part("fin")
    assert "What it has cost" not in client.get("/parts/fin/prices/").content.decode()
