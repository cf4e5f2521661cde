"""When owning is even with renting, and how it is put into words. All expected numbers are worked by hand."""

from decimal import Decimal

import pytest

from configurator.comparison.break_even import Owned, Rented, pays_off
from configurator.comparison.spending import in_hours, in_months

# 500 W at $0.20 a kWh are $0.10 an hour; two GPUs at $0.05, $0.30 and $0.50 are $0.10, $0.60 and $1.00.
MACHINE = Owned("mine", Decimal(1800), False, Decimal(500), Decimal("0.20"))


def test_a_machine_is_even_once_the_rent_saved_has_paid_for_it() -> None:
    pays = pays_off(MACHINE, Rented("theirs", 2, Decimal("0.30"), Decimal("0.50")), Decimal(10))
    # 10 h × ($1.00 − $0.10) = $9 a day: 200 days; 10 h × ($0.60 − $0.10) = $5 a day: 360 days.
    assert [pays.soonest.days_to_break_even, pays.latest.days_to_break_even] == [Decimal(200), Decimal(360)]
    assert [round(months, 2) for months in pays.months if months is not None] == [Decimal("6.67"), Decimal(12)]
    assert in_months(pays) == "6.7–12 months"
    assert in_hours(pays) == "2,000–3,600 h of computing"


def test_a_month_costs_thirty_days_of_those_hours() -> None:
    assert MACHINE.usd_a_month(Decimal(10)) == 30  # 30 × 10 h × $0.10
    assert (
        Rented("theirs", 2, Decimal("0.30"), Decimal("0.50")).usd_a_month(Decimal(10), Decimal("0.50")) == 300
    )  # 30 × 10 h × $1.00


def test_where_the_rent_is_no_more_than_the_electricity_it_is_never() -> None:
    half = pays_off(MACHINE, Rented("theirs", 2, Decimal("0.05"), Decimal("0.50")), Decimal(10))
    assert half.months[1] is None
    assert in_months(half) == "6.7 months or never"
    assert in_hours(half) == "2,000 h of computing"
    # The guide's own claim: four cards at $0.02 are $0.08 an hour, and 850 W at $0.12 a kWh $0.102.
    guide = Owned("quad board", Decimal(1152), False, Decimal(850), Decimal("0.12"))
    pays = pays_off(guide, Rented("four V100", 4, Decimal("0.02"), Decimal("0.02")), Decimal(24))
    assert (in_months(pays), in_hours(pays)) == ("never", "")


@pytest.mark.parametrize(("landed", "hours"), [(Decimal(0), Decimal(10)), (Decimal(1800), Decimal(0))])
def test_nothing_bought_or_nothing_computed_is_no_comparison(landed: Decimal, hours: Decimal) -> None:
    with pytest.raises(ValueError, match="must be from"):
        pays_off(
            Owned("mine", landed, False, Decimal(500), Decimal("0.20")),
            Rented("theirs", 2, Decimal(1), Decimal(1)),
            hours,
        )
