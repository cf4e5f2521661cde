"""From the Browse API's JSON to offers. Whatever the JSON is, a row becomes an offer with a sound price or a reason why
it was dropped."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sourcing.marketplaces.asking import origin
from sourcing.marketplaces.ebay_account import Account
from sourcing.marketplaces.offers import (
    CENT,
    LONGEST_HREF,
    Buying,
    Offer,
    SearchQuery,
    clean_text,
    is_currency,
    is_money,
)

VARIATIONS = "SELLER_DEFINED_VARIATIONS"
MOST_AVAILABLE = 1_000_000
MOST_VARIATIONS = 250
LONGEST_GROUP_TITLE = 200
_ID = re.compile(r"[A-Za-z0-9|._-]{1,64}")
_GROUP_ID = re.compile(r"[0-9]{1,20}")
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
# The sites of the marketplaces of the Buy APIs.
_ENDINGS = ("com", "com.au", "at", "be", "ca", "ch", "de", "es", "fr", "co.uk", "ie", "it", "nl", "pl", "com.hk")
_SITES = tuple(f"ebay.{ending}" for ending in (*_ENDINGS, "com.sg"))
_BUYING_OPTIONS = {"FIXED_PRICE", "AUCTION", "BEST_OFFER", "CLASSIFIED_AD"}


class Dropped(ValueError):
    """A row is not taken; the message is one of a few words that are counted."""


def read_row(row: object, account: Account, now: datetime) -> Offer:
    """The offer in a row of search results, in an item, or in an item of a group.

    Raises Dropped: "no-object", "no-id", "no-title", "no-price", "price-not-positive", "no-currency", "ended",
    "not-for-sale".
    """
    if not isinstance(row, Mapping):
        raise Dropped("no-object")
    external_id = row_id(row)
    if not external_id:
        raise Dropped("no-id")
    title = _text(row.get("title"))
    if not title:
        raise Dropped("no-title")
    buying = _buying(row)
    ends_at = _time(row.get("itemEndDate"))
    if buying == "auction" and ends_at is not None and ends_at <= now:
        raise Dropped("ended")
    # An auction's price is where it began, or what ends it at once: not what it costs now.
    stated = row.get("currentBidPrice") if buying == "auction" else row.get("price")
    price, currency = _price(stated)
    shipping = _shipping(row.get("shippingOptions"))
    return Offer(
        marketplace=account.slug,
        external_id=external_id,
        title=title,
        href=_href(row.get("itemWebUrl"), account),
        price=price,
        currency=currency,
        shipping=shipping[0] if shipping else None,
        shipping_currency=shipping[1] if shipping else "",
        condition_id=_whole(row.get("conditionId"), 99_999),
        item_group_type=_group_type(row),
        country=_country(row.get("itemLocation")),
        buying=buying,
        # The end of a listing at a fixed price rolls over from month to month and says nothing.
        ends_at=ends_at if buying == "auction" else None,
        available=_available(row.get("estimatedAvailabilities")),
        converted=_is_converted(stated),
    )


def row_id(row: object) -> str:
    """The id of a row, whatever else can be read of it; empty where it has none."""
    stated = row.get("itemId") if isinstance(row, Mapping) else None
    return stated if isinstance(stated, str) and _ID.fullmatch(stated) else ""


def check_filters(row: object, offer: Offer, query: SearchQuery, category_id: str) -> None:
    """Raises Dropped("filtered") for a row that the search has asked not to get: eBay answers 200 with a warning where
    it ignores a filter. What a row does not state does not pass."""
    fields = row if isinstance(row, Mapping) else {}
    passes = (
        (not category_id or category_id in _categories(fields))
        and (not query.conditions or offer.condition_id in query.conditions)
        and (not query.buying_options or bool(_options(fields) & set(query.buying_options)))
        and (not query.located_in or offer.country == query.located_in)
        and _is_within(offer, query)
    )
    if not passes:
        raise Dropped("filtered")


def group_id(row: object) -> str:
    """The id of the group of variations that a row stands for; empty where it stands for itself."""
    if not isinstance(row, Mapping) or _group_type(row) is None:
        return ""
    href = row.get("itemGroupHref")
    try:
        stated = parse_qs(urlsplit(href).query).get("item_group_id", []) if isinstance(href, str) else []
    except ValueError:
        return ""
    return stated[0] if len(stated) == 1 and _GROUP_ID.fullmatch(stated[0]) else ""


def read_variations(
    document: Mapping[str, Any], account: Account, now: datetime, group: object = None
) -> tuple[list[tuple[Mapping[str, Any], Offer]], list[tuple[object, str]]]:
    """Each variation of a group with the row it came from, and the rows that were dropped with the reasons.

    All of them have the group's title, so that what tells one from the others is written behind it. What an item leaves
    out of its categories and ways of buying is taken from ``group``, the row that led here.
    """
    known = group if isinstance(group, Mapping) else {}
    inherited = {name: known[name] for name in ("leafCategoryIds", "categories", "buyingOptions") if name in known}
    rows = document.get("items")
    rows = rows[:MOST_VARIATIONS] if isinstance(rows, list) else []
    aspects = [_aspects(row) for row in rows]
    values: dict[str, set[str | None]] = {}
    for name in {name for one in aspects for name in one}:
        values[name] = {one.get(name) for one in aspects}
    read: list[tuple[Mapping[str, Any], Offer]] = []
    dropped: list[tuple[object, str]] = []
    for row, own in zip(rows, aspects, strict=True):
        try:
            if not isinstance(row, Mapping):
                raise Dropped("no-object")
            # What is the same in all of them tells nothing.
            told = ", ".join(own[name] for name in sorted(own) if len(values[name]) > 1)
            if len(rows) > 1 and not told:
                raise Dropped("variation-unclear")
            title = _text(row.get("title"))[:LONGEST_GROUP_TITLE]
            whole = {**inherited, **row, "title": f"{title} – {told}" if told else title}
            for name in ("itemGroupType", "itemGroupHref", "primaryItemGroup"):
                whole.pop(name, None)
            read.append((whole, read_row(whole, account, now)))
        except Dropped as reason:
            dropped.append((row, str(reason)))
    return read, dropped


def _text(value: object) -> str:
    return clean_text(value) if isinstance(value, str) else ""


def _price(stated: object) -> tuple[Decimal, str]:
    if not isinstance(stated, Mapping) or stated.get("value") in (None, ""):
        raise Dropped("no-price")
    amount = _amount(stated["value"])
    # What is less than half a cent is kept as nothing.
    if amount is None or (amount := amount.quantize(CENT)) <= 0:
        raise Dropped("price-not-positive")
    currency = stated.get("currency")
    if not isinstance(currency, str) or not is_currency(currency):
        raise Dropped("no-currency")
    return amount, currency


def _amount(value: object) -> Decimal | None:
    """Money of zero or more; None for what is none, be it negative, NaN, or written in another way than eBay's."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip() if isinstance(value, str | float) or abs(value) < 10**9 else ""
    if len(text) > 20 or _AMOUNT.fullmatch(text) is None or not text.isascii():
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if is_money(amount) else None


