"""Prices that a person was told: typed, pasted, sent by the bookmarklet or fetched, and seen by their browser only."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from sourcing.listing_models import Quote
from sourcing.quotes import MOST_KEPT, fresh_quotes
from tests.sourcing.marketplaces.conftest import Demo
from tests.sourcing.marketplaces.conftest import _nothing_kept as _nothing_kept
from tests.sourcing.marketplaces.conftest import demo as demo

pytestmark = pytest.mark.django_db
PART = "v100-sxm2-16gb"
ITEM = "https://item.taobao.com/item.htm?id=612345678901"
PAGE = f"""<html><head><title>NVIDIA Tesla V100 SXM2 16GB 计算卡</title><link rel="canonical" href="{ITEM}">
<meta property="product:price:amount" content="750.00"><meta property="product:price:currency" content="CNY">
</head><body><h1>NVIDIA Tesla V100 SXM2 16GB</h1></body></html>"""
CHALLENGE = "<html><head><title>Just a moment...</title></head><body></body></html>"


def tell(client: Client, **given: Any) -> Any:
    return client.post("/sourcing/quotes/new/", {"part": PART, **given})


def errors(response: Any) -> str:
    found = re.findall(r'class="field-error"[^>]*>([^<]*)<', response.content.decode())
    return unescape(" ".join(each.strip() for each in found if each.strip()))


@pytest.mark.parametrize(
    ("written", "price", "currency", "quantity"),
    [
        ("1.6万", "16000", "CNY", 1),
        ("￥1,680.00", "1680.00", "CNY", 1),
        ("1.234,56 €", "1234.56", "EUR", 1),
        ("$289.99 (lot of 2)", "289.99", "USD", 2),
        ("$100 each (lot of 4)", "400", "USD", 4),
        ("单价 ¥680", "680", "CNY", 1),
        ("US $1,050", "1050", "USD", 1),
    ],
)
def test_a_price_is_read_as_people_write_it(
    written: str, price: str, currency: str, quantity: int, client: Client
) -> None:
    assert tell(client, price=written).status_code == 302
    quote = Quote.objects.get()
    assert (quote.price, quote.currency, quote.quantity, quote.how) == (Decimal(price), currency, quantity, "typed")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"price": ""}, "Write the price"),
        ({"price": "about 1680"}, "In which currency?"),
        ({"price": "banana"}, "not one price above zero"),
        ({"price": "¥0"}, "not one price above zero"),
        ({"price": "¥100-200"}, "not one price above zero"),
        ({"price": "$0.001"}, "at most two decimals"),
        ({"price": "1680"}, "In which currency?"),
        ({"price": "¥1680", "currency": "USD"}, "The price is written in CNY"),
        ({"price": "$289.99 (lot of 2)", "quantity": "3"}, "that of 2 pieces"),
        ({"price": "¥1680", "quantity": "0"}, "greater than or equal to 1"),
        ({"price": "¥1680", "part": "no-such-part"}, "Select a valid choice"),
        ({"price": "¥1680", "agent": "pandabuy"}, "Select a valid choice"),
        ({"price": "¥1680", "link": "https://evil.example/item.htm?id=612345678901"}, "is not a host that is read"),
        ({"price": "¥1680", "link": "https://item.taobao.com@evil.example/?id=612345678901"}, "leads to evil.example"),
        ({"page": CHALLENGE}, "This is a challenge page"),
        ({"page": "<p>nothing here</p>", "link": ITEM}, "No price in yuan can be read"),
        ({"page": PAGE, "link": "https://item.taobao.com/item.htm?id=699999999999"}, "the page is of item"),
        ({"fetch": "superbuy", "link": ITEM}, "Paste the link of the item"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_quote_is_refused_with_a_sentence_and_nothing_is_lost(
    given: dict[str, str], sentence: str, client: Client
) -> None:
    response = tell(client, **given)
    assert response.status_code == 422
    assert sentence in errors(response)
    if link := given.get("link"):
        assert link in unescape(response.content.decode())
    assert not Quote.objects.exists()


def test_a_pasted_page_gives_price_and_item(client: Client) -> None:
    tell(client, page=PAGE)
    quote = Quote.objects.get()
    assert (quote.price, quote.currency, quote.how) == (Decimal(750), "CNY", "pasted")
    assert (quote.market, quote.item_id) == ("taobao", "612345678901")


def test_a_saved_page_in_the_encoding_of_chinese_shops_is_read(client: Client) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="gbk">')
    tell(client, page_file=SimpleUploadedFile("item.html", page.encode("gbk"), "text/html"))
    assert Quote.objects.get().price == Decimal(750)


def test_a_quote_stands_on_the_parts_page_with_what_it_comes_to(client: Client) -> None:
    tell(client, price="¥780", link=ITEM)
    page = client.get(f"/parts/{PART}/prices/").content.decode()
    section = page.split('id="quotes"')[1].split("</section>")[0].replace("\xa0", " ").replace("&nbsp;", " ")
    assert "CNY 780" in section
    assert "$117" in section  # 780 yuan at 0.150311
    assert "www.cssbuy.com/item-612345678901.html" in section


def test_nobody_else_sees_it(client: Client) -> None:
    tell(client, price="¥780")
    assert "CNY 780" not in Client().get(f"/parts/{PART}/prices/").content.decode()
    assert "your quote" not in Client().get("/build/").content.decode()


def test_a_made_up_cookie_shows_nothing_and_is_not_taken_for_a_key(client: Client) -> None:
    for browser in (client, Client()):
        browser.cookies["sessionid"] = "made-up-by-somebody"
    tell(client, price="¥780")
    other = Client()
    other.cookies["sessionid"] = "made-up-by-somebody"
    assert (
        "CNY" not in other.get(f"/parts/{PART}/prices/").content.decode().split('id="quotes"')[1].split("</section>")[0]
    )


def test_every_quote_renews_the_session_that_holds_them(client: Client) -> None:
    tell(client, price="¥780")
    Session.objects.update(expire_date=timezone.now() + timedelta(days=1))
    tell(client, price="¥790")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=13)


def test_twenty_quotes_take_no_more_queries_than_one(client: Client, django_assert_max_num_queries: Any) -> None:
    tell(client, price="¥780")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/parts/{PART}/prices/")
    taken = len(one)
    for price in range(600, 619):
        tell(client, price=f"¥{price}")
    with django_assert_max_num_queries(taken):
        client.get(f"/parts/{PART}/prices/")


def test_only_whose_quote_it_is_can_delete_it(client: Client) -> None:
    tell(client, price="¥780")
    path = f"/sourcing/quotes/{Quote.objects.get().pk}/delete/"
    assert Client().post(path).status_code == 404
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 302
    assert not Quote.objects.exists()


def test_the_same_item_told_again_replaces_what_was_told(client: Client) -> None:
    tell(client, price="¥780", link=ITEM)
    tell(client, price="¥760", link="https://www.cssbuy.com/item-612345678901.html")
    assert [quote.price for quote in Quote.objects.all()] == [Decimal(760)]


def test_a_browser_keeps_so_many_quotes_of_a_part_and_no_more(client: Client) -> None:
    for price in range(1, MOST_KEPT + 4):
        tell(client, price=f"¥{price}")
    assert Quote.objects.count() == MOST_KEPT
    assert Quote.objects.order_by("price").first().price == 4  # type: ignore[union-attr]


def test_an_old_quote_is_shown_and_no_longer_counted(client: Client) -> None:
    tell(client, price="¥780")
    Quote.objects.update(quoted_at=timezone.now() - timedelta(days=15))
    assert "too old to count with" in client.get(f"/parts/{PART}/prices/").content.decode()
    assert fresh_quotes(Quote.objects.get().owner_key, timezone.now()) == ()


def test_what_the_bookmarklet_sends_opens_the_form_and_keeps_nothing() -> None:
    stranger = Client(enforce_csrf_checks=True)  # it comes from another site, without cookie or token
    response = stranger.post("/sourcing/quotes/read/", {"page": PAGE, "address": ITEM})
    assert response.status_code == 302
    assert not Quote.objects.exists()
    form = stranger.get(response["Location"]).content.decode()
    assert f'value="{PART}" selected' in form
    assert 'value="750.00 CNY"' in form
    assert "sessionid" not in stranger.cookies


def test_a_challenge_that_the_bookmarklet_sends_is_said() -> None:
    response = Client().post("/sourcing/quotes/read/", {"page": CHALLENGE, "address": "https://www.cssbuy.com/"})
    assert response.status_code == 422
    assert "This is a challenge page" in response.content.decode()


def test_pages_are_read_for_a_network_some_times_an_hour(settings: Settings) -> None:
    settings.HTTPS_ONLY, settings.SECURE_SSL_REDIRECT = True, False

    def send(by: str) -> int:
        return Client().post("/sourcing/quotes/read/", {"page": ""}, headers={"X-Forwarded-For": by}).status_code

    # What a browser says of itself comes first; the proxy adds what it saw.
    assert {send(f"198.51.100.{number}, 203.0.113.1") for number in range(60)} == {422}
    assert send("198.51.100.99, 203.0.113.1") == 429
    assert send("203.0.113.2") == 422


def test_the_bookmarklet_is_a_text_to_copy_and_nothing_that_runs_here(client: Client) -> None:
    page = client.get("/sourcing/quotes/new/").content.decode()
    assert 'href="javascript:' not in page
    text = unquote(unescape(re.search(r'value="(javascript:[^"]+)"', page)[1]))  # type: ignore[index]
    assert '"http://testserver/sourcing/quotes/read/"' in text


def test_what_a_page_says_is_shown_as_text(client: Client) -> None:
    response = client.get("/sourcing/quotes/new/", {"price": '"><script>alert(1)</script>', "link": "<b>"})
    assert "<script>alert" not in response.content.decode()


def test_where_the_operator_allows_it_a_page_is_fetched(client: Client, demo: Demo, settings: Settings) -> None:
    settings.AGENT_PAGES_FETCHED = ["cssbuy"]
    settings.AGENT_URLS = {"cssbuy": demo.url}
    settings.AGENT_PAGES_SECONDS_APART = 0
    one = demo.market.state().agent_items[0]
    link = f"https://www.cssbuy.com/item-{one.good.id}.html"
    assert "Fetch the price from Cssbuy" in client.get("/sourcing/quotes/new/").content.decode()
    tell(client, fetch="cssbuy", link=link)
    quote = Quote.objects.get()
    assert (quote.price, quote.how, quote.agent) == (one.price, "fetched", "cssbuy")


def test_a_fetch_that_fails_says_why_and_the_link_stays(client: Client, demo: Demo, settings: Settings) -> None:
    settings.AGENT_PAGES_FETCHED = ["cssbuy"]
    settings.AGENT_URLS = {"cssbuy": demo.url}
    settings.AGENT_PAGES_SECONDS_APART = 0
    response = tell(client, fetch="cssbuy", link="https://www.cssbuy.com/item-799999999999.html")
    assert response.status_code == 422
    assert errors(response)
    assert "item-799999999999" in response.content.decode()


@pytest.mark.parametrize(
    ("declares", "encoding"),
    [("", "gbk"), ("<meta charset='gbk'>", "gbk"), ("", "utf-8"), ("<meta charset='gbk'>", "utf-8-sig")],
)
def test_a_saved_page_is_read_in_what_it_is_written_in(declares: str, encoding: str, client: Client) -> None:
    saved = PAGE.replace("<head>", f"<head>{declares}").replace("750.00", "750元").encode(encoding)
    assert tell(client, page_file=SimpleUploadedFile("item.html", saved)).status_code == 302
    assert Quote.objects.get().price == Decimal(750)
