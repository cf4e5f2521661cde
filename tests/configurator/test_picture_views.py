"""The preview of a shared build and the curves of a build, as browsers and link previews ask for them."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from configurator import sharing
from configurator.estimation.types import Range
from configurator.models import SharedBuild
from configurator.trade_off_picture import TradeOffPoint, trade_off_picture
from sourcing.landed.types import Money

pytestmark = pytest.mark.django_db

QUERY = "model=llama-3.1-70b&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def saved() -> SharedBuild:
    return sharing.save(QUERY, title='<img src=x onerror="alert(1)"> ' + "long " * 15, as_of=date(2026, 11, 20))


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def content(tags: BeautifulSoup, selector: str) -> str:
    found = tags.select_one(selector)
    assert found is not None, selector
    return str(found["content"])


def test_the_preview_is_kept_by_its_version_and_differs_by_build(
    client: Client, saved: SharedBuild, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/b/{saved.slug}/picture.png"
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("public, max-age=3600", "noindex")
    with django_assert_num_queries(2):  # the build, and the catalog's state
        assert client.get(address).content == response.content
    unchanged = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", response["ETag"])
    assert client.head(address).status_code == 200
    sharing.replace(saved, QUERY.replace("gpu_count=4", "gpu_count=2"), title="Half", as_of=date(2026, 11, 20))
    changed = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != response["ETag"]
    assert changed.content != response.content
    for gone in ("nothing-here", "%00"):
        assert client.get(f"/b/{gone}/picture.png").status_code == 404


def test_link_previews_find_picture_title_and_words(client: Client, saved: SharedBuild) -> None:
    response = client.get(saved.get_absolute_url())
    tags = page(response)
    image = content(tags, 'meta[property="og:image"]')
    assert image.startswith(f"http://testserver/b/{saved.slug}/picture.png?v=")
    assert client.get(image.removeprefix("http://testserver")).status_code == 200
    assert content(tags, 'meta[name="twitter:card"]') == "summary_large_image"
    assert content(tags, 'meta[property="og:title"]') == saved.title
    assert "Main catch: " in content(tags, 'meta[property="og:description"]')
    assert content(tags, 'meta[name="robots"]') == "noindex"
    assert b"<img src=x" not in response.content
    assert not tags.select("style, [style]")


def test_the_head_of_a_shared_build_answers_five_questions(client: Client, saved: SharedBuild) -> None:
    def head() -> str:
        tags = page(client.get(saved.get_absolute_url()))
        glance = tags.select_one(".glance")
        assert glance is not None
        machine = tags.select_one(".machine")
        return " ".join(f"{machine.get_text() if machine else ''} {glance.get_text(' ')}".split())

    said = head()
    for words in (
        "4 × NVIDIA Tesla V100 SXM2 16 GB on 1CATai",
        "Runs Llama 3.1 70B",
        "tok/s",
        "at least $",
        "Main catch",
    ):
        assert words in said, words
    # A part of it has left the catalog: the figures saved with it still answer.
    SharedBuild.objects.update(query="model=gone&gpu=gone")
    said = head()
    for words in ("Does it fit?", "tok/s", "at least $", "Main catch"):
        assert words in said, words


def test_curves_are_a_page_and_a_fragment_that_the_panel_asks_for(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    panel = page(client.get(f"/build/?{QUERY}"))
    place = panel.select_one("#curves [hx-get]")
    assert place is not None
    link = place.select_one("a")
    assert link is not None
    assert link["href"] == place["hx-get"]  # without JavaScript it is a link
    address = str(place["hx-get"])
    whole = page(client.get(address))
    with django_assert_num_queries(1):
        response = client.get(address, headers=HTMX)
    assert "HX-Request" in response["Vary"]
    part = page(response)
    assert part.select_one("html") is None
    for tags in (whole, part):
        pictures = tags.select("svg.curve-picture[role=img]")
        assert len(pictures) == len(tags.select(".curve table.data")) == 3
        for picture in pictures:
            for name in str(picture["aria-labelledby"]).split():
                assert tags.select_one(f"#{name}") is not None
        assert not tags.select("style, [style]")
        assert "nan" not in " ".join(str(path["d"]) for path in tags.select("path"))


def test_curves_of_what_does_not_run_say_why(client: Client) -> None:
    cases = [
        (f"{QUERY}&runtime=vllm&quant=F16", "No speed on the GPUs alone"),
        (QUERY.replace("gpu_count=4", "gpu_count=1"), "does not fit"),
        (f"{QUERY}&gpu_count=0", "GPUs"),
        ('model="><script>alert(1)</script>&gpu=v100-sxm2-16gb', "Not computed"),
        ("gpu=drive-a100-pg199&model=llama-3.1-8b", "takes no power limit"),
    ]
    for query, words in cases:
        response = client.get(f"/build/curves/?{query}")
        assert response.status_code == 200
        text = response.content.decode()
        assert words in text, query
        assert "<script>alert" not in text


def test_a_trade_off_is_drawn_with_links_and_a_table_behind_it() -> None:
    cost = Money(Decimal(900), Decimal(1000), Decimal(1200))
    points = [
        TradeOffPoint(cost, Range(12, 14, 16), "4 × V100 <b>", "/build/?gpu_count=4", is_front=True),
        TradeOffPoint(None, Range(1, 2, 3), "2 × V100", "/build/?gpu_count=2"),
    ]
    tags = BeautifulSoup(
        render_to_string("configurator/_trade_off.html", {"picture": trade_off_picture(points)}), "html.parser"
    )
    (link,) = tags.select("svg a")
    assert (link["href"], link["aria-label"]) == (
        "/build/?gpu_count=4",
        "1: 4 × V100 <b>, $900–1,200, 12–16\u00a0tok/s",
    )
    rows = [" ".join(row.get_text(" ").split()) for row in tags.select("tbody tr")]
    assert rows[0].startswith("1. 4 × V100 <b> $900–1,200")
    assert rows[1].startswith("2. 2 × V100 unknown 1.0–3.0")
    assert not tags.select("b")
