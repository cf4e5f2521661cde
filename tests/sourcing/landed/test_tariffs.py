"""Which duties hold on which day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import measures
from sourcing.landed.tariffs import Measure, MeasuresOnDate, measures_on

V100 = "8473.30.1180"
CABLE = "8544.42.9090"
US = tuple(measure for measure in measures.measures().duties if "US" in measure.destinations)


def _on(day: date, hts: str, origin: str, part: str = "", *, extended: bool = False) -> MeasuresOnDate:
    return measures_on(day, hts, origin, US, part=part, extended=extended)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 2, 24), Decimal(0)),  # the day after the IEEPA tariffs ended
        (date(2026, 7, 23), Decimal(0)),  # last day of Section 122
        (date(2026, 7, 24), Decimal(0)),  # first day of the forced-labor duty, from which 8473.30 is exempt
        (date(2026, 11, 9), Decimal(0)),  # last day of the exclusion
        (date(2026, 11, 10), Decimal("0.25")),
        (date(2027, 6, 1), Decimal("0.25")),
    ],
)
def test_a_v100_from_china_pays_by_the_day_it_enters(day: date, rate: Decimal) -> None:
    assert _on(day, V100, "CN", "v100-sxm2-16gb").rate == rate


def test_the_switch_only_moves_the_end_of_the_exclusion() -> None:
    for day in (date(2026, 11, 10), date(2027, 6, 1)):
        assert _on(day, V100, "CN", "v100-sxm2-16gb", extended=True).rate == 0
    before = date(2024, 6, 14)
    assert _on(before, V100, "CN", "v100-sxm2-16gb", extended=True).rate is None


def test_a_carrier_board_is_not_a_graphics_module() -> None:
    assert _on(date(2026, 11, 1), V100, "CN", "quad-board-taq-sxm2-4p5a5").rate == Decimal("0.25")


def test_a_heatsink_is_excluded_as_a_part_without_semiconductors() -> None:
    assert _on(date(2026, 11, 1), "8473.30.5100", "CN").rate == 0
    assert _on(date(2026, 11, 10), "8473.30.5100", "CN").rate == Decimal("0.25")


def test_the_aluminum_duty_on_heatsinks_before_its_end_is_unknown() -> None:
    assert _on(date(2026, 4, 5), "8473.30.5100", "CN").rate is None
    assert _on(date(2026, 4, 6), "8473.30.5100", "CN").rate == 0


def test_section_122_holds_in_its_window_for_goods_that_are_not_exempt() -> None:
    programs = {measure.id for measure in _on(date(2026, 3, 15), CABLE, "TW").applied}
    assert "s122" in programs
    assert "s122" not in {measure.id for measure in _on(date(2026, 7, 24), CABLE, "TW").applied}
    lifted = _on(date(2026, 3, 15), V100, "TW").lifted
    assert [(lift.measure.id, lift.by.id) for lift in lifted] == [("s122", "s122-annex-ii")]


def test_the_semiconductor_duty_does_not_reach_a_v100() -> None:
    assert "s232-semi" not in {m.id for m in _on(date(2026, 11, 23), V100, "TW", "v100-sxm2-32gb").applied}


@pytest.mark.parametrize("day", [date(2025, 2, 4), date(2025, 9, 1), date(2026, 2, 23)])
def test_the_ieepa_window_is_unknown_and_says_why(day: date) -> None:
    found = _on(day, V100, "CN", "v100-sxm2-16gb")
    assert found.rate is None
    assert any("IEEPA" in reason for reason in found.unknown)


def test_days_before_the_record_are_unknown() -> None:
    found = _on(date(2024, 6, 14), V100, "TW")
    assert found.rate is None
    assert any("not on record" in reason for reason in found.unknown)


def test_a_tariff_line_without_a_base_rate_is_unknown_and_not_free() -> None:
    found = _on(date(2026, 11, 23), "8517.69.0000", "CN")
    assert found.rate is None
    assert any("no base rate on record for 8517.69.0000" in reason for reason in found.unknown)


def test_no_rules_at_all_is_unknown_and_not_free() -> None:
    assert measures_on(date(2026, 11, 23), V100, "CN", ()).rate is None


def test_the_forced_labor_rate_of_other_countries_is_unknown_where_nothing_lifts_it() -> None:
    good = "8544.42.9090"
    without_copper_duty = [measure for measure in US if measure.id != "s232-metals-25-cables"]
    assert measures_on(date(2026, 11, 23), good, "VN", without_copper_duty).rate is None
    assert measures_on(date(2026, 11, 23), good, "CN", without_copper_duty).rate == Decimal("0.401")


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.sampled_from([V100, CABLE, "8473.30.5100"]))
def test_a_measure_never_holds_outside_its_window(day: date, hts: str) -> None:
    for measure in _on(day, hts, "CN", "v100-sxm2-16gb").applied:
        assert measure.valid_from is None or measure.valid_from <= day
        assert measure.valid_to is None or day <= measure.valid_to


@given(st.sampled_from(US))
def test_both_ends_of_a_window_are_inside_it(measure: Measure) -> None:
    if measure.valid_from is not None:
        assert measure.in_force(measure.valid_from)
        assert not measure.in_force(measure.valid_from - timedelta(days=1))
    if measure.valid_to is not None:
        assert measure.in_force(measure.valid_to)
        assert not measure.in_force(measure.valid_to + timedelta(days=1))
        assert measure.in_force(measure.valid_to + timedelta(days=1), extended=True) == measure.extendable
