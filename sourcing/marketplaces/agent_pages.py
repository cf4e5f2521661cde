"""Reading the page of an item that a person has saved or pasted: which item it is, and what it costs.

A page is hostile text. It is parsed, never run, and a price is only taken from where a page states one price for the
item. What is not plain is refused with a sentence, and then the person types the price.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from bs4 import BeautifulSoup, Tag

from sourcing.links import LONGEST, Item, UnreadableLink, find_item
from sourcing.marketplaces.offers import clean_text
from sourcing.marketplaces.page_data import attribute, embedded, linked_data, meta, names_of
from sourcing.marketplaces.page_prices import Money
from sourcing.marketplaces.stated_prices import NoOnePrice, Place, one_price

MOST_CHARACTERS = 4_000_000
"""Of a page; an item page of Taobao, saved with all its data, has about one million."""
ASK_FOR_QUOTE = "Type the price instead."

_MOST_TAGS = 30_000
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
    if page.count("<") > _MOST_TAGS:
        raise UnreadablePage(f"The page has too many elements to be an item's. {ASK_FOR_QUOTE}")
    try:
        # Python's own html.parser takes hours over unclosed tags, lxml reads any text in one pass. Halves of characters
        # cannot be handed to it.
        return BeautifulSoup(page.encode("utf-8", "replace").decode(), "lxml")
    except (RecursionError, ValueError, AssertionError):
        raise UnreadablePage(f"This is not a web page that can be read. {ASK_FOR_QUOTE}") from None


def refuse_challenge(page: str) -> None:
    """Raises ChallengePage for a page that wants to see a person or a login, and passes every other."""
    if len(page) <= MOST_CHARACTERS and page.count("<") <= _MOST_TAGS:
        _refuse_challenge(_parsed(page), page)


def _refuse_challenge(soup: BeautifulSoup, page: str) -> None:
    title = clean_text(soup.title.get_text()) if soup.title else ""
    marks = {value for tag in soup.find_all(True) for value in names_of(tag)}
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
    named = meta(soup, "og:title") or (soup.h1.get_text(" ") if soup.h1 else "")
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
        yield attribute(tag, "href")
    yield meta(soup, "og:url")
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
    """Raises UnreadablePage where the page does not state one price."""
    try:
        found = one_price(soup)
    except NoOnePrice as reason:
        raise UnreadablePage(str(reason)) from None
    if found is None:
        raise UnreadablePage(f"No price in yuan can be read on the page of item {item.id}. {ASK_FOR_QUOTE}")
    return found


def _first_text(tag: Tag) -> str:
    """The first pieces of text in an element: more than a price or a short sentence has."""
    return " ".join(islice(tag.stripped_strings, 12))
