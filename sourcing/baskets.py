"""The cheapest way to get so many pieces from lots that are sold as a whole. Pure."""

from collections.abc import Iterable
from decimal import Decimal

MOST_OVER = 2
"""A lot may hold so many times what is needed, where it is cheaper as a whole."""


class Baskets:
    """Lots taken up one by one, and the cheapest of them for every number of pieces up to ``needed``.

    Each lot is there once. It may hold more than is needed and is then paid as a whole. A knapsack by pieces covered:
    best[n] is the least that n pieces, or for the last n at least so many, cost by lots.
    """

    def __init__(self, needed: int) -> None:
        self._needed, self._taken_up = needed, 0
        self._best: list[tuple[Decimal, tuple[int, ...]] | None] = [(Decimal(0), ()), *([None] * needed)]

    def add(self, pieces: int, price: Decimal) -> None:
        """Take up one more lot, by its pieces and the price of all of them."""
        for covered in range(self._needed, -1, -1):
            if (before := self._best[covered]) is None:
                continue
            after = min(covered + pieces, self._needed)
            found, now = (before[0] + price, (*before[1], self._taken_up)), self._best[after]
            if after != covered and (now is None or found[0] < now[0]):
                self._best[after] = found
        self._taken_up += 1

    @property
    def least(self) -> Decimal | None:
        """What all the pieces cost by lots; None where the lots do not reach."""
        full = self._best[self._needed]
        return None if full is None else full[0]

    def cheapest(self, rest: Decimal | None = None) -> list[int]:
        """Which lots to buy, by index; at least one of them. Pieces that are missing cost ``rest`` each; None = none
        may be missing, and where the lots do not reach there is nothing to buy."""
        if rest is None:
            full = self._best[self._needed]
            return [] if full is None else list(full[1])
        bought = [
            (one[0] + rest * (self._needed - covered), one[1])
            for covered, one in enumerate(self._best)
            if one and one[1]
        ]
        return list(min(bought)[1]) if bought else []


def cheapest_basket(lots: Iterable[tuple[int, Decimal]], needed: int, rest: Decimal | None = None) -> list[int]:
    """Which lots to buy so that ``needed`` pieces cost least, as ``Baskets`` says. Each lot is (pieces, price of all of
    them)."""
    baskets = Baskets(needed)
    for pieces, price in lots:
        baskets.add(pieces, price)
    return baskets.cheapest(rest)
