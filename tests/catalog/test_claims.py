"""The audit of the guide as data: complete, filtered by its querysets, guarded by the database, told by the API."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.claim_models import Claim
from catalog.vocabulary import GUIDE_SECTIONS

pytestmark = pytest.mark.django_db

# Counted by hand in the fact file that the audit was made from.
COUNTS = {"confirmed": 60, "wrong": 37, "misleading": 30, "inconsistent": 13, "unverifiable": 30}
SECTIONS = dict(zip(GUIDE_SECTIONS, (16, 7, 11, 27, 7, 23, 8, 12, 8, 7, 4, 7, 4, 6, 7, 3, 1, 8, 4), strict=True))


def test_all_claims_are_there_once_with_the_verdicts_of_the_audit() -> None:
    claims = list(Claim.objects.all())
    assert [claim.number for claim in claims] == [f"C{number:03}" for number in range(1, 171)]
    assert Claim.objects.verdict_counts() == COUNTS
    assert {section: Claim.objects.of_section(section).count() for section in GUIDE_SECTIONS} == SECTIONS
    # The guide's order is the order of the numbers.
    assert [*dict.fromkeys(claim.section for claim in claims)] == list(GUIDE_SECTIONS)


def test_what_is_shown_says_where_it_is_from_and_cites_nothing_that_cannot_be_found() -> None:
    for claim in Claim.objects.all():
        told = " ".join((claim.name, claim.guide, claim.holds, claim.why, *(each.title for each in claim.references())))
        assert not re.search(r"\bref \d|\bfile \d{3}\b|public-file", told), claim
        # An opinion and what was nowhere found have no source, and say nothing that would need one.
        assert claim.references() or claim.verdict == "unverifiable", claim
        assert claim.holds or claim.verdict == "unverifiable", claim


def test_claims_are_found_by_verdict_section_part_and_words() -> None:
    objects = Claim.objects
    assert {claim.section for claim in objects.of_section("17").with_verdict("wrong")} == {"17"}
    assert [claim.number for claim in objects.of_section("17").with_verdict("wrong")] == ["C160", "C162", "C165"]
    assert [claim.number for claim in objects.matching("c165")] == ["C165"]
    assert [claim.number for claim in objects.matching("deepseek  UNIFIED")] == []
    assert "C128" in [claim.number for claim in objects.matching("duty minimal")]
    assert [claim.number for claim in objects.about_part("v100-sxm2-16gb")] == ["C002", "C023"]
    found = objects.named("c004")
    assert found is not None
    assert (found.number, objects.named("C999"), objects.named("C\x00004")) == ("C004", None, None)


def test_the_database_refuses_claims_that_say_nothing() -> None:
    sound = {"number": "C900", "section": "1", "name": "A claim", "guide": "So it is.", "verdict": "wrong"}
    changes: tuple[dict[str, Any], ...] = ({"verdict": "true"}, {"section": "19"}, {"guide": ""}, {"number": "C001"})
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(**sound | change)


def test_the_api_gives_the_audit_and_refuses_what_the_page_refuses(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for query, number in (("", 170), ("verdict=wrong", 37), ("section=QR", 16), ("section=5&verdict=wrong&q=405B", 2)):
        with django_assert_num_queries(1):
            assert len(client.get(f"/api/v1/claims?{query}").json()) == number, query
    (row,) = client.get("/api/v1/claims?q=C071").json()
    assert (row["section"], row["section_title"], row["verdict"]) == ("5", "Performance estimates", "wrong")
    assert "42.5 GB" in row["holds"]
    assert row["sources"][0]["confidence"] == "measured"
    (asked,) = row["computes"]
    assert (asked["figure"], asked["query"]["model"], asked["query"]["gpu_count"]) == (
        "weights_gb",
        "llama-3.3-70b",
        "4",
    )
    for query, field in (("verdict=true", "verdict"), ("section=99", "section"), ("colour=red", "colour")):
        answer = client.get(f"/api/v1/claims?{query}")
        assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (422, field)
