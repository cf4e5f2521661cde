"""Does it fit, GPU by GPU: weights, cache, compute buffer and runtime of one workload on one build.

Pure: no Django, no clock, no I/O.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from configurator.estimation.device_plan import MIB, DevicePlan
from configurator.estimation.kv_cache import CELL_STEP, KV_TYPES
from configurator.estimation.layers import mtp_blocks
from configurator.estimation.llama_cpp_plan import host_bytes, llama_cpp_plans
from configurator.estimation.offload import expert_bytes, host_capacity_gib, is_offloaded
from configurator.estimation.quantization import canonical_quant
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY, VLLM_FAMILY
from configurator.estimation.types import Build, DeviceMemory, MemoryEstimate, Workload
from configurator.estimation.vllm_plan import vllm_plans
from configurator.estimation.weights import file_weights

_LONGEST_CONTEXT = 2**24  # where a model does not say how far it goes
_KNOWN_LINEAR = ("gated_deltanet", "lightning", "mamba2")


class CannotEstimate(ValueError):
    """This model's memory cannot be told; the message says why."""


def memory(build: Build, workload: Workload, *, longest: bool = True) -> MemoryEstimate:
    """The memory of every GPU, the host's part, and the longest context each stream could have (None where ``longest``
    says that nobody asks, which spares most of the work).

    Under llama.cpp ``weights_mib``, ``kv_mib`` and ``compute_mib`` are its own plan, equal GPUs sharing the model by
    blocks (or rows, or tensors, by ``workload.split``). Under vLLM and its kin ``compute_mib`` is the peak of the
    profiling run, and ``runtime_mib`` includes the tenth of the card that vLLM leaves alone.

    Raises CannotEstimate where the model cannot be estimated, ValueError for an unknown quantisation or cache type.
    """
    model = workload.model
    if model.refusal is not None:
        raise CannotEstimate(model.refusal)
    if model.linear is not None and model.linear.kind not in _KNOWN_LINEAR:
        raise CannotEstimate(f"The memory of {model.linear.kind} layers is not known.")
    if workload.kv_dtype not in KV_TYPES:
        raise ValueError(f"Unknown KV cache type {workload.kv_dtype!r}; known are {', '.join(KV_TYPES)}.")
    quant = canonical_quant(workload.quant)
    file = file_weights(model, quant).file
    total = file if workload.weights_bytes is None else workload.weights_bytes
    plans = _plans(build, workload, quant, _scale(workload, quant))
    rows = tuple(_row(plan, workload.context_tokens, build.gpu.memory_mib) for plan in plans)
    return MemoryEstimate(
        fits=all(row.fits for row in rows),
        weights_bytes_total=total,
        host_mib=_host_mib(build, workload),
        max_context_tokens=_max_context_tokens(plans, build.gpu.memory_mib, model.max_context_tokens)
        if longest
        else None,
        per_gpu=rows,
    )


def _plans(build: Build, workload: Workload, quant: str, scale: float) -> tuple[DevicePlan, ...]:
    if workload.runtime in VLLM_FAMILY:
        return vllm_plans(build, workload, quant, scale)
    return llama_cpp_plans(build, workload, quant, scale)


def _scale(workload: Workload, quant: str) -> float:
    """How much larger the file is than the one worked out."""
    if workload.weights_bytes is None:
        return 1.0
    return workload.weights_bytes / file_weights(workload.model, quant).file


def _host_mib(build: Build, workload: Workload) -> float:
    if workload.runtime in VLLM_FAMILY:
        return 0.0
    quant = canonical_quant(workload.quant)
    return host_bytes(build, workload, quant, _scale(workload, quant)) / MIB


def fits(build: Build, workload: Workload) -> bool:
    """Whether every GPU holds its part, and nothing more is asked."""
    quant = canonical_quant(workload.quant)
    capacity = build.gpu.memory_mib * MIB
    plans = _plans(build, workload, quant, _scale(workload, quant))
    return all(plan(workload.context_tokens).total <= capacity for plan in dict.fromkeys(plans))


def smallest_offload(build: Build, workload: Workload) -> Workload | None:
    """The workload with as little as possible moved to host memory for it to fit on the GPUs: routed experts of the
    first layers, else whole layers. None where its runtime cannot, where nothing helps, where a part was moved by
    choice already, or where the build's memory is known and too small."""
    splits = ("none", "layer") if build.gpu_count > 1 else ("none", "layer", "row", "tensor")
    if workload.runtime not in LLAMA_CPP_FAMILY or workload.split not in splits or is_offloaded(workload):
        return None
    model = workload.model
    candidates: list[tuple[int, Callable[[int], Workload]]] = []
    if any(expert_bytes(model, canonical_quant(workload.quant))):
        candidates.append((model.n_layers, lambda moved: replace(workload, expert_layers_in_ram=moved)))
    units = model.n_layers + mtp_blocks(model) + 1
    candidates.append((units, lambda moved: replace(workload, gpu_layers=units - moved)))
    room_gib = host_capacity_gib(build)
    for most, moving in candidates:
        fewest = _fewest(most, lambda moved, moving=moving: fits(build, moving(moved)))  # type: ignore[misc]
        if fewest is not None:
            found = moving(fewest)
            return found if room_gib is None or _host_mib(build, found) <= room_gib * 1024 else None
    return None


def _fewest(most: int, enough: Callable[[int], bool]) -> int | None:
    """The least number from 1 to ``most`` that is enough, found by halving; None where not even ``most`` is."""
    if not enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _row(plan: DevicePlan, context_tokens: int, capacity_mib: int) -> DeviceMemory:
    need = plan(context_tokens)
    total_mib = need.total / MIB
    return DeviceMemory(
        weights_mib=need.weights / MIB,
        kv_mib=need.kv / MIB,
        compute_mib=need.compute / MIB,
        runtime_mib=need.runtime / MIB,
        total_mib=total_mib,
        capacity_mib=float(capacity_mib),
        fits=total_mib <= capacity_mib,
    )


def _max_context_tokens(plans: Sequence[DevicePlan], capacity_mib: int, limit: int | None) -> int | None:
    """The longest context that every GPU can hold, in steps of the cache's rounding; None where not even one step
    fits. Memory never shrinks with context, so it is found by halving."""
    capacity = capacity_mib * MIB
    distinct = sorted(dict.fromkeys(plans), key=lambda plan: plan(CELL_STEP).total, reverse=True)  # the tightest first

    def holds(steps: int) -> bool:
        return all(plan(steps * CELL_STEP).total <= capacity for plan in distinct)

    longest = limit or _LONGEST_CONTEXT
    low, high = 0, -(-longest // CELL_STEP)
    if holds(high):
        return longest
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low * CELL_STEP or None