def _buying(row: Mapping[str, Any]) -> Buying:
    options = _options(row)
    if "FIXED_PRICE" in options:  # an auction that can be bought at once has its price for that
        return "fixed"
    if "AUCTION" in options:
        return "auction"
    raise Dropped("not-for-sale")


def _options(row: Mapping[str, Any]) -> set[str]:
    options = row.get("buyingOptions")
    return {one for one in _list(options) if isinstance(one, str) and one in _BUYING_OPTIONS}


def _shipping(options: object) -> tuple[Decimal, str] | None:
    """The lowest stated cost of shipping. None = unknown: no option, or only such as are yet to be calculated."""
    stated = []
    for option in _list(options):
        cost = option.get("shippingCost") if isinstance(option, Mapping) else None
        amount = _amount(cost.get("value")) if isinstance(cost, Mapping) else None
        currency = cost.get("currency") if isinstance(cost, Mapping) else None
        if amount is not None and isinstance(currency, str) and is_currency(currency):
            stated.append((amount, currency))
    # Which of two currencies is less is not known here.
    return min(stated) if len({currency for _, currency in stated}) == 1 else None


def _group_type(row: Mapping[str, Any]) -> str | None:
    primary = row.get("primaryItemGroup")
    stated = row.get("itemGroupType") or (primary.get("itemGroupType") if isinstance(primary, Mapping) else None)
    if stated is None:
        # A row that leads to a group is one of it, whatever else it leaves out.
        return VARIATIONS if row.get("itemGroupHref") else None
    return clean_text(stated, 40) or VARIATIONS if isinstance(stated, str) else VARIATIONS


