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
        ("US $289.99 Buy It Now or Best Offer", "289.99", "USD"),
        ("现价￥1680 包邮", "1680", "CNY"),
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
    ("text", "amount", "lot"),
    [
        ("$1,299.00/ea", "1299", None),
        ("$100 each (lot of 4)", "100", 4),
        ("$100.00 each, lot of 4", "100", 4),
        ("lot of 4, $100 each", "100", 4),
        ("$100 per piece, set of 2", "100", 2),
        ("¥680/张 (4张)", "680", 4),
        ("单价 ¥680", "680", None),
        ("两张 单价680元", "680", 2),
        ("$85/pc", "85", None),
        ("85 € pro Stk", "85", None),
        ("每片1680元", "1680", None),
    ],
)
def test_a_price_of_one_stays_that_whatever_the_lot(text: str, amount: str, lot: int | None) -> None:
    price = read_price(text)
    assert (price.amount, price.lot, price.per_piece) == (Decimal(amount), lot, True)
    assert unit_price(price, 4) == f"{amount}.00"
    assert price.of_all(4) == Decimal(amount) * 4


def test_a_price_of_a_lot_is_divided_by_it() -> None:
    price = read_price("$400 per lot of 4")
    assert (price.lot, price.per_piece, unit_price(price, 4)) == (4, False, "100.00")


@pytest.mark.parametrize(
    "text",
    ["under $100", "from $100", "up to $100", "-$100", "- $100", "\u2212$100", "starting at $100", "minus 100 USD",
     "$100 起", "最低680", "¥680以下", "ab 100 €", "$100 max", "$100 off", "$100 and up",
     "$2.50/hr", "$2.50 per hour", "over $100", "$100 deposit", "100 € bis"],
)  # fmt: skip
def test_a_bound_or_a_share_of_a_price_is_none(text: str) -> None:
    assert read_price(text).amount is None


@pytest.mark.parametrize("text", ["¥1,6800", "1,6800", "$1,23456"])
def test_a_comma_before_four_or_more_digits_is_neither_kind(text: str) -> None:
    assert read_price(text).amount is None


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
    assert unit_price(PriceText(Decimal(amount), None), quantity) == each


def test_without_a_price_there_is_none_of_one() -> None:
    assert unit_price(PriceText(None, None), 2) is None
