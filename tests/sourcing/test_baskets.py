"""The cheapest basket of lots, against every basket there is."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sourcing.baskets import cheapest_basket


@given(
    lots=st.lists(st.tuples(st.integers(1, 5), st.integers(20, 400)), min_size=1, max_size=7),
    needed=st.integers(1, 8),
    rest=st.none() | st.integers(20, 400),
)
def test_no_other_basket_is_cheaper(lots: list[tuple[int, int]], needed: int, rest: int | None) -> None:
    priced_lots = [(pieces, Decimal(price)) for pieces, price in lots]

    def cost(basket: Iterable[int]) -> Decimal:
        """Of a basket that leaves pieces open though none may be, more than of any other."""
        chosen = [priced_lots[index] for index in basket]
        pieces = sum(each for each, _ in chosen)
        each_missing = Decimal(1_000_000 if rest is None else rest)
        return sum((price for _, price in chosen), Decimal(0)) + each_missing * max(needed - pieces, 0)

    every = (basket for size in range(1, len(lots) + 1) for basket in combinations(range(len(lots)), size))
    found = cheapest_basket(priced_lots, needed, None if rest is None else Decimal(rest))
    least = min(cost(basket) for basket in every)
    assert (cost(found) if found else None) == (None if rest is None and least >= 1_000_000 else least)
