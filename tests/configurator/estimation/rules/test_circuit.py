"""Circuits, mains voltage and running cost."""

import pytest

from catalog.specs import CircuitSpec
from configurator.estimation.findings import Facts
from configurator.estimation.types import PartLine
from tests.configurator.estimation.builds import (
    NVSWITCH_SERVER,
    SERVER,
    US_15A,
    US_20A,
    US_240V_30A,
    US_240V_50A,
    finding,
    make_build,
    make_carrier,
    make_facts,
    make_gpu,
    make_part,
    severity,
)

PC = make_part("host", load_power_w=200)
ATX = make_part("psu", power_w=1600, power_120v_w=1600, min_voltage_v=100, standard="atx")
ATX_X2 = make_part("psu", 2, power_w=1600, power_120v_w=1600, min_voltage_v=100, standard="atx")
CRPS = make_part("psu", power_w=2000, min_voltage_v=200, standard="crps")
NO_VOLTAGE = make_part("psu", power_w=1600, standard="atx")
ADA = make_gpu(architecture="ada", idle_power_w=None)
NO_LIMIT = make_gpu(power_limit_min_w=None, power_limit_max_w=None)
SXM3 = make_gpu(form_factor="sxm3", default_power_w=350, power_limit_max_w=350)


def plugged(
    *parts: PartLine,
    circuit: CircuitSpec = US_15A,
    limit: int | None = 150,
    price: float = 0.12,
    circuits: int = 1,
    **build: object,
) -> Facts:
    return make_facts(
        make_build(parts=parts, **build),  # type: ignore[arg-type]
        circuit=circuit,
        power_limit_w=limit,
        electricity_usd_per_kwh=price,
        circuit_count=circuits,
    )


