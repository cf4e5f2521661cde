"""Arithmetic on ranges of money. Pure. Every result is rounded to cents, so that rows add up to the total as shown."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from sourcing.landed.types import Money

CENT = Decimal("0.01")
NOTHING = Money(Decimal("0.00"), Decimal("0.00"), Decimal("0.00"))


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def exactly(amount: Decimal) -> Money:
    """A range of one amount."""
    rounded = cents(amount)
    return Money(rounded, rounded, rounded)


def times(money: Money, factor: Decimal | int) -> Money:
    return Money(cents(money.low * factor), cents(money.mid * factor), cents(money.high * factor))


def total(amounts: Iterable[Money]) -> Money:
    """The sum; nothing to add is zero."""
    listed = tuple(amounts)
    return Money(
        cents(sum((m.low for m in listed), Decimal(0))),
        cents(sum((m.mid for m in listed), Decimal(0))),
        cents(sum((m.high for m in listed), Decimal(0))),
    )


def percent(rate: Decimal) -> str:
    """A fraction as people write it: 0.125 -> "12.5 %"."""
    return f"{(rate * 100).normalize():f} %"


def written(amount: Decimal) -> str:
    return f"{amount:,.2f}"
