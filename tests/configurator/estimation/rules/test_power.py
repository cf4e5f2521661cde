"""Power limit, supplies and connectors."""

import pytest

from configurator.estimation.findings import Facts
from configurator.estimation.types import PartLine
from tests.configurator.estimation.builds import (
    SERVER,
    US_240V_30A,
    finding,
    make_build,
    make_carrier,
    make_facts,
    make_gpu,
    make_part,
    severity,
)


def atx(watts: int, eps: int | None = 4, pcie: int | None = 6) -> PartLine:
    return make_part(
        "psu",
        power_w=watts,
        power_120v_w=watts,
        min_voltage_v=100,
        efficiency_percent=90,
        standard="atx",
        eps_connectors=eps,
        pcie_power_connectors=pcie,
    )


PSU_WITHOUT_RATING = make_part("psu", power_w=None, standard="atx")
PC = make_part("host", load_power_w=200)
PLX = make_part("io-card", power_w=45)
TWO_EPS = make_carrier(eps_connectors=2, pcie_power_connectors=0)
NO_CONNECTOR_FIGURES = make_carrier(eps_connectors=None, pcie_power_connectors=None)
SLED = make_carrier(SERVER, external_12v=True, psu_count=0, psu_rated_w=None, sockets=4)
APU = make_gpu(form_factor="apu", architecture="rdna3.5")
DRIVE_A100 = make_gpu(
    name="DRIVE A100", architecture="ampere", default_power_w=400, power_limit_min_w=None, power_limit_max_w=None
)
V100_PCIE = make_gpu(form_factor="pcie", default_power_w=250, power_limit_min_w=100, power_limit_max_w=250)
ADA = make_gpu(form_factor="pcie", architecture="ada", power_limit_min_w=None, power_limit_max_w=None)


