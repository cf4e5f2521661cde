"""Fetching an item's page from an agent, where the operator has allowed it and the agent's robots.txt does.

Off by default, for each agent. One page at a time, slowly, by name, from the agent's own host, and no further than a
challenge: then everybody stays away for hours. The address is built here from market and id; no pasted one is fetched.
"""

from time import time
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.cache import cache
from redis import RedisError

from sourcing.links import Item, agent_links, canonical
from sourcing.marketplaces import breaker
from sourcing.marketplaces.agent_pages import (
    MOST_CHARACTERS,
    ChallengePage,
    PageItem,
    read_item_page,
    refuse_challenge,
)
from sourcing.marketplaces.asking import Answer, ask, guarded, origin, throttled
from sourcing.marketplaces.errors import Broken, Gone, NotConfigured, Refused, Throttled
from sourcing.marketplaces.robots import check_allowed

CHALLENGED_S = 6 * 3_600.0
MOST_BYTES = MOST_CHARACTERS


def is_allowed(agent: str) -> bool:
    """Whether the operator lets pages of this agent be fetched."""
    return agent in settings.AGENT_PAGES_FETCHED and agent in settings.AGENT_URLS


def allowed_agents() -> list[str]:
    """The agents whose pages the operator lets be fetched."""
    return [agent for agent in settings.AGENT_URLS if is_allowed(agent)]


def fetch_item_page(client: httpx.Client, agent: str, item: Item) -> PageItem:
    """The price on an agent's page of an item.

    Raises:
        NotConfigured: for an agent that the operator has not named, before anything is asked.
        Refused: where robots.txt forbids it, or a challenge or a login stands in the way; nobody asks again for hours.
        Throttled: where the last page was fetched a moment ago.
        Gone: where the agent has no such page.
        UnreadablePage: for a page that is read, and gives no price.
        MarketplaceError: of another kind where it does not answer as it should.
    """
    if not is_allowed(agent):
        raise NotConfigured(f"Pages of {agent[:40]} are not fetched here: paste the page, or type the price.")
    link = next(one for one in agent_links(item) if one.agent == agent)
    base = settings.AGENT_URLS[agent].rstrip("/")
    parts = urlsplit(link.href)
    address = f"{base}{parts.path}{'?' if parts.query else ''}{parts.query}"
    try:
        if origin(address) != origin(base):
            raise Broken(f"The address of {link.name} in the settings is not one.")
    except ValueError:
        raise NotConfigured(f"The address of {link.name} in the settings is not one.") from None
    name = f"page-{agent}"
    try:
        breaker.check(name)
        breaker.undecided(name)
        delay_s = check_allowed(client, base, address, link.name)
        _wait_turn(base, delay_s, link.name)
        return _fetch(client, address, name, item, link.name)
    except RedisError as error:
        raise Broken(f"{link.name} was not asked: the shared cache does not answer.") from error


def _wait_turn(base: str, delay_s: float, name: str) -> None:
    """Raises Throttled where another page of the host was fetched too short a while ago."""
    apart_s = max(settings.AGENT_PAGES_SECONDS_APART, delay_s)
    key, now = f"agent-turn:{base}", time()
    # Whoever can add the key has the turn; it goes by itself when the next may be had.
    if apart_s > 0 and not cache.add(key, now + apart_s, timeout=apart_s):
        until = cache.get(key)
        left_s = until - now if isinstance(until, float) else apart_s
        raise Throttled(f"Pages of {name} are fetched at least {apart_s:.0f} seconds apart.", max(left_s, 0.1))


def _fetch(client: httpx.Client, address: str, name: str, item: Item, shown: str) -> PageItem:
    try:
        with guarded(name, settings.AGENT_PAGES_PER_DAY):
            answer = ask(client, "GET", address, shown, headers={"Accept": "text/html"}, most_bytes=MOST_BYTES)
            page = answer.body.decode("utf-8", "replace")
            _check_status(answer, page, item, shown)
        return read_item_page(page, canonical(item))
    except ChallengePage as challenge:
        breaker.hold(name, CHALLENGED_S)
        raise Refused(f"{shown} answers with a challenge or a login, and is left alone. {challenge}") from None


def _check_status(answer: Answer, page: str, item: Item, shown: str) -> None:
    if answer.status in (401, 403):
        raise Refused(f"{shown} does not let us read its page ({answer.status}); paste the page or type the price.")
    if answer.status == 429:
        raise throttled(answer, shown)
    if answer.status in (404, 410):
        raise Gone(f"{shown} has no page of item {item.id}.")
    if answer.status != 200:
        refuse_challenge(page)
        raise Broken(f"{shown} answered {answer.status}.")
