"""What is marked on the drawing of who talks to whom: which GPUs split every matrix among them, and what the paths
carry that are not NVLink. Pure: no Django, no clock, no I/O.
"""

from dataclasses import dataclass

from configurator.estimation.topology import NETWORK_GB_S, host_link_gb_s, topology
from configurator.estimation.types import Build, Workload
from configurator.topology_picture import Node, gpu_numbers

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class GroupMark:
    """One tensor group as the estimator chose it. ``nodes`` are those of its GPUs that are drawn; ``wiring``,
    ``slowest_gb_s`` and ``network`` are those of ``estimation.topology.TensorGroup``."""

    letter: str
    gpus: str
    nodes: tuple[Node, ...]
    wiring: str
    slowest_gb_s: float | None
    network: bool


@dataclass(frozen=True, slots=True)
class OtherPaths:
    """What a copy reaches where no NVLink leads, GB/s one way. ``assumed`` True: generation or lanes are not known.
    ``between_servers_gb_s`` None = there is one machine only."""

    generation: int
    lanes: int
    assumed: bool
    to_host_gb_s: float
    between_gpus_gb_s: float
    nvlink_to_cpu: bool
    between_servers_gb_s: float | None


def group_marks(build: Build, workload: Workload, nodes: tuple[Node, ...]) -> tuple[GroupMark, ...]:
    """The tensor groups of a workload on its drawing; none where each GPU works on its own layers."""
    size = workload.tensor_parallel
    if size < 2 or size > build.gpu_count:
        return ()
    stages = min(workload.pipeline_parallel, build.gpu_count // size)
    return tuple(
        GroupMark(
            letter=LETTERS[number % len(LETTERS)],
            gpus=gpu_numbers(group.gpus),
            nodes=tuple(node for node in nodes if node.gpu in group.gpus),
            wiring=group.wiring,
            slowest_gb_s=group.slowest_gb_s,
            network=group.network,
        )
        for number, group in enumerate(topology(build).tensor_groups(size, stages))
    )


def other_paths(build: Build) -> OtherPaths:
    """The paths over PCIe, or over NVLink to the CPU, and between machines."""
    wiring = topology(build)
    carrier = build.carrier
    if carrier is not None:
        known = carrier.pcie_generation is not None and carrier.host_lanes_per_gpu is not None
    else:
        hosts = build.of_kind("host")
        known = bool(hosts) and hosts[0].part.number("pcie_lanes") is not None
    return OtherPaths(
        generation=wiring.pcie_generation,
        lanes=wiring.pcie_lanes,
        assumed=not known,
        to_host_gb_s=host_link_gb_s(wiring),
        between_gpus_gb_s=wiring.pcie_gb_s,
        nvlink_to_cpu=wiring.cpu_nvlink_gb_s > 0,
        between_servers_gb_s=NETWORK_GB_S if len(set(wiring.host_of)) > 1 else None,
    )
