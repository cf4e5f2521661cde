"""vLLM's memory per GPU, and that of its kin (1Cat-vLLM, LMDeploy).

Pure. vLLM turns the budget round: of ``gpu_memory_utilization`` of a card it takes the weights, the peak of a profiling
run and what torch does not see, and all the rest becomes cache (``gpu_worker.py``). A context fits when its cache does.
The part of the card vLLM leaves alone stands in the runtime's bytes, so that a GPU fits when its total does.
"""

from functools import partial
from itertools import accumulate

from catalog.specs import GpuSpec, ModelSpec
from configurator.estimation.checkpoint import tower_bytes
from configurator.estimation.device_plan import MIB, DeviceBytes, DevicePlan, idle
from configurator.estimation.kv_cache import CacheShape
from configurator.estimation.layers import shares_embedding
from configurator.estimation.llama_cpp_plan import CUDA_CONTEXT_MIB
from configurator.estimation.quantization import FILE_TYPES
from configurator.estimation.speculation import mtp_cache, mtp_weights
from configurator.estimation.tensor_parallel import kv_share, nccl_bytes, rank_cache, rank_weights
from configurator.estimation.turbomind import repacked_bytes
from configurator.estimation.types import Build, Workload

GPU_MEMORY_UTILIZATION = 0.90
BLOCK_TOKENS = 16
BATCHED_TOKENS = 8192  # tokens of the profiling run (max_num_batched_tokens)
SAMPLED_SEQUENCES = 256  # sequences whose logits it samples at once (max_num_seqs)

GGUF_ONLY = frozenset(FILE_TYPES) - {"F16", "BF16", "F32"}  # files without a tower for pictures

# Hidden-width tensors of two bytes alive at the peak, by ranks (aiconfigurator, ``sdk/memory.py``).
_ACTIVATIONS = {1: 10, 2: 6}
_ACTIVATIONS_MANY = 5


def vllm_plans(build: Build, workload: Workload, quant: str, scale: float) -> tuple[DevicePlan, ...]:
    """A plan for each GPU: pipeline stages in order, the ranks of a stage side by side."""
    model = workload.model
    ranks, stages = workload.tensor_parallel, workload.pipeline_parallel
    bounds = [0, *accumulate(_stage_layers(model.n_layers, stages))]
    plans: tuple[DevicePlan, ...] = ()
    for stage in range(stages):
        layers = tuple(range(bounds[stage], bounds[stage + 1]))
        plan = partial(
            _rank_at, build.gpu, workload, quant, scale, layers, first=stage == 0, last=stage == stages - 1
        )  # fmt: skip
        plans += (plan,) * ranks
    return plans[: build.gpu_count] + (idle,) * (build.gpu_count - len(plans))


def _stage_layers(n_layers: int, stages: int) -> list[int]:
    """Blocks of each pipeline stage: the remainder goes to late stages, but not to the last, which has the head
    (vLLM, ``get_pp_indices``)."""
    counts = [n_layers // stages] * stages
    for late in range(2, n_layers % stages + 2):
        counts[-late if late <= stages else 0] += 1
    return counts


def _rank_at(
    gpu: GpuSpec,
    workload: Workload,
    quant: str,
    scale: float,
    layers: tuple[int, ...],
    context_tokens: int,
    *,
    first: bool,
    last: bool,
) -> DeviceBytes:
    model, ranks = workload.model, workload.tensor_parallel
    held = rank_weights(model, quant, ranks)
    weights = sum(held.blocks[layer] for layer in layers)
    tied = shares_embedding(model)
    if first or (last and tied):
        weights += held.embedding
    if last:
        weights += held.output
    if first and quant not in GGUF_ONLY:
        weights += tower_bytes(model) // ranks
    weights += repacked_bytes(gpu, model, quant, workload.runtime, layers, last=last) // ranks
    cache = rank_cache(model, workload.kv_dtype, ranks, layers)
    if last and workload.speculative_tokens:
        weights += mtp_weights(model, quant).blocks // ranks
        cache = cache + mtp_cache(model, workload.kv_dtype).scaled(kv_share(model, model.n_layers, ranks))
    left_alone = (1.0 - GPU_MEMORY_UTILIZATION) * gpu.memory_mib * MIB
    return DeviceBytes(
        weights=weights * scale,
        kv=_cache_bytes(cache, model, context_tokens, workload.streams),
        compute=_activation_bytes(model, ranks, last=last),
        runtime=CUDA_CONTEXT_MIB * MIB + nccl_bytes(ranks * workload.pipeline_parallel) + left_alone,
    )


def _cache_bytes(shape: CacheShape, model: ModelSpec, context_tokens: int, streams: int) -> int:
    """Cache of ``streams`` sequences: whole blocks of 16 tokens, windows as far as one batch reaches beyond them."""
    cells = -(-context_tokens // BLOCK_TOKENS) * BLOCK_TOKENS
    total = shape.full * cells + shape.by_four * -(-cells // 4) + shape.by_128 * -(-cells // 128) + shape.state
    if shape.window and model.window is not None:
        total += shape.window * min(cells, model.window.window_tokens + BATCHED_TOKENS)
    return total * streams


def _activation_bytes(model: ModelSpec, ranks: int, *, last: bool) -> int:
    """Peak of the profiling run: hidden states, and the logits with their sampling copy on the last stage."""
    hidden = 2 * BATCHED_TOKENS * model.hidden_size * _ACTIVATIONS.get(ranks, _ACTIVATIONS_MANY)
    logits = 2 * 4 * SAMPLED_SEQUENCES * model.vocab_size if last else 0
    return hidden + logits
