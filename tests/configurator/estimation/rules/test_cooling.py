"""Heatsinks, water blocks and the air through them."""

import pytest

from catalog.specs import GpuSpec
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

PASSIVE = make_part("cooler", 4, heatsink_pitch_mm=32, is_passive=True, liquid=False)
UNSURE = make_part("cooler", 4, heatsink_pitch_mm=32, is_passive=None, liquid=False)
ACTIVE = make_part("cooler", 4, heatsink_pitch_mm=32, is_passive=False, liquid=False)
BLOCK_32 = make_part("cooler", 4, heatsink_pitch_mm=32, is_passive=False, liquid=True)
BLOCK_36 = make_part("cooler", 4, heatsink_pitch_mm=36.06, is_passive=False, liquid=True)
BLOCK_NO_FIGURE = make_part("cooler", 4, heatsink_pitch_mm=None, is_passive=False, liquid=True)
SHROUD = make_part("cooler", 4, is_passive=True)
FANS = make_part("fan", 4, power_w=3)
PCIE_PASSIVE = make_gpu(form_factor="pcie", passive=True)
PCIE_ACTIVE = make_gpu(form_factor="pcie", passive=False)
DRIVE_A100 = make_gpu(architecture="ampere", heatsink_pitch_mm=36.0)


def cooled(*parts: PartLine, **build: object) -> Facts:
    return make_facts(make_build(parts=parts, **build))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("heatsink-pitch", cooled(BLOCK_36), "blocker"),
        ("heatsink-pitch", cooled(BLOCK_32), "ok"),
        ("heatsink-pitch", cooled(BLOCK_36, gpu=DRIVE_A100), "ok"),
        ("heatsink-pitch", cooled(BLOCK_32, gpu=DRIVE_A100), "blocker"),
        ("heatsink-pitch", cooled(BLOCK_NO_FIGURE), "unknown"),
        ("heatsink-pitch", cooled(BLOCK_32, gpu=make_gpu(heatsink_pitch_mm=None)), "unknown"),
        ("heatsink-pitch", cooled(), None),
        ("heatsink-pitch", cooled(BLOCK_32, gpu=PCIE_PASSIVE, carrier=None), None),
        ("heatsink-for-every-module", cooled(), "unknown"),
        ("heatsink-for-every-module", cooled(PASSIVE, gpu_count=5, carrier_count=2), "blocker"),
        ("heatsink-for-every-module", cooled(SHROUD), "blocker"),
        ("heatsink-for-every-module", cooled(PASSIVE), "ok"),
        ("heatsink-for-every-module", cooled(carrier=SERVER), "ok"),
        ("heatsink-for-every-module", cooled(carrier=make_carrier(SERVER, heatsinks_included=None)), "unknown"),
        ("heatsink-for-every-module", cooled(carrier=None), "unknown"),
        ("heatsink-for-every-module", cooled(gpu=PCIE_PASSIVE, carrier=None), None),
        ("airflow", cooled(PASSIVE), "blocker"),
        ("airflow", cooled(PASSIVE, FANS), "ok"),
        ("airflow", cooled(ACTIVE), "ok"),
        ("airflow", cooled(UNSURE), "unknown"),
        ("airflow", cooled(carrier=SERVER), "ok"),
        ("airflow", cooled(gpu=PCIE_PASSIVE, carrier=None), "unknown"),
        ("airflow", cooled(make_part("psu", 1, power_w=850), gpu=PCIE_PASSIVE, carrier=None), "blocker"),
        ("airflow", cooled(FANS, gpu=PCIE_PASSIVE, carrier=None), "ok"),
        ("airflow", cooled(gpu=PCIE_ACTIVE, carrier=None), None),
        ("airflow", cooled(BLOCK_32), None),
        ("bare-die", cooled(), "note"),
        ("bare-die", cooled(gpu=PCIE_PASSIVE, carrier=None), None),
        ("server-fans", cooled(carrier=SERVER), "note"),
        ("server-fans", cooled(), None),
    ],
)
def test_cooling(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_both_pitches_are_named() -> None:
    found = finding("heatsink-pitch", cooled(BLOCK_36))
    assert found
    assert "36.06 mm" in found.why
    assert "32 mm" in found.why


@pytest.mark.parametrize(
    ("gpu", "cooler"),
    [
        (make_gpu(), "heatsink-v100-stock"),
        (make_gpu(form_factor="sxm3"), "heatsink-a100-passive"),
        (DRIVE_A100, None),
        (make_gpu(heatsink_pitch_mm=None), None),
    ],
)
def test_only_a_heatsink_with_the_modules_pitch_and_form_is_offered(gpu: GpuSpec, cooler: str | None) -> None:
    found = finding("heatsink-for-every-module", cooled(gpu=gpu))
    assert found
    assert found.fix
    assert dict(found.fix.changes).get("cooler") == cooler


def test_missing_heatsinks_are_one_click_away() -> None:
    found = finding("heatsink-for-every-module", cooled())
    assert found
    assert found.fix
    assert ("cooler_count", "4") in found.fix.changes
