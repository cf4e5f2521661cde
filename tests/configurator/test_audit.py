"""The page of the audit, our figures beside the guide's, and the ways that lead there."""

import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.claim_models import Claim
from catalog.models import CatalogRevision
from catalog.vocabulary import CLAIM_FIGURES
from configurator.audit import our_figures
from configurator.claim_figures import FIGURES
from configurator.estimation.findings import RULES
from configurator.estimation.rules.audited import CLAIMS

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 1)
QUAD = (
    "model=llama-3.3-70b&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5&io_card=plx8749-card"
    "&psu=psu-atx-850w&host=existing-pc&power_limit_w=150"
)


def _told(number: str) -> list[str]:
    return [figure.text.replace("\xa0", " ") for figure in our_figures(DAY)[number]]


def test_every_figure_the_data_may_name_is_one_we_compute() -> None:
    assert {*FIGURES, "finding"} == set(CLAIM_FIGURES)


def test_every_question_has_an_answer_and_an_address() -> None:
    figures = our_figures(DAY)
    assert len(figures) >= 100
    silent = [
        (number, each.what) for number, found in figures.items() for each in found if not (each.text and each.query)
    ]
    assert silent == []


BY_HAND = (
    # 6 links of 25 GB/s over 3 neighbours, over 1; a cube mesh has 2 double, 2 single, 3 missing links a GPU.
    (
        "C004",
        [
            "50 GB/s each way",
            "50 GB/s each way between 8 of the pairs; 25 GB/s each way between 8 of the pairs; none between 12",
            "150 GB/s each way",
        ],
    ),
    ("C015", ["512 GB in 16 devices", "1 NVLink island of 16"]),  # 16 x 32
    ("C018", ["12.8 GB/s each way"]),  # 12-13 GB/s in use
    ("C021", ["3,600 GB/s", "1,008 GB/s"]),  # 4 x 900; datasheet
    ("C028", ["2 NVLink islands of 4"]),
    ("C050", ["$206"]),  # 130 + 4 x 19
    ("C054", ["4 of 7 others directly"]),  # nvidia-smi topo -m
    ("C071", ["42.5 GB"]),  # 42,520,395,808 bytes as published
    ("C074", ["47.4 GB"]),  # 47,415,707,136 bytes as published
    ("C090", ["141.1 GB"]),  # 70.55 x 2
    ("C106", ["1,730 W behind the supply", "2,930 W behind the supply"]),  # 8 x 150 or 300, + 330 + 200
    ("C132", ["$1,600–3,600"]),  # 8 x 200 to 450
    ("C133", ["256 GB in 8 devices", "128 GB in 8 devices"]),
    ("C159", ["$1,152"]),
    ("C161", ["$2,429"]),
    ("C163", ["$1,550"]),
    ("C164", ["$3,850"]),
)


def test_our_figures_are_those_worked_out_by_hand_or_published() -> None:
    for number, told in BY_HAND:
        assert (number, _told(number)) == (number, told)


def test_measured_speeds_lie_in_our_ranges() -> None:
    for number, place, measured in (("C069", 0, 24.3), ("C069", 1, 19.6), ("C148", 0, 5.0), ("C152", 0, 19.06)):
        low, high = map(float, re.findall(r"[\d.]+", _told(number)[place])[:2])
        assert low <= measured <= high, number


def test_what_does_not_fit_or_run_is_said_so() -> None:
    assert all(text.startswith("does not fit: GPU ") for text in (*_told("C073"), *_told("C079"), *_told("C081")))
    assert [text.partition(":")[0] for text in _told("C009")] == ["ok", "blocker", "ok"]  # vLLM asks for 7.5
    assert _told("C131") == ["blocker: This server takes SXM3 modules only"]
    assert _told("C136")[0] == "104 % of 9,600 W: does not carry it"  # 10,000 / (50 x 240 x 0.8)