def _country(location: object) -> str:
    stated = location.get("country") if isinstance(location, Mapping) else None
    known = isinstance(stated, str) and len(stated) == 2 and stated.isascii() and stated.isalpha() and stated.isupper()
    return str(stated) if known else ""


def _time(stated: object) -> datetime | None:
    if not isinstance(stated, str) or len(stated) > 40:
        return None
    try:
        read = datetime.fromisoformat(stated)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _available(stated: object) -> int | None:
    for one in _list(stated):
        if isinstance(one, Mapping):
            if one.get("estimatedAvailabilityStatus") == "OUT_OF_STOCK":
                return 0
            return _whole(one.get("estimatedAvailableQuantity"), MOST_AVAILABLE)
    return None


def _whole(stated: object, most: int) -> int | None:
    text = str(stated) if isinstance(stated, int | str) and not isinstance(stated, bool) else ""
    if not 0 < len(text) <= 9 or not text.isascii() or not text.isdigit():
        return None
    return int(text) if int(text) <= most else None


def _is_converted(stated: object) -> bool:
    return isinstance(stated, Mapping) and bool(stated.get("convertedFromCurrency") or stated.get("convertedFromValue"))


def _href(stated: object, account: Account) -> str:
    """The listing's page, if it is on eBay or on the very server that was asked; else nothing to click on."""
    if not isinstance(stated, str) or len(stated) > LONGEST_HREF or not stated.isascii() or not stated.isprintable():
        return ""
    if any(character in stated for character in "\\ \"'<>`"):
        return ""
    try:
        asked, to = origin(account.api_url), origin(stated)
    except ValueError:
        return ""
    on_ebay = to[0] == "https" and to[2] == 443 and any(to[1] == s or to[1].endswith(f".{s}") for s in _SITES)
    return stated if on_ebay or to == asked else ""


def _categories(row: Mapping[str, Any]) -> set[str]:
    """A listing's categories with those above them, as a search by a category finds all that is below it."""
    leaves = [one for one in _list(row.get("leafCategoryIds")) if isinstance(one, str)]
    named = [one.get("categoryId") for one in _list(row.get("categories")) if isinstance(one, Mapping)]
    path = row.get("categoryIdPath")  # as an item has it
    parts = path.split("|") if isinstance(path, str) else []
    return {*leaves, *(one for one in named if isinstance(one, str)), *parts}


def _is_within(offer: Offer, query: SearchQuery) -> bool:
    if query.low is None and query.high is None:
        return True
    if offer.price is None or offer.currency != query.currency:
        return False
    return (query.low is None or offer.price >= query.low) and (query.high is None or offer.price <= query.high)


def _aspects(row: object) -> dict[str, str]:
    found = {}
    for one in _list(row.get("localizedAspects") if isinstance(row, Mapping) else None)[:60]:
        if isinstance(one, Mapping) and (name := _text(one.get("name"))) and (value := _text(one.get("value"))):
            found[name[:60]] = value[:80]
    return found


def _list(value: object) -> Sequence[Any]:
    return value[:200] if isinstance(value, list) else ()
