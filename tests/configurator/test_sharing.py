"""A saved build stays as it was, is found by its address only, and is changed by its secret link only."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import CatalogRevision
from catalog.provenance import Confidence, Source
from configurator import sharing
from configurator.models import SharedBuild
from sourcing.landed.types import Money, PricedLine
from sourcing.models import PriceBand

pytestmark = pytest.mark.django_db

QUERY = "model=llama-3.1-70b&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5"


@pytest.fixture
def saved() -> SharedBuild:
    return sharing.save(QUERY, title="My quad", as_of=date(2026, 11, 1))


def test_the_browser_that_saved_sees_the_secret_link_and_no_other_does(client: Client) -> None:
    response = client.post("/b/", {"query": QUERY, "title": "Quad"})
    build = SharedBuild.objects.get()
    # The secret stays out of the address bar, which people copy.
    assert response["Location"] == f"/b/{build.slug}/"
    page = client.get(build.get_absolute_url())
    assert build.edit_token in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert build.edit_token not in Client().get(build.get_absolute_url()).content.decode()


def test_the_secret_link_makes_another_browser_the_owners(saved: SharedBuild) -> None:
    other = Client()
    response = other.get(f"/b/{saved.slug}/edit/{saved.edit_token}/")
    assert response["Location"] == saved.get_absolute_url()
    assert saved.edit_token in other.get(saved.get_absolute_url()).content.decode()


def test_a_whole_address_may_be_pasted_to_change_a_build(client: Client, saved: SharedBuild) -> None:
    edit = f"/b/{saved.slug}/edit/{saved.edit_token}/"
    client.post(edit, {"query": f"http://testserver/build/?{QUERY.replace('16gb', '32gb')}", "title": "Bigger"})
    saved.refresh_from_db()
    assert "32gb" in saved.query


def test_direction_and_control_characters_leave_the_title(client: Client) -> None:
    client.post("/b/", {"query": QUERY, "title": "quad\u202edraob\u200b\r\n two"})
    assert SharedBuild.objects.get().title == "quaddraob two"


def test_saving_without_the_sites_cookie_is_refused_in_our_own_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/b/", {"query": QUERY})
    assert response.status_code == 403
    assert "Allow cookies" in response.content.decode()


def test_the_address_has_at_least_72_random_bits(saved: SharedBuild) -> None:
    assert len(saved.slug) * 6 >= 72
    assert saved.slug != sharing.save(QUERY, title="", as_of=date(2026, 11, 1)).slug


def test_search_engines_are_kept_out(client: Client, saved: SharedBuild) -> None:
    response = client.get(saved.get_absolute_url())
    assert response["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex' in response.content.decode()


def test_the_page_has_an_open_graph_title_and_description(client: Client, saved: SharedBuild) -> None:
    text = client.get(saved.get_absolute_url()).content.decode()
    assert 'property="og:title" content="My quad"' in text
    assert 'property="og:description"' in text


def test_a_later_price_changes_today_and_not_the_saved_build(saved: SharedBuild) -> None:
    before = sharing.reopen(saved)
    PriceBand.objects.filter(part__slug="v100-sxm2-16gb").update(low=Decimal(10), high=Decimal(20))
    CatalogRevision.objects.bump()
    after, now = sharing.reopen(saved), sharing.today(saved, date(2026, 11, 1))
    assert before is not None
    assert after is not None
    assert now is not None
    assert after.cost.total == before.cost.total
    assert sharing.headline(after) == saved.headline
    assert now.cost.total.high < before.cost.total.high
    assert "Landed" in [change.label for change in sharing.changes(saved.headline, sharing.headline(now))]


def test_an_order_of_another_day_has_that_days_duty(saved: SharedBuild) -> None:
    # The exclusion for graphics modules ended on 2026-11-09.
    now = sharing.today(saved, date(2026, 11, 23))
    assert now is not None
    assert now.cost.total.mid > Decimal(saved.headline["landed_usd"][1])


def test_a_gone_link_is_a_404_that_helps(client: Client) -> None:
    response = client.get("/b/nothing-here/")
    assert response.status_code == 404
    assert client.get("/b/%00/").status_code == 404
    assert client.get("/b/%00/export.md").status_code == 404
    assert "/build/" in response.content.decode()


def test_a_wrong_edit_token_is_the_same_404(client: Client, saved: SharedBuild) -> None:
    assert client.get(f"/b/{saved.slug}/edit/guess/").status_code == 404
    assert client.post(f"/b/{saved.slug}/edit/guess/", {"delete": "1"}).status_code == 404
    assert SharedBuild.objects.filter(pk=saved.pk).exists()


def test_the_owner_renames_replaces_and_deletes(client: Client, saved: SharedBuild) -> None:
    edit = f"/b/{saved.slug}/edit/{saved.edit_token}/"
    client.post(edit, {"query": QUERY.replace("16gb", "32gb"), "title": "Bigger"})
    saved.refresh_from_db()
    assert (saved.title, "32gb" in saved.query) == ("Bigger", True)
    client.post(edit, {"query": "gpu_count=-1", "title": "Broken"})
    saved.refresh_from_db()
    assert saved.title == "Bigger"
    client.post(edit, {"delete": "1"})
    assert client.get(f"/b/{saved.slug}/").status_code == 404


@pytest.mark.parametrize("query", ["", "gpu_count=-1", "model=nope&gpu=v100-sxm2-16gb", "%00%ff&&&==", "x" * 9000])
def test_what_is_no_build_is_not_saved_and_says_why(client: Client, query: str) -> None:
    response = client.post("/b/", {"query": query}, follow=True)
    assert response.status_code == 200
    assert "Nothing was saved" in response.content.decode()
    assert not SharedBuild.objects.exists()


def test_markdown_export_escapes_a_hostile_title(client: Client) -> None:
    build = sharing.save(QUERY, title="[x](http://evil) | <b>\n# hi", as_of=date(2026, 11, 1))
    response = client.get(f"/b/{build.slug}/export.md")
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    assert "](http://evil)" not in text
    assert "<b>" not in text
    assert "| NVIDIA Tesla V100 SXM2 16 GB | 4 |" in text
    assert f"/b/{build.slug}/" in text


def test_a_hostile_title_is_escaped_on_the_page(client: Client) -> None:
    build = sharing.save(QUERY, title="<script>alert(1)</script>", as_of=date(2026, 11, 1))
    assert "<script>alert" not in client.get(build.get_absolute_url()).content.decode()


money = st.decimals(0, 10_000, places=2)


@given(
    unit=st.none() | st.builds(Money, money, money, money),
    basis=st.sampled_from(["band", "quote", "none"]),
    as_of=st.none() | st.dates(),
    weight=st.none() | money,
    imported=st.booleans(),
)
def test_a_price_survives_being_stored(unit: Any, basis: str, as_of: Any, weight: Any, imported: bool) -> None:
    source = Source("Guide", "", date(2026, 11, 23), Confidence.GUIDE)
    line = PricedLine("x", "X", 2, unit, basis, as_of, "8473.30.1180", "CN", weight, source, imported)
    assert sharing.price_from_json(sharing.price_to_json(line)) == line
