"""Fetching an item's page: only where the operator and robots.txt allow it, slowly, and not past a challenge."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from sourcing.demo import pages
from sourcing.links import Item
from sourcing.marketplaces import BreakerOpen, Broken, Gone, NotConfigured, Refused, Throttled, breaker
from sourcing.marketplaces.agent_fetch import fetch_item_page
from tests.sourcing.marketplaces.conftest import Demo

AGENTS = ("superbuy", "cssbuy", "basetao")
ITEM = Item("taobao", "700000000001")


@pytest.fixture
def agents(demo: Demo, settings: Settings) -> Iterator[Demo]:
    """The demo server in place of all agents, which may be asked at any pace."""
    settings.AGENT_PAGES_FETCHED = list(AGENTS)
    settings.AGENT_URLS = dict.fromkeys(AGENTS, demo.url)
    settings.AGENT_PAGES_SECONDS_APART = 0
    original = pages.ROBOTS
    pages.ROBOTS = "User-agent: *\nDisallow: /account/\n"
    yield demo
    pages.ROBOTS = original


@pytest.mark.parametrize("agent", AGENTS)
def test_every_item_costs_what_it_costs(agent: str, agents: Demo) -> None:
    for one in agents.market.state().agent_items:
        read = fetch_item_page(agents.client, agent, Item(one.good.market, one.good.id))
        assert (read.price, read.currency) == (one.price, "CNY")
        assert read.title.startswith(one.title)
    assert agents.market.asked["robots"] == 1


def test_nothing_is_fetched_unless_the_operator_has_named_the_agent(agents: Demo, settings: Settings) -> None:
    settings.AGENT_PAGES_FETCHED = ["cssbuy"]
    for agent in ("superbuy", "pandabuy", "https://evil.example"):
        with pytest.raises(NotConfigured, match="not fetched here"):
            fetch_item_page(agents.client, agent, ITEM)
    assert not agents.market.asked


def test_no_agent_is_fetched_by_default(settings: Settings) -> None:
    assert settings.AGENT_PAGES_FETCHED == []


def test_robots_txt_is_kept_to(agents: Demo) -> None:
    pages.ROBOTS = "User-agent: Voltaic\nDisallow: /item-\n"
    with pytest.raises(Refused, match=r"robots\.txt of CSSBuy"):
        fetch_item_page(agents.client, "cssbuy", ITEM)
    assert agents.market.asked["page"] == 0
    assert fetch_item_page(agents.client, "basetao", ITEM).price > 0


@pytest.mark.parametrize("fault", ["server-error", "challenge", "redirect", "drop", "huge", "throttled"])
def test_a_robots_txt_that_cannot_be_read_allows_nothing(fault: str, agents: Demo) -> None:
    agents.fault(fault, path="/robots.txt")
    with pytest.raises(Broken):
        fetch_item_page(agents.client, "cssbuy", ITEM)
    assert agents.market.asked["page"] == 0


def test_a_robots_txt_behind_a_403_forbids_everything_and_a_missing_one_nothing(agents: Demo) -> None:
    agents.fault("forbidden", times=1, path="/robots.txt")
    with pytest.raises(Refused):
        fetch_item_page(agents.client, "cssbuy", ITEM)
    cache.clear()
    agents.fault("vanished", times=1, path="/robots.txt")
    assert fetch_item_page(agents.client, "cssbuy", ITEM).price > 0


def test_pages_of_a_host_are_fetched_one_by_one_with_a_pause(agents: Demo, settings: Settings) -> None:
    settings.AGENT_PAGES_SECONDS_APART = 30
    fetch_item_page(agents.client, "cssbuy", ITEM)
    with pytest.raises(Throttled) as raised:
        fetch_item_page(agents.client, "cssbuy", ITEM)
    assert 25 < raised.value.retry_after_s <= 30
    assert agents.market.asked["page"] == 1


def test_the_pause_is_the_hosts_own_where_that_is_longer(agents: Demo) -> None:
    pages.ROBOTS = "User-agent: *\nCrawl-delay: 90\n"
    fetch_item_page(agents.client, "cssbuy", ITEM)
    with pytest.raises(Throttled, match="90 seconds apart"):
        fetch_item_page(agents.client, "cssbuy", ITEM)


def test_a_challenge_ends_it_for_everybody(agents: Demo) -> None:
    agents.fault("challenge", path="/item-")
    with pytest.raises(Refused, match="a challenge page, not an item"):
        fetch_item_page(agents.client, "cssbuy", ITEM)
    agents.market.faults.switch_off()
    with pytest.raises(BreakerOpen) as raised:
        fetch_item_page(agents.client, "cssbuy", ITEM)
    assert raised.value.retry_after_s > 5 * 3_600
    assert agents.market.asked["page"] == 1
    assert fetch_item_page(agents.client, "basetao", ITEM).price > 0


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("forbidden", Refused),
        ("throttled", Throttled),
        ("server-error", Broken),
        ("redirect", Broken),
        ("cut", Broken),
        ("huge", Broken),
        ("compressed", Broken),
        ("vanished", Gone),
    ],
)
def test_an_answer_that_is_no_page_is_an_error(fault: str, error: type[Exception], agents: Demo) -> None:
    agents.fault(fault, path="/item-")
    with pytest.raises(error):
        fetch_item_page(agents.client, "cssbuy", ITEM)


def test_after_failures_in_a_row_an_agent_is_left_alone(agents: Demo) -> None:
    agents.fault("server-error", path="/item-")
    for _ in range(breaker.FAILURES_TO_OPEN):
        with pytest.raises(Broken):
            fetch_item_page(agents.client, "cssbuy", ITEM)
    with pytest.raises(BreakerOpen):
        fetch_item_page(agents.client, "cssbuy", ITEM)
