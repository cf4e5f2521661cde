"""The upgrade path: links are builds or say why not, phases buy what is missing, and the guide's errors are named."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog import snapshot
from catalog.yaml_lines import YamlFileError
from configurator.estimates import estimate_choice
from configurator.given_builds import NotABuild
from configurator.sharing import save
from configurator.upgrade.links import read_link
from configurator.upgrade.paths import FOLDER, published_paths, read_paths
from configurator.upgrade.phases import Phase, work_out_path
from configurator.upgrade.question import read_question
from sourcing.landed.types import Money

pytestmark = pytest.mark.django_db

HOST = "voltaic.example"
TODAY = date(2026, 11, 23)
BUILD = "gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5&model=llama-3.3-70b"


def phases(**query: Any) -> tuple[Phase, ...]:
    question = read_question(QueryDict(urlencode(query, doseq=True)), snapshot.current(), published_paths(), host=HOST)
    assert question.is_answerable, [row.error for row in question.rows]
    return work_out_path(question.own, question.targets, question.settings, as_of=TODAY)


def words(response: Any) -> str:
    text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
    return re.sub(r"\s+", " ", text).replace("\u00a0", " ")


def test_what_people_paste_is_a_build_or_says_why_not() -> None:
    catalog = snapshot.current()
    shared = save(BUILD, title="", as_of=TODAY)
    for text, gpus in (
        (BUILD, 4),
        (f"?{BUILD}", 4),
        (f"https://voltaic.example/build/?{BUILD}#cost", 4),
        (f" https://{HOST}/b/{shared.slug}/ ", 4),
        (f"/b/{shared.slug}/export.md", 4),
        (shared.slug, 4),
        ("config-2-two-quad-boards", 8),
        ("server-4029gp-tvrt", 8),
    ):
        assert read_link(text, catalog, host=HOST)["gpu_count"] == gpus, text
    for text, says in (
        ("zzz", "o shared build"),
        ("/b/zzz/", "o shared build"),
        ("https://[broken/?gpu=x", "no address"),
        ("model=llama-3.3-70b", "names no GPU"),
        (f"{BUILD}&gpu_count=many", "GPUs (gpu_count)"),
        ("g" * 8001, "8,000 are the most"),
        ("\0", "o shared build"),
    ):
        with pytest.raises(NotABuild) as refused:
            read_link(text, catalog, host=HOST)
        assert says in str(refused.value), text


def test_a_phase_buys_only_what_is_missing_and_leaves_the_rest_idle() -> None:
    quad, two_quads, server = phases(own="config-1-quad-board", p=["config-2-two-quad-boards", "server-4029gp-tvrt"])
    assert (quad.bought, quad.spent.mid, quad.gain) == ((), Decimal(0), None)
    bought = {line.priced.part: line.priced.quantity for line in two_quads.bought}
    # Configuration 2 less configuration 1, by the guide's two lists; the 850 W supply gives way to one of 1,200 W.
    assert bought == {"quad-board-taq-sxm2-4p5a5": 1, "v100-sxm2-16gb": 4, "plx8749-card": 1,
                      "sff-8654-8i-cable-75cm": 4, "heatsink-a100-passive": 4, "psu-atx-1200w": 1}  # fmt: skip
    assert {part.slug: part.pieces for part in two_quads.idle} == {"psu-atx-850w": 1}
    assert {line.priced.part for line in server.bought} == {"server-4029gp-tvrt"}
    idle = {part.slug: part for part in server.idle}
    # Two boards at 400 to 425 dollars, by their band.
    assert idle["quad-board-taq-sxm2-4p5a5"].worth == Money(Decimal(800), Decimal(825), Decimal(850))
    assert (idle["psu-atx-850w"].newly, idle["psu-atx-1200w"].newly) == (0, 1)
    assert "v100-sxm2-16gb" not in idle
    assert "existing-pc" not in idle  # the PC that was there before costs nothing and is worth nothing here
    # What is spent is what each purchase costs when it is computed by itself.
    alone = [estimate_choice(phase.result.choice, as_of=TODAY).cost.total.mid for phase in (two_quads, server)]
    assert [two_quads.spent.mid, server.spent.mid] == [alone[0], sum(alone)]
    assert (quad.memory_gb, two_quads.memory_gb, server.memory_gb) == (64, 128, 128)
    newly = {model.slug for model in two_quads.newly_fit}
    assert "mistral-large-123b" in newly  # 123 B x 4.8 bits are 73 GB: more than 64, less than 128
    assert "llama-3.3-70b" not in newly
    assert server.newly_fit == ()
    assert server.gain is not None
    assert server.gain.wall_w == server.result.estimate.power.wall_w - two_quads.result.estimate.power.wall_w


def test_the_guides_phases_work_and_its_ceiling_does_not() -> None:
    for slug in ("guide-second-board", "guide-server"):
        for phase in phases(path=slug):
            assert not phase.blockers, (slug, phase.title)
            assert phase.result.estimate.memory.fits
    own, as_planned, one_circuit, two_circuits = phases(path="guide-ceiling")
    assert {"sxm2-in-sxm3-server", "dgx-2-circuit"} <= {finding.id for finding in as_planned.blockers}
    assert as_planned.result.cannot_run
    assert (as_planned.fitting, as_planned.newly_fit) == (0, ())
    assert as_planned.gain is not None
    assert as_planned.gain.tok_s is None
    assert "dgx-2-circuit" in {finding.id for finding in one_circuit.blockers}
    assert one_circuit.bought == ()  # its modules come with it
    assert {part.slug: part.pieces for part in one_circuit.idle}["v100-sxm2-32gb"] == 16
    assert two_circuits.blockers == ()
    assert (own.memory_gb, two_circuits.memory_gb) == (256, 512)


def test_a_mistake_in_a_published_path_names_file_and_line(tmp_path: Path) -> None:
    text = (FOLDER / "guide-server.yaml").read_text(encoding="utf-8")
    (tmp_path / "guide-server.yaml").write_text(text.replace("claim: C078", "claim: 78"), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(text.replace("summary:", "sumary:", 1), encoding="utf-8")
    with pytest.raises(YamlFileError) as wrong:
        read_paths(tmp_path)
    line = 1 + text[: text.index("claim: C078")].count("\n")
    errors = "\n".join(wrong.value.errors)
    assert f"guide-server.yaml:{line}: phases.0.notes.0.claim" in errors
    assert "other.yaml:3: sumary" in errors


def test_the_page_shows_a_path_and_says_what_is_wrong_with_a_link(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert "The guide's ceiling: a DGX-2" in words(client.get("/upgrade/"))
    with django_assert_max_num_queries(6):
        shown = words(client.get("/upgrade/?path=guide-ceiling"))
    for said in ("This server takes SXM3 modules only", "Not enough circuits for a DGX-2", "does not run", "C131"):
        assert said in shown, said
    bad = client.get("/upgrade/", {"own": "config-1-quad-board", "p": ["<script>alert(1)</script>", "zzz"]})
    assert "Phase 2: There is no shared build 'zzz'" in words(bad)
    assert b"<script>alert" not in bad.content
    assert "at most 5" in words(client.get("/upgrade/", {"p": ["config-1-quad-board"] * 6}))
    assert "Paste one build at least" in words(client.get("/upgrade/", {"own": "config-1-quad-board"}))
    wrong = client.get("/upgrade/", {"p": "config-1-quad-board", "model": "nope", "country": "XX", "quant": "\0"})
    assert "nknown model" in words(wrong)
    assert client.get("/upgrade/", {"path": "nope", "p": "\0"}).status_code == 200
