"""The demo marketplace as a real server, its clock standing still, and nobody ever sleeping."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import httpx
import pytest
from django.core.cache import cache
from pytest_django import Settings

from sourcing import marketplaces
from sourcing.demo.server import Market, running
from sourcing.marketplaces import Found, SearchQuery, ebay


class Demo(NamedTuple):
    """A running demo marketplace, its address, and a client to ask it with."""

    market: Market
    url: str
    client: httpx.Client

    def fault(self, fault: str, times: int | None = None, path: str = "", seconds: float = 1.0) -> None:
        self.market.faults.switch_on({"fault": fault, "times": times, "path": path, "seconds": seconds})

    def search(self, text: str = "V100", **more: object) -> Found:
        return marketplaces.search("demo", self.client, SearchQuery(text, **more))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def demo(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    monkeypatch.setattr(ebay, "sleep", lambda seconds: None)
    market = Market()
    market.set_to = datetime.now(UTC)
    with running(market) as url, marketplaces.new_client() as client:
        settings.DEMO_MARKETPLACE_URL = url
        yield Demo(market, url, client)
