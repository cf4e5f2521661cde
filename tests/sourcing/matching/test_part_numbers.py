"""Part numbers say what their makers say, and no more (section 6 of the facts about marketplaces)."""

import pytest

from sourcing.matching.part_numbers import find
from tests.sourcing.matching.listings import matched


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("699-2G503-0201-200", "v100-sxm2-16gb"),
        ("699-2G503-0203-200 GPU", "v100-sxm2-32gb"),
        ("699 2G503 0216 300", "v100-sxm2-32gb"),
        ("699-2G500-0200-300", "v100-pcie-16gb"),
        ("699-2G500-0202-400", "v100-pcie-32gb"),
        ("Dell 0VFJ45", "v100-pcie-16gb"),
        ("HPE Q9U37A", "v100-sxm2-32gb"),
    ],
)
def test_these_decide_with_no_word_beside_them(title: str, part: str) -> None:
    assert matched(title).part == part


@pytest.mark.parametrize("title", ["Tesla V100 SXM2 900-2G503-0010-000", "GV100-895-A1 V100", "PG503"])
def test_these_do_not_decide_alone(title: str) -> None:
    assert not matched(title).accept


def test_a_number_that_contradicts_the_stated_memory_refuses() -> None:
    assert matched("Tesla V100 SXM2 32GB 699-2G503-0201-200").reason == "ambiguous-memory"


def test_a_longer_number_is_another_number() -> None:
    assert find("1699-2g503-02019") == []
