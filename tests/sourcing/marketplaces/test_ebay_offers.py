"""Rows of the Browse API: whatever they are, an offer has a sound price or there is none."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.marketplaces import MarketplaceError, Offer, asking
from sourcing.marketplaces.asking import Answer
from sourcing.marketplaces.ebay_account import Account
from sourcing.marketplaces.ebay_offers import Dropped, check_filters, group_id, read_row, read_variations
from sourcing.marketplaces.offers import SearchQuery, clean_text

ACCOUNT = Account("ebay", "eBay", "https://api.ebay.com", "id", "secret", "EBAY_US", "US", "", 5_000)
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ROW: dict[str, Any] = {
    "itemId": "v1|123456789012|0",
    "title": "A module",
    "price": {"value": "850.00", "currency": "USD"},
    "conditionId": "3000",
    "buyingOptions": ["FIXED_PRICE", "BEST_OFFER"],
    "itemLocation": {"country": "US"},
    "itemWebUrl": "https://www.ebay.com/itm/123456789012",
    "seller": {"username": "somebody"},
    "leafCategoryIds": ["27386"],
}


def read(**changes: Any) -> Offer:
    return read_row({**ROW, **changes}, ACCOUNT, NOW)


def test_a_row_becomes_an_offer_without_its_seller() -> None:
    offer = read()
    assert offer.price == Decimal("850.00")
    assert (offer.currency, offer.condition_id, offer.country, offer.buying) == ("USD", 3000, "US", "fixed")
    assert offer.shipping is None
    assert offer.href == "https://www.ebay.com/itm/123456789012"
    assert "somebody" not in repr(offer)


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        (None, "no-price"),
        ({}, "no-price"),
        ({"value": "", "currency": "USD"}, "no-price"),
        ("850.00", "no-price"),
        ({"value": "0", "currency": "USD"}, "price-not-positive"),
        ({"value": "0.00", "currency": "USD"}, "price-not-positive"),
        ({"value": 0, "currency": "USD"}, "price-not-positive"),
        ({"value": "-5", "currency": "USD"}, "price-not-positive"),
        ({"value": "NaN", "currency": "USD"}, "price-not-positive"),
        ({"value": "Infinity", "currency": "USD"}, "price-not-positive"),
        ({"value": "1e3", "currency": "USD"}, "price-not-positive"),
        ({"value": "1.234,56", "currency": "USD"}, "price-not-positive"),
        ({"value": "1,234", "currency": "USD"}, "price-not-positive"),
        ({"value": "$12", "currency": "USD"}, "price-not-positive"),
        ({"value": "٣٤", "currency": "USD"}, "price-not-positive"),
        ({"value": True, "currency": "USD"}, "price-not-positive"),
        ({"value": ["1"], "currency": "USD"}, "price-not-positive"),
        ({"value": "999999999", "currency": "USD"}, "price-not-positive"),
        ({"value": "850"}, "no-currency"),
        ({"value": "850", "currency": "$"}, "no-currency"),
        ({"value": "850", "currency": "usd"}, "no-currency"),
        ({"value": "850", "currency": ["USD"]}, "no-currency"),
    ],
)
def test_what_is_no_price_never_becomes_one(price: Any, reason: str) -> None:
    with pytest.raises(Dropped, match=f"^{reason}$"):
        read(price=price)


def test_an_auction_costs_its_highest_bid_and_nothing_else() -> None:
    bid = {"value": "61.00", "currency": "USD"}
    auction = read(buyingOptions=["AUCTION"], currentBidPrice=bid, itemEndDate="2026-11-26T10:00:00.000Z")
    assert (auction.price, auction.buying) == (Decimal("61.00"), "auction")
    assert auction.ends_at == datetime(2026, 11, 26, 10, tzinfo=UTC)
    with pytest.raises(Dropped, match="no-price"):
        read(buyingOptions=["AUCTION"])
    with pytest.raises(Dropped, match="ended"):
        read(buyingOptions=["AUCTION"], currentBidPrice=bid, itemEndDate="2026-11-24T10:00:00.000Z")


def test_an_auction_that_can_be_bought_at_once_has_its_price_for_that() -> None:
    both = read(buyingOptions=["AUCTION", "FIXED_PRICE"], currentBidPrice={"value": "1.00", "currency": "USD"})
    assert (both.price, both.buying) == (Decimal("850.00"), "fixed")


@pytest.mark.parametrize(
    ("options", "shipping"),
    [
        (None, None),
        ([], None),
        ([{"shippingCostType": "CALCULATED"}], None),
        ([{"shippingCostType": "CALCULATED", "shippingCost": {"value": "9.10", "currency": "USD"}}], Decimal("9.10")),
        ([{"shippingCostType": "FIXED", "shippingCost": {"value": "0.00", "currency": "USD"}}], Decimal(0)),
        ([{"shippingCost": {"value": "-1", "currency": "USD"}}], None),
        ([{"shippingCost": {"value": "5"}}], None),
        (
            [
                {"shippingCost": {"value": "25", "currency": "USD"}},
                {"shippingCost": {"value": "12.5", "currency": "USD"}},
            ],
            Decimal("12.5"),
        ),
        (
            [
                {"shippingCost": {"value": "25", "currency": "USD"}},
                {"shippingCost": {"value": "12", "currency": "GBP"}},
            ],
            None,
        ),
    ],
)
def test_shipping_that_is_not_stated_is_unknown(options: Any, shipping: Decimal | None) -> None:
    assert read(shippingOptions=options).shipping == shipping


def test_a_converted_price_is_marked() -> None:
    assert not read().converted
    price = {"value": "850", "currency": "USD", "convertedFromValue": "6000", "convertedFromCurrency": "CNY"}
    assert read(price=price).converted


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "http://www.ebay.com/itm/1",
        "https://www.ebay.com.evil.example/itm/1",
        "https://evil.example/www.ebay.com",
        "https://user@www.ebay.com/itm/1",
        "https://www.ebay.com:8443/itm/1",
        'https://www.ebay.com/itm/"onclick=',
        "https://www.ebay.com/" + "x" * 600,
        7,
        None,
    ],
)
def test_a_link_leads_to_the_marketplace_or_nowhere(href: Any) -> None:
    assert read(itemWebUrl=href).href == ""


def test_a_row_of_a_group_is_marked_even_if_it_does_not_say_of_what_kind() -> None:
    assert read(itemGroupType="SELLER_DEFINED_VARIATIONS").item_group_type == "SELLER_DEFINED_VARIATIONS"
    assert read(itemGroupHref="https://api.ebay.com/x?item_group_id=7").item_group_type == "SELLER_DEFINED_VARIATIONS"
    assert group_id({"itemGroupHref": "https://api.ebay.com/x?item_group_id=77"}) == "77"
    assert group_id({"itemGroupHref": "https://api.ebay.com/x?item_group_id=7/../8"}) == ""


def test_variations_that_cannot_be_told_apart_are_dropped() -> None:
    rows = [{**ROW, "itemId": "v1|1|1"}, {**ROW, "itemId": "v1|1|2"}]
    assert read_variations({"items": rows}, ACCOUNT, NOW) == ([], [(row, "variation-unclear") for row in rows])


def test_what_a_row_does_not_state_does_not_pass_a_filter() -> None:
    query = SearchQuery("module", conditions=(3000,))
    check_filters(ROW, read(), query, "27386")
    for offer, category in ((read(conditionId=None), "27386"), (read(), "1")):
        with pytest.raises(Dropped, match="filtered"):
            check_filters(ROW, offer, query, category)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("  two\n\tlines  ", "two lines"),
        ("a\x00b\x07c", "a b c"),
        ("\u202eturned\u2066 round\u200f", "turned round"),
        ("half \ud83d of one", "half of one"),
        ("x" * 9_000, "x" * 300),
        ("\u200b\u2060", ""),
        ("V100 显卡 🔥", "V100 显卡 🔥"),
    ],
)
def test_texts_of_strangers_are_made_plain(given_text: str, kept: str) -> None:
    assert clean_text(given_text) == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
AMOUNTS = st.sampled_from(["0", "-1", "NaN", "1e9", "850.00", "0.001", "", "Infinity", "１２", None, 0, -3.5, 12])
MONEY = st.fixed_dictionaries({"value": AMOUNTS | JSON, "currency": st.sampled_from(["USD", "$", "usd"]) | JSON}) | JSON
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "itemId": st.just("v1|1|0") | JSON,
        "title": st.text(max_size=40) | JSON,
        "price": MONEY,
        "currentBidPrice": MONEY,
        "buyingOptions": st.lists(st.sampled_from(["AUCTION", "FIXED_PRICE", "BEST_OFFER"]) | JSON) | JSON,
        "shippingOptions": st.lists(st.fixed_dictionaries({"shippingCost": MONEY}) | JSON, max_size=3) | JSON,
        "itemEndDate": st.sampled_from(["2026-12-01T00:00:00.000Z", "9999-12-31T23:59:59-14:00", "now"]) | JSON,
        "itemGroupHref": st.text(max_size=20) | JSON,
        "itemGroupType": JSON,
        "itemLocation": JSON,
        "conditionId": JSON,
        "itemWebUrl": st.text(max_size=30) | st.just("http://[") | JSON,
        "estimatedAvailabilities": st.lists(JSON, max_size=2) | JSON,
        "localizedAspects": st.lists(st.fixed_dictionaries({"name": JSON, "value": JSON}), max_size=3) | JSON,
        "categories": JSON,
        "categoryIdPath": JSON,
    },
)


def is_sound(offer: Offer) -> bool:
    return offer.price is not None and offer.price.is_finite() and offer.price > 0 and len(offer.title) <= 300


@settings(deadline=None)
@given(ROWS | JSON)
def test_no_row_does_more_than_be_dropped(row: Any) -> None:
    try:
        offer = read_row(row, ACCOUNT, NOW)
        assert is_sound(offer)
        check_filters(row, offer, SearchQuery("x", category_ids=("1",), conditions=(3000,)), "1")
    except Dropped:
        pass
    group_id(row)


@settings(deadline=None)
@given(st.fixed_dictionaries({"items": st.lists(ROWS, max_size=3) | JSON}), JSON | ROWS)
def test_no_group_does_more_than_be_dropped(document: dict[str, Any], group: Any) -> None:
    read_offers, _ = read_variations(document, ACCOUNT, NOW, group)
    assert all(is_sound(offer) for _, offer in read_offers)


@given(
    st.integers(200, 599), st.binary(max_size=200) | st.sampled_from([b'{"errors": [{"errorId": 1}]}', b"[" * 99_999])
)
def test_no_answer_does_more_than_be_a_marketplace_error(status: int, body: bytes) -> None:
    with suppress(MarketplaceError):
        assert isinstance(asking.read_json(Answer(status, body, httpx.Headers()), "eBay"), dict)


@settings(deadline=None)
@given(ROWS)
def test_an_offer_is_what_its_row_says(row: dict[str, Any]) -> None:
    row = {**row, "itemId": "v1|1|0", "title": "A", "buyingOptions": ["FIXED_PRICE"]}
    try:
        offer = read_row({**row, "price": {"value": "12.34", "currency": "EUR"}}, ACCOUNT, NOW)
    except Dropped as reason:
        pytest.fail(f"dropped: {reason}")
    assert (offer.price, offer.currency) == (Decimal("12.34"), "EUR")
