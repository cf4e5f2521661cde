"""The Browse API's answers, made of the demo marketplace's state."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from sourcing.demo.goods import CABLES, COOLING
from sourcing.demo.state import Listing, State, Variation

SEARCH = "/buy/browse/v1/item_summary/search"
ITEM = "/buy/browse/v1/item/"
GROUP = "/buy/browse/v1/item/get_items_by_item_group"
RATE_LIMIT = "/developer/analytics/v1_beta/rate_limit/"
TOKEN = "/identity/v1/oauth2/token"  # noqa: S105 - the path of the endpoint
MOST_ROWS = 200
_CONDITIONS = {1000: "New", 1500: "Open box", 2500: "Seller refurbished", 3000: "Used", 7000: "For parts"}
# Categories with the ones above them; a search by a higher one finds what is in the lower.
_ABOVE = {CABLES: ("175700",), COOLING: ("58058",), "27386": ("58058",), "90719": ("58058",), "11211": ("175700",)}
HOSTILE_TITLES = (
    "<script>alert('V100')</script> V100 SXM2 16GB",
    "V100 SXM2 \u202e BG61 \u2066 16GB \u200f",
    "V100 SXM2 16GB\x00 with a NUL\x07",
    "V100 SXM2 16GB " + "very long " * 1000,
    "V100 SXM2 16GB {{ settings.SECRET_KEY }} ' OR 1=1 --",
    "V100 SXM2 16GB \ud83d half",
)


class WrongQuestion(ValueError):
    """The question cannot be answered; ``number`` is eBay's for it."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(number, message)
        self.number, self.message = number, message


def search(state: State, asked: Mapping[str, str], base: str, fault: str = "") -> dict[str, Any]:
    """A page of search results. Raises WrongQuestion."""
    words, category = asked.get("q", ""), asked.get("category_ids", "")
    if not words and not category:
        raise WrongQuestion(12001, "The call must have a 'q' or a 'category_ids'.")
    limit, offset = _whole(asked, "limit", 50), _whole(asked, "offset", 0)
    if not 1 <= limit <= MOST_ROWS or offset % limit or offset > 9_999:
        raise WrongQuestion(12007, "limit and offset must fit together.")
    found = [one for one in state.listings if has_words(one.title, words) and _is_in(one, category)]
    if fault != "ignored-filters":
        filters = _filters(asked.get("filter", ""))
        found = [one for one in found if all(_passes(one, name, value) for name, value in filters)]
    orders: dict[str, Callable[[Listing], Any]] = {
        "": lambda one: one.id,
        "price": lambda one: one.price + (one.shipping or 0),
        "-price": lambda one: -one.price,
        "newlyListed": lambda one: -one.began_at.timestamp(),
        "endingSoonest": lambda one: one.ends_at,
    }
    found.sort(key=orders.get(asked.get("sort", ""), orders[""]))
    start = max(offset - 2, 0) if fault == "duplicates" else offset
    rows = [summary(one, base) for one in found[start : offset + limit]]
    page: dict[str, Any] = {
        "href": _page(base, asked, offset, limit),
        "offset": offset,
        "limit": limit,
        "total": len(found),
    }
    if rows:
        page["itemSummaries"] = rows
    if offset + limit < len(found):
        page["next"] = _page(base, asked, offset + limit, limit)
    if fault == "ignored-filters":
        page["warnings"] = [
            {"errorId": 12002, "domain": "API_BROWSE", "category": "REQUEST", "message": "The filter was ignored."}
        ]
    return page


def summary(one: Listing, base: str) -> dict[str, Any]:
    """A listing as a row of search results."""
    good = one.good
    row: dict[str, Any] = {
        "itemId": one.item_id,
        "legacyItemId": one.id,
        "title": one.title,
        "price": _money(min([one.price, *(choice.price for choice in one.variations)]), good.currency),
        "condition": _CONDITIONS[good.condition_id],
        "conditionId": str(good.condition_id),
        "buyingOptions": ["AUCTION"] if good.auction else ["FIXED_PRICE"],
        "itemLocation": {"country": good.country, "postalCode": "123**"},
        "itemWebUrl": f"{base}/itm/{one.id}",
        "itemCreationDate": _time(one.began_at),
        "leafCategoryIds": [good.category],
        "categories": [{"categoryId": number} for number in (good.category, *_ABOVE.get(good.category, ()))],
        "listingMarketplaceId": "EBAY_US",
        # The real API names the seller here. It is left for our side to ignore.
        "seller": {"username": "simulated-seller", "feedbackPercentage": "99.1", "feedbackScore": 210},
    }
    if good.converted:
        row["price"] |= {"convertedFromValue": str(one.price * 7), "convertedFromCurrency": "CNY"}
    if good.auction:
        row["price"] = _money(one.opening_price, good.currency)
        row["currentBidPrice"] = _money(one.price, good.currency)
        row["bidCount"] = one.bids
        row["itemEndDate"] = _time(one.ends_at)
    if one.variations:
        row["itemGroupType"] = "SELLER_DEFINED_VARIATIONS"
        row["itemGroupHref"] = f"{base}{GROUP}?item_group_id={one.id}"
    if good.shipping == "calculated":
        row["shippingOptions"] = [{"shippingCostType": "CALCULATED"}]
    elif one.shipping is not None:
        row["shippingOptions"] = [
            {"shippingCostType": "FIXED", "shippingCost": _money(one.shipping, good.currency)},
            {"shippingCostType": "CALCULATED"},
        ]
    return row


