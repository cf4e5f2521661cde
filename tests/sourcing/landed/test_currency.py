"""Foreign money in dollars."""

from datetime import date
from decimal import Decimal

from tests.sourcing.landed.orders import rates


def test_an_amount_is_converted_without_rounding() -> None:
    assert rates({"CNY": "0.150311"}).usd(Decimal("560"), "CNY") == Decimal("84.174160")


def test_a_rate_says_currency_number_and_day() -> None:
    assert rates({"CNY": "0.150311"}).in_words("CNY") == "1 CNY = 0.150311 USD (2026-10-30, A rate for a test)"


def test_a_rate_older_than_five_days_is_flagged() -> None:
    known = rates({"CNY": "0.15"})
    assert known.stale("CNY", date(2026, 11, 4)) == ""
    assert known.stale("CNY", date(2026, 11, 5)) == "The exchange rate of CNY is 6 days old (2026-10-30)."
    assert known.stale("USD", date(2026, 11, 5)) == ""
