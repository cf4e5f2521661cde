"""The eight misconceptions of the guide's section 18, each answered where a build invites it."""

from decimal import Decimal
from typing import Any

import pytest

from configurator.estimation.findings import RULES, Facts, evaluate
from configurator.estimation.rules.misconceptions import ANSWERS, MISCONCEPTIONS
from configurator.estimation.types import LinePrice
from tests.configurator.estimation.builds import (
    finding,
    make_build,
    make_carrier,
    make_facts,
    make_gpu,
    make_market,
    severity,
)

V100 = make_gpu()


def on(count: int, boards: int = 1, **carrier: Any) -> Facts:
    return make_facts(make_build(V100, count, make_carrier(**carrier), boards))


def bought(unit: Decimal | None, agent: str = "superbuy") -> Facts:
    line = LinePrice(V100.slug, 4, unit, None, "band")
    return make_facts(market=make_market(agent=agent, prices=(line,)))


def why(rule: str, facts: Facts) -> str:
    found = finding(rule, facts)
    return found.why if found else ""


MESH_OF_EIGHT = tuple(tuple(0 if i == j else 1 for j in range(8)) for i in range(8))


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("bought-in-china", bought(Decimal(120)), "note"),
        ("bought-in-china", bought(None), "unknown"),
        ("bought-in-china", bought(Decimal(120), agent=""), None),
        ("bought-in-china", make_facts(), None),
        ("no-eight-gpu-board", on(8, boards=2), "note"),
        ("no-eight-gpu-board", on(4), None),
        ("no-eight-gpu-board", on(8, sockets=8, links=MESH_OF_EIGHT, topology="hybrid-cube-mesh", has_host=True), "ok"),
        ("no-eight-gpu-board", on(8, sockets=8, links=(), topology="unknown"), "unknown"),
    ],
)
def test_misconceptions(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_every_misconception_of_the_guide_is_answered_by_rules_that_exist() -> None:
    assert len(MISCONCEPTIONS) == 8
    slugs = {rule.slug for rule in RULES}
    assert all(set(misconception.findings) <= slugs for misconception in MISCONCEPTIONS)
    assert all(misconception.findings for misconception in MISCONCEPTIONS)


def test_an_answer_carries_what_people_say() -> None:
    found = {each.id: each.answers for each in evaluate(on(8, boards=2))}
    assert found["no-eight-gpu-board"] == "A board for eight GPUs with NVLink is coming soon."
    assert found["separate-devices"] == "The system sees GPUs on NVLink as a single one."
    assert not found["weights-size"]


def test_two_boards_answer_with_their_islands() -> None:
    assert "make 2 NVLink islands" in why("no-eight-gpu-board", on(8, boards=2))


def test_a_dead_module_is_priced() -> None:
    assert "$120.00" in why("bought-in-china", bought(Decimal(120)))


def test_no_finding_answers_two_misconceptions() -> None:
    assert len(ANSWERS) == sum(len(misconception.findings) for misconception in MISCONCEPTIONS)
