"""Exports as they are sent, the page that brings a build back, and what must not get out or be kept."""

import json
import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from configurator import sharing
from configurator.models import OwnModel, SharedBuild
from configurator.pasted_builds import LARGEST_TEXT
from tests.configurator.test_add_model_command import CONFIG
from tests.configurator.test_live_prices import GPU, offers

pytestmark = pytest.mark.django_db

__all__ = ["offers"]  # a fixture
QUERY = "model=llama-3.1-70b&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5"
ENDINGS = {
    "md": "text/plain; charset=utf-8",
    "bbcode": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
}
IMPORT = "/build/import/"


def test_every_format_is_linked_and_sent_as_what_it_is(client: Client) -> None:
    shared = sharing.save(QUERY, title='"; filename=evil.html\r\nX: y', as_of=date(2026, 11, 1))
    for page in (f"/build/?{QUERY}", shared.get_absolute_url()):
        links = BeautifulSoup(client.get(page).content, "html.parser").select(".exports a")
        assert [link.get_text() for link in links] == ["Markdown", "BBCode", "CSV", "JSON"]
        for link, (ending, content_type) in zip(links, ENDINGS.items(), strict=True):
            response = client.get(str(link["href"]))
            assert response["Content-Type"] == content_type
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["X-Robots-Tag"] == "noindex"
            kind = "attachment" if ending in ("csv", "json") else "inline"
            name = f"voltaic-llama-3-1-70b-4x-v100-sxm2-16gb.{ending}"
            assert response["Content-Disposition"] == f'{kind}; filename="{name}"'
            text = response.content.decode()
            assert f"http://testserver/build/?{QUERY}" in text
            assert (shared.get_absolute_url() in text) == page.startswith("/b/")


def test_there_are_no_other_formats_and_no_export_of_what_is_no_build(client: Client) -> None:
    shared = sharing.save(QUERY, title="", as_of=date(2026, 11, 1))
    for address in ("/build/export.xls", "/build/export.", f"/b/{shared.slug}/export.html", "/b/nothing/export.csv"):
        assert client.get(address).status_code == 404
    for ending in ENDINGS:
        response = client.get(f"/build/export.{ending}?model=nope")
        assert response.status_code == 422
        assert response["Content-Type"].startswith("text/plain")
        assert "unknown model" in response.content.decode()


@pytest.mark.usefixtures("offers")
def test_offers_are_not_exported_and_quotes_become_prices_of_ones_own(client: Client) -> None:
    address = f"?model=llama-3.1-8b&gpu={GPU}&gpu_count=2"
    assert "$820" in client.get(f"/build/{address}").content.decode()  # 400 and 420 are on offer
    for ending in ENDINGS:
        text = client.get(f"/build/export.{ending}{address}&gpu_price_from=offer").content.decode()
        assert not re.search(r"\b(820|410)\b", text), ending
        assert '"offer"' not in text.replace('"gpu_price_from": "offer"', "")
    client.post("/sourcing/quotes/new/", {"part": GPU, "price": "$350"})
    for ending in ENDINGS:
        assert "gpu_price=350" in client.get(f"/build/export.{ending}{address}").content.decode()
    assert "gpu_price" not in Client().get(f"/build/export.md{address}").content.decode()


def test_a_model_with_a_hostile_name_is_exported_and_brought_back(client: Client) -> None:
    name = '=cmd|x [url=http://evil/build/?gpu_count=9]<script> "\n'
    row = OwnModel.objects.create(slug="own-abc1", kind="config", name=name, content={"config": json.loads(CONFIG)})
    query = f"model={row.slug}&gpu=v100-sxm2-16gb"
    for ending in ENDINGS:
        response = client.get(f"/build/export.{ending}?{query}")
        assert f'filename="voltaic-own-abc1-1x-v100-sxm2-16gb.{ending}"' in response["Content-Disposition"]
        if ending != "csv":  # it keeps text as it stands, and then the page asks which
            assert brought_back(client, text=response.content.decode()) == query


def brought_back(client: Client, **form: Any) -> str:
    """The query a form leads to; of the configurator and nothing else."""
    response = client.post(IMPORT, form)
    assert response.status_code == 302, response.content.decode()
    parts = urlsplit(response["Location"])
    assert (parts.netloc, parts.path) == ("", "/build/")
    return parts.query


def test_what_is_pasted_or_chosen_leads_to_the_same_build_and_nothing_is_kept(client: Client) -> None:
    shared = sharing.save(QUERY, title="Quad", as_of=date(2026, 11, 1))
    before = list(SharedBuild.objects.values())
    for base in (f"/build/export.%s?{QUERY}", f"/b/{shared.slug}/export.%s"):
        for ending in ENDINGS:
            exported = client.get(base % ending).content
            assert brought_back(client, text=exported.decode()) == QUERY
            assert brought_back(client, file=SimpleUploadedFile("../../x", exported), text="x") == QUERY
    assert brought_back(client, text=f"http://testserver/b/{shared.slug}/") == QUERY
    assert brought_back(client, text=f"https://elsewhere.example/b/x/?{QUERY}") == QUERY
    assert list(SharedBuild.objects.values()) == before
    assert not client.session.keys()


def test_the_import_page_says_what_is_wrong_and_asks_where_there_are_several(client: Client) -> None:
    page = client.get(IMPORT).content.decode()
    assert 'name="text"' in page
    assert 'type="file"' in page
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "Paste an export or a link"),
        ({"text": "<script>"}, "There is no shared build"),
        ({"text": "a nice <script>"}, "no link to a build"),
        ({"text": "{"}, "JSON but is none"),
        ({"text": "/build/?gpu_count=-1"}, "from 1 to 64"),
        ({"text": "x" * (LARGEST_TEXT + 1)}, "more than 524,288 characters"),
        ({"file": SimpleUploadedFile("a.json", b" " * (LARGEST_TEXT + 1))}, "more than 524,288 bytes"),
        ({"file": SimpleUploadedFile("a.md", b"\xff\xfe\x00")}, "is no text"),
        ({"file": SimpleUploadedFile("a.md", b"")}, "Paste an export or a link"),
    ]
    for form, says in wrong:
        response = client.post(IMPORT, form)
        assert response.status_code == 422, says
        page = BeautifulSoup(response.content, "html.parser").get_text(" ")
        assert says in page
    several = client.post(IMPORT, {"text": f"/build/?{QUERY} /build/?model=llama-3.1-8b"})
    assert several.status_code == 200
    links = BeautifulSoup(several.content, "html.parser").select(".file-choices a")
    assert [link["href"] for link in links] == [f"/build/?{QUERY}", "/build/?model=llama-3.1-8b"]
    ignored = client.post(IMPORT, {"text": f"/build/?{QUERY}&colour=<b>"}, follow=True).content.decode()
    assert "no setting has this name: colour." in ignored
    assert Client(enforce_csrf_checks=True).post(IMPORT, {"text": QUERY}).status_code == 403
