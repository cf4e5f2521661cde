"""The rules of trade as data: what ships is sound, and what is wrong is named by file and line."""

import re
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog import snapshot
from sourcing import buying, measures
from sourcing.landed.taxes import tax_on
from sourcing.landed.types import Destination
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
    agents = measures.agents()
    dated: tuple[Any, ...] = (
        *rules.duties,
        *rules.entry_fees,
        *rules.taxes,
        *rules.areas,
        *rules.free_up_to,
        *rules.brokerages,
    )
    sources = [rule.source for rule in dated]
    sources += [line.source for line in rules.freight_lines.values()]
    sources += [parcel.source for parcel in rules.parcels.values()]
    sources += [agent.source for agent in (*agents.offered.values(), *agents.refused.values())]
    assert all(source.title for source in sources)


def test_processing_fees_of_fiscal_year_2027_are_those_of_the_notice() -> None:
    fees = {fee.id: fee for fee in measures.measures().entry_fees}
    formal = fees["mpf-formal-fy27"]
    assert formal.rate == Decimal("0.003464")
    assert (formal.minimum_usd, formal.maximum_usd) == (Decimal("34.58"), Decimal("670.86"))
    assert (formal.valid_from, formal.valid_to) == (date(2026, 10, 1), date(2027, 9, 30))


def test_agent_fees_are_the_guides_and_its_raided_agent_is_not_offered() -> None:
    agents = measures.agents().offered
    fees = {slug: agent.fee_rate for slug, agent in agents.items()}
    assert fees == {"superbuy": Decimal(0), "cssbuy": Decimal("0.06"), "basetao": Decimal("0.05")}
    assert {agent.source.confidence for agent in agents.values()} == {"guide"}
    assert "pandabuy" not in agents
    assert "raided" in measures.agents().refused["pandabuy"].refused
    assert all("superbuy.me" not in agent.href for agent in agents.values())


def test_every_state_province_and_member_has_one_tax_today() -> None:
    taxes = measures.measures().taxes
    today = date(2026, 11, 25)
    places = Counter((tax.country, tax.region) for tax in taxes if tax.in_force(today))
    assert set(places.values()) == {1}
    regions = Counter(country for country, region in places if region)
    assert regions == {"US": 51, "CA": 13}
    assert len([country for country, region in places if not region]) == 29  # 27 members, GB, AU


def test_a_tax_that_changed_keeps_both_rates_with_their_days() -> None:
    # Estonia 22 % until 2025-06-30, 24 % from then on.
    for day, rate in ((date(2025, 6, 30), "0.22"), (date(2025, 7, 1), "0.24")):
        tax = tax_on(measures.measures().taxes, Destination("EE"), day)
        assert tax is not None
        assert tax.rate == Decimal(rate)


def test_every_country_with_a_tax_has_a_customs_law() -> None:
    rules = measures.measures()
    assert {tax.country for tax in rules.taxes} == {country for area in rules.areas for country in area.countries}


def test_every_part_that_may_be_shipped_has_a_packed_weight(db: None) -> None:
    slugs = set(snapshot.current().parts) - {"existing-pc", "shroud-3d-printed"}
    assert slugs - set(measures.measures().parcels) == set()


