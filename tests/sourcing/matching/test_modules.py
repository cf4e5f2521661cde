"""A V100 is accepted with its form factor and its memory said once."""

import pytest

from sourcing.matching.types import Reason
from tests.sourcing.matching.listings import matched


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("Tesla V100 SMX2 16GB", "v100-sxm2-16gb"),
        ("Tesla V100 16GB PCle", "v100-pcie-16gb"),
        ("Tesla V100 PCIe 32GB passive heatsink", "v100-pcie-32gb"),
        ("V100 SXM3 32GB not SXM2", "v100-sxm3-32gb"),
        ("Lot of 2 V100s SXM2 16GB", "v100-sxm2-16gb"),
        ("4x V100 SXM2 16GB, 64GB total", "v100-sxm2-16gb"),
        ("V100 SXM2 16GB for Dell C4140", "v100-sxm2-16gb"),
    ],
)
def test_accepted(title: str, part: str) -> None:
    assert matched(title).part == part


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("V100 16GB not PCIe", Reason.WRONG_FORM_FACTOR),
        ("V100 SXM 16GB", Reason.WRONG_FORM_FACTOR),
        ("V100 SXM2 16GB or 32GB", Reason.AMBIGUOUS_MEMORY),
        ("V100 SXM2 16/32GB", Reason.AMBIGUOUS_MEMORY),
        ("V100 SXM3 16GB", Reason.AMBIGUOUS_MEMORY),
        ("V100 SXM2 16GB, maybe 32, not sure", Reason.AMBIGUOUS_MEMORY),
        ("V100 SXM2 16GB cut down to 12GB", Reason.CUT_DOWN_MEMORY),
        ("V100S PCIe 32GB", Reason.NOT_IN_CATALOGUE),
        ("V100 P100 16GB SXM2", Reason.NOT_IN_CATALOGUE),
    ],
)
def test_refused(title: str, reason: Reason) -> None:
    assert matched(title).reason is reason


def test_memory_that_is_not_cut_down_is_said_so() -> None:
    assert matched("V100 SXM2 16GB, not neutered").accept
