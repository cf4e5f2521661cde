"""Pasted marketplace links: the item comes back from any known form, and nothing else gets through."""

import re
import time
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sourcing.links import LONGEST, MARKETS, Item, UnreadableLink, agent_links, canonical, find_item

ID = "612345678901"
TAOBAO = f"https://item.taobao.com/item.htm?id={ID}"
TMALL = f"https://detail.tmall.com/item.htm?id={ID}"
ALI1688 = f"https://detail.1688.com/offer/{ID}.html"
WEIDIAN = f"https://weidian.com/item.html?itemID={ID}"


def _encoded(text: str, times: int) -> str:
    for _ in range(times):
        text = quote(text, safe="")
    return text


@pytest.mark.parametrize(
    ("pasted", "market"),
    [
        (TAOBAO, "taobao"),
        (f"http://item.taobao.com/item.htm?id={ID}", "taobao"),
        (f"//item.taobao.com/item.htm?id={ID}", "taobao"),
        (f"https://item.taobao.com/item.htm?spm=a21n57.1.0.0.2f&id={ID}&ns=1&abbucket=12#detail", "taobao"),
        (f"https://item.taobao.com/item.htm?spm=a21n57&amp;id={ID}&amp;ns=1", "taobao"),
        (f"https://item.taobao.com/item.htm?itemId={ID}", "taobao"),
        (f"https://item.taobao.com/item.htm?item_id={ID}", "taobao"),
        (f"https://item.taobao.com/item.htm?ID={ID}", "taobao"),
        (f"https://item.taobao.com/item.htm?id={ID}&id={ID}", "taobao"),
        (f"https://world.taobao.com/item/{ID}.htm", "taobao"),
        (f"https://world.taobao.com/item/{ID}.htm?spm=a312a.7700824", "taobao"),
        (f"https://world.taobao.com/item.htm?id={ID}", "taobao"),
        (f"https://m.intl.taobao.com/detail/detail.html?id={ID}", "taobao"),
        (f"https://h5.m.taobao.com/awp/core/detail.htm?id={ID}", "taobao"),
        (f"https://a.m.taobao.com/i{ID}.htm", "taobao"),
        (TMALL, "tmall"),
        (f"https://detail.m.tmall.com/item.htm?id={ID}", "tmall"),
        (f"https://detail.tmall.hk/hk/item.htm?id={ID}&skuId=5012345678901", "tmall"),
        (ALI1688, "ali1688"),
        (f"https://m.1688.com/offer/{ID}.html", "ali1688"),
        (f"https://m.1688.com/offer/{ID}.html?spm=a26g8&offerId=99999", "ali1688"),
        (f"https://detail.m.1688.com/page/index.html?offerId={ID}", "ali1688"),
        (WEIDIAN, "weidian"),
        (f"https://weidian.com/item.html?itemId={ID}", "weidian"),
        (f"https://weidian.com/?itemID={ID}&wfr=c", "weidian"),
        (f"https://www.weidian.com/item.html?itemID={ID}", "weidian"),
        (f"https://shop1234567.v.weidian.com/item.html?itemID={ID}", "weidian"),
        (f"https://weidian.koudai.com/item.html?itemID={ID}", "weidian"),
        (f"https://k.youshop10.com/item.html?itemID={ID}", "weidian"),
    ],
)
def test_a_marketplaces_own_links_are_read(pasted: str, market: str) -> None:
    assert find_item(pasted) == Item(market, ID)


