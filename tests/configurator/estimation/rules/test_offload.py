"""Findings about host memory and drafting."""

from dataclasses import replace

from configurator.estimation.estimate import estimate
from configurator.estimation.types import Finding, PartLine, Supply, Workload
from tests.configurator.estimation.builds import MOE_235B, US_15A, make_build, make_part
from tests.configurator.estimation.memory_cases import model

SUPPLY = Supply(None, US_15A)


def found(slug: str, workload: Workload, *parts: PartLine) -> Finding | None:
    answer = estimate(make_build(parts=parts), workload, SUPPLY)
    return next((finding for finding in answer.findings if finding.id == slug), None)


TOO_LARGE = Workload(MOE_235B, split="layer", pipeline_parallel=4)
CHOSEN = replace(TOO_LARGE, expert_layers_in_ram=94)
QWEN = replace(model("qwen3.5-27b"), mtp_layers=1, params_total=26_900_000_000)
SMALL = Workload(QWEN, split="layer", pipeline_parallel=4)


def test_a_model_that_only_host_memory_makes_fit_is_offered_that_in_one_click() -> None:
    finding = found("fits-with-host-memory", TOO_LARGE)
    assert finding is not None
    assert finding.severity == "caution"
    assert finding.fix is not None
    moved = dict(finding.fix.changes)
    assert estimate(
        make_build(), replace(TOO_LARGE, expert_layers_in_ram=int(moved["expert_layers_in_ram"])), SUPPLY
    ).memory.fits
    assert found("fits-with-host-memory", CHOSEN) is None
    assert found("fits-with-host-memory", SMALL) is None


def test_host_memory_is_enough_too_little_or_unknown() -> None:
    severities = [
        getattr(found("host-memory-size", CHOSEN, *parts), "severity", None)
        for parts in ((), (make_part("ram", capacity_gib=64),), (make_part("ram", capacity_gib=512),))
    ]
    assert severities == ["unknown", "caution", "ok"]
    assert found("host-memory-size", SMALL) is None


def test_the_hosts_bandwidth_is_known_or_said_to_be_assumed() -> None:
    assumed = found("host-memory-speed", CHOSEN)
    known = found("host-memory-speed", CHOSEN, make_part("host", ram_bandwidth_gb_s=204.8))
    assert assumed is not None
    assert assumed.severity == "unknown"
    assert known is not None
    assert known.severity == "note"
    assert "205 GB/s" in known.why
    assert found("host-memory-speed", SMALL) is None


def test_drafting_is_never_silent() -> None:
    note = found("drafting", replace(SMALL, speculative_tokens=2))
    assert note is not None
    assert "Without drafting" in note.why
    assert found("drafting", SMALL) is None
