"""What a marketplace is asked, and what it offers: plain data, sound by construction."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Buying = Literal["fixed", "auction"]

LONGEST_TITLE = 300
"""Characters of a title that are kept; eBay allows 80, Taobao 60."""
LONGEST_ID = 64
LONGEST_HREF = 500
MOST_PRICE = Decimal(10_000_000)
"""No part costs as much in any currency: a higher figure is a mistake."""
CENT = Decimal("0.01")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that is for sale, as the marketplace states it.

    ``price`` and ``shipping`` are money in the currency beside them; None is unknown, never zero, and ``shipping`` of 0
    is free shipping. ``price`` is what is paid for the whole listing, a lot of four included; for an auction it is the
    highest bid so far. ``item_group_type`` is only set where the price may be that of another variation than the title
    names. ``available`` counts pieces. ``converted`` = the marketplace has converted the price from another currency.
    There is no field for the seller, on purpose: eBay's licence forbids to keep who that is.

    Raises ValueError for a price that is none, so that no other code has to look.
    """

    marketplace: str
    external_id: str
    title: str
    href: str
    price: Decimal | None
    currency: str
    shipping: Decimal | None = None
    shipping_currency: str = ""
    condition_id: int | None = None
    item_group_type: str | None = None
    country: str = ""
    buying: Buying = "fixed"
    ends_at: datetime | None = None
    available: int | None = None
    converted: bool = False

    def __post_init__(self) -> None:
        if not 0 < len(self.external_id) <= LONGEST_ID:
            raise ValueError(f"external_id must have 1 to {LONGEST_ID} characters")
        if self.price is not None and not (is_money(self.price) and self.price > 0):
            raise ValueError("price must be more than zero")
        if not is_currency(self.currency):
            raise ValueError("currency must be a code of three letters")
        if self.shipping is not None and not (is_money(self.shipping) and is_currency(self.shipping_currency)):
            raise ValueError("shipping must be zero or more, in a currency")
        if self.ends_at is not None and self.ends_at.tzinfo is None:
            raise ValueError("ends_at needs a time zone")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for. Empty fields do not narrow the search.

    ``conditions`` are eBay's condition ids, ``buying_options`` its names (FIXED_PRICE, AUCTION, BEST_OFFER).
    ``country`` and ``postal_code`` say where the goods go to, for the cost of shipping; empty = the operator's own.
    ``located_in`` is the country the goods must be in. ``low`` and ``high`` bound the price, in ``currency``.

    Raises ValueError for price bounds without a currency: eBay ignores such a filter.
    """

    text: str
    category_ids: tuple[str, ...] = ()
    conditions: tuple[int, ...] = ()
    buying_options: tuple[str, ...] = ("FIXED_PRICE", "AUCTION")
    country: str = ""
    postal_code: str = ""
    located_in: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip() and not self.category_ids:
            raise ValueError("a search needs words or a category")
        if (self.low is not None or self.high is not None) and not is_currency(self.currency):
            raise ValueError("price bounds need a currency")


@dataclass(frozen=True, slots=True)
class Found:
    """All that one search has brought.

    ``dropped`` counts rows that were not taken, by reason. ``complete`` False = there are more rows than were read, or
    not those asked for, so that a listing that is missing here is not known to be gone. ``warnings`` are the
    marketplace's own numbers for filters it has ignored. ``calls`` were made for it. ``seen`` are the ids of all that
    is there, whether its row could be read or not.
    """

    offers: tuple[Offer, ...]
    dropped: Mapping[str, int]
    complete: bool
    warnings: tuple[int, ...]
    calls: int
    seen: frozenset[str] = frozenset()


def is_currency(code: object) -> bool:
    """Three capital letters; whether there is a rate for it is known elsewhere."""
    return isinstance(code, str) and _CURRENCY.fullmatch(code) is not None


def is_money(amount: Decimal) -> bool:
    """Finite, not negative, and not absurdly high."""
    return amount.is_finite() and Decimal(0) <= amount < MOST_PRICE


def clean_text(text: str, longest: int = LONGEST_TITLE) -> str:
    """A stranger's text in one line, without control characters, marks that turn the direction of writing, and halves
    of characters, none of which a database or a page should be given."""
    # Bounded before it is looked at, with room for what is dropped.
    kept = (
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Zs") else character
        for character in text[: longest * 4]
        if unicodedata.category(character) not in ("Cf", "Cn", "Co", "Cs") or character in "\t\n\r"
    )
    return " ".join("".join(kept).split())[:longest].rstrip()
