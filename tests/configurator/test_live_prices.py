"""A build at the prices of today: offers and quotes in the page, the switch of a line, and what is not passed on."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from catalog.models import Part
from configurator.models import SharedBuild
from tests.sourcing.test_offers import list_one

pytestmark = pytest.mark.django_db
GPU = "v100-sxm2-32gb"
QUERY = f"model=llama-3.1-8b&gpu={GPU}&gpu_count=2"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def offers(db: None) -> None:
    part = Part.objects.get(slug=GPU)
    now = timezone.now()
    for price in ("400", "420"):
        list_one(part, price, last_seen=now, first_seen=now)


def line(client: Client, query: str = QUERY, **headers: Any) -> str:
    """What stands beside the GPU."""
    page = BeautifulSoup(client.get(f"/build/?{query}", **headers).content, "html.parser")
    found = page.find(id="line-gpu")
    assert found is not None
    return " ".join(found.get_text(" ").split())


@pytest.mark.usefixtures("offers")
def test_a_line_counts_at_the_best_offers_and_names_the_other_price(client: Client) -> None:
    assert line(client).startswith("$820 by offers published $")


@pytest.mark.usefixtures("offers")
def test_the_switch_of_a_line_is_an_address_that_works_without_javascript(client: Client) -> None:
    page = client.get(f"/build/?{QUERY}").content.decode()
    address = re.search(r'class="line-other" href="([^"]+)"', page)
    assert address is not None
    switched = client.get(address[1].replace("&amp;", "&")).content.decode()
    assert 'type="hidden" name="gpu_price_from" value="band"' in switched
    assert "offers $820" in line(client, f"{QUERY}&gpu_price_from=band")


@pytest.mark.usefixtures("offers")
def test_the_fragment_shows_the_same_as_the_page(client: Client) -> None:
    assert line(client, headers=HTMX) == line(client)


@pytest.mark.usefixtures("offers")
def test_a_quote_told_between_two_looks_counts_at_once_and_for_its_browser_only(client: Client) -> None:
    before = line(client, headers=HTMX)
    client.post("/sourcing/quotes/new/", {"part": GPU, "price": "$350"})
    assert line(client, headers=HTMX).startswith("$700 your quote")
    assert line(Client(), headers=HTMX) == before


@pytest.mark.usefixtures("offers")
def test_offers_are_not_saved_and_not_passed_on(client: Client) -> None:
    client.post("/b/", {"query": QUERY})
    saved = next(price for price in SharedBuild.objects.get().prices if price["part"] == GPU)
    assert saved["basis"] == "band"
    answer = client.post("/api/v1/estimate", {"model": "llama-3.1-8b", "gpu": GPU}, content_type="application/json")
    assert "offer" not in str(answer.json()["cost"])


@pytest.mark.usefixtures("offers")
def test_the_page_says_that_offers_will_not_be_saved(client: Client) -> None:
    assert "Saved and exported without today's offers" in client.get(f"/build/?{QUERY}").content.decode()
    assert "keep this sheet to yourself" in client.get(f"/build/?{QUERY}").content.decode()
    assert "exported without" not in client.get(f"/build/?{QUERY}&gpu_price_from=band").content.decode()


def test_a_quote_is_saved_as_the_price_of_whoever_saves_it(client: Client) -> None:
    client.post("/sourcing/quotes/new/", {"part": GPU, "price": "$350"})
    client.post("/b/", {"query": QUERY})
    shared = SharedBuild.objects.get()
    assert "gpu_price=350" in shared.query
    assert "$700" in Client().get(shared.get_absolute_url()).content.decode()


def test_renaming_a_saved_build_freezes_no_quote_that_came_later(client: Client) -> None:
    client.post("/b/", {"query": QUERY})
    shared = SharedBuild.objects.get()
    client.post("/sourcing/quotes/new/", {"part": GPU, "price": "$123.45"})
    edit = f"/b/{shared.slug}/edit/{shared.edit_token}/"
    client.post(edit, {"query": shared.query, "title": "Renamed"})
    renamed = SharedBuild.objects.get()
    assert (renamed.title, renamed.query, renamed.prices) == ("Renamed", shared.query, shared.prices)


def test_a_price_above_zero_is_not_saved_as_nothing(client: Client) -> None:
    client.post("/sourcing/quotes/new/", {"part": GPU, "price": "$0.01", "quantity": "2"})
    client.post("/b/", {"query": QUERY})
    assert "gpu_price=0.01" in SharedBuild.objects.get().query


@pytest.mark.usefixtures("offers")
def test_no_offer_gets_into_an_address(client: Client) -> None:
    page = client.get(f"/build/?{QUERY}").content.decode()
    assert "unit_price=" not in page
    assert "purchase_usd=" not in page


def test_a_source_that_does_not_exist_is_refused_by_name(client: Client) -> None:
    answer = client.post(
        "/api/v1/estimate",
        {"model": "llama-3.1-8b", "gpu": GPU, "gpu_price_from": "rumour"},
        content_type="application/json",
    )
    assert answer.status_code == 422
    assert "best, quote, offer, band" in str(answer.json())
