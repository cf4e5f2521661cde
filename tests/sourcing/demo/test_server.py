"""The demo marketplace over real HTTP, as a newcomer's browser and its control see it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from sourcing.demo.server import Market, running

ROOT = Path(__file__).resolve().parent.parent.parent.parent
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # what is on offer changes, and each filter needs rows to find
SEARCH = "/buy/browse/v1/item_summary/search"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    market = Market()
    market.set_to = NOON
    with running(market) as url, httpx.Client(base_url=url) as one:
        yield one


@pytest.fixture
def bearer(client: httpx.Client) -> dict[str, str]:
    answer = client.post("/identity/v1/oauth2/token", auth=("demo", "demo"), data={"grant_type": "client_credentials"})
    assert answer.json()["expires_in"] == 7_200
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_without_a_token_403_and_with_a_wrong_one_401(client: httpx.Client) -> None:
    assert client.get(SEARCH, params={"q": "V100"}).status_code == 403
    wrong = client.get(SEARCH, params={"q": "V100"}, headers={"Authorization": "Bearer x"})
    assert (wrong.status_code, wrong.json()["errors"][0]["errorId"]) == (401, 1001)


def test_limit_offset_and_next_lead_through_all_rows_once(client: httpx.Client, bearer: dict[str, str]) -> None:
    ids: list[str] = []
    address, params = SEARCH, {"q": "V100", "limit": "7", "sort": "price"}
    while address:
        page = client.get(address, params=params, headers=bearer).json()
        ids += [row["itemId"] for row in page["itemSummaries"]]
        address, params = page.get("next", ""), None  # type: ignore[assignment]
    assert len(ids) == len(set(ids)) == page["total"]


def test_a_search_that_finds_nothing_has_no_list(client: httpx.Client, bearer: dict[str, str]) -> None:
    page = client.get(SEARCH, params={"q": "nothing of the kind"}, headers=bearer).json()
    assert page["total"] == 0
    assert "itemSummaries" not in page


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ("conditionIds:{7000}", lambda row: row["conditionId"] == "7000"),
        ("buyingOptions:{AUCTION}", lambda row: row["buyingOptions"] == ["AUCTION"]),
        ("itemLocationCountry:CN", lambda row: row["itemLocation"]["country"] == "CN"),
        ("price:[..50],priceCurrency:USD", lambda row: float(row["price"]["value"]) <= 50),
    ],
)
def test_filters(
    filters: str, passes: Callable[[dict[str, Any]], bool], client: httpx.Client, bearer: dict[str, str]
) -> None:
    rows = client.get(SEARCH, params={"q": "(V100, SXM2)", "filter": filters, "limit": "200"}, headers=bearer).json()
    assert rows["itemSummaries"]
    assert all(passes(row) for row in rows["itemSummaries"])


@pytest.mark.parametrize(
    ("params", "number"),
    [
        ({}, 12001),
        ({"q": "x", "limit": "201"}, 12007),
        ({"q": "x", "offset": "7"}, 12007),
        ({"q": "x", "limit": "-1"}, 12006),
    ],
)
def test_wrong_questions(params: dict[str, str], number: int, client: httpx.Client, bearer: dict[str, str]) -> None:
    answer = client.get(SEARCH, params=params, headers=bearer)
    assert (answer.status_code, answer.json()["errors"][0]["errorId"]) == (400, number)


def test_a_fault_is_switched_on_for_some_requests_and_off(client: httpx.Client, bearer: dict[str, str]) -> None:
    told = client.post("/demo/faults", json={"fault": "server-error", "times": 2, "path": "search"}).json()
    assert told["on"] == [{"fault": "server-error", "times": 2, "path": "search", "seconds": 1.0}]
    asked = [client.get(SEARCH, params={"q": "V100"}, headers=bearer).status_code for _ in range(3)]
    assert asked == [500, 500, 200]
    client.post("/demo/faults", json={"fault": "forbidden"})
    assert client.get("/").status_code == 403
    assert client.delete("/demo/faults").json()["on"] == []
    assert client.get("/").status_code == 200


def test_a_fault_can_be_asked_for_by_one_request(client: httpx.Client, bearer: dict[str, str]) -> None:
    one = client.get(SEARCH, params={"q": "V100"}, headers={**bearer, "X-Demo-Fault": "throttled"})
    assert (one.status_code, one.headers["Retry-After"]) == (429, "1")
    assert client.get(SEARCH, params={"q": "V100"}, headers=bearer).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"fault": "meteor"}, {}, {"fault": "slow", "times": -1}, {"fault": "slow", "seconds": "x"}]
)
def test_a_fault_that_there_is_not_is_refused(asked: dict[str, object], client: httpx.Client) -> None:
    assert client.post("/demo/faults", json=asked).status_code == 400


def test_the_clock_can_be_set(client: httpx.Client) -> None:
    told = client.post("/demo/clock", json={"now": "2026-12-01T12:00:00+00:00"}).json()
    assert told["now"] == "2026-12-01T12:00:00+00:00"
    assert "2026-12-01T12:00:00" in client.get("/").text
    assert client.post("/demo/clock", json={"now": "noon"}).status_code == 400


def test_the_front_page_says_that_everything_is_simulated(client: httpx.Client) -> None:
    assert "Everything here is simulated" in client.get("/").text


def test_it_starts_by_itself_and_says_where() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sourcing.demo", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[3]
            assert "simulated" in httpx.get(address).text
        finally:
            process.terminate()
