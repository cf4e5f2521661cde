"""The item behind a pasted marketplace link, and the links of the agents that buy it. Pure: nothing is fetched.

What is pasted is hostile text. Of it, only a market from a fixed list and five to twenty digits are kept, so nothing
else of it can get into a link built here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote

LONGEST = 4_000
"""Characters of a pasted text; a shared link with every tracking parameter has some hundreds."""
LONGEST_HOST_SHOWN = 60
TIMES_ENCODED = 3
"""How often an address inside another may be percent-encoded."""

MARKETS: Mapping[str, str] = MappingProxyType(
    {"taobao": "Taobao", "tmall": "Tmall", "ali1688": "1688", "weidian": "Weidian"}
)
"""The markets, and their names as shown."""

_CANONICAL = {
    "taobao": "https://item.taobao.com/item.htm?id={id}",
    "tmall": "https://detail.tmall.com/item.htm?id={id}",
    "ali1688": "https://detail.1688.com/offer/{id}.html",
    "weidian": "https://weidian.com/item.html?itemID={id}",
}
_CAN_BE_READ = (
    "Links to items on Taobao, Tmall, 1688 and Weidian can be read, and links of Superbuy, CSSBuy, Basetao and PandaBuy"
)
_ID = re.compile(r"[0-9]{5,20}")


class UnreadableLink(ValueError):
    """No item can be recovered from the pasted text; the message says why, and what can be read."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a Chinese marketplace. ``market`` is a key of MARKETS, ``id`` five to twenty digits.

    Raises ValueError for anything else, so that a link built of an item is always sound.
    """

    market: str
    id: str

    def __post_init__(self) -> None:
        if self.market not in MARKETS:
            raise ValueError(f"market must be one of {', '.join(MARKETS)}")
        if _ID.fullmatch(self.id) is None:
            raise ValueError("id must be 5 to 20 digits")

    @property
    def key(self) -> str:
        """The same for the same goods: Taobao and Tmall number their items in one series."""
        return f"{'taobao' if self.market == 'tmall' else self.market}:{self.id}"

    @property
    def market_name(self) -> str:
        """The market as shown to people."""
        return MARKETS[self.market]


@dataclass(frozen=True, slots=True)
class AgentLink:
    """Where an agent buys an item. ``sure`` False = the form of the address is a guess; ``note`` then says why."""

    agent: str
    name: str
    href: str
    sure: bool
    note: str


def find_item(pasted: str) -> Item:
    """The item that the first web address in ``pasted`` leads to, be it a marketplace's or an agent's.

    An address may stand in other text and may lack its "https://". Raises UnreadableLink.
    """
    if len(pasted) > LONGEST:
        raise UnreadableLink(f"The text has more than {LONGEST:,} characters. Paste the link alone.")
    if not pasted.strip():
        raise UnreadableLink(f"Nothing was pasted. {_CAN_BE_READ}.")
    address = _first_address(pasted)
    for host, read in _AGENTS.items():
        if _is_on(address.host, host):
            return read(address)
    return _read_market(address)


def canonical(item: Item) -> str:
    """The address of the item's own page."""
    return _CANONICAL[item.market].format(id=item.id)


