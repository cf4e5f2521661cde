"""The same model on one, two and more boards of one host, by the estimator itself. Pure: no Django, no clock, no I/O.

Three ways to cut the model are compared for each number of boards: by layer with llama.cpp, all GPUs taking turns;
tensor parallel inside each board with the boards as stages of a pipeline, which of the runtimes for Volta 1Cat-vLLM
does; and tensor parallel over all boards at once. Between the boards is PCIe, for which the estimator charges each
hand-over between stages, and each all-reduce of the last.
"""

from dataclasses import dataclass

from catalog.specs import CarrierSpec, GpuSpec, ModelSpec, PartSpec
from configurator.estimation.estimate import estimate
from configurator.estimation.power import circuit_load
from configurator.estimation.runtimes import DEVICES_MAX
from configurator.estimation.scale_out import HostWiring, build_of, host_wiring
from configurator.estimation.types import Build, Estimate, Supply, Workload

LAYER_RUNTIME = "llama.cpp"
TENSOR_RUNTIME = "1cat-vllm"
MIB_A_GIB = 1024
ALL_UP_TO = 8


@dataclass(frozen=True, slots=True)
class Machine:
    """What stays the same however many boards there are."""

    host: PartSpec
    carrier: CarrierSpec
    card: PartSpec
    gpu: GpuSpec


@dataclass(frozen=True, slots=True)
class Task:
    """What runs. ``quant`` is the GGUF file's, ``checkpoint_quant`` that of the checkpoint the other runtime loads."""

    model: ModelSpec
    quant: str
    checkpoint_quant: str
    context_tokens: int
    streams: int


@dataclass(frozen=True, slots=True)
class BoardCount:
    """One number of boards: how they are wired, and the estimates. ``across`` is None for one board."""

    wiring: HostWiring
    by_layer: Estimate
    by_tensor: Estimate
    across: Estimate | None
    circuits_at_limit: int
    circuits_at_default: int

    @property
    def over_cap(self) -> bool:
        """More GPUs than llama.cpp takes as it is published."""
        return self.wiring.gpus > DEVICES_MAX


def board_numbers(boards: int) -> tuple[int, ...]:
    """The numbers of boards that are compared: each up to eight, beyond that the powers of two and the last."""
    return tuple(range(1, boards + 1)) if boards <= ALL_UP_TO else (1, 2, 4, 8, boards)


def sweep(machine: Machine, task: Task, supply: Supply, boards: int) -> tuple[BoardCount, ...]:
    """One row for each number of boards that is compared, ``boards`` last.

    Raises:
        CannotEstimate: where the model's architecture is not one the memory plan understands.
    """
    return tuple(count_of(machine, task, supply, number) for number in board_numbers(boards))


def count_of(machine: Machine, task: Task, supply: Supply, boards: int) -> BoardCount:
    """One number of boards. Circuits needed are those that carry the draw for hours on end, at the power limit and at
    the cards' default, to which a restart returns. Raises CannotEstimate."""
    build = build_of(machine.host, machine.carrier, machine.card, machine.gpu, boards)
    by_layer = estimate(build, layer_workload(task, build), supply)
    by_tensor = estimate(build, tensor_workload(task, build, machine.carrier.sockets), supply)
    across = estimate(build, tensor_workload(task, build, build.gpu_count), supply) if boards > 1 else None
    power = by_layer.power
    unlimited = circuit_load(supply.circuit, power.wall_w_unlimited, power.wall_w_unlimited)
    return BoardCount(
        wiring=host_wiring(machine.host, machine.carrier, machine.card, machine.gpu, boards),
        by_layer=by_layer,
        by_tensor=by_tensor,
        across=across,
        circuits_at_limit=power.circuit.circuits_needed,
        circuits_at_default=unlimited.circuits_needed,
    )


def refusal(found: Estimate) -> str:
    """Why the estimate's runtime does not run it; empty where it does."""
    stopped = next((finding.title for finding in found.findings if not finding.starts), "")
    if stopped:
        return stopped
    if not found.memory.fits:
        short_mib = max(gpu.total_mib - gpu.capacity_mib for gpu in found.memory.per_gpu)
        return f"Does not fit: {short_mib / MIB_A_GIB:,.1f} GiB short on a GPU"
    return "" if found.speed else "No such split in this runtime"


def layer_workload(task: Task, build: Build) -> Workload:
    gpus = build.gpu_count
    return Workload(
        model=task.model,
        quant=task.quant,
        runtime=LAYER_RUNTIME,
        split="layer" if gpus > 1 else "none",
        pipeline_parallel=gpus,
        context_tokens=task.context_tokens,
        streams=task.streams,
    )


def tensor_workload(task: Task, build: Build, ranks: int) -> Workload:
    """Tensor parallel over ``ranks`` GPUs, as many stages as that leaves."""
    return Workload(
        model=task.model,
        quant=task.checkpoint_quant,
        runtime=TENSOR_RUNTIME,
        split="tensor" if build.gpu_count > 1 else "none",
        tensor_parallel=ranks,
        pipeline_parallel=build.gpu_count // ranks,
        context_tokens=task.context_tokens,
        streams=task.streams,
    )
