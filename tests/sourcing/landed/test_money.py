"""Sums of money add up to the cent."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sourcing.landed.money import shared

cents = st.integers(0, 10_000_000).map(lambda whole: Decimal(whole) / 100)
weights = st.lists(st.integers(0, 100_000).map(lambda grams: Decimal(grams) / 1000), min_size=1, max_size=8)


def test_a_third_of_ten_dollars_leaves_a_cent_to_the_first() -> None:
    assert shared(Decimal("10.00"), [Decimal(1)] * 3) == (Decimal("3.34"), Decimal("3.33"), Decimal("3.33"))


def test_weights_of_nothing_share_equally() -> None:
    assert shared(Decimal("1.00"), [Decimal(0), Decimal(0)]) == (Decimal("0.50"), Decimal("0.50"))


def test_nobody_shares_nothing() -> None:
    assert shared(Decimal("1.00"), []) == ()


@given(cents, weights)
def test_shares_add_up_and_follow_their_weights(amount: Decimal, given_weights: list[Decimal]) -> None:
    parts = shared(amount, given_weights)
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)
    total = sum(given_weights)
    for part, weight in zip(parts, given_weights, strict=True):
        exact = amount * weight / total if total else amount / len(given_weights)
        assert abs(part - exact) < Decimal("0.01")