def agent_links(item: Item) -> tuple[AgentLink, ...]:
    """Where Superbuy, CSSBuy and Basetao buy the item. Never PandaBuy, which was raided in April 2024."""
    infix = {"taobao": "", "tmall": "tmall-", "ali1688": "1688-", "weidian": "micro-"}[item.market]
    # Tmall's items are written as Taobao's here: the long form is only known with these three names.
    folder = {"taobao": "taobao", "tmall": "taobao", "ali1688": "1688", "weidian": "weidian"}[item.market]
    tmall = item.market == "tmall"
    return (
        AgentLink(
            "superbuy",
            "Superbuy",
            f"https://www.superbuy.com/en/page/buy/?url={quote(canonical(item), safe='')}",
            sure=True,
            note="",
        ),
        AgentLink(
            "cssbuy",
            "CSSBuy",
            f"https://www.cssbuy.com/item-{infix}{item.id}.html",
            sure=not tmall,
            note="Some write a Tmall item like one of Taobao: if this page stays empty, paste the Tmall link at CSSBuy."
            if tmall
            else "",
        ),
        AgentLink(
            "basetao",
            "Basetao",
            f"https://www.basetao.com/best-taobao-agent-service/products/agent/{folder}/{item.id}.html",
            sure=False,
            note="A best guess: this form is not verified. If it opens the home page, paste the item's link there.",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Address:
    """A web address whose host is plain ASCII, without port and credentials. The fragment is dropped."""

    host: str
    path: str
    query: str


# Each run of letters is tried from its beginning only and never given back, so that the search is linear. The second
# form, without a scheme, must not begin behind a letter that looks like a Latin one, nor behind a percent sign: that
# would cut a look-alike host, or take an encoded slash for letters.
_HEAD = re.compile(
    r"(?<![A-Za-z0-9+.-])(?P<scheme>[A-Za-z0-9+.-]++)://"
    r"|(?<![A-Za-z0-9]/)(?<![A-Za-z0-9.@%+\u00c0-\u1fff\uff10-\uff5a-])"
    r"[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++(?P<goes_on>[/?#:@\\])?"
)
_AUTHORITY = re.compile(r"[^\s/?#\\<>\"]*+")
_REST = re.compile(r"[!#-;=?-Z\\^_a-z{|}~]*+")  # printable ASCII but < > " ` [ ]
_HOST = re.compile(r"[a-z0-9-]++(?:\.[a-z0-9-]++)++")
_PUNCTUATION_AFTER = ".,;:!?)}'*_~|"


def _first_address(text: str) -> _Address:
    """The first address with a scheme or a path; where there is none, a bare host."""
    bare = None
    position = 0
    while head := _HEAD.search(text, position):
        scheme = head["scheme"]
        if scheme is not None:
            # Words run into the scheme where texts are pasted together: "CZ0001https://".
            if not scheme.lower().endswith(("http", "https")):
                raise UnreadableLink("Only addresses that begin with http:// or https:// are read.")
            return _address_at(text, head.end())
        if _looks_like_host(head[0].rstrip("/?#:@\\")):
            if head["goes_on"]:
                return _address_at(text, head.start())
            bare = bare or head[0]
        position = head.end()
    if bare is None:
        raise UnreadableLink(f"This is not a web address. {_CAN_BE_READ}.")
    return _Address(_checked_host(bare), "", "")


def _looks_like_host(name: str) -> bool:
    """Tells "item.taobao.com" from the "7.87" that share texts begin with."""
    last = name.rpartition(".")[2]
    return len(last) >= 2 and last[0].isalpha()


def _address_at(text: str, start: int) -> _Address:
    """The address whose host begins at ``start``."""
    authority_end = _end(_AUTHORITY, text, start)
    end = _end(_REST, text, authority_end)
    _refuse_cut(text, end)
    authority, rest = text[start:authority_end], text[authority_end:end]
    if "\\" in rest:
        raise UnreadableLink("The address has a backslash in it. Copy it again from the browser.")
    if not rest:
        authority = authority.rstrip(_PUNCTUATION_AFTER)
    # An address copied from a page's source has its ampersands written out.
    rest = rest.rstrip(_PUNCTUATION_AFTER).partition("#")[0].replace("&amp;", "&")
    path, _, query = rest.partition("?")
    return _Address(_checked_host(authority), path, query)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found is not None else start


def _refuse_cut(text: str, end: int) -> None:
    """Refuse an address that goes on behind a character which cannot be in one: its id would be read cut short."""
    after = end
    while after < len(text) and _is_invisible(text[after]):
        after += 1
    if after == len(text):
        return
    if text[after].isdecimal() and not text[after].isascii():
        raise UnreadableLink("The address has digits in it that are not plain 0 to 9. Copy it again from the browser.")
    if after > end and "!" <= text[after] <= "~":
        raise UnreadableLink("The address has an invisible character in it. Copy it again from the browser.")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs") and character not in "\t\n\v\f\r"


def _checked_host(authority: str) -> str:
    """The host in lower case. Raises UnreadableLink for credentials, ports and names that are not plain ASCII."""
    host = authority.rpartition("@")[2]
    if "@" in authority:
        raise UnreadableLink(
            f"The address leads to {_shown(host)}: what stands before the @ is a user name. {_CAN_BE_READ}."
        )
    if not host:
        raise UnreadableLink(f"This is not a web address: it has no host. {_CAN_BE_READ}.")
    if not host.isascii():
        raise UnreadableLink(f"The host {_shown(host)} has letters in it that are not plain Latin. {_CAN_BE_READ}.")
    host = host.lower()
    name, colon, _ = host.partition(":")
    if colon and _HOST.fullmatch(name):
        raise UnreadableLink(f"The address of {_shown(name)} has a port in it (:), which is not read. {_CAN_BE_READ}.")
    if _HOST.fullmatch(host) is None or any(label.startswith("xn--") for label in host.split(".")):
        raise _unknown_host(host)
    return host


def _unknown_host(host: str) -> UnreadableLink:
    return UnreadableLink(f"{_shown(host)} is not a host that is read. {_CAN_BE_READ}.")


def _shown(host: str) -> str:
    """Fit for a message. A long name keeps its end, which says whose it is."""
    printable = "".join(character for character in host if character.isprintable()) or "(nothing)"
    if len(printable) <= LONGEST_HOST_SHOWN:
        return printable
    return "…" + printable[1 - LONGEST_HOST_SHOWN :]


def _is_on(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


_SHORT_HOSTS = ("tb.cn", "qr.1688.com", "v.douyin.com")
_NOT_SUPERBUY = "superbuy.me"


def _read_market(address: _Address) -> Item:
    """The item of an address on a marketplace itself."""
    host = address.host
    if any(_is_on(host, short) for short in _SHORT_HOSTS):
        raise UnreadableLink(
            f"{_shown(host)} makes short links, and nothing is fetched here: open it in a browser and paste the "
            "address it leads to."
        )
    if _is_on(host, _NOT_SUPERBUY):
        raise UnreadableLink(
            "superbuy.me is not known to be Superbuy's own address; do not use it. Superbuy's is www.superbuy.com."
        )
    for domain, read in _MARKET_HOSTS.items():
        if _is_on(host, domain):
            return read(address)
    if any(_is_on(host, agent) for agent in _AGENTS):
        raise UnreadableLink(f"An agent's link inside another is not read. Paste the one on {_shown(host)} alone.")
    raise _unknown_host(host)


_TAOBAO_PATH = re.compile(r"/(?:item/|i)([0-9]+)\.html?")
_1688_PATH = re.compile(r"/offer/([0-9]+)(?:\.html?)?/?")


def _read_taobao(address: _Address) -> Item:
    return _item("taobao", address, _in_path(_TAOBAO_PATH, address) or _parameter(address, "id", "itemid", "item_id"))


def _read_tmall(address: _Address) -> Item:
    return _item("tmall", address, _in_path(_TAOBAO_PATH, address) or _parameter(address, "id", "itemid", "item_id"))


def _read_1688(address: _Address) -> Item:
    return _item("ali1688", address, _in_path(_1688_PATH, address) or _parameter(address, "offerid"))


def _read_weidian(address: _Address) -> Item:
    return _item("weidian", address, _parameter(address, "itemid"))


_MARKET_HOSTS: dict[str, Callable[[_Address], Item]] = {
    "taobao.com": _read_taobao,
    "tmall.com": _read_tmall,
    "tmall.hk": _read_tmall,
    "1688.com": _read_1688,
    "weidian.com": _read_weidian,
    "koudai.com": _read_weidian,
    "youshop10.com": _read_weidian,
}

_MARKET_OF = {
    "taobao": "taobao",
    "tmall": "tmall",
    "1688": "ali1688",
    "micro": "weidian",
    "weidian": "weidian",
}
_CSSBUY_PATH = re.compile(r"/item-(?:(taobao|tmall|1688|micro|weidian)-)?([0-9]+)\.html?")
_CSSBUY_GOODS = "/shop/goodsdetail"
_BASETAO_PATH = re.compile(
    r"(?:/best-taobao-agent-service)?/products/agent/(taobao|tmall|1688|micro|weidian)/([0-9]+)\.html?"
)


def _read_cssbuy(address: _Address) -> Item:
    found = _CSSBUY_PATH.fullmatch(address.path)
    if found is not None:
        return _item(_MARKET_OF[found[1] or "taobao"], address, found[2])
    if address.path.rstrip("/").lower() != _CSSBUY_GOODS:
        raise _no_item(address)
    market = _MARKET_OF.get(_parameter(address, "type").lower())
    if market is None:
        raise UnreadableLink(
            f"The link on {_shown(address.host)} does not say which market the item is on: its type must be "
            f"{', '.join(_MARKET_OF)}."
        )
    return _item(market, address, _parameter(address, "id"))


def _read_basetao(address: _Address) -> Item:
    found = _BASETAO_PATH.fullmatch(address.path)
    if found is None:
        raise _no_item(address)
    return _item(_MARKET_OF[found[1]], address, found[2])


def _read_nested(address: _Address) -> Item:
    """The item of the address that stands in the parameter url= (or goodUrl=) of another."""
    nested = _unencoded(address) or _parameter(address, "url", "goodurl", "goodsurl")
    if not nested:
        raise _no_item(address)
    # The query's reader has decoded once. Where the slashes were never encoded, only reading tells whether it is done.
    for _ in range(TIMES_ENCODED - 1):
        decoded = unquote(nested)
        if decoded == nested:
            break
        try:
            return _read_market(_first_address(nested))
        except UnreadableLink:
            nested = decoded
    return _read_market(_first_address(nested))


_AGENTS: dict[str, Callable[[_Address], Item]] = {
    "superbuy.com": _read_nested,
    "cssbuy.com": _read_cssbuy,
    "basetao.com": _read_basetao,
    "pandabuy.com": _read_nested,
}
_UNENCODED = re.compile(r"(?:^|&)(?:url|goods?url)=(https?://)", re.IGNORECASE)


def _unencoded(address: _Address) -> str:
    """The rest of the query behind url= where someone has put the address there as it is, its own & included."""
    found = _UNENCODED.search(address.query)
    return address.query[found.start(1) :] if found is not None else ""


def _in_path(pattern: re.Pattern[str], address: _Address) -> str:
    found = pattern.fullmatch(address.path)
    return found[1] if found is not None else ""


def _parameter(address: _Address, *names: str) -> str:
    """The value of the first of ``names`` (in lower case) that is given; empty where none is."""
    given: dict[str, set[str]] = {}
    for name, value in parse_qsl(address.query):
        given.setdefault(name.lower(), set()).add(value)
    for name in names:
        values = given.get(name, set())
        if len(values) > 1:
            raise UnreadableLink(f"The address has {name}= in it more than once, with different values.")
        if values:
            return values.pop().strip()
    return ""


def _item(market: str, address: _Address, number: str) -> Item:
    if not number:
        raise _no_item(address)
    if _ID.fullmatch(number) is None:
        raise UnreadableLink(
            f"The item id in this address on {_shown(address.host)} is not one: it must be 5 to 20 digits."
        )
    return Item(market, number)


def _no_item(address: _Address) -> UnreadableLink:
    return UnreadableLink(
        f"This address is on {_shown(address.host)}, but names no item. Open the item's own page in a browser and "
        "paste its address, which has the item's id in it."
    )
