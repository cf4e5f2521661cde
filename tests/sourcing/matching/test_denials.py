"""A bad word counts where it is meant, and a good one where it is not denied."""

import pytest

from tests.sourcing.matching.listings import matched


@pytest.mark.parametrize(
    "words",
    [
        "untested", "as is", "never worked", "funktioniert leider nicht mehr", "doesn't show in lspci",
        "ok, now isn't", "not being recognised", "can't get it to work", "ne marche pas", "不亮", "defekt",
        "refuses to enumerate", "has no signs of life", "lacks the rig to test", "needs rework",
        "detected, but hangs", "with a hairline crack", "bowed and mangled", "misaligned contacts", "lifeless",
        "funktionslos", "没条件测试", "认不出来", "再没亮过", "有暗病", "unknown",
    ],
)  # fmt: skip
def test_refused_as_for_parts(words: str) -> None:
    assert matched(f"Tesla V100 SXM2 16GB {words}").reason == "for-parts"


@pytest.mark.parametrize(
    "words",
    [
        "no issues", "no bent pins, no damage", "not broken", "refund if faulty", "坏包换", "不亮包退",
        "never mined", "kein Defekt", "will not split", "won't last long", "0 ECC errors",
        "never dropped or flooded", "no scratches or cracks", "not a single hiccup", "无花屏无死机",
        "fully enumerated", "gold-plated contacts", "from a shuttered lab", "repasted", "university pull",
        "but works great",
    ],
)  # fmt: skip
def test_still_accepted(words: str) -> None:
    assert matched(f"Tesla V100 SXM2 16GB, {words}").accept
