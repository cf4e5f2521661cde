"""Pages of items that people have saved: one item with one price in yuan, or a sentence why not."""

import json
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.links import Item
from sourcing.marketplaces.agent_pages import ChallengePage, UnreadablePage, read_item_page
from sourcing.marketplaces.page_prices import read_price

LINK = "https://item.taobao.com/item.htm?id=700000000001"
CANONICAL = f"<link rel='canonical' href='{LINK}'>"


def page(head: str = "", body: str = "", title: str = "A module") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{CANONICAL}{head}</head><body>{body}</body></html>"


def product(**offers: object) -> str:
    data = {"@context": "https://schema.org", "@type": "Product", "name": "V100 模块", "offers": offers}
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def script(data: object) -> str:
    return f"<script>var g_config = {json.dumps(data)};\nrun();</script>"


@pytest.mark.parametrize(
    ("html", "price", "place"),
    [
        (page(product(price="430.50", priceCurrency="CNY")), "430.50", "linked-data"),
        (page(product(price=430, priceCurrency="RMB")), "430", "linked-data"),
        (
            page(
                "<meta property='product:price:amount' content='1680.00'>"
                "<meta property='product:price:currency' content='CNY'>"
            ),
            "1680",
            "meta",
        ),
        (
            page(body="<b itemprop='price' content='99.9'>99.9</b><i itemprop='priceCurrency' content='CNY'></i>"),
            "99.9",
            "meta",
        ),
        (
            page(script({"item": {"price": "2350.00", "freightPrice": "10", "originalPrice": "9999"}})),
            "2350",
            "embedded-data",
        ),
        (page("<script type='application/json'>{\"goodsPrice\": 66.6}</script>"), "66.60", "embedded-data"),
        (page(body="<span class='goods-price'>￥1,680.00</span>"), "1680", "visible"),
        (page(body="<span class='price'>1.6万元</span>"), "16000", "visible"),
        (page(body="<span class='price'>¥<em>430</em>.<em>00</em></span>"), None, ""),
        (page(body="<div id='price'>CNY 88</div><del class='price'>¥99</del>"), "88", "visible"),
        (page(body="<p class='freight'><span class='price'>¥10</span></p><p class='price'>¥430</p>"), "430", "visible"),
        (page(body="<ul class='recommend'><li class='price'>¥1</li></ul><p class='price'>¥430</p>"), "430", "visible"),
    ],
)
def test_a_price_is_read_where_the_page_states_one(html: str, price: str | None, place: str) -> None:
    if price is None:
        with pytest.raises(UnreadablePage, match="cannot be read as one price in yuan"):
            read_item_page(html)
        return
    read = read_item_page(html)
    assert (read.price, read.currency, read.place) == (Decimal(price), "CNY", place)
    assert read.item == Item("taobao", "700000000001")


@pytest.mark.parametrize(
    "html",
    [
        page(product(price="430", priceCurrency="USD")),
        page(product(price="430")),
        page(product(price="0", priceCurrency="CNY")),
        page(product(price="-430", priceCurrency="CNY")),
        page(product(price="NaN", priceCurrency="CNY")),
        page(body="<span class='price'>$430</span>"),
        page(body="<span class='price'>430</span>"),
        page(body="<span class='price'>¥0.00</span>"),
        page(body="<p>Somewhere stands ¥430.</p>"),
        page(script({"price": "430", "currency": "USD"})),
        page("<script>document.write('<span class=price>¥430</span>')</script>"),
        page("<!-- <b class='price'>¥430</b> -->"),
    ],
)
def test_what_is_no_price_in_yuan_needs_a_quote(html: str) -> None:
    with pytest.raises(UnreadablePage, match=r"price in yuan.*Type the price instead"):
        read_item_page(html)


@pytest.mark.parametrize(
    "html",
    [
        page(product(lowPrice="430", highPrice="2350", priceCurrency="CNY")),
        page(script({"skus": [{"price": "430"}, {"price": "2350"}]})),
        page(body="<b class='price'>¥430</b><b class='price'>¥2350</b>"),
    ],
)
def test_several_prices_are_a_choice_that_a_person_makes(html: str) -> None:
    with pytest.raises(UnreadablePage, match="several prices, from 430"):
        read_item_page(html)


