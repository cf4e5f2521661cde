"""Which findings rule a candidate out. Pure."""

from collections.abc import Iterable

from configurator.estimation.findings import Facts
from configurator.estimation.memory import memory
from configurator.estimation.rules import circuit, cooling, llama_cpp, parallelism, sockets, software, wiring
from configurator.estimation.rules import memory as memory_rules
from configurator.estimation.rules import power as power_rules
from configurator.estimation.rules.rule import Rule
from configurator.estimation.types import Build, Finding, MemoryEstimate, PowerEstimate, Supply, Workload

OF_THE_PARTS: tuple[Rule, ...] = (*sockets.RULES, *cooling.RULES, *wiring.RULES)
"""Rules that look at parts only."""
OF_THE_SUPPLY: tuple[Rule, ...] = (*power_rules.RULES, *circuit.RULES)
"""Rules that look at parts, power limit and circuit only."""
OF_THE_SOFTWARE: tuple[Rule, ...] = (
    *memory_rules.RULES, *parallelism.RULES, *llama_cpp.RULES, *software.RULES,
)  # fmt: skip
"""Rules that look at GPUs, their wiring and what runs on them, whatever the limit."""
WHETHER_IT_STARTS = frozenset(
    {"tensor-split-architecture", "kv-heads-per-rank", "device-cap", "network-between-computers"}
)
_ADVISED_BY = (*OF_THE_PARTS, *OF_THE_SUPPLY, *software.RULES)
MUST_BE_KNOWN = WHETHER_IT_STARTS | frozenset(rule.slug for rule in _ADVISED_BY) - {
    "above-4g-decoding", "pcie-lanes", "x16-slots", "host-power-assumed", "idle-cost",
}  # fmt: skip
"""Checks of which unknown is not good enough to advise anybody to buy. Not among them: what can be looked up at home
beforehand, what only moves a sum, and what only makes a speed less sure."""
OF_THE_RUNTIME: tuple[Rule, ...] = tuple(
    rule for rule in software.RULES if rule.slug in ("runtime-on-gpu", "sglang-on-gpu", "unofficial-runtime")
)
"""Rules that look at the runtime and the GPU only."""
_NO_MEMORY = MemoryEstimate(True, 0, 0.0, None, ())


def of_parts(build: Build, workload: Workload, supply: Supply, drawn: PowerEstimate) -> Finding | None:
    """What is against a machine, whatever runs on it, at any limit on any circuit."""
    return _against(OF_THE_PARTS, Facts(build, workload, supply, _NO_MEMORY, None, drawn, None))


def of_supply(build: Build, workload: Workload, supply: Supply, drawn: PowerEstimate) -> Finding | None:
    """What is against a machine on this circuit at this limit, whatever runs on it."""
    return _against(OF_THE_SUPPLY, Facts(build, workload, supply, _NO_MEMORY, None, drawn, None))


def of_runtime(build: Build, workload: Workload, supply: Supply, drawn: PowerEstimate) -> Finding | None:
    """What is against a runtime on these GPUs, whatever it runs."""
    return _against(OF_THE_RUNTIME, Facts(build, workload, supply, _NO_MEMORY, None, drawn, None))


def of_software(build: Build, workload: Workload, supply: Supply, drawn: PowerEstimate) -> Finding | None:
    """What is against a workload on these GPUs, wired as they are, at any limit."""
    facts = Facts(build, workload, supply, memory(build, workload, longest=False), None, drawn, None)
    return _against(OF_THE_SOFTWARE, facts)


def _against(rules: Iterable[Rule], facts: Facts) -> Finding | None:
    """The first blocker, else the first of what must be known and is not."""
    findings = [found for rule in rules if (found := rule.finding(facts)) is not None]
    for finding in findings:
        if finding.severity == "blocker":
            return finding
    return next((one for one in findings if one.severity == "unknown" and one.id in MUST_BE_KNOWN), None)
