"""Every format says the same of a build, and what it says can be brought back."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import snapshot
from configurator.answers import answer
from configurator.choice import BuildChoice, parse
from configurator.estimates import estimate_choice
from configurator.exports.formats import FORMATS
from configurator.exports.passed_on import PassedOn
from configurator.fields import SLOTS
from configurator.pasted_builds import builds_in

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
QUAD = {
    "model": "llama-3.3-70b",
    "gpu": "v100-sxm2-16gb",
    "gpu_count": 4,
    "carrier": "quad-board-taq-sxm2-4p5a5",
    "carrier_price": "400",
    "gpu_price": "87.5",
    "fan": "fan-120mm",
    "fan_count": 4,
}
HOSTILE = "=1+1 [x](https://voltaic.example/build/?model=evil) | [url=https://evil/build/?model=evil]b[/url] <b>\n|"


def passed_on(choice: BuildChoice, name: str = "", title: str = "") -> PassedOn:
    result = estimate_choice(choice, as_of=DAY)
    if name:
        model = replace(result.workload.model, name=name)
        first = replace(result.lines[0], priced=replace(result.lines[0].priced, name=name))
        result = replace(result, workload=replace(result.workload, model=model), lines=(first, *result.lines[1:]))
    return PassedOn(result, f"https://voltaic.example/build/?{choice.to_query()}", title)


def written(build: PassedOn) -> dict[str, str]:
    return {ending: kind.write(build) for ending, kind in FORMATS.items()}


def test_part_count_price_and_total_stand_in_every_format() -> None:
    texts = written(passed_on(parse(QUAD), title="My quad"))
    # 4 x 87.50 = 350
    assert "| GPU | NVIDIA Tesla V100 SXM2 16 GB | 4 | $87.50 | $350 |" in texts["md"]
    assert "| Fans | 120 mm fan | 4 | no price known |  |" in texts["md"]
    assert "[b]GPU:[/b] 4 × NVIDIA Tesla V100 SXM2 16 GB ($87.50 each, $350)" in texts["bbcode"]
    assert "[b]Fans:[/b] 4 × 120 mm fan (no price known)" in texts["bbcode"]
    for text in (texts["md"], texts["bbcode"]):
        assert text.startswith(("**My quad**", "[b]My quad[/b]"))
        assert "duties of 23 Nov 2026" in text
        assert "120 mm fan" in text.split("Not in the total: ")[1]
        for label in ("Fits", "Decode", "Prefill", "At the wall", "Landed"):
            assert label in text
        assert "\u00a0" not in text
    rows = list(csv.DictReader(io.StringIO(texts["csv"], newline="")))
    gpu = next(row for row in rows if row["name"] == "GPU")
    assert (gpu["quantity"], gpu["each_mid"], gpu["mid"], gpu["price_from"]) == ("4", "87.50", "350.00", "own")
    fans = next(row for row in rows if row["name"] == "Fans")
    assert (fans["each_mid"], fans["mid"]) == ("", "")
    assert texts["csv"].count("\n") == texts["csv"].count("\r\n") == len(rows) + 1
    document = json.loads(texts["json"])
    assert document["question"] == QUAD
    assert document["answer"] == json.loads(json.dumps(answer(document["question"], as_of=DAY)))


def test_hostile_names_change_no_table_and_lead_nowhere() -> None:
    choice = parse(QUAD)
    tame, hostile = written(passed_on(choice)), written(passed_on(choice, HOSTILE, HOSTILE))
    assert hostile["md"].count("\n") == tame["md"].count("\n")
    assert hostile["md"].count("](") == 1 + hostile["md"].count(r"\](")
    assert hostile["bbcode"].count("[") == tame["bbcode"].count("[")
    rows = list(csv.reader(io.StringIO(hostile["csv"], newline="")))
    assert {len(row) for row in rows} == {14}
    assert not [text for row in rows for text in row if text.startswith(("=", "+", "-", "@"))]
    for ending in ("md", "bbcode", "json"):
        assert [build.query for build in builds_in(hostile[ending], host="voltaic.example")] == [choice.to_query()]


@st.composite
def real_choices(draw: st.DrawFn) -> BuildChoice:
    """Machines of parts that exist, with any other setting that says something of itself."""
    catalog = snapshot.current()
    given: dict[str, Any] = {
        "model": draw(st.sampled_from(["llama-3.3-70b", "llama-3.1-8b", "qwen3-32b"])),
        "gpu": draw(st.sampled_from(sorted(catalog.gpus))),
        "gpu_count": draw(st.integers(1, 8)),
        "context_tokens": draw(st.integers(1, 200_000)),
        "streams": draw(st.integers(1, 8)),
        "electricity_usd_per_kwh": draw(st.floats(0, 1)),
        "hours_per_day": draw(st.floats(0, 24)),
        "flash_attention": draw(st.booleans()),
        "entry_date": draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))),
        "power_limit_w": draw(st.none() | st.integers(100, 300)),
        "gpu_price": draw(st.none() | st.decimals(0, 10_000, places=2)),
        "gpu_price_from": draw(st.sampled_from(["best", "quote", "offer", "band"])),
        "country": draw(st.sampled_from(["US", "DE", "GB"])),
    }
    for slot in SLOTS:
        parts = sorted(part.slug for part in catalog.parts.values() if part.kind == slot.kind)
        given[slot.key] = draw(st.sampled_from(["", *parts]))
        given[f"{slot.key}_count"] = draw(st.integers(0, 128))
    return parse(given)


@settings(max_examples=15, deadline=None)
@given(real_choices())
def test_any_build_comes_back_from_any_format_as_it_was(choice: BuildChoice) -> None:
    for ending, text in written(passed_on(choice)).items():
        builds = builds_in(text, host="elsewhere.example")
        assert [build.query for build in builds] == [choice.to_query()], ending
        if ending == "json":
            assert builds[0].choice == parse({**choice.as_dict(), **_counts_without_part(choice)})


def _counts_without_part(choice: BuildChoice) -> dict[str, int]:
    """A count beside no part says nothing and is not written."""
    return {f"{slot.key}_count": 1 for slot in SLOTS if not choice[slot.key]}
