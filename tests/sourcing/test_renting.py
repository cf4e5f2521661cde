"""Owning against renting. The expected numbers are worked out by hand, four GPUs being the guide's own example."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.renting import Renting, break_even

GUIDE = Renting(
    purchase_usd=Decimal(1152),
    gpus=4,
    rent_usd_per_gpu_hour=Decimal("0.02"),
    hours_per_day=Decimal(24),
    power_w=Decimal(850),
    electricity_usd_per_kwh=Decimal("0.12"),
)
DEARER = replace(GUIDE, rent_usd_per_gpu_hour=Decimal("0.30"))


def test_owning_never_pays_where_its_electricity_costs_more_than_the_rent() -> None:
    answer = break_even(GUIDE)
    assert answer.rent_usd_per_hour == Decimal("0.08")
    assert answer.electricity_usd_per_hour == Decimal("0.102")
    assert answer.saved_usd_per_day == Decimal("-0.528")
    assert answer.never
    assert answer.hours_to_break_even is None
    assert answer.days_to_break_even is None
    assert answer.verdict == (
        "Owning never pays for itself: an hour of renting costs $0.08, an hour of your own electricity $0.102, "
        "so that owning costs $0.528 a day more than renting even once the machine is paid."
    )
    assert answer.formula == (
        "Rent: 4 GPUs × $0.02 = $0.08 an hour",
        "Electricity: 850 W ÷ 1,000 × $0.12 per kWh = $0.102 an hour",
        "Idle: 0 W ÷ 1,000 × 0 h × $0.12 per kWh = $0.00 a day",
        "Saved: 24 h × ($0.08 − $0.102) − $0.00 = −$0.528 a day",
        "Break-even: never, as nothing is saved",
    )


def test_with_free_electricity_the_guides_example_takes_twenty_months_of_720_hours() -> None:
    answer = break_even(replace(GUIDE, electricity_usd_per_kwh=Decimal(0)))
    assert answer.hours_to_break_even == 14_400
    assert answer.days_to_break_even == 600
    assert not answer.never
    assert answer.verdict == (
        "Owning pays for itself after 600 days of 24 hours (14,400 hours of computing, 1.6 years): "
        "an hour of renting costs $0.08, an hour of your own electricity $0.00, which saves $1.92 a day."
    )


def test_at_thirty_cents_a_gpu_hour_owning_pays_in_six_weeks() -> None:
    answer = break_even(DEARER)
    assert answer.saved_usd_per_day == Decimal("26.352")
    assert answer.days_to_break_even is not None
    assert round(answer.days_to_break_even, 1) == Decimal("43.7")
    assert "after 43.7 days of 24 hours (1,049.2 hours of computing)" in answer.verdict
    assert answer.formula[-2:] == (
        "Break-even: ($1,152.00 − $0.00) ÷ $26.352 = 43.7 days",
        "Computing: 43.7 days × 24 h = 1,049.2 hours",
    )


def test_what_the_machine_still_fetches_is_taken_off_its_price() -> None:
    answer = break_even(replace(DEARER, resale_usd=Decimal(576)))
    whole = break_even(DEARER)
    assert answer.days_to_break_even is not None
    assert whole.days_to_break_even is not None
    assert abs(answer.days_to_break_even * 2 - whole.days_to_break_even) < Decimal("1e-20")


def test_idling_costs_for_the_rest_of_the_day() -> None:
    # 0.2 kW × 16 h × 0.12 = 0.384; 8 × (1.20 − 0.102) − 0.384 = 8.4; 1,152 ÷ 8.4 = 137.14 days
    answer = break_even(replace(DEARER, hours_per_day=Decimal(8), idle_w=Decimal(200)))
    assert answer.idle_usd_per_day == Decimal("0.384")
    assert answer.saved_usd_per_day == Decimal("8.4")
    assert answer.days_to_break_even is not None
    assert round(answer.days_to_break_even, 2) == Decimal("137.14")
    assert "and idling $0.384 a day" in answer.verdict


def test_idling_alone_can_keep_owning_from_ever_paying() -> None:
    # half an hour saves 0.549 a day, idling takes 0.2 × 23.5 × 0.12 = 0.564
    answer = break_even(replace(DEARER, hours_per_day=Decimal("0.5"), idle_w=Decimal(200)))
    assert answer.saved_usd_per_day == Decimal("-0.015")
    assert answer.never


def test_costing_the_same_is_never() -> None:
    answer = break_even(replace(GUIDE, electricity_usd_per_kwh=Decimal("0.1"), power_w=Decimal(800)))
    assert answer.saved_usd_per_day == 0
    assert answer.never
    assert "so that owning saves nothing even once" in answer.verdict


def test_a_break_even_within_minutes_is_not_written_as_nought() -> None:
    verdict = break_even(replace(DEARER, purchase_usd=Decimal("0.01"))).verdict
    assert "after less than 0.1 days" in verdict


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purchase_usd", "0"),
        ("purchase_usd", "-1152"),
        ("purchase_usd", "1e30"),
        ("purchase_usd", "NaN"),
        ("rent_usd_per_gpu_hour", "0"),
        ("rent_usd_per_gpu_hour", "-0.02"),
        ("rent_usd_per_gpu_hour", "1e-999999"),
        ("hours_per_day", "0"),
        ("hours_per_day", "24.01"),
        ("power_w", "0"),
        ("power_w", "Infinity"),
        ("electricity_usd_per_kwh", "-0.12"),
        ("electricity_usd_per_kwh", "sNaN"),
        ("idle_w", "-1"),
        ("idle_w", "851"),
        ("resale_usd", "-1"),
        ("resale_usd", "1153"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_field(field: str, value: str) -> None:
    with pytest.raises(ValueError, match=rf"^{field} must be from [0-9.]+ to "):
        replace(GUIDE, **{field: Decimal(value)})  # type: ignore[arg-type]


@pytest.mark.parametrize("gpus", [0, -4, 10_001])
def test_a_machine_has_gpus(gpus: int) -> None:
    with pytest.raises(ValueError, match=r"^gpus must be from 1 to 10,000$"):
        replace(GUIDE, gpus=gpus)


def test_a_bound_set_by_another_field_is_named() -> None:
    with pytest.raises(ValueError, match=r"^idle_w must be from 0 to power_w \(850\)$"):
        replace(GUIDE, idle_w=Decimal(851))


def _decimals(lowest: str, highest: str, places: int = 4) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(lowest), Decimal(highest), places=places, allow_nan=False, allow_infinity=False)


@st.composite
def _rentings(draw: st.DrawFn) -> Renting:
    power, purchase = draw(_decimals("1", "10000", 1)), draw(_decimals("0.01", "100000", 2))
    return Renting(
        purchase_usd=purchase,
        gpus=draw(st.integers(1, 16)),
        rent_usd_per_gpu_hour=draw(_decimals("0.0001", "5")),
        hours_per_day=draw(_decimals("0.01", "24", 2)),
        power_w=power,
        electricity_usd_per_kwh=draw(_decimals("0", "2")),
        idle_w=draw(_decimals("0", str(power), 1)),
        resale_usd=draw(_decimals("0", str(purchase), 2)),
    )


def _days(renting: Renting) -> Decimal:
    days = break_even(renting).days_to_break_even
    return days if days is not None else Decimal("Infinity")


@given(_rentings())
def test_owning_never_pays_exactly_where_a_day_saves_nothing(renting: Renting) -> None:
    answer = break_even(renting)
    assert answer.never == (answer.saved_usd_per_day <= 0)
    assert answer.never == (answer.days_to_break_even is None) == (answer.hours_to_break_even is None)
    assert answer.never == ("never" in answer.verdict)


@given(_rentings(), _decimals("0.01", "1000", 2))
def test_a_dearer_machine_takes_longer(renting: Renting, more: Decimal) -> None:
    assert _days(replace(renting, purchase_usd=renting.purchase_usd + more)) >= _days(renting)


@given(_rentings(), _decimals("0.0001", "2"))
def test_dearer_electricity_takes_longer(renting: Renting, more: Decimal) -> None:
    dearer = replace(renting, electricity_usd_per_kwh=renting.electricity_usd_per_kwh + more)
    assert _days(dearer) >= _days(renting)


@given(_rentings(), _decimals("0.0001", "5"))
def test_a_higher_rent_is_made_up_sooner(renting: Renting, more: Decimal) -> None:
    dearer = replace(renting, rent_usd_per_gpu_hour=renting.rent_usd_per_gpu_hour + more)
    assert _days(dearer) <= _days(renting)


@given(_rentings())
def test_at_break_even_owning_and_renting_have_cost_the_same(renting: Renting) -> None:
    answer = break_even(renting)
    if answer.days_to_break_even is None or answer.hours_to_break_even is None:
        return
    rented = answer.hours_to_break_even * answer.rent_usd_per_hour
    running = answer.hours_to_break_even * answer.electricity_usd_per_hour
    owned = renting.purchase_usd - renting.resale_usd + running + answer.days_to_break_even * answer.idle_usd_per_day
    assert abs(rented - owned) <= max(rented, Decimal(1)) * Decimal("1e-15")
