"""The time of one decode step, cause by cause. Pure: no Django, no clock, no I/O.

A step is the work for the next token of every stream. Its time is::

    step = sum over stages of (weights + kv) + launches + all-reduces + hops + host

- Weights and cache pass two limits, the memory and the multiprocessors that unpack and multiply them. Neither hides
  the other completely, so they add like the sides of a right angle: ``sqrt(memory**2 + compute**2)``. The second one
  makes a three-bit K quant follow the SM clock on Volta and keeps an A100 far from its bandwidth.
- A pipeline (layer split) only takes turns, so its stage times add up to one GPU's time for the whole model; tensor
  parallelism divides the bytes and adds two all-reduces to each layer.
- Several streams are one batch. Either the vector kernels take it, which multiply each further stream at a rate of
  their own, or the matrix kernels that read prompts do, whichever is sooner.
- Every kernel costs a few microseconds however little it does, and layers differ in how many they start.

The constants are in :mod:`configurator.estimation.calibration`.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from catalog.specs import GpuSpec
from configurator.estimation.calibration import FLOPS_PER_CLOCK, REFERENCE_SM_GHZ, RUNTIME_FAMILY, VALUES
from configurator.estimation.offload import ASSUMED_HOST_GB_S, NOTHING, HostShare, host_share
from configurator.estimation.token_work import TokenWork, expert_share, kv_bytes, score_bytes, token_work
from configurator.estimation.topology import NETWORK_GB_S, TensorGroup, Topology
from configurator.estimation.types import DecodeMs, Workload

ACTIVATION_BYTES = 2
VECTOR_COLUMNS = 8  # ggml's vector kernels take as many streams at once (MMVQ_MAX_BATCH_SIZE)
WITHOUT_INTEGER_TENSOR_CORES = ("pascal", "volta")
FULL_WIDTH = ("F16", "BF16")
WHOLE_COLUMNS = 16  # streams that ggml's tensor-core kernels for full-width weights take in one pass over them (mmf)


@dataclass(frozen=True, slots=True)
class Device:
    """One GPU's limits. ``sm`` is the speed of its multiprocessors next to a V100 SXM2's, at the clock it runs at."""

    architecture: str
    memory_gb_s: float  # reached, not nominal
    sm: float
    clock: float  # fraction of the clock it would run at without a power limit
    dot_product: float  # quantised dot products per multiprocessor and clock, next to Volta
    peak_tflops: float  # FP16, at the clock it runs at
    tensor_cores: bool
    matrix_tflops: float  # of it reached in large matrix products
    bf16: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One decode step, and the two limits behind the time of its weights."""

    ms: DecodeMs
    weights_memory_ms: float
    weights_compute_ms: float


def device(gpu: GpuSpec, clock: float) -> Device:
    """A GPU's limits when its SM clock is ``clock`` times what it would be without a power limit."""
    architecture = gpu.architecture
    efficiency = VALUES.get(f"memory_efficiency.{architecture}", VALUES["memory_efficiency.other"])
    per_clock = FLOPS_PER_CLOCK.get((architecture, gpu.compute_capability)) or FLOPS_PER_CLOCK.get((architecture, None))
    # Multiprocessors x GHz from the peak: peak = SM x clock x operations of one SM in a clock.
    if per_clock and gpu.fp16_tflops:
        sm = gpu.fp16_tflops * 1000 / per_clock / REFERENCE_SM_GHZ
    else:
        sm = gpu.memory_bandwidth_gb_s / 900
    # Pascal's two chips differ: only 6.1 has the instruction for dot products of bytes.
    chip = f"{architecture}.{gpu.compute_capability:.1f}" if gpu.compute_capability is not None else architecture
    peak = gpu.fp16_tflops or sm * 125
    return Device(
        architecture=architecture,
        memory_gb_s=gpu.memory_bandwidth_gb_s * efficiency,
        sm=sm * clock,
        clock=clock,
        dot_product=_of_chip("dot_product", chip, architecture, 1.0),
        matrix_tflops=_of_chip("prefill_matrix", chip, architecture, VALUES["prefill_matrix.other"]) * peak * clock,
        peak_tflops=peak * clock,
        tensor_cores=gpu.tensor_cores,
        bf16=gpu.bf16,
    )