@pytest.mark.parametrize(
    ("pasted", "market"),
    [
        (f"https://www.superbuy.com/en/page/buy/?url={_encoded(TAOBAO, 1)}", "taobao"),
        (f"https://www.superbuy.com/en/page/buy?from=search-input&url={_encoded(TMALL, 1)}", "tmall"),
        (
            f"https://www.superbuy.com/en/page/buy?nTag=Home-search&from=search-input&url={_encoded(ALI1688, 1)}",
            "ali1688",
        ),
        (f"https://m.superbuy.com/cn/page/buy?goodUrl={_encoded(WEIDIAN, 1)}&nTag=x", "weidian"),
        (f"https://www.superbuy.com/en/page/buy/?url={quote(TAOBAO)}", "taobao"),
        (f"https://www.superbuy.com/en/page/buy/?url={quote(quote(TAOBAO))}", "taobao"),
        (f"https://www.superbuy.com/en/page/buy/?url={TAOBAO}", "taobao"),
        (
            f"https://www.superbuy.com/en/page/buy/?url=https://item.taobao.com/item.htm?spm=a.1&id={ID}&from=x",
            "taobao",
        ),
        (f"https://www.superbuy.com/en/page/buy/?url=item.taobao.com%2Fitem.htm%3Fid%3D{ID}", "taobao"),
        (f"https://www.cssbuy.com/item-{ID}.html", "taobao"),
        (f"https://www.cssbuy.com/item-taobao-{ID}.html", "taobao"),
        (f"https://www.cssbuy.com/item-tmall-{ID}.html", "tmall"),
        (f"https://www.cssbuy.com/item-1688-{ID}.html?promotionCode=abc", "ali1688"),
        (f"https://m.cssbuy.com/item-micro-{ID}.html", "weidian"),
        (f"https://www.cssbuy.com/shop/goodsDetail?type=taobao&id={ID}", "taobao"),
        (f"https://www.cssbuy.com/shop/goodsDetail?id={ID}&type=1688", "ali1688"),
        (f"https://www.cssbuy.com/shop/goodsDetail/?type=micro&id={ID}", "weidian"),
        (f"https://www.basetao.com/products/agent/taobao/{ID}.html", "taobao"),
        (f"https://www.basetao.com/products/agent/tmall/{ID}.html", "tmall"),
        (f"https://www.basetao.com/best-taobao-agent-service/products/agent/1688/{ID}.html", "ali1688"),
        (f"https://basetao.com/best-taobao-agent-service/products/agent/weidian/{ID}.html", "weidian"),
        (f"https://www.pandabuy.com/product?ra=1&url={_encoded(TAOBAO, 1)}&utm=x", "taobao"),
    ],
)
def test_an_agents_links_are_read(pasted: str, market: str) -> None:
    assert find_item(pasted) == Item(market, ID)


