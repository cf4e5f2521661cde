"""Searching the demo marketplace over real HTTP: what is found is what is on offer, and faults are never prices."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from time import time
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from sourcing import marketplaces
from sourcing.demo.faults import FAULTS
from sourcing.demo.state import Listing, State, state
from sourcing.marketplaces import (
    BadQuestion,
    Broken,
    MarketplaceError,
    NotConfigured,
    Offer,
    Refused,
    SearchQuery,
    Throttled,
    Unauthorised,
    asking,
    breaker,
    budget,
    ebay,
)
from sourcing.marketplaces.ebay_account import demo_account, ebay_account
from tests.sourcing.marketplaces.conftest import Demo


def truth(state: State, word: str = "v100") -> dict[str, tuple[Decimal, Decimal | None]]:
    """Price and shipping by id of all that a search for a word must find."""
    found: dict[str, tuple[Decimal, Decimal | None]] = {}
    for one in state.listings:
        if word in re.findall("[a-z0-9]+", one.title.casefold()):
            for number, price in prices(one):
                found[number] = (price, one.shipping)
    return found


def prices(one: Listing) -> list[tuple[str, Decimal]]:
    return [(choice.id, choice.price) for choice in one.variations] or [(one.item_id, one.price)]


def seen(offers: tuple[Offer, ...]) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    return {one.external_id: (one.price, one.shipping) for one in offers}


def test_a_search_finds_what_is_on_offer_at_its_price(demo: Demo) -> None:
    found = demo.search()
    assert seen(found.offers) == truth(demo.market.state())
    assert (found.complete, found.dropped, found.warnings) == (True, {}, ())


def test_an_auction_costs_what_is_bid_and_ends(demo: Demo) -> None:
    # One that has just begun still costs its opening price: look at a moment at which there are bids.
    hours = (demo.market.now() + timedelta(hours=hour) for hour in range(24 * 14))
    demo.market.set_to = next(at for at in hours if any(one.bids for one in state(at).listings))
    auctions = [one for one in demo.search().offers if one.buying == "auction"]
    risen = 0
    for one in auctions:
        listing = demo.market.state().listing(one.external_id)
        assert listing is not None
        assert one.price == listing.price
        assert (listing.price > listing.opening_price) == bool(listing.bids)
        risen += bool(listing.bids)
        assert one.ends_at is not None
        assert one.ends_at > demo.market.now()
    assert risen


def test_calculated_and_missing_shipping_stay_unknown_and_free_is_zero(demo: Demo) -> None:
    shipping: dict[str, set[Decimal | None]] = {}
    for offer in demo.search().offers:
        listing = demo.market.state().listing(offer.external_id)
        assert listing is not None
        shipping.setdefault(listing.good.shipping, set()).add(offer.shipping)
    assert shipping["calculated"] == shipping["none"] == {None}
    assert shipping["free"] == {Decimal(0)}
    assert None not in shipping["paid"]


def test_a_choice_is_expanded_into_what_each_costs(demo: Demo) -> None:
    of_groups = [one for one in demo.search("V100 SXM2").offers if not one.external_id.endswith("|0")]
    assert {one.title.rpartition(" – ")[2] for one in of_groups} == {"16GB", "32GB"}
    assert {one.item_group_type for one in of_groups} == {None}
    cheap, dear = sorted(of_groups[:2], key=lambda one: one.title.endswith("32GB"))
    assert cheap.price is not None
    assert dear.price is not None
    assert dear.price > 3 * cheap.price


def test_a_choice_that_is_not_expanded_stays_marked(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ebay, "MOST_GROUPS", 0)
    marked = [one for one in demo.search("V100 SXM2").offers if one.item_group_type]
    assert marked
    assert {one.item_group_type for one in marked} == {"SELLER_DEFINED_VARIATIONS"}


def test_pages_are_followed_to_the_end(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ebay, "ROWS_A_PAGE", 10)
    wanted = truth(demo.market.state())
    found = marketplaces.search("demo", demo.client, SearchQuery("V100"), most_pages=20)
    assert seen(found.offers) == wanted
    assert demo.market.asked["search"] > 5


def test_a_search_that_is_cut_short_says_so(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ebay, "ROWS_A_PAGE", 10)
    found = marketplaces.search("demo", demo.client, SearchQuery("V100"), most_pages=2)
    assert not found.complete
    assert demo.market.asked["search"] == 2


def test_a_row_that_comes_twice_is_taken_once(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ebay, "ROWS_A_PAGE", 10)
    demo.fault("duplicates", path="search")
    found = marketplaces.search("demo", demo.client, SearchQuery("V100"), most_pages=20)
    assert seen(found.offers) == truth(demo.market.state())
    assert found.dropped["duplicate"] > 0


NARROW: dict[str, Any] = {"conditions": (3000,), "buying_options": ("FIXED_PRICE",), "located_in": "US"}


def test_filters_are_checked_again_where_the_marketplace_ignores_them(demo: Demo) -> None:
    bounds: dict[str, Any] = {"low": Decimal(50), "high": Decimal(400), "currency": "USD"}
    rightly = seen(demo.search(**NARROW, **bounds).offers)
    assert rightly
    demo.fault("ignored-filters", path="search")
    found = demo.search(**NARROW, **bounds)
    assert seen(found.offers) == rightly
    assert found.dropped["filtered"] > 10
    assert found.warnings == (12002,)


def test_several_categories_are_searched_one_by_one(demo: Demo) -> None:
    found = demo.search("", category_ids=("80151", "184657"))
    listings = [demo.market.state().listing(one.external_id) for one in found.offers]
    assert {one.good.category for one in listings if one} == {"80151", "184657"}
    assert demo.market.asked["search"] == 2


def test_the_marketplace_and_the_place_are_named_in_each_request(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []

    def listen(*args: Any, **more: Any) -> asking.Answer:
        sent.append(more["headers"])
        return asking.ask(*args, **more)

    monkeypatch.setattr(ebay, "ask", listen)
    demo.search(country="GB", postal_code="N1 9GU")
    assert sent[0]["X-EBAY-C-MARKETPLACE-ID"] == "EBAY_US"
    assert sent[0]["X-EBAY-C-ENDUSERCTX"] == "contextualLocation=country%3DGB%2Czip%3DN1%209GU"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("price-zero", "price-not-positive"),
        ("price-negative", "price-not-positive"),
        ("price-nan", "price-not-positive"),
        ("price-missing", "no-price"),
        ("currency-flip", "no-currency"),
    ],
)
def test_a_row_without_a_price_is_dropped_and_counted(fault: str, reason: str, demo: Demo) -> None:
    demo.fault(fault, path="search")
    found = demo.search()
    right = truth(demo.market.state())
    assert found.dropped[reason] > 10
    assert len(found.offers) > 10
    assert all(right[number] == told for number, told in seen(found.offers).items())


def test_hostile_titles_come_out_in_one_short_plain_line(demo: Demo) -> None:
    demo.fault("hostile-titles", path="search")
    titles = {one.title for one in demo.search().offers}
    assert max(len(title) for title in titles) <= 300
    assert all(title.isprintable() and title.encode() for title in titles)
    # Escaping is the page's: what is a title stays one.
    assert "<script>alert('V100')</script> V100 SXM2 16GB" in titles
    assert "V100 SXM2 BG61 16GB" in titles


BROKEN = (
    "server-error",
    "truncated",
    "cut",
    "drop",
    "challenge",
    "redirect",
    "wrong-shape",
    "no-list",
    "compressed",
    "proxy-404",
    "vanished",
    "foreign-next",
    "circular-next",
    "huge",
)


@pytest.mark.parametrize("fault", BROKEN)
def test_an_answer_that_is_none_is_an_error(fault: str, demo: Demo) -> None:
    demo.fault(fault, path="search")
    with pytest.raises(Broken) as raised:
        demo.search()
    assert str(raised.value).startswith("The ")


@pytest.mark.parametrize("fault", ["server-error", "truncated", "cut", "drop", "challenge"])
def test_one_bad_answer_is_asked_for_again(fault: str, demo: Demo) -> None:
    demo.fault(fault, times=1, path="search")
    assert seen(demo.search().offers) == truth(demo.market.state())
    assert demo.market.asked["search"] == 2


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_a_slow_answer_is_not_waited_for(fault: str, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS_IN_ALL", 0.3)
    monkeypatch.setattr(asking, "TIMEOUT", 0.3)
    demo.fault(fault, path="search", seconds=1.5)
    with pytest.raises(Broken, match=r"in time|longer than"):
        demo.search()


@pytest.mark.parametrize("fault", ["throttled", "throttled-until"])
def test_a_429_makes_everybody_wait_as_long_as_it_says(fault: str, demo: Demo) -> None:
    demo.fault(fault, path="search", seconds=90)
    with pytest.raises(Throttled) as raised:
        demo.search()
    assert 85 <= raised.value.retry_after_s <= 90
    assert breaker.state("demo") == "held"
    with pytest.raises(marketplaces.BreakerOpen) as held:
        demo.search()
    assert 80 <= held.value.retry_after_s <= 90
    assert demo.market.asked["search"] == 1


def test_a_403_stops(demo: Demo) -> None:
    demo.fault("forbidden", path="search")
    with pytest.raises(Refused):
        demo.search()
    demo.market.faults.switch_off()
    with pytest.raises(marketplaces.BreakerOpen):
        demo.search()
    assert demo.market.asked["search"] == 1


def test_a_token_that_has_run_out_is_replaced_once(demo: Demo) -> None:
    demo.search()
    demo.fault("expired-token", times=1, path="search")
    assert seen(demo.search().offers) == truth(demo.market.state())
    assert demo.market.given_out == 2


def test_a_second_401_is_about_us(demo: Demo) -> None:
    demo.fault("expired-token", path="search")
    with pytest.raises(Unauthorised):
        demo.search()
    assert demo.market.given_out == 2
    assert demo.market.asked["search"] == 2


def test_a_wrong_secret_is_said_to_be_wrong_and_nothing_is_searched(demo: Demo) -> None:
    demo.fault("wrong-token")
    with pytest.raises(Unauthorised, match="account deletion"):
        demo.search()
    assert demo.market.asked["search"] == 0


def test_a_question_that_is_wrong_is_not_asked_again_and_opens_no_breaker(demo: Demo) -> None:
    for _ in range(breaker.FAILURES_TO_OPEN + 1):
        with pytest.raises(BadQuestion, match="12001"):
            ebay._ask(demo.client, demo_account(), f"{demo.url}/buy/browse/v1/item_summary/search", {"limit": "200"})
    assert breaker.state("demo") == "closed"


def test_after_failures_in_a_row_nobody_asks_until_a_probe_succeeds(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.fault("server-error", path="search")
    for _ in range(3):
        with pytest.raises(MarketplaceError):
            demo.search()
    asked = demo.market.asked["search"]
    assert breaker.state("demo") == "open"
    with pytest.raises(marketplaces.BreakerOpen):
        demo.search()
    assert demo.market.asked["search"] == asked == breaker.FAILURES_TO_OPEN
    demo.market.faults.switch_off()
    now = time()
    monkeypatch.setattr(breaker, "time", lambda: now + breaker.OPEN_S + 1)
    assert seen(demo.search().offers) == truth(demo.market.state())
    assert breaker.state("demo") == "closed"


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_everything_is_as_before(fault: str, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS_IN_ALL", 0.5)
    monkeypatch.setattr(asking, "TIMEOUT", 0.5)
    right = truth(demo.market.state())
    demo.fault(fault, times=2)
    for _ in range(2):
        try:
            found = demo.search()
        except MarketplaceError:
            continue
        assert all(right[number] == told for number, told in seen(found.offers).items())
    demo.market.faults.switch_off()
    breaker.reset("demo")
    assert seen(demo.search().offers) == right


def test_the_budget_ends_the_asking(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    budget.at_least_used("demo", 99_999)
    with pytest.raises(marketplaces.OverBudget) as raised:
        demo.search("V100 SXM2")
    assert 0 < raised.value.retry_after_s <= 90_000
    assert demo.market.asked["search"] == 1
    assert budget.used("demo") == 100_000


def test_one_item_is_read_as_it_stands(demo: Demo) -> None:
    for listing in demo.market.state().listings[:12]:
        for number, price in prices(listing):
            offer = marketplaces.item("demo", demo.client, number)
            assert offer is not None
            assert (offer.price, offer.available) == (price, listing.available)


def test_an_item_that_is_gone_is_none_and_a_proxys_page_is_not_that(demo: Demo) -> None:
    assert marketplaces.item("demo", demo.client, "v1|100000000001|0") is None
    demo.fault("proxy-404", path="/item/")
    with pytest.raises(Broken):
        marketplaces.item("demo", demo.client, demo.market.state().listings[0].item_id)


def test_an_id_cannot_lead_to_another_address(demo: Demo) -> None:
    assert marketplaces.item("demo", demo.client, "../../../demo/faults?x=1#") is None
    assert demo.market.asked["item"] == 1


def test_a_group_is_read_by_its_id(demo: Demo) -> None:
    listing = next(one for one in demo.market.state().listings if one.variations)
    offers = ebay.items_by_group(demo.client, demo_account(), listing.id)
    assert [(one.external_id, one.price) for one in offers] == prices(listing)
    assert ebay.items_by_group(demo.client, demo_account(), "1") == ()


def test_the_marketplaces_own_count_is_taken_over(demo: Demo) -> None:
    demo.market.asked["search"] = 1_200
    read = ebay.rate_limit(demo.client, demo_account())
    assert (read.limit, read.remaining) == (5_000, 3_800)
    assert budget.used("demo") == 1_200


def test_without_credentials_nothing_is_asked_and_one_sentence_says_why(settings: Settings) -> None:
    assert marketplaces.why_not("ebay") == "eBay is not configured: set EBAY_CLIENT_ID and EBAY_CLIENT_SECRET."
    assert "DEMO_MARKETPLACE_URL" in marketplaces.why_not("demo")
    assert marketplaces.searchable() == ()
    with marketplaces.new_client() as client, pytest.raises(NotConfigured):
        marketplaces.search("agents", client, SearchQuery("V100"))


def test_a_secret_is_not_sent_over_a_plain_line_and_not_shown(settings: Settings) -> None:
    settings.EBAY_CLIENT_ID, settings.EBAY_CLIENT_SECRET = "id", "very-secret"
    assert "very-secret" not in repr(ebay_account())
    settings.EBAY_API_URL = "http://api.ebay.example"
    with pytest.raises(NotConfigured, match="https"):
        ebay_account()


def test_where_calls_cannot_be_counted_none_is_made(demo: Demo, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(Broken, match="shared cache does not answer"):
        demo.search()
    assert not demo.market.asked


def answering(*bodies: Any) -> httpx.Client:
    """A client whose searches are answered with these one after the other, each status 200."""
    waiting = iter(bodies)

    def answer(request: httpx.Request) -> httpx.Response:
        body = {"access_token": "t", "expires_in": 7200} if "oauth2" in str(request.url) else next(waiting)
        return httpx.Response(200, content=iter([json.dumps(body).encode()]))

    return httpx.Client(transport=httpx.MockTransport(answer))


ROW = {
    "itemId": "v1|1|0",
    "title": "Tesla V100 SXM2 16GB",
    "price": {"value": "100", "currency": "USD"},
    "buyingOptions": ["FIXED_PRICE"],
}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"errors": [{"errorId": 1}]},
        {"total": 0, "errors": [{"errorId": 1}]},
        {"total": 150},
        {"total": True},
        {"total": None, "itemSummaries": []},
        {"total": "1", "itemSummaries": [ROW]},
        {"total": -1, "itemSummaries": []},
    ],
)
def test_an_answer_without_a_list_is_a_failure_and_not_an_empty_market(body: dict[str, Any], demo: Demo) -> None:
    with answering(body, body) as client, pytest.raises(Broken, match="no list of listings"):
        marketplaces.search("demo", client, SearchQuery("V100"))


@pytest.mark.parametrize(
    ("body", "complete"),
    [
        ({"total": 0}, True),
        ({"total": 0, "itemSummaries": []}, True),
        ({"total": 1, "itemSummaries": [ROW]}, True),
        ({"total": 400, "itemSummaries": []}, False),
        ({"total": 2, "itemSummaries": [ROW]}, False),
        ({"total": 2, "itemSummaries": [ROW, ROW]}, False),
        ({"total": 2, "itemSummaries": [ROW, {**ROW, "itemId": None}]}, False),
        ({"total": 0, "warnings": [{"errorId": 12001}]}, False),
        ({"total": 1, "itemSummaries": [ROW], "warnings": [{}]}, False),
    ],
)
def test_a_search_is_complete_where_it_was_answered_in_full(body: dict[str, Any], complete: bool, demo: Demo) -> None:
    with answering(body) as client:
        assert marketplaces.search("demo", client, SearchQuery("V100")).complete is complete


def test_a_row_that_cannot_be_read_is_still_seen_and_one_that_has_ended_is_not(demo: Demo) -> None:
    ended = {**ROW, "itemId": "v1|3|0", "buyingOptions": ["AUCTION"], "itemEndDate": "2020-01-01T00:00:00Z"}
    rows = [ROW, {**ROW, "itemId": "v1|2|0", "price": {}}, ended]
    with answering({"total": 3, "itemSummaries": rows}) as client:
        found = marketplaces.search("demo", client, SearchQuery("V100"))
    assert (len(found.offers), found.complete, found.seen) == (1, True, frozenset({"v1|1|0", "v1|2|0"}))


@pytest.mark.parametrize("group", [{}, {"items": None}, {"items": [], "errors": [{"errorId": 1}]}])
def test_a_group_without_a_list_is_a_failure_too(group: dict[str, Any], demo: Demo) -> None:
    row = {**ROW, "itemGroupType": "X", "itemGroupHref": "https://demo.example/?item_group_id=1"}
    with answering({"total": 1, "itemSummaries": [row]}, group) as client, pytest.raises(Broken, match="for a group"):
        marketplaces.search("demo", client, SearchQuery("V100"))


def test_a_price_that_rounds_to_nothing_is_none(demo: Demo) -> None:
    row = {**ROW, "price": {"value": "0.004", "currency": "USD"}}
    with answering({"total": 1, "itemSummaries": [row]}) as client:
        found = marketplaces.search("demo", client, SearchQuery("V100"))
    assert (found.offers, found.dropped) == ((), {"price-not-positive": 1})