@pytest.mark.parametrize(
    "html",
    [
        page(product(price="1980-2500", priceCurrency="CNY"), "<b class='price'>¥680</b>"),
        page(product(price="680", highPrice="from 1980", priceCurrency="CNY")),
        page(product(offers=[{"price": "680", "priceCurrency": "CNY"}, {"price": "1-2", "priceCurrency": "CNY"}])),
        page("<script type='application/ld+json'>{'price': 680}</script>", "<b class='price'>¥680</b>"),
        page("<meta name='product:price:amount' content='680-900'><meta name='product:price:currency' content='CNY'>"),
        page(script({"price": "680", "skus": [{"price": "1980~2500"}]})),
        page(script({"price": "680", **{f"k{number}": number for number in range(60_000)}})),
        page("<script>var a = " + json.dumps({"x": "y" * 1_000_001}) + "</script>" + script({"price": "680"})),
        page("<script>" + 'run({"a": 1});' * 101 + "</script>" + script({"price": "680"})),
        page(body="<p class='price'><i>¥</i><i>680</i><i>.00</i> - <i>¥1980</i></p><p class='item-price'>¥50</p>"),
        page(body="<div class='price'>¥680</div><div>起</div><div class='sku-price'>¥680</div>"),
        page(body="<div class='price'><b class='price'>¥680</b> - ¥1980</div>"),
        page(body="<b class='price'>¥680</b><i>~</i><b class='price'>¥680</b>"),
        page(body="<i>低至</i><b class='price'>¥680</b>"),
        page(body="<p class='price'>面议</p><p class='price'>¥50</p>"),
        page(body="<b class='price'>¥680</b>" * 41),
    ],
    ids=[str(number) for number in range(16)],
)
def test_a_price_that_cannot_be_read_keeps_another_from_passing_for_the_only_one(html: str) -> None:
    with pytest.raises(UnreadablePage, match=r"cannot be read as one price in yuan.*Type the price instead"):
        read_item_page(html)


def test_data_are_read_to_their_end() -> None:
    filler = {f"k{number}": number for number in range(5_000)}
    prices = {"price": "680.00", "filler": filler, "skus": [{"price": "680.00"}, {"price": "1980.00"}]}
    with pytest.raises(UnreadablePage, match="several prices, from 680"):
        read_item_page(page(script(prices)))


@pytest.mark.parametrize(
    "body",
    [
        "<b class='price'>¥430</b> <small class='price-usd'>≈ $60.20</small>",
        "<div class='price-box'><span class='price-label'>价格</span><b class='price'>¥430</b></div>",
        "<div class='price'>¥430 <del>¥990</del></div><p>30 sold</p>",
        "<p>2 - 3 days</p><b class='price'>¥430</b><p>包邮</p>",
    ],
)
def test_what_stands_around_one_price_does_not_hide_it(body: str) -> None:
    assert read_item_page(page(body=body)).price == 430


@pytest.mark.parametrize(
    "html",
    [
        page(product(price="199", priceCurrency="CNY", availability="https://schema.org/OutOfStock")),
        page(product(price="199", priceCurrency="CNY", availability="SoldOut")),
        page("<meta property='product:availability' content='out of stock'>", "<b class='price'>¥199</b>"),
        page("<link itemprop='availability' href='http://schema.org/SoldOut'>", "<b class='price'>¥199</b>"),
    ],
)
def test_what_the_page_calls_out_of_stock_has_no_price(html: str) -> None:
    with pytest.raises(UnreadablePage, match="no longer for sale"):
        read_item_page(html)


def test_one_of_several_offers_that_is_in_stock_can_be_had() -> None:
    offers = [
        {"price": "199", "priceCurrency": "CNY", "availability": "https://schema.org/InStock"},
        {"price": "199", "priceCurrency": "CNY", "availability": "https://schema.org/OutOfStock"},
    ]
    assert read_item_page(page(product(offers=offers))).price == 199


@pytest.mark.parametrize(
    "html",
    [
        page(body="<span class='price'>¥1.00</span>", title="Just a moment..."),
        page(body="<div class='cf-turnstile'></div><span class='price'>¥1.00</span>"),
        page(body="<span class='price'>¥1.00</span>", title="Attention Required! | Cloudflare"),
        page(body="<div id='nc_1_wrapper'></div><span class='price'>¥1.00</span>", title="验证码拦截"),
        page(product(price="1", priceCurrency="CNY"), title="Pardon Our Interruption"),
    ],
)
def test_a_challenge_is_called_one_and_has_no_price(html: str) -> None:
    with pytest.raises(ChallengePage, match="This is a challenge page, not an item"):
        read_item_page(html, LINK)


@pytest.mark.parametrize(
    "html",
    [
        page(body="<span class='price'>¥1</span>", title="登录"),
        page(body="<input type='password'><span class='price'>¥1</span>"),
    ],
)
def test_a_login_page_is_called_one(html: str) -> None:
    with pytest.raises(ChallengePage, match="This is a login page, not an item"):
        read_item_page(html)


def test_an_item_that_is_sold_out_has_no_price() -> None:
    with pytest.raises(UnreadablePage, match="no longer for sale"):
        read_item_page(page(product(price="430", priceCurrency="CNY"), "<strong>此商品已下架</strong>"))