def _of_chip(name: str, chip: str, architecture: str, otherwise: float) -> float:
    return VALUES.get(f"{name}.{chip}", VALUES.get(f"{name}.{architecture}", otherwise))


def decode_step(
    device: Device, workload: Workload, wiring: Topology, streams: float, host_gb_s: float = ASSUMED_HOST_GB_S
) -> Step:
    """One step for ``streams`` streams at ``workload.depth_tokens``. ``host_gb_s`` is the nominal bandwidth of the
    host's memory, which counts where weights lie there."""
    family = RUNTIME_FAMILY[workload.runtime]
    whole = token_work(workload.model, workload.quant)
    kept = host_share(workload, workload.quant)
    work = whole if kept is NOTHING else whole.without(kept.fixed, kept.experts)
    tp = tensor_ranks(workload)
    memory_ms, compute_ms, both_ms = weights_ms(device, workload, work, streams, family)
    kernels = work.kernels + work.compressed_layers * VALUES[f"compressed_kernels.{family}"]
    launch_us = kernels * kernel_us(device, family) / device.clock
    # Sorting tokens by expert nears its whole cost as streams rise. At worst each stream starts all kernels again,
    # so that more streams never yield less together.
    sorting_us = work.expert_layers * VALUES[f"expert_batch_us.{family}"] * (1 - 1 / streams)
    launch_us += min(sorting_us, (streams - 1) * launch_us)
    groups = wiring.tensor_groups(tp, min(workload.pipeline_parallel, wiring.gpu_count // tp))
    all_reduce_ms = all_reduces_ms(workload, groups, family, streams * _tokens_of_jobs(family, streams))
    if workload.split == "row":
        all_reduce_ms += workload.model.n_layers * VALUES["row_split_us"] / 1000
    ms = DecodeMs(
        weights=both_ms,
        kv=kv_ms(device, workload, work, streams, family) * (1 - kept.cache),
        launch=launch_us / 1000,
        all_reduce=all_reduce_ms,
        hops=_hops(workload, groups, wiring, streams),
        host=VALUES["host_ms"] + _host(workload, whole, kept, streams, host_gb_s),
    )
    return Step(ms, memory_ms, compute_ms)


def _host(workload: Workload, whole: TokenWork, kept: HostShare, streams: float, host_gb_s: float) -> float:
    """What the processor reads and multiplies, ms. Each layer whose experts it has interrupts the GPU: activations go
    over and come back, and its threads wake up."""
    if kept is NOTHING:
        return 0.0
    scale = file_scale(workload)
    experts = whole.total_expert_bytes * kept.experts * expert_share(workload.model, streams)
    read = (whole.total_fixed_bytes * kept.fixed + experts) * scale
    read += streams * kv_bytes(whole, workload.depth_tokens, workload.kv_dtype, 1) * kept.cache
    crossings = kept.expert_layers + (1 if kept.layers else 0)
    return read / (host_gb_s * VALUES["host_memory_efficiency"]) / 1e6 + crossings * VALUES["host_crossing_us"] / 1000


def _tokens_of_jobs(family: str, streams: float) -> float:
    """Tokens that pass the GPUs for each generated one. vLLM's rates for many streams are those of whole jobs, whose
    prompts are read in between."""
    return 1 + (VALUES.get(f"batch_tokens.{family}", 1.0) - 1) * (1 - 1 / streams)


def tensor_ranks(workload: Workload) -> int:
    """GPUs that share every layer. A row split shares single matrices only; attention and experts stay whole."""
    return 1 if workload.split == "row" else workload.tensor_parallel


def writes_scores(workload: Workload) -> bool:
    """True where attention's scores go through memory: ggml's runtimes without flash attention."""
    return not workload.flash_attention and RUNTIME_FAMILY[workload.runtime] == "llama"


def file_scale(workload: Workload) -> float:
    """How much larger the real file is than the computed one, where its size is given."""
    if workload.weights_bytes is None:
        return 1.0
    return workload.weights_bytes / token_work(workload.model, workload.quant).file_bytes


def kernel_us(device: Device, family: str) -> float:
    """Microseconds a kernel takes that has next to nothing to do, its launch included."""
    return VALUES.get(f"kernel_us.{family}.{device.architecture}", VALUES[f"kernel_us.{family}"])


def all_reduce_us(group: TensorGroup, family: str) -> float:
    """Latency of one all-reduce of a few kilobytes, by runtime and wiring."""
    if family == "llama":  # at best as fast as the fork that optimised it for these cards
        return max(VALUES["all_reduce_us.llama"], all_reduce_us(group, "turbomind"))
    if group.network:  # inside the machines first, then between them
        return VALUES["all_reduce_us.network"] + VALUES[f"all_reduce_us.{family}.octet"]
    if group.wiring == "mesh" and len(group.gpus) > 4:  # no carrier links more than four pair by pair without a switch
        return VALUES[f"all_reduce_us.{family}.switch"]
    if group.wiring in ("mesh", "unknown") and len(group.gpus) <= 4:
        return VALUES[f"all_reduce_us.{family}.{'pair' if len(group.gpus) == 2 else 'quad'}"]
    # A larger group takes two rounds, within islands and between them, or goes around a ring.
    wide = VALUES[f"all_reduce_us.{family}.octet"] if len(group.gpus) > 4 or group.wiring != "pcie" else 0.0
    return wide + (VALUES["all_reduce_us.pcie"] if group.wiring == "pcie" else 0.0)


def weights_ms(
    device: Device, workload: Workload, work: TokenWork, streams: float, family: str
) -> tuple[float, float, float]:
    """Memory time, arithmetic time and both together of multiplying the weights once for all streams, ms."""
    alone = hypot(*_one_pass(device, workload, work, expert_share(workload.model, 1)))
    memory, compute = _one_pass(device, workload, work, expert_share(workload.model, streams))
    if streams == 1:
        return memory, compute, alone
    again = _again(device, workload, work, streams, family)
    vectors = min(hypot(memory, compute) + again, streams * alone)  # at worst each stream in a pass of its own
    prompt_like = matrix_ms(device, workload, work, streams, family, streams) / VALUES[f"batch_matrix.{family}"]
    plain = workload.quant == "F16" or (workload.quant == "BF16" and device.bf16)
    if family == "llama" and plain and device.tensor_cores:
        prompt_like = min(prompt_like, streams / WHOLE_COLUMNS * alone)
    # A batch is no sooner done than one token.
    matrices = max(memory, alone, prompt_like)
    if family == "llama" and device.architecture in WITHOUT_INTEGER_TENSOR_CORES and workload.quant not in FULL_WIDTH:
        # There ggml keeps quantised weights in vector kernels for small batches; a larger one is no sooner done.
        most = min(streams, float(VECTOR_COLUMNS))
        largest = hypot(*_one_pass(device, workload, work, expert_share(workload.model, most)))
        matrices = max(matrices, largest + _again(device, workload, work, most, family))
    if matrices < vectors:
        return memory, matrices, matrices
    return memory, compute + again, vectors


def _again(device: Device, workload: Workload, work: TokenWork, streams: float, family: str) -> float:
    """What the streams after the first add in vector kernels, ms: unpacked weights are multiplied again. At worst each
    would take a pass of its own."""
    experts = work.expert_params * expert_share(workload.model, 1) / tensor_ranks(workload)
    active = (work.fixed_params + work.output_params) / workload.tensor_parallel + experts
    sizes = [(kind, size) for kind, size in work.read_bytes if size]
    # Seconds for one parameter, by the share of the bytes in each class of kernel.
    slowness = sum(
        size / VALUES.get(f"batch_tflops.{family}.{kind}", VALUES[f"batch_tflops.{family}"]) for kind, size in sizes
    )
    batch_tflops = sum(size for _, size in sizes) / slowness * device.sm * device.dot_product
    alone = hypot(*_one_pass(device, workload, work, expert_share(workload.model, 1)))
    return (streams - 1) * min(2 * active / batch_tflops / 1e9, alone)


def matrix_ms(
    device: Device, workload: Workload, work: TokenWork, tokens: float, family: str, output_tokens: float = 0.0
) -> float:
    """Multiplying a batch of ``tokens`` with all matrices, and ``output_tokens`` of them with the output, ms."""
    tp = tensor_ranks(workload)
    # Small batches fill the multiprocessors badly.
    filled = tokens / (tokens + VALUES["prefill_half_tokens"])
    reached = device.matrix_tflops * tp * 1e9 * VALUES[f"prefill_matrix.{family}"] * filled
    if workload.quant == "BF16" and not device.bf16:
        reached *= VALUES["prefill_bf16_emulated"]
    share = expert_share(workload.model, 1)
    dense_ms = 2 * (work.fixed_params * tokens + work.output_params * output_tokens) / reached
    experts_ms = 2 * work.expert_params * share * tokens / (reached * VALUES["prefill_experts"])
    touched = work.expert_params * expert_share(workload.model, tokens)
    unpack_ms = touched * VALUES[f"prefill_unpack_ps.{family}"] / 1e9 / (device.sm * tp)
    if workload.split == "row":  # single matrices are shared, experts are not
        dense_ms /= workload.tensor_parallel
    return dense_ms + experts_ms + unpack_ms


def _one_pass(device: Device, workload: Workload, work: TokenWork, share: float) -> tuple[float, float]:
    """Memory and arithmetic time of reading all weights but the experts, and ``share`` of those, ms."""
    # The two scales differ for a row split only, which divides matrices but not experts.
    fixed_scale = file_scale(workload) / workload.tensor_parallel
    expert_scale = share * file_scale(workload) / tensor_ranks(workload)
    memory = (work.total_fixed_bytes * fixed_scale + work.total_expert_bytes * expert_scale) / device.memory_gb_s / 1e6
    compute = 0.0
    for sizes, scale in ((work.fixed_bytes, fixed_scale), (work.expert_bytes, expert_scale)):
        for kind, size in sizes:
            speed = device.sm if kind == "F16" else device.sm * device.dot_product
            compute += size * scale / (VALUES[f"sm_gb_s.{kind}"] * speed) / 1e6
    return memory, compute


def kv_ms(device: Device, workload: Workload, work: TokenWork, streams: float, family: str) -> float:
    """Reading the cache and the recurrent state, ms. Attention over a latent multiplies more than it reads."""
    tp = tensor_ranks(workload)
    read = kv_bytes(work, workload.depth_tokens, workload.kv_dtype, tp)
    if work.latent_flops:
        flops = work.latent_flops * workload.depth_tokens / tp
        compute = flops / (VALUES["latent_tflops"] * device.sm) / 1e9
    else:
        compute = read / (VALUES[f"kv_gb_s.{family}"] * device.sm) / 1e6
    if writes_scores(workload):
        compute += score_bytes(work, workload.depth_tokens) / tp / device.memory_gb_s / 1e6
    state = work.state_bytes / tp / device.memory_gb_s / 1e6
    return streams * (hypot(read / device.memory_gb_s / 1e6, compute) + state)


def all_reduces_ms(workload: Workload, groups: tuple[TensorGroup, ...], family: str, tokens: float) -> float:
    """Two all-reduces a layer of the activations of ``tokens`` tokens, ms; each stage's group serves its share."""
    tp = len(groups[0].gpus)
    if tp == 1:
        return 0.0
    payload = 2 * (tp - 1) / tp * tokens * workload.model.hidden_size * ACTIVATION_BYTES
    per_call = [
        all_reduce_us(group, family) / 1000 + payload / (link_gb_s(group) * VALUES["link_efficiency"] * 1e6)
        for group in groups
    ]
    return 2 * workload.model.n_layers * sum(per_call) / len(groups)


def link_gb_s(group: TensorGroup) -> float:
    return group.slowest_gb_s or VALUES["unknown_link_gb_s"]


def _hops(workload: Workload, groups: tuple[TensorGroup, ...], wiring: Topology, tokens: float) -> float:
    """Handing a batch of ``tokens`` from stage to stage, ms."""
    between = network_hops(groups, wiring)
    return (len(groups) - 1 - between) * VALUES["hop_ms"] + between * network_hop_ms(workload, tokens)


def network_hops(groups: tuple[TensorGroup, ...], wiring: Topology) -> int:
    """Stages that follow one in another machine."""
    return sum(wiring.host_of[a.gpus[-1]] != wiring.host_of[b.gpus[0]] for a, b in pairwise(groups))


def network_hop_ms(workload: Workload, tokens: float) -> float:
    """Handing a batch of ``tokens`` to another machine, ms."""
    return VALUES["hop_ms.network"] + tokens * workload.model.hidden_size * ACTIVATION_BYTES / NETWORK_GB_S / 1e6
