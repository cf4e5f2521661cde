"""When the demo marketplace would have been looked at."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.demo.past import looks

TODAY = date(2026, 11, 25)
FIRST = TODAY - timedelta(days=120)


def test_a_few_days_are_missed_and_the_same_ones_whenever_it_is_asked() -> None:
    days = list(looks(FIRST, TODAY))
    assert 100 <= len(days) < 120
    assert days == list(looks(FIRST, TODAY))
    later = {day[0] for day in looks(FIRST, TODAY + timedelta(days=1))}
    assert {day[0] for day in days} <= later
    assert days != list(looks(FIRST, TODAY, seed=2))


@given(st.dates(date(2025, 1, 1), date(2035, 1, 1)), st.integers(1, 40), st.integers(0, 99))
def test_it_ends_a_minute_before_today_and_runs_forward(until: date, back: int, seed: int) -> None:
    days = list(looks(until - timedelta(days=back), until, seed))
    moments = [moment for day in days for moment in day]
    assert moments[-1] == datetime(until.year, until.month, until.day, tzinfo=UTC) - timedelta(minutes=1)
    assert moments == sorted(set(moments))
    assert moments[0].date() >= until - timedelta(days=back)
    assert all(len({moment.date() for moment in day}) == 1 for day in days)


def test_there_is_nothing_before_the_first_day() -> None:
    with pytest.raises(StopIteration):
        next(looks(TODAY, TODAY))
