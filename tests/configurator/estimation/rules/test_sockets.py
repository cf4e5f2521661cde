"""Form factor, sockets and what kind of server it is."""

import pytest

from configurator.estimation.findings import Facts
from configurator.estimation.rules.sockets import populated_sockets
from tests.configurator.estimation.builds import (
    NVSWITCH_SERVER,
    SERVER,
    finding,
    make_build,
    make_carrier,
    make_facts,
    make_gpu,
    severity,
)

SXM3 = make_gpu(slug="v100-sxm3-32gb", name="V100 SXM3 32 GB", form_factor="sxm3", input_rail_v=48)
PCIE = make_gpu(slug="v100-pcie-16gb", form_factor="pcie", nvlink_links=0)
DRIVE_A100 = make_gpu(architecture="ampere", compute_capability=8.0, default_power_w=400, heatsink_pitch_mm=36.0)
C4140 = make_carrier(SERVER, slug="server-c4140", name="C4140", vendor="Dell", sockets=4)
AC922 = make_carrier(SERVER, slug="server-ac922", name="AC922", instruction_set="ppc64le", sockets=6)
ADAPTER = make_carrier(kind="adapter", sockets=1, topology="none", links=((0,),), host_connectors=0)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        # SXM3 and SXM4 have another connector and 48 V
        ("form-factor-mismatch", make_facts(make_build(SXM3)), "blocker"),
        ("form-factor-mismatch", make_facts(make_build(PCIE)), "blocker"),
        ("form-factor-mismatch", make_facts(make_build()), "ok"),
        ("form-factor-mismatch", make_facts(make_build(carrier=None)), "unknown"),
        ("form-factor-mismatch", make_facts(make_build(PCIE, carrier=None)), None),
        ("form-factor-mismatch", make_facts(make_build(carrier=NVSWITCH_SERVER)), None),
        ("sxm2-in-sxm3-server", make_facts(make_build(carrier=NVSWITCH_SERVER)), "blocker"),
        ("sxm2-in-sxm3-server", make_facts(make_build(SXM3, 16, NVSWITCH_SERVER)), "ok"),
        ("sxm2-in-sxm3-server", make_facts(make_build()), None),
        ("too-many-gpus", make_facts(make_build(gpu_count=5)), "blocker"),
        ("too-many-gpus", make_facts(make_build(gpu_count=5, carrier_count=2)), "ok"),
        ("too-many-gpus", make_facts(make_build(gpu_count=5, carrier=None)), None),
        ("odd-population", make_facts(make_build(gpu_count=3)), "caution"),
        ("odd-population", make_facts(make_build(gpu_count=7, carrier_count=2)), "caution"),
        ("odd-population", make_facts(make_build(gpu_count=5, carrier=SERVER)), "caution"),
        ("odd-population", make_facts(make_build(gpu_count=6, carrier=SERVER)), "caution"),
        ("odd-population", make_facts(make_build(gpu_count=4, carrier=SERVER)), "ok"),
        ("odd-population", make_facts(make_build(gpu_count=5, carrier_count=2)), "caution"),
        ("odd-population", make_facts(make_build(gpu_count=1)), "ok"),
        ("odd-population", make_facts(make_build(SXM3, 5, NVSWITCH_SERVER)), "note"),
        ("odd-population", make_facts(make_build(SXM3, 8, NVSWITCH_SERVER)), "ok"),
        ("odd-population", make_facts(make_build(gpu_count=2)), "ok"),
        ("odd-population", make_facts(make_build(gpu_count=8, carrier_count=2)), "ok"),
        ("odd-population", make_facts(make_build(gpu_count=6, carrier=AC922)), "ok"),
        ("odd-population", make_facts(make_build(gpu_count=3, carrier=ADAPTER, carrier_count=3)), None),
        ("drive-a100", make_facts(make_build(DRIVE_A100)), "caution"),
        ("drive-a100", make_facts(), None),
        ("dell-throttling", make_facts(make_build(carrier=C4140)), "caution"),
        ("dell-throttling", make_facts(), None),
        ("power9-host", make_facts(make_build(carrier=AC922)), "caution"),
        ("power9-host", make_facts(), None),
    ],
)
def test_sockets(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_the_mend_for_too_many_gpus_takes_enough_boards() -> None:
    found = finding("too-many-gpus", make_facts(make_build(gpu_count=9)))
    assert found
    assert found.fix
    assert found.fix.changes == (("carrier_count", "3"),)
    assert "9 GPUs" in found.why


def test_four_and_one_are_named() -> None:
    found = finding("odd-population", make_facts(make_build(gpu_count=5, carrier_count=2)))
    assert found
    assert "4 + 1 of 4" in found.why
    assert found.fix
    assert ("gpu_count", "8") in found.fix.changes


def test_six_gpus_in_an_ac922_want_water() -> None:
    found = finding("power9-host", make_facts(make_build(gpu_count=6, carrier=AC922)))
    assert found
    assert "water" in found.why


@pytest.mark.parametrize(
    ("sockets", "carriers", "gpus", "filled"),
    [(4, 2, 8, (4, 4)), (4, 2, 5, (4, 1)), (8, 1, 3, (3,)), (4, 2, 4, (4,)), (4, 1, 9, (4,)), (4, 0, 4, ())],
)
def test_carriers_are_filled_one_after_another(sockets: int, carriers: int, gpus: int, filled: tuple[int, ...]) -> None:
    assert populated_sockets(sockets, carriers, gpus) == filled


def test_a_smaller_module_among_larger_ones_is_warned_of_where_each_holds_an_equal_part() -> None:
    assert severity("one-memory-size", make_facts(tensor_parallel=4)) == "note"
    assert severity("one-memory-size", make_facts()) == "ok"
    assert severity("one-memory-size", make_facts(make_build(gpu_count=1))) is None
