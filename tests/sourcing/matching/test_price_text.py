"""A price is read from text where it can be read one way only."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.matching.price_text import PriceText, read_price, unit_price


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1.6万", "16000", None),
        ("￥1,680.00", "1680", "CNY"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("1 680,00 zł", "1680", "PLN"),
        ("1'680.00 CHF", "1680", "CHF"),
        ("US $99.95", "99.95", "USD"),
        ("C $450", "450", "CAD"),
        ("£85", "85", "GBP"),
        ("$1,299.00/ea", "1299", "USD"),
        ("2.5", "2.5", None),
        ("２３８０元", "2380", "CNY"),
        ("1.680 €", "1680", "EUR"),
        ("12,345,678", "12345678", None),
        ("16k", "16000", None),
    ],
)
def test_amount_and_currency_are_read(text: str, amount: str, currency: str | None) -> None:
    assert read_price(text) == PriceText(Decimal(amount), currency, None)


def test_a_lot_named_beside_the_price_is_no_second_price() -> None:
    assert read_price("$289.99 (lot of 2)") == PriceText(Decimal("289.99"), "USD", 2)


@pytest.mark.parametrize(
    "text",
    [None, "", "free", "0", "-5", "$10-20", "$10 to $20", "¥1680起", "1.680", "1,680 €", "1,2,3", "$120 + $20 shipping",
     "€10 or $11", "50%", "9" * 40, "1" * 101, "1.2.3,4,5", "NaN", "1e9"],
)  # fmt: skip
def test_what_is_no_price_or_can_be_read_two_ways_is_not_read(text: str | None) -> None:
    assert read_price(text).amount is None


def test_the_currency_of_the_marketplace_settles_a_point_before_three_digits() -> None:
    assert read_price("1.680", "EUR").amount == Decimal(1680)
    assert read_price("1.680", "USD").amount is None


@given(st.text(max_size=120), st.sampled_from([None, "EUR", "USD", "", "x"]))
def test_no_text_raises_and_an_amount_is_above_zero(text: str, currency: str | None) -> None:
    amount = read_price(text, currency).amount
    assert amount is None or amount > 0


@given(st.decimals(min_value="0.01", max_value="999999", places=2))
def test_an_amount_is_read_alike_in_either_notation(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    german = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    assert read_price(f"${english}").amount == amount
    assert read_price(f"{german} €").amount == amount


@pytest.mark.parametrize(
    ("amount", "quantity", "each"),
    [("289.99", 2, "144.995"), ("100", 3, "33.3333"), ("16000", 1, "16000.00"), ("85.5", 1, "85.50")],
)
def test_the_price_of_one_keeps_at_most_four_decimals(amount: str, quantity: int, each: str) -> None:
    assert unit_price(Decimal(amount), quantity) == each


def test_without_a_price_there_is_none_of_one() -> None:
    assert unit_price(None, 2) is None
