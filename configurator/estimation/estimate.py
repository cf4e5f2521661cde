"""The whole estimate: memory, speed, power and findings of one build under one workload.

Pure: no Django, no clock, no I/O.
"""

from configurator.estimation.findings import Facts, evaluate
from configurator.estimation.memory import memory as plan_memory
from configurator.estimation.power import power as estimate_power
from configurator.estimation.throughput import speed as estimate_speed
from configurator.estimation.types import Build, Estimate, Market, Supply, Workload

# Raised whenever the same question may get another answer; saved builds remember it.
ENGINE_VERSION = "1.0"


def estimate(build: Build, workload: Workload, supply: Supply, market: Market | None = None) -> Estimate:
    """Estimate one build under one workload.

    Speed is None where the model does not fit, because it then has no meaning. ``market`` only feeds the
    findings that look at prices and duty.

    Raises:
        CannotEstimate: where the model's architecture is not one the memory plan understands.
    """
    memory = plan_memory(build, workload)
    speed = estimate_speed(build, workload, supply, memory) if memory.fits else None
    power = estimate_power(build, workload, supply, speed)
    findings = evaluate(Facts(build, workload, supply, memory, speed, power, market))
    return Estimate(memory, speed, power, findings, ENGINE_VERSION)