@pytest.mark.parametrize(
    "pasted",
    [
        f"item.taobao.com/item.htm?id={ID}",
        f"  {TAOBAO}\r\n",
        f"HTTPS://ITEM.TAOBAO.COM/item.htm?id={ID}",
        f"【淘宝】7天无理由退货 {TAOBAO} 点击链接直接打开",
        f"【淘宝】{TAOBAO}点击链接",
        f"7.87 CZ3457 「V100 SXM2 16G」 item.taobao.com/item.htm?id={ID} 点击链接",
        f"CZ0001{TAOBAO} Tmall",
        f"来自taobao.com，{TAOBAO}",
        f"我在淘宝发现了 taobao.com 的宝贝 {TAOBAO}",
        f"{TAOBAO}，快来看",
        f"{TAOBAO}。",
        f"（{TAOBAO}）",
        f"({TAOBAO}).",
        f"<{TAOBAO}>",
        f'"{TAOBAO}",',
        f"'{TAOBAO}'",
        f"[the cards]({TAOBAO})",
        f"[{TAOBAO}]({TAOBAO})",
        f"**{TAOBAO}**",
        f'<a href="{TAOBAO}">V100</a>',
        f"链接:{TAOBAO}!",
        f"\ufeff{TAOBAO}\u200b",
        f"\u202a{TAOBAO}\u202c",
        f"{TAOBAO}\x00",
        f"{TAOBAO} {WEIDIAN}",
        f"view-source:{TAOBAO}",
    ],
)
def test_the_address_is_found_in_what_surrounds_it(pasted: str) -> None:
    assert find_item(pasted) == Item("taobao", ID)


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("", "Nothing was pasted"),
        (" \n\t\u3000", "Nothing was pasted"),
        (TAOBAO + "&x=" + "a" * LONGEST, "more than 4,000 characters"),
        ("V100 SXM2 16 GB", "not a web address"),
        (ID, "not a web address"),
        ("7.87 CZ3457 「V100」", "not a web address"),
        ("https://", "no host"),
        ("https:///item.htm?id=612345678901", "no host"),
        ("https://?id=612345678901", "no host"),
        (f"ftp://item.taobao.com/item.htm?id={ID}", "http:// or https://"),
        (f"javascript://item.taobao.com/%0aalert(1)?id={ID}", "http:// or https://"),
        (f"taobao://item.taobao.com/item.htm?id={ID}", "http:// or https://"),
        ("https://www.ebay.com/itm/285343403103", "www.ebay.com is not a host that is read"),
        ("www.aliexpress.com/item/1005001234567890.html", "www.aliexpress.com is not a host that is read"),
        (f"https://www.wegobuy.com/en/page/buy?url={_encoded(TAOBAO, 1)}", "www.wegobuy.com is not a host"),
        (f"https://evil.com/?url={TAOBAO}", "evil.com is not a host that is read"),
        (f"https://taobao.com.evil.com/item.htm?id={ID}", "taobao.com.evil.com is not a host that is read"),
        (f"https://evil-taobao.com/item.htm?id={ID}", "evil-taobao.com is not a host that is read"),
        (f"https://eviltaobao.com/item.htm?id={ID}", "eviltaobao.com is not a host that is read"),
        (f"https://item.taobao.co/item.htm?id={ID}", "item.taobao.co is not a host that is read"),
        (f"https://xn--tobao-6ve.com/item.htm?id={ID}", "xn--tobao-6ve.com is not a host that is read"),
        (f"https://xn--item-6ve.taobao.com/item.htm?id={ID}", "xn--item-6ve.taobao.com is not a host that is read"),
        (f"https://item.t\u0430obao.com/item.htm?id={ID}", "not plain Latin"),  # a Cyrillic a
        (f"https://\u0456tem.taobao.com/item.htm?id={ID}", "not plain Latin"),  # a Ukrainian i
        (f"\u0456tem.taobao.com/item.htm?id={ID}", "not a web address"),
        (f"https://item。taobao.com/item.htm?id={ID}", "not plain Latin"),
        (f"https://ｉtem.taobao.com/item.htm?id={ID}", "not plain Latin"),
        (f"https://evil.com／item.taobao.com/item.htm?id={ID}", "not plain Latin"),
        (f"https://item.taobao\u200b.com/item.htm?id={ID}", "not plain Latin"),
        (f"https://item.taobao.com@evil.com/item.htm?id={ID}", "leads to evil.com"),
        (f"https://item.taobao.com:443@evil.com/item.htm?id={ID}", "leads to evil.com"),
        (f"item.taobao.com@evil.com/item.htm?id={ID}", "leads to evil.com"),
        (f"https://me:secret@item.taobao.com/item.htm?id={ID}", "is a user name"),
        (f"https://item.taobao.com%2f@evil.com/item.htm?id={ID}", "leads to evil.com"),
        (f"https://item.taobao.com:443/item.htm?id={ID}", "has a port"),
        (f"https://item.taobao.com:/item.htm?id={ID}", "has a port"),
        (f"https://[::1]/item.htm?id={ID}", "is not a host that is read"),
        (f"https://127.0.0.1/item.htm?id={ID}", "127.0.0.1 is not a host that is read"),
        (f"https://item.taobao.com%2eevil.com/item.htm?id={ID}", "is not a host that is read"),
        (f"https://item_x.taobao.com/item.htm?id={ID}", "is not a host that is read"),
        (f"https://evil.com\\.taobao.com/item.htm?id={ID}", "backslash"),
        (f"https://item.taobao.com\\item.htm?id={ID}", "backslash"),
        (f"https:\\\\item.taobao.com\\item.htm?id={ID}", "backslash"),
        (f"https://item.tao\x00bao.com/item.htm?id={ID}", "is not a host that is read"),
        ("https://item.taobao.com/item.htm?id=612345\x006789", "invisible character"),
        ("https://item.taobao.com/item.htm?id=612345\u202e6789", "invisible character"),
        ("https://item.taobao.com/item.htm?id=612345\u200b6789", "invisible character"),
        ("https://item.taobao.com/item.htm?id=612345６７８９", "not plain 0 to 9"),
        ("https://item.taobao.com/item.htm?id=６１２３４５６", "not plain 0 to 9"),
        ("https://item.taobao.com/item.htm?id=%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5", "must be 5 to 20 digits"),
        ("https://m.tb.cn/h.5abcDEF?tk=abc", "m.tb.cn makes short links"),
        ("【淘宝】https://m.tb.cn/h.5abcDEF CZ0001 「V100」点击链接直接打开", "nothing is fetched"),
        ("https://e.tb.cn/h.5abcDEF", "paste the address it leads to"),
        ("https://qr.1688.com/s/AbCd1234", "qr.1688.com makes short links"),
        ("https://v.douyin.com/AbCd1234/", "open it in a browser"),
        (f"https://www.superbuy.me/en/page/buy/?url={_encoded(TAOBAO, 1)}", "do not use it"),
        (f"superbuy.me/item?id={ID}", "not known to be Superbuy's own address"),
        ("https://item.taobao.com", "names no item"),
        ("taobao.com", "names no item"),
        ("https://item.taobao.com/item.htm", "names no item"),
        ("https://item.taobao.com/item.htm?id=", "names no item"),
        ("https://shop123456.taobao.com/category.htm", "names no item"),
        ("https://detail.1688.com/offer/.html", "names no item"),
        ("https://weidian.com/?userid=1234567", "names no item"),
        ("https://www.superbuy.com/en/page/buy/", "names no item"),
        ("https://www.cssbuy.com/help-81.html", "names no item"),
        ("https://www.basetao.com/", "names no item"),
        ("https://www.pandabuy.com/product", "names no item"),
        ("https://item.taobao.com/item.htm?id=1234", "must be 5 to 20 digits"),
        ("https://item.taobao.com/item.htm?id=" + "1" * 21, "must be 5 to 20 digits"),
        ("https://item.taobao.com/item.htm?id=61234567890a", "must be 5 to 20 digits"),
        ("https://item.taobao.com/item.htm?id=-61234567890", "must be 5 to 20 digits"),
        ("https://weidian.com/item.html?itemID=<script>", "names no item"),
        ("https://weidian.com/item.html?itemID=%3Cscript%3E", "must be 5 to 20 digits"),
        ("https://detail.1688.com/offer/1234.html", "must be 5 to 20 digits"),
        ("https://item.taobao.com/item.htm?id=612345678901&id=612345678902", "more than once"),
        (f"https://www.cssbuy.com/shop/goodsDetail?type=ebay&id={ID}", "does not say which market"),
        ("https://www.superbuy.com/en/page/buy/?url=https%3A%2F%2Fevil.com%2Fitem.htm%3Fid%3D612345678901", "evil.com"),
        (
            f"https://www.superbuy.com/en/page/buy/?url={_encoded('https://item.taobao.com@evil.com/?id=' + ID, 3)}",
            "leads to evil.com",
        ),
        ("https://www.superbuy.com/en/page/buy/?url=https%3A%2F%2Fm.tb.cn%2Fh.5abc", "short links"),
        (f"https://www.superbuy.com/buy?url=https%3A%2F%2Fwww.cssbuy.com%2Fitem-{ID}.html", "An agent's link inside"),
        (_encoded(TAOBAO, 1), "not a web address"),
        (f"https://www.superbuy.com/en/page/buy/?url={_encoded(TAOBAO, 4)}", "not a web address"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(pasted: str, says: str) -> None:
    with pytest.raises(UnreadableLink, match=re.escape(says)):
        find_item(pasted)


def test_an_unknown_host_is_answered_with_what_can_be_read() -> None:
    with pytest.raises(UnreadableLink) as refused:
        find_item("https://www.ebay.com/itm/1")
    assert str(refused.value) == (
        "www.ebay.com is not a host that is read. Links to items on Taobao, Tmall, 1688 and Weidian can be read, "
        "and links of Superbuy, CSSBuy, Basetao and PandaBuy."
    )


def test_a_long_host_is_shown_by_its_end() -> None:
    with pytest.raises(UnreadableLink) as refused:
        find_item(f"https://item.taobao.com.{'a.' * 500}evil.com/item.htm?id={ID}")
    shown = str(refused.value).partition(" is not")[0]
    assert len(shown) == 60
    assert shown.startswith("…")
    assert shown.endswith(".evil.com")


def test_taobao_and_tmall_share_one_series_of_ids() -> None:
    assert Item("taobao", ID).key == Item("tmall", ID).key
    keys = {Item(market, ID).key for market in MARKETS}
    assert len(keys) == 3


def test_markets_are_named_as_people_know_them() -> None:
    names = [Item(market, ID).market_name for market in ("taobao", "tmall", "ali1688", "weidian")]
    assert names == ["Taobao", "Tmall", "1688", "Weidian"]


@pytest.mark.parametrize(
    ("market", "number"),
    [("ebay", ID), ("", ID), ("taobao", ""), ("taobao", "1234"), ("taobao", "1" * 21), ("taobao", "１２３４５６"),
     ("taobao", "123456\n"), ("taobao", "12345&x=1")],
)  # fmt: skip
def test_an_item_cannot_be_made_of_anything_else(market: str, number: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        Item(market, number)


def test_the_canonical_addresses_are_the_markets_own() -> None:
    assert [canonical(Item(market, ID)) for market in MARKETS] == [TAOBAO, TMALL, ALI1688, WEIDIAN]


def test_the_agents_links_have_the_known_forms() -> None:
    links = {link.agent: link for link in agent_links(Item("taobao", ID))}
    assert list(links) == ["superbuy", "cssbuy", "basetao"]
    assert links["superbuy"].href == (
        f"https://www.superbuy.com/en/page/buy/?url=https%3A%2F%2Fitem.taobao.com%2Fitem.htm%3Fid%3D{ID}"
    )
    assert links["cssbuy"].href == f"https://www.cssbuy.com/item-{ID}.html"
    assert links["basetao"].href == (
        f"https://www.basetao.com/best-taobao-agent-service/products/agent/taobao/{ID}.html"
    )


@pytest.mark.parametrize(("market", "infix"), [("tmall", "tmall-"), ("ali1688", "1688-"), ("weidian", "micro-")])
def test_cssbuy_names_the_market_in_its_path(market: str, infix: str) -> None:
    links = {link.agent: link.href for link in agent_links(Item(market, ID))}
    assert links["cssbuy"] == f"https://www.cssbuy.com/item-{infix}{ID}.html"


def test_what_is_a_guess_says_so() -> None:
    unsure = {(item, link.agent) for item in MARKETS for link in agent_links(Item(item, ID)) if not link.sure}
    assert unsure == {(market, "basetao") for market in MARKETS} | {("tmall", "cssbuy")}
    assert all(link.note for market in MARKETS for link in agent_links(Item(market, ID)) if not link.sure)


_items = st.builds(Item, st.sampled_from(sorted(MARKETS)), st.from_regex(r"[0-9]{5,20}", fullmatch=True))


@given(_items)
def test_every_item_comes_back_from_its_own_address(item: Item) -> None:
    assert find_item(canonical(item)) == item


@given(_items)
def test_every_item_comes_back_from_every_agents_link(item: Item) -> None:
    for link in agent_links(item):
        assert find_item(link.href).key == item.key


@given(_items)
def test_links_are_built_on_fixed_hosts_only(item: Item) -> None:
    hosts = {urlsplit(link.href).netloc for link in agent_links(item)}
    assert hosts == {"www.superbuy.com", "www.cssbuy.com", "www.basetao.com"}
    assert all(link.href.startswith("https://") and "panda" not in link.href for link in agent_links(item))


@given(_items, st.integers(1, 3), st.sampled_from(["url", "goodUrl"]), st.sampled_from(["superbuy", "pandabuy"]))
def test_a_nested_address_may_be_encoded_up_to_three_times(item: Item, times: int, name: str, agent: str) -> None:
    assert find_item(f"https://www.{agent}.com/buy?{name}={_encoded(canonical(item), times)}") == item


@given(_items, st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)), st.sampled_from("，。！？）】」 \n"))
def test_chinese_text_around_an_address_does_no_harm(item: Item, words: str, mark: str) -> None:
    assert find_item(f"【{words}】{canonical(item)}{mark}{words}") == item


