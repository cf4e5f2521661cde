"""Arithmetic on ranges of money. Pure. Rows are rounded to cents, so that they add up to the total as shown."""

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

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
    """Every end times a factor, in cents."""
    return each(lambda amount: cents(amount * factor), money)


def total(amounts: Iterable[Money]) -> Money:
    """The sum, in cents; nothing to add is zero."""
    listed = tuple(amounts)
    return Money(
        cents(sum((m.low for m in listed), Decimal(0))),
        cents(sum((m.mid for m in listed), Decimal(0))),
        cents(sum((m.high for m in listed), Decimal(0))),
    )


def each(change: Callable[..., Decimal], *ranges: Money) -> Money:
    """A function of the lows, of the mids and of the highs."""
    return Money(
        change(*(one.low for one in ranges)),
        change(*(one.mid for one in ranges)),
        change(*(one.high for one in ranges)),
    )


def shared(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """An amount of whole cents in proportion to weights, so that the parts add up to it to the cent.

    What rounding leaves over goes, a cent each, to the parts that lost most by it (largest remainder). Weights that
    are all zero share equally.
    """
    if not weights:
        return ()
    base = sum(weights)
    exact = [amount * weight / base if base else amount / len(weights) for weight in weights]
    floors = [one.quantize(CENT, ROUND_FLOOR) for one in exact]
    left = int((amount - sum(floors)) / CENT)
    order = sorted(range(len(weights)), key=lambda index: floors[index] - exact[index])
    for index in order[:left]:
        floors[index] += CENT
    return tuple(floors)


def percent(rate: Decimal) -> str:
    """A fraction as people write it: 0.125 -> "12.5 %"."""
    return f"{(rate * 100).normalize():f} %"


def written_exactly(amount: Decimal) -> str:
    """An amount to the cent, to four decimals where it is no whole number of cents: 84.174 -> "84.1740"."""
    return written(amount) if amount == cents(amount) else f"{amount:,.4f}"


def written(amount: Decimal) -> str:
    """An amount to the cent: 1234.5 -> "1,234.50"."""
    return f"{cents(amount):,.2f}"


def written_range(money: Money) -> str:
    """One amount, or "50.00 to 150.00"."""
    low, high = written(money.low), written(money.high)
    return low if low == high else f"{low} to {high}"
