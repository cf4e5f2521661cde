"""Reading the page of an item that a person has saved or pasted: which item it is, and what it costs.

A page is hostile text. It is parsed, never run, and a price is only taken from where a page states one price for the
item. What is not plain is refused with a sentence, and then the person types the price.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

from bs4 import BeautifulSoup, Tag

from sourcing.links import LONGEST, Item, UnreadableLink, find_item
from sourcing.marketplaces.offers import clean_text
from sourcing.marketplaces.page_data import embedded, linked_data
from sourcing.marketplaces.page_prices import Money, read_price

MOST_CHARACTERS = 4_000_000
"""Of a page; an item page of Taobao, saved with all its data, has about one million."""
ASK_FOR_QUOTE = "Type the price instead."
Place = Literal["linked-data", "meta", "embedded-data", "visible"]

_MOST_TAGS = 30_000
_MOST_VISIBLE = 40
_SAVED_FROM = re.compile(r"saved from url=\(\d{1,6}\)(\S{1,2000})")
_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required|verif(?:y|ying) you|are you (?:a )?human|pardon our interruption|access denied"
    r"|security check|captcha|滑动验证|验证码|安全验证|访问验证|人机验证",
    re.IGNORECASE,
)
_CHALLENGE_MARKS = (
    "cf-turnstile",
    "cf-challenge",
    "challenge-form",
    "challenge-platform",
    "g-recaptcha",
    "h-captcha",
    "nc_1_wrapper",
    "captcha_form",
    "baxia-dialog",
    "x5secdata",
)
_LOGIN_TITLE = re.compile(r"^\s*(?:log ?in|sign ?in|登录|用户登录|会员登录)|(?:login|登录)\s*$", re.IGNORECASE)
_ENDED = re.compile(
    r"(?:商品|宝贝)(?:已|已经)?(?:下架|不存在|失效)|已售罄|此商品已|卖光了|该商品已"
    r"|item (?:is )?no longer available|sold out",
    re.IGNORECASE,
)
_PRICE_NAME = re.compile(
    r"(?:^|[-_])(?:price|jiage|tm-price|tb-rmb-num)(?:$|[-_])|^(?:goods|item|sale|real)?price$", re.IGNORECASE
)
# A price for something else than the item, or one that it no longer has.
_NOT_THE_PRICE = re.compile(
    r"(?:^|[-_])(?:freight|ship|deliver|postage|fee|orig|old|market|list|was|del|before|related|recommend|similar|coupon)"
    r"|[-_](?:list|related|recommended)$",
    re.IGNORECASE,
)


class UnreadablePage(ValueError):
    """The page gives no item with one price; the message is for the person who pasted it."""


class ChallengePage(UnreadablePage):
    """The page wants to see a person, or a login, in place of the item."""


@dataclass(frozen=True, slots=True)
class PageItem:
    """An item as its page states it: ``price`` for one piece in ``currency``, and where on the page it stands."""

    item: Item
    title: str
    price: Decimal
    currency: str
    place: Place


def read_item_page(page: str, address: str = "") -> PageItem:
    """The item and its price on a page of Taobao, Tmall, 1688, Weidian, Superbuy, CSSBuy or Basetao.

    ``address`` is where the page was, if that is known; a page of another item is then refused.

    Raises:
        ChallengePage: for a challenge or a login page, which never has a price.
        UnreadablePage: for a page without an item, without a price, or with several.
    """
    if len(page) > MOST_CHARACTERS:
        raise UnreadablePage(f"The page has more than {MOST_CHARACTERS:,} characters. {ASK_FOR_QUOTE}")
    if not page.strip():
        raise UnreadablePage("The page is empty. Save it from the browser once it shows the price, and try again.")
    soup = _parsed(page)
    _refuse_challenge(soup, page)
    title = _title(soup)
    if _ENDED.search(title) or any(_ENDED.search(text) for text in _headings(soup)):
        raise UnreadablePage("The page says that the item is no longer for sale.")
    item = _item(soup, page, address)
    price, place = _price(soup, item)
    return PageItem(item, title, price.amount, price.currency, place)


def _parsed(page: str) -> BeautifulSoup:
    # Tags cost far more than text: a page of nothing but tags is none of an item.
    if page.count("<") > _MOST_TAGS * 2:
        raise UnreadablePage(f"The page has too many elements to be an item's. {ASK_FOR_QUOTE}")
    try:
        return BeautifulSoup(page, "html.parser")
    except (RecursionError, ValueError, AssertionError):
        raise UnreadablePage(f"This is not a web page that can be read. {ASK_FOR_QUOTE}") from None


def refuse_challenge(page: str) -> None:
    """Raises ChallengePage for a page that wants to see a person or a login, and passes every other."""
    if len(page) <= MOST_CHARACTERS and page.count("<") <= _MOST_TAGS:
        _refuse_challenge(_parsed(page), page)


def _refuse_challenge(soup: BeautifulSoup, page: str) -> None:
    title = clean_text(soup.title.get_text()) if soup.title else ""
    marks = {value for tag in soup.find_all(True, limit=_MOST_TAGS) for value in _names(tag)}
    # Many pages of items load a captcha's program for later: a mark counts on a small page only.
    marked = len(page) < 60_000 and any(mark in value for mark in _CHALLENGE_MARKS for value in marks)
    if _CHALLENGE_TITLE.search(title) or marked:
        raise ChallengePage(
            "This is a challenge page, not an item: the site wants to see a person first. Open the item in a browser, "
            "wait until it shows the price, and save that page; or type the price."
        )
    if _LOGIN_TITLE.search(title) or (len(page) < 60_000 and soup.find("input", attrs={"type": "password"})):
        raise ChallengePage(
            "This is a login page, not an item. Log in, open the item, and save that page; or type the price."
        )


def _title(soup: BeautifulSoup) -> str:
    for data in linked_data(soup):
        if isinstance(name := data.get("name"), str) and clean_text(name):
            return clean_text(name)
    named = _meta(soup, "og:title") or (soup.h1.get_text(" ") if soup.h1 else "")
    return clean_text(named or (soup.title.get_text(" ") if soup.title else ""))


def _headings(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(["h1", "h2", "h3", "strong", "p"], limit=60):
        text = clean_text(_first_text(tag), 80)
        if len(text) <= 40:
            yield text


def _item(soup: BeautifulSoup, page: str, address: str) -> Item:
    """The item that the page says it is of. Raises UnreadablePage where it says none, or another than its address."""
    stated = _first_item(_own_addresses(soup, page))
    if not address.strip():
        if stated is None:
            raise UnreadablePage("The page does not say which item it is. Paste the item's link along with it.")
        return stated
    try:
        asked = find_item(address)
    except UnreadableLink as reason:
        raise UnreadablePage(str(reason)) from None
    if stated is not None and stated.key != asked.key:
        raise UnreadablePage(f"The link is of item {asked.id}, but the page is of item {stated.id}.")
    return asked


def _own_addresses(soup: BeautifulSoup, page: str) -> Iterator[str]:
    """Where the page says that it is at, the surest first."""
    if saved := _SAVED_FROM.search(page[:5_000]):
        yield saved[1]
    for tag in soup.find_all("link", rel="canonical", limit=3):
        yield _attribute(tag, "href")
    yield _meta(soup, "og:url")
    for data in linked_data(soup):
        offers = data.get("offers")
        yield from (str(one.get("url", "")) for one in (data, offers) if isinstance(one, Mapping))
    for found in embedded(soup):
        yield from (value for name, value in found.texts if name.lower() in ("goodsurl", "itemurl", "url", "detailurl"))


def _first_item(addresses: Iterator[str]) -> Item | None:
    for address in addresses:
        if 0 < len(address) <= LONGEST:
            try:
                return find_item(address)
            except UnreadableLink:
                continue
    return None


def _price(soup: BeautifulSoup, item: Item) -> tuple[Money, Place]:
    """The one price of the first place that states any. Raises UnreadablePage."""
    places: tuple[tuple[Place, list[Money]], ...] = (
        ("linked-data", _linked_prices(soup)),
        ("meta", _meta_prices(soup)),
        ("embedded-data", _embedded_prices(soup)),
        ("visible", _visible_prices(soup)),
    )
    for place, prices in places:
        if len(set(prices)) == 1:
            return prices[0], place
        if prices:
            amounts = sorted(one.amount for one in prices)
            raise UnreadablePage(
                f"The page states several prices, from {amounts[0]} to {amounts[-1]}: the item has choices. "
                f"Type the price of the one you mean."
            )
    raise UnreadablePage(f"No price in yuan can be read on the page of item {item.id}. {ASK_FOR_QUOTE}")


def _linked_prices(soup: BeautifulSoup) -> list[Money]:
    found = []
    for data in linked_data(soup):
        offers = data.get("offers")
        for offer in offers if isinstance(offers, list) else [offers]:
            if isinstance(offer, Mapping):
                stated = [offer.get(name) for name in ("price", "lowPrice", "highPrice")]
                found += [_money(one, offer.get("priceCurrency")) for one in stated if one is not None]
    return [one for one in found if one is not None]


def _meta_prices(soup: BeautifulSoup) -> list[Money]:
    found = []
    for prefix in ("product:price", "og:price"):
        found.append(_money(_meta(soup, f"{prefix}:amount"), _meta(soup, f"{prefix}:currency")))
    for tag in soup.find_all(itemprop="price", limit=_MOST_VISIBLE):
        beside = soup.find(itemprop="priceCurrency")
        currency = (_attribute(beside, "content") or beside.get_text()) if isinstance(beside, Tag) else ""
        found.append(_money(_attribute(tag, "content") or tag.get_text(), currency))
    return [one for one in found if one is not None]


def _embedded_prices(soup: BeautifulSoup) -> list[Money]:
    found = []
    for data in embedded(soup):
        currency = next((value for name, value in data.texts if name.lower() in ("currency", "pricecurrency")), "")
        for name, value in data.texts:
            if _PRICE_NAME.search(name) and not _NOT_THE_PRICE.search(name):
                # Data of Chinese shops are in yuan unless they say otherwise.
                found.append(_money(value, currency or "CNY"))
    return [one for one in found if one is not None]


def _visible_prices(soup: BeautifulSoup) -> list[Money]:
    # The text of an element is that of all inside it: few are looked at, however deep a page is nested.
    candidates = islice((tag for tag in soup.find_all(True, limit=_MOST_TAGS) if _is_price(tag)), _MOST_VISIBLE)
    texts = (clean_text(_first_text(tag), 60) for tag in candidates)
    return [price for text in texts if (price := read_price(text)) is not None]


def _is_price(tag: Tag) -> bool:
    names = _names(tag)
    if tag.name in ("script", "style", "template", "del", "s") or not any(_PRICE_NAME.search(name) for name in names):
        return False
    # Not inside a list of other goods, of freight, or of prices that were.
    around = (name for parent in islice(tag.parents, 6) for name in _names(parent))
    return not any(_NOT_THE_PRICE.search(name) for name in (*names, *around))


def _first_text(tag: Tag) -> str:
    """The first pieces of text in an element: more than a price or a short sentence has."""
    return " ".join(islice(tag.stripped_strings, 12))


def _money(stated: object, currency: object) -> Money | None:
    """A price whose currency is stated beside it; yuan only, since that is what these shops take."""
    if isinstance(stated, bool) or not isinstance(stated, str | int | float | Decimal):
        return None
    code = currency.strip().upper() if isinstance(currency, str) else ""
    if code not in ("CNY", "RMB", "CN¥", "¥", "￥"):
        return None
    return read_price(f"{stated} CNY" if "元" not in str(stated) and "CNY" not in str(stated) else str(stated))


def _meta(soup: BeautifulSoup, name: str) -> str:
    found = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    return _attribute(found, "content") if isinstance(found, Tag) else ""


def _names(tag: Tag) -> list[str]:
    classes: Any = tag.get("class") or []
    return [*(classes if isinstance(classes, list) else str(classes).split()), *filter(None, [_attribute(tag, "id")])]


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""
