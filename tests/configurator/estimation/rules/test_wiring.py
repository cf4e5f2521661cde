"""Cables, link cards, slots, lanes and firmware."""

import pytest

from configurator.estimation.findings import Facts
from configurator.estimation.types import PartLine
from tests.configurator.estimation.builds import (
    SERVER,
    finding,
    make_build,
    make_carrier,
    make_facts,
    make_gpu,
    make_part,
    severity,
)

PLX = make_part("io-card", upstream_lanes=16, downstream_ports=4, needs_bifurcation=False)
PLX_X2 = make_part("io-card", 2, upstream_lanes=16, downstream_ports=4, needs_bifurcation=False)
RISER = make_part("io-card", upstream_lanes=16, downstream_ports=2, needs_bifurcation=True)
UNKNOWN_CARD = make_part("io-card", name="Some card")
CABLE, CABLES_2, CABLES_3, CABLES_4 = (make_part("cable", count, connector="SFF-8654 8i") for count in (1, 2, 3, 4))
# ROMED8-2T: seven x16 slots, 112 lanes
ROMED8 = make_part("host", pcie_x16_slots=7, pcie_lanes=112, above_4g_decoding=True)
DESKTOP = make_part("host", pcie_x16_slots=1, pcie_lanes=20, above_4g_decoding=False)
UNKNOWN_HOST = make_part("host", pcie_x16_slots=None, pcie_lanes=None, above_4g_decoding=None)
PCIE = make_gpu(form_factor="pcie", passive=False, nvlink_links=0)
APU = make_gpu(form_factor="apu", passive=False)
ADAPTER = make_carrier(kind="adapter", sockets=1, topology="none", links=((0,),), host_connectors=0)
TNS = make_carrier(sockets=2, links=((0, 6), (6, 0)), host_connectors=4)


def wired(*parts: PartLine, **build: object) -> Facts:
    return make_facts(make_build(parts=parts, **build))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("parts-not-needed", wired(PLX, gpu_count=8, carrier=SERVER), "caution"),
        ("parts-not-needed", wired(gpu_count=8, carrier=SERVER), "ok"),
        ("parts-not-needed", wired(PLX), None),
        ("cables-for-every-gpu", wired(), "unknown"),
        ("cables-for-every-gpu", wired(CABLES_3), "blocker"),
        ("cables-for-every-gpu", wired(CABLES_4), "ok"),
        ("cables-for-every-gpu", wired(CABLES_3, gpu_count=3), "ok"),
        ("cables-for-every-gpu", wired(CABLES_4, gpu_count=2, carrier=TNS), "ok"),
        # the TNS board has two connectors a GPU: one cable each is x8
        ("cables-for-every-gpu", wired(CABLES_2, gpu_count=2, carrier=TNS), "note"),
        ("cables-for-every-gpu", wired(CABLES_3, gpu_count=2, carrier=TNS), "note"),
        ("cables-for-every-gpu", wired(CABLE, gpu_count=2, carrier=TNS), "blocker"),
        ("link-card-ports", wired(CABLES_2, RISER, gpu_count=2, carrier=TNS), "ok"),
        ("link-card-ports", wired(CABLES_4, RISER, gpu_count=2, carrier=TNS), "blocker"),
        ("cables-for-every-gpu", wired(CABLES_4, carrier=make_carrier(host_connectors=None)), "unknown"),
        ("cables-for-every-gpu", wired(gpu_count=8, carrier=SERVER), None),
        ("cables-for-every-gpu", wired(carrier=ADAPTER, carrier_count=4), None),
        ("link-card-ports", wired(PLX), "ok"),
        ("link-card-ports", wired(), "unknown"),
        ("link-card-ports", wired(PLX, gpu_count=8, carrier_count=2), "blocker"),
        ("link-card-ports", wired(PLX_X2, gpu_count=8, carrier_count=2), "ok"),
        ("link-card-ports", wired(UNKNOWN_CARD), "unknown"),
        ("link-card-ports", wired(carrier=SERVER), None),
        ("riser-bifurcation", wired(RISER), "caution"),
        ("riser-bifurcation", wired(PLX), "ok"),
        ("riser-bifurcation", wired(UNKNOWN_CARD), "unknown"),
        ("riser-bifurcation", wired(), None),
        ("x16-slots", wired(PLX_X2, DESKTOP), "blocker"),
        ("x16-slots", wired(PLX_X2, ROMED8), "ok"),
        ("x16-slots", wired(PLX), "unknown"),
        ("x16-slots", wired(PLX, UNKNOWN_HOST), "unknown"),
        ("x16-slots", wired(ROMED8, gpu=PCIE, gpu_count=8, carrier=None), "blocker"),
        ("x16-slots", wired(ROMED8, carrier=ADAPTER, carrier_count=4), "ok"),
        ("x16-slots", wired(carrier=SERVER), None),
        ("x16-slots", wired(gpu=APU, gpu_count=1, carrier=None), None),
        # 17 boards want 272 lanes; the guide's 140 GPUs at x4 want 560
        ("pcie-lanes", wired(make_part("io-card", 17, upstream_lanes=16), ROMED8), "blocker"),
        ("pcie-lanes", wired(make_part("io-card", 8, upstream_lanes=16), ROMED8), "caution"),
        ("pcie-lanes", wired(make_part("io-card", 7, upstream_lanes=16), ROMED8), "ok"),
        ("pcie-lanes", wired(PLX), "unknown"),
        ("pcie-lanes", wired(PLX, UNKNOWN_HOST), "unknown"),
        ("pcie-lanes", wired(UNKNOWN_CARD, ROMED8), "unknown"),
        ("pcie-lanes", wired(carrier=SERVER), None),
        ("above-4g-decoding", wired(DESKTOP), "blocker"),
        ("above-4g-decoding", wired(ROMED8), "ok"),
        ("above-4g-decoding", wired(UNKNOWN_HOST), "unknown"),
        ("above-4g-decoding", wired(), "unknown"),
        ("above-4g-decoding", wired(carrier=SERVER), None),
        ("csm-enabled", wired(), "note"),
        ("csm-enabled", wired(carrier=SERVER), None),
        ("many-gpus-on-consumer-board", wired(DESKTOP, gpu_count=12, carrier_count=3), "caution"),
        ("many-gpus-on-consumer-board", wired(ROMED8, gpu_count=12, carrier_count=3), "ok"),
        ("many-gpus-on-consumer-board", wired(UNKNOWN_HOST, gpu_count=12, carrier_count=3), "unknown"),
        ("many-gpus-on-consumer-board", wired(gpu_count=8, carrier_count=2), "ok"),
        ("many-gpus-on-consumer-board", wired(carrier=SERVER), None),
    ],
)
def test_wiring(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_missing_cables_are_one_click_away() -> None:
    found = finding("cables-for-every-gpu", wired(CABLES_3, gpu_count=8, carrier_count=2))
    assert found
    assert found.fix
    assert ("cable_count", "8") in found.fix.changes
    assert "the list has 3" in found.why
