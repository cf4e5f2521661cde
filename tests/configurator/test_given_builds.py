"""What one text gives as a build: the same for whoever reads it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from configurator import sharing
from configurator.given_builds import NotABuild, OtherPage, read_reference

pytestmark = pytest.mark.django_db

HOST = "voltaic.example"
QUERY = "model=llama-3.3-70b&gpu=v100-sxm2-16gb&gpu_count=4"


def test_a_shared_build_is_given_by_its_slug_or_by_any_page_of_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    saved = sharing.save(QUERY, title="Mine", as_of=date(2026, 11, 1))
    pages = [
        reverse("configurator:shared", args=[saved.slug]),
        reverse("configurator:export_shared", args=[saved.slug, "md"]),
        reverse("configurator:shared_picture", args=[saved.slug]),
        reverse("configurator:edit", args=[saved.slug, saved.edit_token]),
    ]
    links = [f"https://{HOST.upper()}{page}" for page in pages] + [
        f"{HOST}{pages[0]}",
        f"{pages[0]}?from=forum",
        pages[0],
    ]
    for text in (saved.slug, f" {saved.slug}\n", *links):
        with django_assert_num_queries(1):
            build = read_reference(text, host=HOST)
        assert (build.reference, build.title, build.query) == (saved.slug, "Mine", QUERY), text


def test_settings_count_whatever_site_the_link_leads_to(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        for text in (
            QUERY,
            f"?{QUERY}",
            f"/build/?{QUERY}",
            f"elsewhere.example/build/?{QUERY}",
            f"http://elsewhere.example:8000/build/export.csv?{QUERY}&colour=red",
            f"https://{HOST}/build/curves/?{QUERY.replace('&', '&amp;')}.",
            f"https://elsewhere.example/b/gone/?{QUERY}",
        ):
            build = read_reference(text, host=HOST)
            assert (build.reference, build.slug, build.query) == (QUERY, "", QUERY), text
            assert build.ignored == (("colour",) if "colour" in text else ()), text


def test_what_gives_no_build_is_refused_and_other_pages_are_told_apart() -> None:
    for text, says in (
        (f"https://{HOST}/parts/", "another page than a build's"),
        (f"https://{HOST}/build/import/?{QUERY}", "another page than a build's"),
        (f"https://{HOST}/x/build/?{QUERY}", "no such page"),
        (f"javascript://{HOST}/build/?{QUERY}", "no address of a page"),
        ("http://[", "no address"),
    ):
        with pytest.raises(OtherPage, match=says):
            read_reference(text, host=HOST)
    for text, says in (
        (f"https://{HOST}@evil.example/b/aBc-_9/", "shared on another site"),
        ("gpu=v100-sxm2-...", "cut short"),
        (f"/build/?{'&'.join(f'a{n}=1' for n in range(400))}", "more settings than any build"),
        ("gpu_count=-1", "from 1 to 64"),
        ("a\0b", "no shared build"),
    ):
        with pytest.raises(NotABuild, match=says) as refused:
            read_reference(text, host=HOST)
        assert not isinstance(refused.value, OtherPage), text


def test_both_pages_that_take_a_pasted_link_read_it_alike(client: Client) -> None:
    link = f"http://elsewhere.example/build/?{QUERY}"
    imported = client.post("/build/import/", {"text": link})
    assert imported["Location"] == f"/build/?{QUERY}"
    compared = client.get("/compare/", {"b": link}).content.decode()
    assert f'name="b" value="{QUERY.replace("&", "&amp;")}"' in compared