def item(one: Listing, base: str, variation: Variation | None = None) -> dict[str, Any]:
    """A listing as a page of its own; of a group, one of its variations."""
    row = summary(one, base)
    row["categoryId"] = one.good.category
    row["categoryIdPath"] = "|".join((*_ABOVE.get(one.good.category, ()), one.good.category))
    for only_in_results in ("leafCategoryIds", "categories", "itemGroupHref", "itemGroupType"):
        row.pop(only_in_results, None)
    row["estimatedAvailabilities"] = [
        {"estimatedAvailabilityStatus": "IN_STOCK", "estimatedAvailableQuantity": one.available}
    ]
    if variation is not None:
        row["itemId"] = variation.id
        row["price"] = _money(variation.price, one.good.currency)
        row["localizedAspects"] = [
            {"type": "STRING", "name": "Brand", "value": "NVIDIA"},
            {"type": "STRING", "name": "Memory", "value": variation.choice},
        ]
        row["primaryItemGroup"] = {"itemGroupId": one.id, "itemGroupType": "SELLER_DEFINED_VARIATIONS"}
    return row


def group(one: Listing, base: str) -> dict[str, Any]:
    """All variations of a listing."""
    return {"items": [item(one, base, variation) for variation in one.variations], "commonDescriptions": []}


def rate_limit(limit: int, remaining: int, reset: datetime) -> dict[str, Any]:
    """What the analytics call says of calls left."""
    rate = {"limit": limit, "remaining": remaining, "reset": _time(reset), "timeWindow": 86_400}
    resources = [{"name": "buy.browse", "rates": [rate]}]
    return {
        "rateLimits": [{"apiContext": "buy", "apiName": "Browse", "apiVersion": "v1", "resources": resources}],
    }


def error(number: int, message: str, domain: str = "API_BROWSE") -> dict[str, Any]:
    """An error as the API writes it."""
    return {"errors": [{"errorId": number, "domain": domain, "category": "REQUEST", "message": message}]}


def spoil(document: dict[str, Any], fault: str) -> dict[str, Any]:
    """The answer with wrong data in every second row, and as it is for faults that are none of data."""
    for index, row in enumerate(document.get("itemSummaries", [])):
        if fault == "hostile-titles":
            row["title"] = HOSTILE_TITLES[index % len(HOSTILE_TITLES)]
        if index % 2:
            continue
        money = "currentBidPrice" if "currentBidPrice" in row else "price"
        match fault:
            case "price-zero":
                row[money]["value"] = "0.00"
            case "price-missing":
                del row[money]
            case "price-negative":
                row[money]["value"] = "-12.00"
            case "price-nan":
                row[money]["value"] = "NaN"
            case "currency-flip":
                row[money]["currency"] = "$"
    if fault == "foreign-next":
        document["next"] = "http://127.0.0.2:9/buy/browse/v1/item_summary/search?q=V100&offset=200&limit=200"
    if fault == "circular-next":
        document["next"] = document["href"]
    if fault == "no-list":
        document["itemSummaries"] = {"title": "one"}
    return document


def _page(base: str, asked: Mapping[str, str], offset: int, limit: int) -> str:
    kept = {name: value for name, value in asked.items() if name not in ("offset", "limit")}
    return f"{base}{SEARCH}?{urlencode({**kept, 'limit': limit, 'offset': offset})}"


def _whole(asked: Mapping[str, str], name: str, otherwise: int) -> int:
    text = asked.get(name, str(otherwise))
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise WrongQuestion(12006, f"{name} must be a whole number.")
    return int(text)


def has_words(title: str, words: str) -> bool:
    """Every word of the question is in the title; one of those in brackets is enough."""
    there = set(re.findall(r"[a-z0-9]+", title.casefold()))
    for alternatives, word in re.findall(r"\(([^)]*)\)|([^\s()]+)", words.casefold()):
        options = [re.findall(r"[a-z0-9]+", one) for one in (alternatives.split(",") if alternatives else [word])]
        if not any(set(option) <= there for option in options):
            return False
    return True


def _is_in(one: Listing, category: str) -> bool:
    return not category or category == one.good.category or category in _ABOVE.get(one.good.category, ())


def _filters(text: str) -> list[tuple[str, str]]:
    return re.findall(r"(\w+):(\{[^}]*\}|\[[^\]]*\]|[^,]*)", text)


def _passes(one: Listing, name: str, value: str) -> bool:
    options = value.strip("{}").split("|")
    match name:
        case "conditionIds":
            return str(one.good.condition_id) in options
        case "buyingOptions":
            return ("AUCTION" if one.good.auction else "FIXED_PRICE") in options
        case "itemLocationCountry":
            return one.good.country == value
        case "priceCurrency":
            return one.good.currency == value
        case "price":
            low, _, high = value.strip("[]").partition("..")
            return _is_between(one.price, _bound(low), _bound(high))
    return True


def _bound(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise WrongQuestion(12010, "A price bound is no number.") from None


def _is_between(price: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or price >= low) and (high is None or price <= high)


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"value": str(amount), "currency": currency}


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
