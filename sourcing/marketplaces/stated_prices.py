"""The one price that an item's page states: in data for search engines, in data of its own, or to the eye.

What is stated and cannot be read counts as much as what can: a range that is dropped would let one of several prices
pass for the only one.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Literal

from bs4 import BeautifulSoup, Comment, Tag

from sourcing.marketplaces.offers import clean_text
from sourcing.marketplaces.page_data import attribute, embedded, has_unread, linked_data, meta, names_of
from sourcing.marketplaces.page_prices import (
    IS_A_RANGE,
    PRICE_NAME,
    RANGE_AFTER,
    RANGE_BEFORE,
    Money,
    is_not_the_price,
    read_price,
)
from sourcing.matching import price_text

Place = Literal["linked-data", "meta", "embedded-data", "visible"]

_MOST_VISIBLE = 40
_MOST_PIECES = 12
_LONGEST_VISIBLE = 60
_NOT_SEEN = ("script", "style", "template", "noscript", "del", "s")
_SOLD_OUT = ("outofstock", "soldout", "discontinued", "oos")


class NoOnePrice(ValueError):
    """The page states no price, several, or one that cannot be read; the message says what it is."""


class SoldOut(NoOnePrice):
    """The page says that the item cannot be had."""

    def __init__(self) -> None:
        super().__init__("The page says that the item is no longer for sale.")


def one_price(soup: BeautifulSoup) -> tuple[Money, Place] | None:
    """The one price of the first place that states any in yuan; None where none does. Raises NoOnePrice."""
    places: tuple[tuple[Place, Callable[[BeautifulSoup], list[Money]]], ...] = (
        ("linked-data", _linked_prices),
        ("meta", _meta_prices),
        ("embedded-data", _embedded_prices),
        ("visible", _visible_prices),
    )
    for place, read in places:
        prices = read(soup)
        if len(set(prices)) == 1:
            return prices[0], place
        if prices:
            amounts = sorted(one.amount for one in prices)
            raise NoOnePrice(
                f"The page states several prices, from {amounts[0]} to {amounts[-1]}: the item has choices. "
                f"Type the price of the one you mean."
            )
    return None


def _unclear() -> NoOnePrice:
    return NoOnePrice(
        "The page states a price that cannot be read as one price in yuan, or more than can be read. "
        "Type the price instead."
    )


def _linked_prices(soup: BeautifulSoup) -> list[Money]:
    if has_unread(soup):
        raise _unclear()
    offers = [offer for data in linked_data(soup) for offer in _offers(data.get("offers"))]
    if offers and all(_is_sold_out(offer.get("availability")) for offer in offers):
        raise SoldOut
    found = []
    for offer in offers:
        for name in ("price", "lowPrice", "highPrice"):
            found += _money(offer.get(name), offer.get("priceCurrency"))
    return found


def _offers(stated: object) -> Iterator[Mapping[str, object]]:
    """The offers of a product, those within an AggregateOffer included."""
    for offer in stated if isinstance(stated, list) else [stated]:
        if isinstance(offer, Mapping):
            inner = offer.get("offers")
            within = [one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, Mapping)]
            # What stands around several offers says nothing of whether they can be had.
            if not within or any(name in offer for name in ("price", "lowPrice", "highPrice")):
                yield offer
            yield from within
        elif offer not in (None, ""):
            raise _unclear()


def _meta_prices(soup: BeautifulSoup) -> list[Money]:
    states = soup.find_all(itemprop="availability")
    said = [attribute(tag, "href") or attribute(tag, "content") for tag in states]
    said += [meta(soup, "product:availability"), meta(soup, "og:availability")]
    if (told := [one for one in said if one]) and all(_is_sold_out(one) for one in told):
        raise SoldOut
    found = []
    for prefix in ("product:price", "og:price"):
        found += _money(meta(soup, f"{prefix}:amount"), meta(soup, f"{prefix}:currency"))
    beside = soup.find(itemprop="priceCurrency")
    currency = (attribute(beside, "content") or _text(beside)) if isinstance(beside, Tag) else ""
    for tag in soup.find_all(itemprop=["price", "lowPrice", "highPrice"]):
        found += _money(attribute(tag, "content") or _text(tag), currency)
    return found


def _is_sold_out(stated: object) -> bool:
    said = stated.rpartition("/")[2].lower() if isinstance(stated, str) else ""
    return "".join(character for character in said[:40] if character.isalpha()) in _SOLD_OUT


def _embedded_prices(soup: BeautifulSoup) -> list[Money]:
    found = []
    complete = True
    for data in embedded(soup):
        complete = complete and data.complete
        currency = next((value for name, value in data.texts if name.lower() in ("currency", "pricecurrency")), "")
        for name, value in data.texts:
            if PRICE_NAME.search(name) and not is_not_the_price(name):
                # Data of Chinese shops are in yuan unless they say otherwise.
                found += _money(value, currency or "CNY")
    if found and not complete:
        raise _unclear()
    return found


def _money(stated: object, currency: object) -> list[Money]:
    """A price whose currency is stated beside it, if that is the yuan, which is what these shops take.

    Raises NoOnePrice for what is stated in yuan and is not one price.
    """
    code = currency.strip().upper() if isinstance(currency, str) else ""
    if stated is None or code not in ("CNY", "RMB", "CN¥", "¥", "￥"):
        return []
    if isinstance(stated, bool) or not isinstance(stated, str | int | float):
        raise _unclear()
    text = str(stated)
    if not _says_a_price(text):
        return []
    price = read_price(text if "元" in text or "CNY" in text else f"{text} CNY")
    if price is None:
        raise _unclear()
    return [price]


def _says_a_price(text: str) -> bool:
    return any(character.isdigit() for character in text) or IS_A_RANGE.search(text) is not None


def _visible_prices(soup: BeautifulSoup) -> list[Money]:
    marked = [tag for tag in soup.find_all(True) if _is_price(tag)]
    within = {id(tag) for tag in marked}
    found: list[Money] = []
    for tag in marked:
        text = _own_text(tag, within)
        if not _says_a_price(text):
            continue
        price = read_price(clean_text(text, _LONGEST_VISIBLE + 1))
        # A price in dollars beside the one in yuan is the same price, converted.
        other = price_text.read_price(text.lstrip("≈ ")) if price is None else None
        if other is not None and other.amount is not None and other.currency not in (None, "CNY"):
            continue
        if price is None or _is_of_a_range(tag) or len(found) >= _MOST_VISIBLE:
            raise _unclear()
        found.append(price)
    return found


def _is_price(tag: Tag) -> bool:
    names = names_of(tag)
    if tag.name in _NOT_SEEN or not any(PRICE_NAME.search(name) for name in names):
        return False
    # Not inside a list of other goods, of freight, or of prices that were.
    return not any(is_not_the_price(name) for one in (tag, *islice(tag.parents, 6)) for name in names_of(one))


def _own_text(tag: Tag, marked: set[int]) -> str:
    """What an element says itself, apart from the prices in it that are read on their own."""
    pieces: list[str] = []
    waiting = [*reversed(tag.contents)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            apart = id(node) in marked or node.name in _NOT_SEEN or any(map(is_not_the_price, names_of(node)))
            waiting += [] if apart else reversed(node.contents)
        elif not isinstance(node, Comment) and (text := str(node).strip()):
            pieces.append(text)
    return " ".join(pieces)


def _is_of_a_range(tag: Tag) -> bool:
    """Whether what stands right beside a price makes it the least or the most of several."""
    return bool(RANGE_AFTER.match(_beside(tag, forward=True)) or RANGE_BEFORE.search(_beside(tag, forward=False)[-8:]))


def _beside(tag: Tag, *, forward: bool) -> str:
    node: Tag | None = tag
    for _ in range(4):
        if node is None:
            break
        for sibling in islice(node.next_siblings if forward else node.previous_siblings, 6):
            if isinstance(sibling, Comment) or (isinstance(sibling, Tag) and sibling.name in _NOT_SEEN):
                continue
            if text := _text(sibling):
                return text
        node = node.parent
    return ""


def _text(node: object) -> str:
    """The first pieces of text in an element: more than a price or a short sentence has."""
    if isinstance(node, Tag):
        return clean_text(" ".join(islice(node.stripped_strings, _MOST_PIECES)), _LONGEST_VISIBLE + 1)
    return clean_text(str(node), _LONGEST_VISIBLE + 1)
