"""All that is known of the offers of one part at one moment, in one currency and at one door. Pure."""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal

from sourcing.alerting.types import Door, Filters, Offer, PriceKind, of_a_piece
from sourcing.baskets import Baskets
from sourcing.landed.money import CENT

Basket = tuple[tuple[Offer, Decimal], ...]
"""Offers that are bought together, each with the price of all its pieces."""


class Market:
    """The offers, and what they cost.

    ``landed`` prices an offer at the door and is asked only where the answer can matter. ``answered``: for every
    marketplace that is asked, whether it has answered lately, so that what is missing is gone. ``floor`` is the band's,
    ``level`` that of the last weeks; None = not known.
    """

    def __init__(
        self,
        offers: Iterable[Offer],
        landed: Callable[[Offer], Door],
        *,
        answered: Mapping[str, bool],
        floor: Decimal | None = None,
        level: Decimal | None = None,
    ) -> None:
        self.offers = tuple(offers)
        self.answered, self.floor, self.level = answered, floor, level
        self._landed = landed
        self._by_key = {offer.key: offer for offer in self.offers}
        self._passing: dict[tuple[Filters, PriceKind], tuple[Offer, ...]] = {}
        self._doors: dict[str, Door] = {}
        self._baskets: dict[tuple[Filters, PriceKind, int], Basket | None] = {}
        self._at_least: dict[tuple[Filters, PriceKind, int, bool], Decimal | None] = {}

    def passing(self, filters: Filters, kind: PriceKind) -> tuple[Offer, ...]:
        """Those that filters admit, by what they cost at least; last those that nobody can tell it of."""
        if (filters, kind) not in self._passing:
            admitted = [(self.least(offer, kind), offer) for offer in self.offers if filters.admit(offer)]
            admitted.sort(key=lambda pair: (pair[0] is None, pair[0] or Decimal(0)))
            self._passing[filters, kind] = tuple(offer for _, offer in admitted)
        return self._passing[filters, kind]

    def least(self, offer: Offer, kind: PriceKind) -> Decimal | None:
        """What it costs at least, whatever else comes on top; None where there is no exchange rate."""
        return offer.item if kind is PriceKind.ITEM or offer.shipped is None else offer.shipped

    def is_complete(self, filters: Filters) -> bool:
        """Whether everybody who could have what passes has answered, so that what is not here is nowhere."""
        if filters.marketplace:
            return self.answered.get(filters.marketplace, False)
        return bool(self.answered) and all(self.answered.values())

    def named(self, key: str, filters: Filters) -> Offer | None:
        offer = self._by_key.get(key)
        return offer if offer is not None and filters.admit(offer) else None

    def door(self, offer: Offer) -> Door:
        if offer.key not in self._doors:
            self._doors[offer.key] = self._landed(offer)
        return self._doors[offer.key]

    def price(self, offer: Offer, kind: PriceKind) -> Decimal | None:
        if kind is PriceKind.ITEM:
            return offer.item
        if kind is PriceKind.SHIPPED:
            return offer.shipped
        return None if offer.shipped is None else of_a_piece(self.door(offer).total, offer.pieces)

    def total(self, offer: Offer, kind: PriceKind) -> Decimal | None:
        """The price of all its pieces, as it is paid."""
        if kind is PriceKind.ITEM:
            return offer.item_total
        if kind is PriceKind.SHIPPED:
            return offer.shipped_total
        return None if offer.shipped_total is None else self.door(offer).total

    def is_above(self, offer: Offer, kind: PriceKind, limit: Decimal) -> bool | None:
        """Whether it costs more than the limit; None = not known. What costs more already without shipping or duty is
        above, whatever they are."""
        least = self.least(offer, kind)
        if least is not None and least > limit:
            return True
        price = self.price(offer, kind)
        return None if price is None else price > limit

    def basket(self, filters: Filters, kind: PriceKind, pieces: int) -> Basket | None:
        """The cheapest offers for so many pieces, of those whose price is known and believed. No lot is split: one that
        holds more is paid as a whole. None where they do not reach."""
        asked = (filters, kind, pieces)
        if asked not in self._baskets:
            self._baskets[asked] = self._cheapest(filters, kind, pieces)
        return self._baskets[asked]

    def at_least(self, filters: Filters, kind: PriceKind, pieces: int, *, unread: bool = False) -> Decimal | None:
        """What so many pieces cost at least, whatever comes on top; None where the offers do not reach. ``unread`` also
        counts prices that are not believed yet. No price at the door is asked for."""
        asked = (filters, kind, pieces, unread)
        if asked not in self._at_least:
            fitting = self._fitting(filters, kind, pieces, unread=unread)
            reach = sum(offer.pieces for _, offer in fitting) >= pieces
            self._at_least[asked] = _least_of(fitting, pieces) if reach else None
        return self._at_least[asked]

    def _fitting(
        self, filters: Filters, kind: PriceKind, pieces: int, *, unread: bool = False
    ) -> list[tuple[Decimal, Offer]]:
        """Offers somebody who needs so many pieces would buy, with what all of each cost at least; by the piece."""
        fitting = [
            (least, offer)
            for offer in self.passing(filters, kind)
            if (unread or offer.is_believed) and offer.fits(pieces) and (least := _least_total(offer, kind)) is not None
        ]
        return sorted(fitting, key=lambda pair: pair[0] / pair[1].pieces)

    def _cheapest(self, filters: Filters, kind: PriceKind, pieces: int) -> Basket | None:
        fitting = self._fitting(filters, kind, pieces)
        others = _least_of(fitting, pieces - 1)
        known: list[tuple[Offer, Decimal]] = []
        baskets = Baskets(pieces)
        for least, offer in fitting:
            # A basket with this one, or a later one, costs at least a piece of it and the cheapest others there are.
            if baskets.least is not None and _share(least, 1, offer.pieces) + others >= baskets.least:
                break
            total = self.total(offer, kind)
            if total is not None:
                known.append((offer, total))
                baskets.add(offer.pieces, total)
        return tuple(known[index] for index in baskets.cheapest()) or None


def _least_total(offer: Offer, kind: PriceKind) -> Decimal | None:
    return offer.item_total if kind is PriceKind.ITEM or offer.shipped_total is None else offer.shipped_total


def _share(total: Decimal, taken: int, pieces: int) -> Decimal:
    """What some pieces of a lot come to, never a part of a cent too much."""
    return total if taken == pieces else (total * taken / pieces).quantize(CENT, ROUND_FLOOR)


def _least_of(by_piece: Iterable[tuple[Decimal, Offer]], pieces: int) -> Decimal:
    """What so many pieces cost at least, as if every lot could be split; of all there are where they do not reach."""
    spent, missing = Decimal(0), pieces
    for total, offer in by_piece:
        taken = min(offer.pieces, missing)
        spent, missing = spent + _share(total, taken, offer.pieces), missing - taken
        if not missing:
            break
    return spent