def powered(*parts: PartLine, limit: int | None = 150, **build: object) -> Facts:
    return make_facts(make_build(parts=parts, **build), power_limit_w=limit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("power-limit-out-of-range", powered(limit=100), "blocker"),
        ("power-limit-out-of-range", powered(limit=350), "blocker"),
        ("power-limit-out-of-range", powered(limit=150), "ok"),
        ("power-limit-out-of-range", powered(limit=None), "ok"),
        ("power-limit-out-of-range", powered(limit=300, gpu=ADA, carrier=None), "unknown"),
        ("power-limit-out-of-range", powered(limit=350, gpu=make_gpu(power_limit_max_w=None)), "unknown"),
        ("power-limit-out-of-range", powered(limit=200, gpu=DRIVE_A100), "blocker"),
        ("power-limit-out-of-range", powered(limit=None, gpu=DRIVE_A100), "ok"),
        ("power-limit-at-floor", powered(limit=100, gpu=V100_PCIE, carrier=None), "note"),
        ("power-limit-at-floor", powered(limit=150), "note"),
        ("power-limit-at-floor", powered(limit=175), "ok"),
        ("power-limit-at-floor", powered(limit=None), "ok"),
        ("power-limit-at-floor", powered(limit=175, gpu=make_gpu(power_limit_min_w=None)), "unknown"),
        ("power-limit-at-floor", powered(limit=175, gpu=ADA, carrier=None), None),
        # two EPS connectors at 336 W are 672 W: 168 W for each of four GPUs
        ("board-connectors", powered(limit=175, carrier=TWO_EPS), "blocker"),
        ("board-connectors", powered(limit=None, carrier=TWO_EPS), "blocker"),
        ("board-connectors", powered(limit=165, carrier=TWO_EPS), "caution"),
        ("board-connectors", powered(limit=None, gpu_count=2, carrier=TWO_EPS), "ok"),
        ("board-connectors", powered(limit=None), "ok"),
        ("board-connectors", powered(limit=150, carrier=NO_CONNECTOR_FIGURES), "unknown"),
        ("board-connectors", powered(carrier=SERVER), None),
        ("board-connectors", powered(carrier=None), None),
        ("ocp-supply", powered(carrier=SLED), "blocker"),
        ("ocp-supply", powered(atx(850), carrier=SLED), "blocker"),
        ("ocp-supply", powered(atx(3000), carrier=SLED), "ok"),
        ("ocp-supply", powered(PSU_WITHOUT_RATING, carrier=SLED), "unknown"),
        ("ocp-supply", powered(carrier=SERVER), None),
        ("psu-margin", powered(atx(850), PC, PLX), "caution"),
        ("psu-margin", powered(atx(1200), PC, PLX), "ok"),
        ("psu-margin", powered(PC, PLX), "unknown"),
        ("psu-margin", powered(PSU_WITHOUT_RATING, PC, PLX), "unknown"),
        ("psu-margin", powered(gpu_count=8, carrier=SERVER), "ok"),
        ("psu-margin", powered(gpu_count=8, carrier=make_carrier(SERVER, psu_rated_120v_w=None)), "unknown"),
        ("psu-margin", powered(gpu=APU, gpu_count=1, carrier=None), None),
        ("psu-at-default-limits", powered(atx(1200), PC, PLX), "caution"),
        ("psu-at-default-limits", powered(atx(1600), PC, PLX), "ok"),
        ("psu-at-default-limits", powered(PC, PLX), "unknown"),
        ("psu-at-default-limits", powered(gpu_count=8, carrier=SERVER), "ok"),
        ("psu-at-default-limits", powered(gpu=APU, gpu_count=1, carrier=None), None),
        ("psu-connectors", powered(atx(1600)), "ok"),
        ("psu-connectors", powered(atx(1600, eps=2)), "caution"),
        ("psu-connectors", powered(atx(1600, pcie=2)), "caution"),
        ("psu-connectors", powered(atx(1600, eps=None)), "unknown"),
        ("psu-connectors", powered(atx(1600), carrier=NO_CONNECTOR_FIGURES), "unknown"),
        ("psu-connectors", powered(), None),
        ("psu-connectors", powered(atx(1600), carrier=SERVER), None),
        ("host-power-assumed", powered(), "unknown"),
        ("host-power-assumed", powered(PC, PLX), "ok"),
    ],
)
def test_power(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_an_850_w_supply_on_a_quad_at_300_w_is_named_with_its_watts() -> None:
    facts = powered(atx(850), PC, PLX, limit=300)
    found = finding("psu-at-default-limits", facts)
    assert found
    assert found.severity == "caution"
    assert "1,450 W" in found.why
    assert "850 W of supply" in found.why


def test_an_850_w_supply_is_all_used_up_by_a_quad_at_150_w() -> None:
    found = finding("psu-margin", powered(atx(850), PC, PLX))
    assert found
    assert "850 W at the limit on 850 W of supply; 1,062 W are wanted" in found.why


def test_the_mend_for_a_weak_board_is_a_limit_it_can_carry() -> None:
    found = finding("board-connectors", powered(limit=200, carrier=TWO_EPS))
    assert found
    assert found.fix
    assert found.fix.changes == (("power_limit_w", "165"),)


def test_no_limit_below_the_cards_minimum_is_offered() -> None:
    found = finding("board-connectors", powered(limit=200, carrier=make_carrier(TWO_EPS, eps_connectors=1)))
    assert found
    assert found.fix
    assert found.fix.changes == ()


def test_a_card_without_a_limit_is_mended_by_leaving_it_out() -> None:
    found = finding("power-limit-out-of-range", powered(limit=200, gpu=DRIVE_A100))
    assert found
    assert found.fix
    assert found.fix.changes == (("power_limit_w", ""),)


def test_a_weak_board_is_not_mended_by_a_limit_the_card_does_not_take() -> None:
    found = finding("board-connectors", powered(limit=150, gpu=DRIVE_A100, carrier=TWO_EPS))
    assert found
    assert found.severity == "blocker"
    assert "1,600 W" in found.why
    assert found.fix
    assert found.fix.changes == ()
    assert "imit each" not in found.fix.text


def test_reports_of_150_w_on_sxm2_modules_are_told_of_no_other_card() -> None:
    found = finding("power-limit-at-floor", powered(limit=100, gpu=V100_PCIE, carrier=None))
    assert found
    assert "crashes" not in found.why
    assert found.fix is None


def test_a_refused_limit_is_mended_by_the_nearest_one() -> None:
    found = finding("power-limit-out-of-range", powered(limit=120))
    assert found
    assert found.fix
    assert found.fix.changes == (("power_limit_w", "150"),)


def test_server_supplies_that_do_not_start_at_120_v_count_nothing_there() -> None:
    crps = make_part("psu", power_w=2000, min_voltage_v=200, standard="crps")
    build = make_build(parts=(crps, PC, PLX))
    assert severity("psu-margin", make_facts(build, power_limit_w=150)) == "caution"
    assert severity("psu-margin", make_facts(build, power_limit_w=150, circuit=US_240V_30A)) == "ok"
