from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.configurator.own_models.hub_server import HubServer, hub_server


@pytest.fixture
def hub(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub on this machine, set as the one to ask; proxies of the environment are left out."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with hub_server() as server:
        settings.HF_ENDPOINT = server.address
        yield server
