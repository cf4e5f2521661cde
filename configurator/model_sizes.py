"""How large a model is at each quantisation, and the smallest of the usual machines that holds it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.specs import GpuSpec, ModelSpec
from configurator.estimation.memory import memory
from configurator.estimation.types import Build, MemoryEstimate, Workload

QUANTS = ("Q2_K", "IQ3_XXS", "Q3_K_M", "IQ4_XS", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "F16")
CONTEXT_TOKENS = 8192

# GPU count -> the platform that holds as many.
MACHINES: Mapping[int, str] = {
    1: "single-adapter-sxm2-pcie",
    2: "dual-board-tns-2sxm2-4p54",
    4: "quad-board-taq-sxm2-4p5a5",
    8: "server-4029gp-tvrt",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """The smallest machine of one module that holds the model; ``gpu_count`` None = none of them does."""

    gpu: GpuSpec
    gpu_count: int | None
    carrier: str


@dataclass(frozen=True, slots=True)
class SizeRow:
    quant: str
    file_bytes: int
    holders: tuple[Holder, ...]


def size_rows(model: ModelSpec, gpus: Sequence[GpuSpec]) -> tuple[SizeRow, ...]:
    """One row a quantisation: the GGUF's size in bytes, and for each module how many of it hold the model.

    By llama.cpp's plan, split by layers, with 8,192 tokens of cache (less where the model goes no further).

    Raises:
        CannotEstimate: where the model's architecture is not understood.
    """
    rows = []
    for quant in QUANTS:
        plans = {gpu.slug: _smallest(model, quant, gpu) for gpu in gpus}
        file_bytes = next(iter(plans.values()))[1].weights_bytes_total
        holders = tuple(
            Holder(gpu, count, MACHINES.get(count or 0, "")) for gpu in gpus for count in [plans[gpu.slug][0]]
        )
        rows.append(SizeRow(quant, file_bytes, holders))
    return tuple(rows)


def _smallest(model: ModelSpec, quant: str, gpu: GpuSpec) -> tuple[int | None, MemoryEstimate]:
    """The smallest count that fits and its plan; None and the largest machine's plan where none does."""
    context_tokens = min(CONTEXT_TOKENS, model.max_context_tokens or CONTEXT_TOKENS)
    for count in MACHINES:
        workload = Workload(
            model,
            quant,
            split="layer" if count > 1 else "none",
            pipeline_parallel=count,
            context_tokens=context_tokens,
        )
        plan = memory(Build(gpu, count, None, 0), workload)
        if plan.fits:
            return count, plan
    return None, plan
