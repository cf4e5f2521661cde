"""What is wrong with a machine, what is right, and what nobody knows: all rules, in one table. Pure."""

from configurator.estimation.rules import (
    circuit,
    cooling,
    llama_cpp,
    market,
    memory,
    misconceptions,
    offload,
    parallelism,
    power,
    setup,
    sockets,
    software,
    wiring,
)
from configurator.estimation.rules.misconceptions import ANSWERS
from configurator.estimation.rules.rule import Facts, Rule
from configurator.estimation.types import Finding

__all__ = ["RULES", "SEVERITIES", "Facts", "evaluate"]

SEVERITIES = ("blocker", "caution", "note", "unknown", "ok")
"""From the worst: will not work, may go wrong, worth knowing, a figure is missing, checked and passed."""

RULES: tuple[Rule, ...] = (
    *sockets.RULES,
    *cooling.RULES,
    *wiring.RULES,
    *power.RULES,
    *circuit.RULES,
    *memory.RULES,
    *offload.RULES,
    *parallelism.RULES,
    *llama_cpp.RULES,
    *software.RULES,
    *setup.RULES,
    *market.RULES,
    *misconceptions.RULES,
)

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def evaluate(facts: Facts) -> tuple[Finding, ...]:
    """Every rule's finding that applies to these facts, worst first, then by id."""
    found = [
        finding for rule in RULES if (finding := rule.finding(facts, answers=ANSWERS.get(rule.slug, ""))) is not None
    ]
    return tuple(sorted(found, key=lambda finding: (_RANK[finding.severity], finding.id)))
