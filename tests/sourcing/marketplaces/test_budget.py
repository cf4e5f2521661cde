from datetime import UTC, datetime

import pytest

from sourcing.marketplaces import OverBudget, budget
from sourcing.models import CallBudget

# 23:30 on the 24th in California, an hour and a half before London's half past eight is.
LATE = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)


def test_a_days_calls_are_given_out_and_no_more(db: None) -> None:
    for _ in range(3):
        budget.take("ebay", 3, LATE)
    with pytest.raises(OverBudget, match="The 3 calls a day to ebay are used up") as raised:
        budget.take("ebay", 3, LATE)
    assert raised.value.retry_after_s == 1_800
    assert budget.used("ebay", LATE) == 3


def test_the_day_begins_at_midnight_pacific_time(db: None) -> None:
    budget.take("ebay", 1, LATE)
    budget.take("ebay", 1, datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert sorted(row.day.isoformat() for row in CallBudget.objects.all()) == ["2026-11-24", "2026-11-25"]


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(db: None) -> None:
    with pytest.raises(OverBudget) as raised:
        budget.take("ebay", 0, datetime(2026, 11, 1, 7, 0, tzinfo=UTC))  # midnight, and 25 hours to go
    assert raised.value.retry_after_s == 25 * 3_600


def test_one_marketplace_does_not_use_anothers_calls(db: None) -> None:
    budget.take("ebay", 1, LATE)
    budget.take("demo", 1, LATE)


def test_a_higher_count_of_the_marketplaces_own_is_taken_over_and_a_lower_one_is_not(db: None) -> None:
    budget.at_least_used("ebay", 40, LATE)
    budget.at_least_used("ebay", 7, LATE)
    assert budget.used("ebay", LATE) == 40
