"""The page of one part's published prices, whole and as a fragment."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_page_shows_every_band_with_market_day_verdict_and_source(client: Client) -> None:
    page = client.get("/parts/quad-board-taq-sxm2-4p5a5/prices/").content.decode()
    assert "<html" in page
    for words in ("$400", "$425", "$700", "$800", "Taobao", "US reseller", "1 Mar 2026", "Inconsistent", "Confirmed"):
        assert words in page
    assert "The V100 SXM2 Homelab Bible (community guide)" in page


def test_htmx_gets_the_bands_alone(client: Client) -> None:
    response = client.get("/parts/v100-sxm2-16gb/prices/", headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "<html" not in text
    assert 'id="part-prices"' in text
    assert "HX-Request" in response.headers["Vary"]


def test_a_restored_history_entry_gets_the_whole_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/parts/v100-sxm2-16gb/prices/", headers=headers).content.decode()


def test_a_part_without_bands_says_that_it_counts_as_unknown(client: Client, make_part: Any) -> None:
    make_part("fin")
    assert "counts as unknown" in client.get("/parts/fin/prices/").content.decode()


def test_a_band_in_yuan_shows_both_currencies(client: Client, make_part: Any, make_band: Any) -> None:
    make_band(make_part("fin"), "665.29", "1330.58", currency="CNY")
    text = client.get("/parts/fin/prices/").content.decode()
    assert "CNY" in text
    assert "$100–200" in text
    assert "0.150311" in text


def test_a_note_with_markup_is_shown_as_text(client: Client, make_part: Any, make_band: Any) -> None:
    make_band(make_part("fin"), "1", "2", note="<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/parts/fin/prices/").content.decode()


def test_an_unknown_part_is_not_found(client: Client) -> None:
    assert client.get("/parts/v100-sxm2-16g/prices/").status_code == 404


def test_the_page_only_reads(client: Client) -> None:
    assert client.post("/parts/v100-sxm2-16gb/prices/").status_code == 405


def test_the_admin_lists_and_edits_bands(client: Client, make_part: Any, make_band: Any) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    band = make_band(make_part("fin"), "20", "30")
    assert client.get("/admin/sourcing/priceband/").status_code == 200
    assert client.get(f"/admin/sourcing/priceband/{band.pk}/change/").status_code == 200