def test_a_setting_that_is_gone_leaves_the_figure_unknown(client: Client) -> None:
    claim = Claim.objects.get(number="C071")
    claim.computes = [{**claim.computes[0], "query": {"model": "no-such-model"}}]
    claim.save()
    CatalogRevision.objects.bump()
    assert [(each.text, each.query) for each in our_figures(DAY)["C071"]] == [("", "")]
    page = client.get("/audit/?q=C071").content.decode()
    assert "Llama 3.3 70B at Q4_K_M: <b>unknown</b>" in page


def test_the_page_counts_filters_and_is_whole_without_javascript(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = client.get("/audit/").content.decode()
    ids = re.findall(r'<li class="claim" id="(C\d{3})">', page)
    assert ids == [f"C{number:03}" for number in range(1, 171)]
    assert [int(number) for number in re.findall(r"</a> <b>(\d+)</b></dt>", page)] == [60, 37, 30, 13, 30]
    assert 'method="get"' in page
    assert not re.search(r"\sstyle=|<script>|\son[a-z]+=", page)
    for query, number in (("verdict=inconsistent", 13), ("section=16", 1), ("q=superbuy", 2), ("q=no-such-word", 0)):
        with django_assert_num_queries(3):  # the catalog's state, the verdicts, the claims: however many there are
            answer = client.get(f"/audit/?{query}")
        assert answer.content.decode().count('<li class="claim"') == number, query
        partial = client.get(f"/audit/?{query}", headers={"HX-Request": "true"})
        assert partial.content.decode().strip().startswith('<section id="results"')
        assert partial.content.decode().strip() in answer.content.decode()
        assert "HX-Request" in answer["Vary"]


def test_hostile_filters_are_refused_or_find_nothing(client: Client) -> None:
    for query, says in (
        ("q=%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("q=%00", "Null characters are not allowed."),
        ("q=" + "a" * 101, "at most 100 characters"),
        ("q=%25' OR 1=1 --", "0 of 170 claims"),
        ("verdict=true", "true is not one of the available choices"),
        ("section=%27", "is not one of the available choices"),
        ("section=5&section=6", "8 of 170 claims"),
        ("%FF=%FE", "170 of 170 claims"),
    ):
        answer = client.get(f"/audit/?{query}")
        assert answer.status_code == 200
        assert says in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()


def test_a_claim_has_an_address_of_its_own(client: Client) -> None:
    for number in ("C165", "c165"):
        assert client.get(f"/audit/{number}/")["Location"] == "/audit/#C165"
    for address in ("/audit/C999/", "/audit/%00/", "/audit/" + "C" * 300 + "/"):
        assert client.get(address).status_code == 404
    assert client.post("/audit/").status_code == 405


def test_findings_presets_parts_and_our_figures_lead_to_and_fro(client: Client) -> None:
    assert set(CLAIMS) <= {rule.slug for rule in RULES}
    numbers = set(Claim.objects.values_list("number", flat=True))
    assert {number for claims in CLAIMS.values() for number in claims} <= numbers
    build = client.get(f"/build/?{QUAD}").content.decode()
    margin = build[build.index('id="finding-psu-margin"') :].partition("</li>")[0]
    assert re.findall(r'href="/audit/#(C\d{3})"', margin) == ["C160", "C162"]
    separate = build[build.index('id="finding-separate-devices"') :].partition("</li>")[0]
    said = "The guide says otherwise: C019, C166. The guide says so too: C167"
    assert said in re.sub(r"<[^>]+>", "", separate)
    assert re.findall(r'href="/audit/#(C\d{3})"', client.get("/").content.decode())[:2] == ["C159", "C160"]
    part = client.get("/parts/v100-sxm2-32gb/").content.decode()
    assert re.findall(r'href="/audit/#(C\d{3})"', part) == ["C003", "C132"]
    assert "What the guide says of it" not in client.get("/parts/fan-120mm/").content.decode()
    address = re.findall(r'href="(/build/\?[^"]+)"', client.get("/audit/?q=C073").content.decode())[0]
    assert "Does not fit" in client.get(address.replace("&amp;", "&")).content.decode()