def test_a_page_of_another_item_than_its_link_is_refused() -> None:
    with pytest.raises(UnreadablePage, match="of item 700000000002, but the page is of item 700000000001"):
        read_item_page(page(product(price="430", priceCurrency="CNY")), LINK.replace("0001", "0002"))


def test_taobao_and_tmall_have_one_series_of_ids() -> None:
    read = read_item_page(
        page(product(price="430", priceCurrency="CNY")), "https://detail.tmall.com/item.htm?id=700000000001"
    )
    assert read.item == Item("tmall", "700000000001")


def test_a_page_that_does_not_say_which_item_it_is_needs_its_link() -> None:
    html = page(product(price="430", priceCurrency="CNY")).replace(CANONICAL, "")
    with pytest.raises(UnreadablePage, match="does not say which item"):
        read_item_page(html)
    assert read_item_page(html, LINK).item == Item("taobao", "700000000001")
    saved = f"<!-- saved from url=(0048){LINK} -->{html}"
    assert read_item_page(saved).item == Item("taobao", "700000000001")


def test_a_title_is_plain_text_of_bounded_length() -> None:
    hostile = "<h1>&lt;script&gt;alert(1)&lt;/script&gt; \u202e" + "x" * 9_000 + "\x00</h1>"
    read = read_item_page(page(body=hostile + "<b class='price'>¥430</b>", title=""))
    assert read.title.startswith("<script>alert(1)</script> xxx")
    assert len(read.title) == 300


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("", "is empty"),
        ("   \n", "is empty"),
        ("x" * 4_000_001, "more than 4,000,000 characters"),
        ("<b>" * 200_000, "too many elements"),
        ("plain text", "does not say which item"),
        ("<" * 1_000, "does not say which item"),
        ("<div>" * 20_000, "does not say which item"),
        (CANONICAL + "<p class='price'>" * 20_000, "No price in yuan"),
        ("\x00\ud83d<![if", "does not say which item"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_page_of_an_item_is_refused_with_a_reason(html: str, why: str) -> None:
    with pytest.raises(UnreadablePage, match=why):
        read_item_page(html)


FLOODS = {
    "links": "<a href='" * 29_000,
    "comments": "<!--" * 29_000,
    "signs": "<" * 29_000,
    "names": "<a " * 29_000,
    "cdata": "<![CDATA[" * 29_000,
    "instructions": "<?" * 29_000,
    "ends": "</a " * 29_000,
    "deep": "<div>" * 29_000,
    "prices": "<p class='price'>" * 29_000,
    "script": "<script>" + "{" * 3_900_000,
    "data": "<script>" + '={"a":1,"b":"={' * 60_000,
    "linked": "<script type='application/ld+json'>{\"@type\":" + "[" * 600 + "]" * 600 + "}</script>",
    "attribute": '<a href="' + "a" * 3_900_000,
    "attributes": "<a " + "x=y " * 900_000 + ">",
    "classes": "<p class='" + "a- " * 1_200_000 + "'>",
    "entities": "&a" * 1_900_000,
}


@pytest.mark.parametrize("flood", FLOODS)
def test_no_page_takes_long_to_refuse(flood: str) -> None:
    before = process_time()
    with pytest.raises(UnreadablePage):
        read_item_page(FLOODS[flood], LINK)
    # Some tenths of a second; what grows with the square takes minutes.
    assert process_time() - before < 5


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<b class='price'>", "¥", "430", "</b>", "<script>", "var a = {", '"price": ', "}", "</script>"),
                *("<!--", "元", "<script type='application/ld+json'>", "[[[[", "'>", "万", "-"),
                "<meta property='og:price:amount' content='",
            ]
        )
        | st.text(max_size=8),
        max_size=25,
    )
)
def test_no_page_does_more_than_be_refused(pieces: list[str]) -> None:
    try:
        read = read_item_page("".join(pieces), LINK)
    except UnreadablePage:
        return
    assert read.price > 0


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("￥1,680.00", "1680.00"),
        ("¥ 430", "430"),
        ("1.6万元", "16000"),
        ("￥1.6万", "16000"),
        ("CNY 88.5", "88.5"),
        ("1,699元", "1699"),
        ("价格：¥99", "99"),
        ("４３０元", "430"),
        ("CN¥12", "12"),
    ],
)
def test_prices_in_yuan_as_they_are_written(text: str, amount: str) -> None:
    money = read_price(text)
    assert money is not None
    assert (money.amount, money.currency) == (Decimal(amount), "CNY")


@pytest.mark.parametrize(
    "text",
    [
        "1.6万",
        "430",
        "$289.99 (lot of 2)",
        "1.234,56 €",
        "¥430-2350",
        "¥430 ¥500",
        "¥1,68",
        "¥",
        "",
        "¥-5",
        "¥0",
        "￥12.345.6",
    ],
)
def test_what_is_not_one_price_in_yuan_is_none(text: str) -> None:
    assert read_price(text) is None
