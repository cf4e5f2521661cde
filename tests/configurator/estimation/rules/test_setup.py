"""Notes for setting the machine up: given to the GPUs they concern, never passed or failed."""

import pytest

from configurator.estimation.findings import Facts
from tests.configurator.estimation.builds import (
    NVSWITCH_SERVER,
    SERVER,
    make_build,
    make_facts,
    make_gpu,
    severity,
)

AMPERE = make_facts(make_build(make_gpu(architecture="ampere", compute_capability=8.6, form_factor="pcie"), 2, None))
NO_CUDA = make_facts(make_build(make_gpu(compute_capability=None, architecture="rdna3.5"), 1, None))
EIGHT = make_build(gpu_count=8, carrier=SERVER)
DGX_2 = make_build(make_gpu(form_factor="sxm3"), 16, NVSWITCH_SERVER)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        *((rule, make_facts(), "note") for rule in ("cuda-13", "driver-595", "open-kernel-modules", "windows")),
        *((rule, AMPERE, None) for rule in ("cuda-13", "driver-595", "open-kernel-modules", "windows")),
        *((rule, NO_CUDA, None) for rule in ("cuda-13", "driver-595", "open-kernel-modules", "windows")),
        ("pytorch-wheels", make_facts(runtime="1cat-vllm"), "note"),
        ("pytorch-wheels", make_facts(), None),
        ("pytorch-removal", make_facts(runtime="1cat-vllm"), "note"),
        ("pytorch-removal", make_facts(), None),
        ("fabric-manager-needed", make_facts(DGX_2), "caution"),
        ("fabric-manager-needed", make_facts(EIGHT), None),
        ("fabric-manager-not-needed", make_facts(EIGHT), "ok"),
        ("fabric-manager-not-needed", make_facts(DGX_2), None),
        ("killed-jobs", make_facts(), "note"),
        ("killed-jobs", make_facts(make_build(gpu_count=1)), None),
        ("killed-jobs", AMPERE, None),
        ("nccl-version", make_facts(tensor_parallel=4), "note"),
        ("nccl-version", make_facts(), None),
    ],
)
def test_setup(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected
