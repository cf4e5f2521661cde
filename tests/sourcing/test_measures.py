"""The rules of trade as data: what ships is sound, and what is wrong is named by file and line."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sourcing import measures
from sourcing.measures import DATA_DIR, MeasuresError, read_agents, read_measures


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A copy of the shipped rules to spoil."""
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy, ignore=shutil.ignore_patterns("bands"))
    return copy


def _spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_every_rule_has_a_source_with_a_title() -> None:
    rules = measures.measures()
    sources = [rules.freight.source, *(measure.source for measure in rules.duties)]
    sources += [fee.source for fee in rules.entry_fees]
    sources += [tax.source for tax in rules.taxes]
    sources += [agent.source for agent in measures.agents().values()]
    assert all(source.title for source in sources)


def test_processing_fees_of_fiscal_year_2027_are_those_of_the_notice() -> None:
    fees = {fee.id: fee for fee in measures.measures().entry_fees}
    formal = fees["us-mpf-formal-fy2027"]
    assert formal.rate == Decimal("0.003464")
    assert (formal.minimum_usd, formal.maximum_usd) == (Decimal("34.58"), Decimal("670.86"))
    assert (formal.valid_from, formal.valid_to) == (date(2026, 10, 1), date(2027, 9, 30))


def test_agent_fees_are_the_guides_and_its_raided_agent_is_not_offered() -> None:
    agents = measures.agents()
    fees = {slug: agent.fee_rate for slug, agent in agents.items()}
    assert fees == {"superbuy": Decimal(0), "cssbuy": Decimal("0.06"), "basetao": Decimal("0.05")}
    assert {agent.source.confidence for agent in agents.values()} == {"guide"}
    assert "pandabuy" not in agents
    assert all("superbuy.me" not in agent.href for agent in agents.values())


def test_the_rate_of_the_yuan_is_that_of_its_day() -> None:
    rate = measures.exchange_rates()["CNY"]
    assert (rate.per_usd, rate.as_of) == (Decimal("6.6529"), date(2026, 10, 30))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('rate_percent: "25"', "rate_percent: 25", "data/tariffs/us-s301-list-3.yaml:18: rate_percent is 25, allowed"),
        ('rate_percent: "25"', 'rate_percent: "-25"', "rate_percent is '-25', allowed: a number in quotes"),
        ('rate_percent: "25"', "", "rate_percent is missing, allowed: a percentage in quotes"),
        ('"2019-05-10"', '"2019-13-10"', "valid_from is '2019-13-10', allowed: a date in quotes"),
        ("kind: surcharge", "kind: fine", "us-s301-list-3.yaml:2: kind is 'fine', allowed: base, surcharge, exemption"),
        ('origins: ["CN"]', "origins: []", "origins is empty, allowed: all, or a list"),
        ('origins: ["CN"]', "origin: all", "unknown key 'origin', allowed:"),
        ("confidence: official", "confidence: certain", "confidence is 'certain', allowed: measured"),
    ],
)
def test_a_wrong_measure_is_named_with_file_line_and_what_is_allowed(
    data_dir: Path, old: str, new: str, message: str
) -> None:
    _spoil(data_dir / "tariffs" / "us-s301-list-3.yaml", old, new)
    with pytest.raises(MeasuresError) as refused:
        read_measures(data_dir)
    assert message in str(refused.value)


def test_an_unknown_rate_needs_a_note(data_dir: Path) -> None:
    path = data_dir / "tariffs" / "us-ieepa.yaml"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith("note:")))
    with pytest.raises(MeasuresError, match="needs one that says why"):
        read_measures(data_dir)


def test_a_measure_that_lifts_nothing_on_record_is_refused(data_dir: Path) -> None:
    _spoil(data_dir / "tariffs" / "us-s122-annex-ii.yaml", "lifts: [us-s122]", "lifts: [us-s123]")
    with pytest.raises(MeasuresError, match="lifts 'us-s123', which is not on record"):
        read_measures(data_dir)


def test_all_errors_of_a_folder_are_found_at_once(data_dir: Path) -> None:
    _spoil(data_dir / "agents" / "cssbuy.yaml", 'fee_percent: "6"', "fee_percent: six")
    _spoil(data_dir / "agents" / "basetao.yaml", "verdict: unverifiable", "verdict: dubious")
    with pytest.raises(MeasuresError) as refused:
        read_agents(data_dir)
    assert len(refused.value.errors) == 2
