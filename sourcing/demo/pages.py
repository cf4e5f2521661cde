"""Item pages as agents and marketplaces lay them out, each with its price in another place. All text is made up."""

import json
from html import escape
from urllib.parse import parse_qs, unquote, urlsplit

from sourcing.demo.state import AgentItem, State

CHALLENGE = """<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body>
<h1>Checking that you are a person</h1><div id="challenge-form" class="cf-turnstile"></div>
<noscript>Enable JavaScript and cookies to continue</noscript><span class="price">¥1.00</span></body></html>"""
ROBOTS = "User-agent: *\nDisallow: /account/\nDisallow: /*.json\nCrawl-delay: 2\n"
_ADDRESSES = {
    "taobao": "https://item.taobao.com/item.htm?id={id}",
    "tmall": "https://detail.tmall.com/item.htm?id={id}",
    "ali1688": "https://detail.1688.com/offer/{id}.html",
    "weidian": "https://weidian.com/item.html?itemID={id}",
}
_CSSBUY = {"1688": "ali1688", "micro": "weidian", "tmall": "tmall"}
_BASETAO = "/best-taobao-agent-service/products/agent/"


def page(state: State, target: str) -> str | None:
    """The page at a path, be it Superbuy's, CSSBuy's or Basetao's way of naming an item; None where there is none."""
    parts = urlsplit(target)
    if parts.path.rstrip("/") == "/en/page/buy":
        nested = unquote(parse_qs(parts.query).get("url", [""])[0])
        found = next((one for one in state.agent_items if _address(one) == nested), None)
        return _superbuy(found) if found else None
    name, dot, _ = parts.path.rpartition(".html")
    if dot and name.startswith("/item-"):
        market, _, number = name.removeprefix("/item-").rpartition("-")
        found = state.agent_item(_CSSBUY.get(market, "taobao"), number)
        return _cssbuy(found) if found else None
    if dot and name.startswith(_BASETAO):
        market, _, number = name.removeprefix(_BASETAO).partition("/")
        names = [{"1688": "ali1688"}.get(market, market), "tmall"]
        found = next((one for each in names if (one := state.agent_item(each, number))), None)
        return _basetao(found) if found else None
    return None


def index(state: State) -> str:
    """What a person sees who opens the server."""
    rows = "".join(
        f"<tr><td>{escape(one.title)}</td><td>{one.price} {one.good.currency}</td><td>{one.good.country}</td></tr>"
        for one in state.listings
    )
    agents = "".join(f"<li>{escape(one.title)}: {one.price} CNY, {_address(one)}</li>" for one in state.agent_items)
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Demo marketplace</title></head><body>"
        f"<h1>Demo marketplace</h1><p>Everything here is simulated. {state.at.isoformat()}</p>"
        f"<table>{rows}</table><h2>Items of agents</h2><ul>{agents}</ul></body></html>"
    )


def _address(one: AgentItem) -> str:
    return _ADDRESSES[one.good.market].format(id=one.good.id)


def _superbuy(one: AgentItem) -> str:
    """The price only in data for the page's own program."""
    goods = {
        "goodsUrl": _address(one),
        "goodsName": one.title,
        "price": str(one.price),
        "currency": "CNY",
        "freight": "10",
    }
    data = json.dumps({"state": 0, "data": {"goods": goods}}, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(one.title)} - simulated</title></head><body>"
        f"<div id='app'></div><script>window.__DEMO_STATE__ = {data};</script></body></html>"
    )


def _cssbuy(one: AgentItem) -> str:
    """The price as data for search engines."""
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": one.title,
        "offers": {"@type": "Offer", "price": str(one.price), "priceCurrency": "CNY", "url": _address(one)},
    }
    told = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(one.title)}</title>"
        f"<link rel='canonical' href='{escape(_address(one))}'>"
        f"<script type='application/ld+json'>{told}</script></head><body><h1>{escape(one.title)}</h1></body></html>"
    )


def _basetao(one: AgentItem) -> str:
    """The price only as a person sees it."""
    wan = one.price / 10_000
    shown = f"{wan.normalize():f}万元" if one.price >= 10_000 else f"￥{one.price:,}"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><meta property='og:title' content='{escape(one.title)}'>"
        f"<meta property='og:url' content='{escape(_address(one))}'></head><body><h1>{escape(one.title)}</h1>"
        f"<p>Price: <span class='goods-price'>{shown}</span></p><p>Freight: <span>¥10</span></p></body></html>"
    )