def server(
    circuit: CircuitSpec = US_15A, limit: int | None = 150, gpus: int = 8, circuits: int = 1, **changes: object
) -> Facts:
    carrier = make_carrier(SERVER, **changes)
    return plugged(circuit=circuit, limit=limit, circuits=circuits, gpu_count=gpus, carrier=carrier)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("wall-over-circuit", plugged(PC), "ok"),
        ("wall-over-circuit", plugged(PC, limit=None), "blocker"),
        ("wall-over-circuit", server(), "blocker"),
        ("wall-over-circuit", server(US_240V_30A), "ok"),
        # one supply has one cord: a second circuit stays empty
        ("wall-over-circuit", plugged(PC, ATX, limit=None, circuits=2), "blocker"),
        ("wall-over-circuit", plugged(PC, ATX_X2, limit=None, circuits=2), "ok"),
        ("wall-over-circuit", server(circuits=2), "ok"),
        # 1,730 W and the supplies' loss: three of five supplies carry more than half of it
        ("wall-over-circuit", server(circuits=2, psu_count=5), "ok"),
        ("wall-over-circuit", server(limit=200, circuits=2, psu_count=5), "blocker"),
        ("more-circuits-than-cords", plugged(PC, ATX, limit=None, circuits=2), "caution"),
        ("more-circuits-than-cords", plugged(PC, ATX_X2, circuits=2), "ok"),
        ("more-circuits-than-cords", plugged(PC, circuits=2), "unknown"),
        ("more-circuits-than-cords", server(circuits=2, psu_count=None), "unknown"),
        ("more-circuits-than-cords", server(circuits=5), "caution"),
        ("more-circuits-than-cords", server(circuits=4), "ok"),
        ("more-circuits-than-cords", server(), None),
        ("wall-over-circuit-after-restart", plugged(PC), "caution"),
        ("wall-over-circuit-after-restart", plugged(PC, ATX, circuits=2), "caution"),
        ("wall-over-circuit-after-restart", plugged(PC, ATX_X2, circuits=2), "ok"),
        ("wall-over-circuit-after-restart", plugged(PC, circuit=US_20A), "ok"),
        ("wall-over-circuit-after-restart", plugged(PC, limit=None), None),
        ("loss-of-one-circuit", server(), "caution"),
        ("loss-of-one-circuit", server(gpus=4), "ok"),
        ("loss-of-one-circuit", server(psu_count=None), "unknown"),
        ("loss-of-one-circuit", server(psu_count=2), None),
        ("loss-of-one-circuit", server(US_240V_30A), None),
        # two of four supplies are left, 4,400 W of them for 1,730 W
        ("loss-of-one-circuit", server(US_240V_30A, circuits=2), "ok"),
        ("loss-of-one-circuit", server(US_240V_30A, circuits=2, psu_rated_w=None), "unknown"),
        ("loss-of-one-circuit", server(US_240V_30A, circuits=2, psu_rated_w=800), "caution"),
        ("loss-of-one-circuit", server(US_240V_30A, circuits=2, psu_count=2, psu_rated_w=1600), "caution"),
        ("loss-of-one-circuit", plugged(circuits=2, gpu_count=16, carrier=SERVER, carrier_count=2), "unknown"),
        ("loss-of-one-circuit", plugged(), None),
        ("mains-voltage", plugged(CRPS), "blocker"),
        ("mains-voltage", plugged(CRPS, circuit=US_240V_30A), "ok"),
        ("mains-voltage", plugged(ATX), "ok"),
        ("mains-voltage", plugged(NO_VOLTAGE), "unknown"),
        ("mains-voltage", server(psu_min_voltage=200), "blocker"),
        ("mains-voltage", server(psu_min_voltage=None), "unknown"),
        ("mains-voltage", server(), "ok"),
        ("mains-voltage", plugged(), None),
        ("dgx-2-circuit", plugged(gpu=SXM3, gpu_count=16, carrier=NVSWITCH_SERVER, circuit=US_240V_50A), "blocker"),
        # six cords: three on each of two circuits
        (
            "dgx-2-circuit",
            plugged(gpu=SXM3, gpu_count=16, carrier=NVSWITCH_SERVER, circuit=US_240V_50A, circuits=2),
            "ok",
        ),
        (
            "dgx-2-circuit",
            plugged(
                gpu=SXM3,
                gpu_count=16,
                carrier=NVSWITCH_SERVER,
                circuit=CircuitSpec("us-240v-60a", "US 240 V, 60 A", "US", 240, 60, 0.8, 1, "hard-wired"),
            ),
            "ok",
        ),
        ("dgx-2-circuit", server(), None),
        ("electricity-price-default", plugged(), "note"),
        ("electricity-price-default", plugged(price=0.31), "ok"),
        # four rented V100 at the guide's price are 0.08 an hour, a quad's own power at 0.85 kW x 0.12 is 0.102
        ("renting-is-cheaper", plugged(PC), "note"),
        ("renting-is-cheaper", plugged(PC, price=0.03), "ok"),
        ("renting-is-cheaper", plugged(gpu=ADA, carrier=None), None),
        ("idle-cost", plugged(), "note"),
        ("idle-cost", plugged(gpu=ADA, carrier=None), "unknown"),
    ],
)
def test_circuit(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_an_overloaded_circuit_says_how_many_are_needed() -> None:
    found = finding("wall-over-circuit", server())
    assert found
    assert "1,440 W" in found.why
    assert "2 such circuits" in found.why


def test_the_offered_limit_fits_the_circuit() -> None:
    found = finding("wall-over-circuit", plugged(PC, limit=300))
    assert found
    assert found.fix
    ((setting, watts),) = found.fix.changes
    assert setting == "power_limit_w"
    assert severity("wall-over-circuit", plugged(PC, limit=int(watts))) == "ok"


def test_one_circuit_left_carries_over_15_amperes() -> None:
    # 1,730 W and the supplies' loss on 120 V
    found = finding("loss-of-one-circuit", server())
    assert found
    assert "15 A breaker" in found.why
    assert "16." in found.why


def test_no_more_circuits_are_offered_than_there_are_cords() -> None:
    found = finding("wall-over-circuit", plugged(PC, ATX, limit=None, circuits=2, gpu=NO_LIMIT))
    assert found
    assert found.fix
    assert found.fix.changes == ()
    assert "More circuits do not help" in found.why


def test_two_supplies_can_be_spread_over_two_circuits_by_one_click() -> None:
    found = finding("wall-over-circuit", plugged(PC, ATX_X2, limit=None, gpu=NO_LIMIT))
    assert found
    assert found.fix
    assert found.fix.changes == (("circuit_count", "2"),)


def test_the_load_of_one_cord_is_set_against_one_circuit() -> None:
    # four at 300 W and a PC of 200 W: 1,400 W and board and loss, all through one cord
    found = finding("more-circuits-than-cords", plugged(PC, ATX, limit=None, circuits=2))
    assert found
    assert "1 cord" in found.why
    assert "one circuit carries 1,440 W" in found.why
    assert found.fix
    assert found.fix.changes == (("circuit_count", "1"),)


def test_the_guides_derating_is_named_with_the_siblings_figure() -> None:
    found = finding("mains-voltage", server())
    assert found
    assert "1,200 W of 2,200 W" in found.why


def test_with_three_circuits_two_are_left() -> None:
    found = finding("loss-of-one-circuit", server(limit=None))
    assert found
    # 2,930 W and the supplies' loss are 27 A: over three circuits, then over two
    # Four supplies on three circuits: one circuit feeds two of them.
    assert "over 4 circuits is up to 6.8 A each" in found.why
    assert "9.1 A" in found.why