def test_every_row_of_the_tariff_research_is_on_record() -> None:
    rules = measures.measures()
    ids = {rule.id for rule in (*rules.duties, *rules.entry_fees, *rules.free_up_to)}
    assert ids >= {
        "mfn-8473.30",
        "s301-list3",
        "s301-list1-8473.30.20",
        "s301-list4a",
        "s301-excl-47-48",
        "s301-excl-49",
        "s301-excl-50",
        "ieepa",
        "s122",
        "s301-forced-labor-cn",
        "s301-forced-labor-hk",
        "s301-forced-labor-exempt",
        "s232-semi",
        "s232-metals-50",
        "s232-metals-25-cables",
        "s232-metals-removed",
        "mpf-formal-fy26",
        "mpf-formal-fy27",
        "mpf-informal-fy26",
        "mpf-informal-fy27",
        "hmf",
        "de-minimis-cn",
        "de-minimis-all",
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('rate_percent: "25"', "rate_percent: 25", "data/tariffs/s301-list3.yaml:26: rate_percent is 25, allowed"),
        ('rate_percent: "25"', 'rate_percent: "-25"', "rate_percent is '-25', allowed: a number in quotes"),
        ('rate_percent: "25"', "", "rate_percent is missing, allowed: a percentage in quotes"),
        ('"2019-05-10"', '"2019-13-10"', "valid_from is '2019-13-10', allowed: a date in quotes"),
        ("kind: surcharge", "kind: fine", "s301-list3.yaml:2: kind is 'fine', allowed: base, surcharge, exemption"),
        ('origins: ["CN"]', "origins: []", "origins is empty, allowed: all, or a list"),
        ('origins: ["CN"]', "origin: all", "unknown key 'origin', allowed:"),
        ("confidence: official", "confidence: certain", "confidence is 'certain', allowed: measured"),
    ],
)
def test_a_wrong_measure_is_named_with_file_line_and_what_is_allowed(
    data_dir: Path, old: str, new: str, message: str
) -> None:
    _spoil(data_dir / "tariffs" / "s301-list3.yaml", old, new)
    with pytest.raises(MeasuresError) as refused:
        read_measures(data_dir)
    assert message in str(refused.value)


def test_an_unknown_rate_needs_a_note(data_dir: Path) -> None:
    path = data_dir / "tariffs" / "ieepa.yaml"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith("note:")))
    with pytest.raises(MeasuresError, match="needs one that says why"):
        read_measures(data_dir)


def test_a_measure_that_lifts_nothing_on_record_is_refused(data_dir: Path) -> None:
    _spoil(data_dir / "tariffs" / "s122-annex-ii.yaml", "lifts: [s122]", "lifts: [s123]")
    with pytest.raises(MeasuresError, match="lifts 's123', which is not on record"):
        read_measures(data_dir)


def test_all_errors_of_a_folder_are_found_at_once(data_dir: Path) -> None:
    _spoil(data_dir / "agents" / "cssbuy.yaml", 'fee_percent: "6"', "fee_percent: six")
    _spoil(data_dir / "agents" / "basetao.yaml", "verdict: unverifiable", "verdict: dubious")
    with pytest.raises(MeasuresError) as refused:
        read_agents(data_dir)
    assert len(refused.value.errors) == 2


def test_a_tax_row_with_an_unknown_source_is_named_by_line(data_dir: Path) -> None:
    _spoil(data_dir / "taxes" / "gb-vat.yaml", "source: general", "source: hearsay")
    with pytest.raises(MeasuresError, match=r"gb-vat\.yaml:12: source is 'hearsay', allowed: general"):
        read_measures(data_dir)


def test_a_weight_range_that_does_not_rise_is_refused(data_dir: Path) -> None:
    path = data_dir / "parcels" / "sxm-module.yaml"
    path.write_text(re.sub(r'low: "[^"]*"', 'low: "9"', path.read_text(), count=1))
    with pytest.raises(MeasuresError, match="allowed: in rising order"):
        read_measures(data_dir)


def test_a_part_in_two_parcels_is_refused(data_dir: Path) -> None:
    shutil.copy(data_dir / "parcels" / "cpu.yaml", data_dir / "parcels" / "cpu-again.yaml")
    with pytest.raises(MeasuresError, match="stands in two parcels"):
        read_measures(data_dir)


def test_a_part_that_is_not_in_the_catalog_is_refused(data_dir: Path) -> None:
    with pytest.raises(MeasuresError, match="a parcel names part 'v100-sxm2-16gb', which is not in the catalog"):
        measures.check(data_dir, set())


def test_search_terms_must_be_there(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "search")
    with pytest.raises(MeasuresError, match="search holds 0 files, allowed: one"):
        buying.read_search_terms(data_dir)