_pieces = st.sampled_from(
    [
        "https://", "http:", "//", "/", "\\", "@", ":", "?", "&", "#", "%", "%25", "%2F", "%00", "=", ".", " ", "\n",
        "\0", "item.taobao.com", "detail.tmall.com", "1688.com", "weidian.com", "www.superbuy.com/buy?",
        "cssbuy.com/item-",
        "basetao.com/products/agent/", "m.tb.cn", "superbuy.me", "evil.com", "xn--", "url=", "id=", "itemID=", "offer/",
        ".html", "12345", "678901", "６", "\u0430", "\u202e", "\u200b", "[", "]", "\ud800", "点",
    ]
)  # fmt: skip
_hostile = st.one_of(st.text(), st.lists(_pieces, max_size=30).map("".join))


@given(_hostile)
@example("https://[")
@example("https://item.taobao.com/item.htm?id=12345\ud800")
@example("https://\ud800.com/")
def test_any_text_is_read_or_refused(text: str) -> None:
    answer = _read_or_refused(text)
    if isinstance(answer, Item):
        assert answer.market in MARKETS
        assert re.fullmatch("[0-9]{5,20}", answer.id)
    else:
        # It is shown on a page: no control characters and no lone surrogates, whatever was pasted.
        assert answer.isprintable()
        assert 0 < len(answer) < 400


def _read_or_refused(text: str) -> Item | str:
    try:
        return find_item(text)
    except UnreadableLink as refused:
        return str(refused)


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "a-", "1.a", "https", "https:/", "a://", "://", "a.aa ", "a.aa@", "%25", "&id=", "&url=", "&amp;", "@",
     "\u200b", "点", "/offer/", "a.bc/", "item.taobao.com ", "url=http://", "\\", "%"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "https://", "https://www.superbuy.com/buy?url=", "https://item.taobao.com/i"])
def test_no_text_takes_long(before: str, piece: str) -> None:
    text = (before + piece * LONGEST)[:LONGEST]
    begun = time.process_time()
    with pytest.raises(UnreadableLink):
        find_item(text)
    assert time.process_time() - begun < 0.2
