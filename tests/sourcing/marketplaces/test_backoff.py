from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.marketplaces import Broken, Throttled
from sourcing.marketplaces.backoff import read_retry_after, wait_after_s, wait_s

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 25 Nov 2026 12:01:30 GMT", 90),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0),
        ("Wed, 25 Nov 2026 12:00:10 -0000", 10),
        ("99999999", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        (None, None),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("²", None),
        ("9" * 5_000, None),
        ("Wed, 99 Nov 2026 12:01:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_nothing(header: str | None, seconds: float | None) -> None:
    assert read_retry_after(header, NOW) == seconds


@given(st.text(max_size=70))
def test_no_header_does_more_than_be_ignored(header: str) -> None:
    read = read_retry_after(header, NOW)
    assert read is None or 0 <= read <= 86_400


@given(st.integers(0, 10_000))
def test_waits_double_up_to_a_cap_and_half_of_each_is_chance(attempt: int) -> None:
    whole = min(300.0, 2.0 ** min(attempt, 30))
    assert whole / 2 <= wait_s(attempt) <= whole


def test_a_task_waits_for_what_it_was_told_and_a_little_more() -> None:
    assert 600 < wait_after_s(Throttled("Too often.", 600), 0) <= 630
    assert 15 <= wait_after_s(Broken("No answer."), 0) <= 30
