"""How a model can be cut over GPUs, and with which runtime and quantisation. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from configurator.estimation.runtimes import LLAMA_CPP_FAMILY, starts_split
from configurator.estimation.types import Workload
from configurator.search.goal import Goal, reads


@dataclass(frozen=True, slots=True)
class Arrangement:
    """``tensor_parallel`` x ``pipeline_parallel`` is the number of GPUs, but for a split by nothing: that is one."""

    runtime: str
    split: str
    tensor_parallel: int
    pipeline_parallel: int


def arrangements(gpu_count: int, runtimes: tuple[str, ...]) -> Iterator[Arrangement]:
    """Every way in which each runtime can use all of these GPUs for one model."""
    for runtime in runtimes:
        for split, tensor in _cuts(gpu_count, runtime):
            pipeline = gpu_count // tensor
            if starts_split(runtime, split, tensor, pipeline):
                yield Arrangement(runtime, split, tensor, pipeline)


def _cuts(gpu_count: int, runtime: str) -> Iterator[tuple[str, int]]:
    """(split, GPUs that share each matrix)."""
    if gpu_count == 1:
        yield "none", 1
        return
    if runtime in LLAMA_CPP_FAMILY:
        yield from (("tensor", gpu_count), ("layer", 1), ("row", gpu_count))
        return
    for tensor in range(gpu_count, 0, -1):
        if gpu_count % tensor == 0:
            yield ("tensor" if tensor > 1 else "layer"), tensor


def workloads(goal: Goal, gpu_count: int) -> Iterator[Workload]:
    """Every workload that serves the goal on so many GPUs."""
    for arrangement in arrangements(gpu_count, goal.runtimes):
        for quant in goal.formats:
            if not reads(arrangement.runtime, quant):
                continue
            small = arrangement.runtime in LLAMA_CPP_FAMILY
            for kv_dtype in goal.kv_dtypes if small else goal.kv_dtypes[:1]:
                yield Workload(
                    model=goal.model,
                    quant=quant,
                    runtime=arrangement.runtime,
                    split=arrangement.split,
                    tensor_parallel=arrangement.tensor_parallel,
                    pipeline_parallel=arrangement.pipeline_parallel,
                    context_tokens=goal.context_tokens,
                    depth_tokens=goal.depth_tokens,
                    prompt_tokens=goal.prompt_tokens,
                    streams=goal.streams,
                    kv_dtype=kv_dtype,
                )
