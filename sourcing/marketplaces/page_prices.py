"""A price in yuan from a short text that is known to be one price, and the words around prices on pages.

The seam to the reader of price texts in general: when that is there, ``read_price`` is the one function to hand over.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sourcing.marketplaces.offers import is_money

_WAN = Decimal(10_000)
_NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,8}(?:\.[0-9]{1,6})?)"
_YUAN = re.compile(
    rf"(?:(?:价格|售价|单价|现价|Price)\s*[:：]?\s*)?(?P<before>CN\s?[¥￥]|[¥￥]|CNY|RMB)?\s*{_NUMBER}\s*(?P<wan>万)?\s*"
    r"(?P<after>元|人民币|CNY|RMB|yuan)?",
    re.IGNORECASE,
)
PRICE_NAME = re.compile(
    r"(?:^|[-_])(?:price|jiage|tm-price|tb-rmb-num)(?:$|[-_])|^(?:goods|item|sale|real)?price$", re.IGNORECASE
)
# A price for something else than the item, or one that it no longer has.
_NOT_THE_PRICE = re.compile(
    r"(?:^|[-_])(?:freight|ship|deliver|postage|fee|orig|old|market|list|was|del|before|related|recommend|similar|coupon)"
    r"|[-_](?:list|related|recommended)$",
    re.IGNORECASE,
)
IS_A_RANGE = re.compile(r"面议|议价|电询|低至|起价")
RANGE_AFTER = re.compile(r"\s*(?:[-–—~～〜至到]|元?起|\+|up\b|以上)", re.IGNORECASE)
RANGE_BEFORE = re.compile(r"(?:[-–—~～〜至到]|低至|最低|from|起价?)\s*[:：]?\s*$", re.IGNORECASE)
"""What stands right after or before a price and makes it one end of a range."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of more than zero in ``currency``."""

    amount: Decimal
    currency: str


def read_price(text: str) -> Money | None:
    """The price that the whole of ``text`` is; None for a range, for several, and where no yuan stands beside it."""
    if len(text) > 60:
        return None
    found = _YUAN.fullmatch(text.strip().translate(_FULL_WIDTH))
    if found is None or not (found["before"] or found["after"]):
        return None
    try:
        amount = Decimal(found["number"].replace(",", "")) * (_WAN if found["wan"] else 1)
    except InvalidOperation:
        return None
    amount = amount.quantize(Decimal("0.01"))
    return Money(amount, "CNY") if is_money(amount) and amount > 0 else None


def is_not_the_price(name: str) -> bool:
    """Whether a class or a field's name says that what it holds is not what the item costs now."""
    return _NOT_THE_PRICE.search(name) is not None


_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF0E: 0x2E, 0xFF0C: 0x2C}
