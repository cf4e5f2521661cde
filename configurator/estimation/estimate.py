"""The whole estimate: memory, speed, power and findings of one build under one workload.

Pure: no Django, no clock, no I/O.
"""

from configurator.estimation.findings import Facts, evaluate
from configurator.estimation.memory import memory as plan_memory
from configurator.estimation.memory import smallest_offload
from configurator.estimation.offload import host_bandwidth_gb_s, is_offloaded
from configurator.estimation.power import power as estimate_power
from configurator.estimation.throughput import speed as estimate_speed
from configurator.estimation.types import Build, Estimate, Market, MemoryEstimate, Offload, Supply, Workload

# Raised whenever the same question may get another answer; saved builds remember it.
ENGINE_VERSION = "1.2"


def estimate(build: Build, workload: Workload, supply: Supply, market: Market | None = None) -> Estimate:
    """Estimate one build under one workload.

    Where the model does not fit, the speed is that of the smallest part of it moved to host memory with which it would
    (``offload`` says which), and None where no such arrangement exists. ``market`` only feeds the findings that look
    at prices and duty.

    Raises:
        CannotEstimate: where the model's architecture is not one the memory plan understands.
    """
    memory = plan_memory(build, workload)
    helped = workload if memory.fits else smallest_offload(build, workload)
    speed = offload = None
    if helped is not None:
        planned = memory if memory.fits else plan_memory(build, helped)
        speed = estimate_speed(build, helped, supply, planned)
        offload = _offload(build, helped, planned, assumed=not memory.fits)
    power = estimate_power(build, workload, supply, speed)
    findings = evaluate(Facts(build, workload, supply, memory, speed, power, market, offload))
    return Estimate(memory, speed, power, findings, offload, ENGINE_VERSION)


def _offload(build: Build, workload: Workload, memory: MemoryEstimate, *, assumed: bool) -> Offload | None:
    if not is_offloaded(workload):
        return None
    host_gb_s, known = host_bandwidth_gb_s(build)
    return Offload(
        expert_layers_in_ram=workload.expert_layers_in_ram,
        gpu_layers=workload.gpu_layers,
        host_mib=memory.host_mib,
        host_gb_s=host_gb_s,
        host_gb_s_known=known,
        assumed=assumed,
    )
