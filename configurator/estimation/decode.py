"""The time of one decode step, cause by cause. Pure: no Django, no clock, no I/O.

A step is the work for the next token of every stream. Its time is::

    step = sum over stages of (weights + kv) + launches + all-reduces + hops + host

- Weights and cache pass two limits, the memory and the multiprocessors that unpack and multiply them. Neither hides
  the other completely, so they add like the sides of a right angle: ``sqrt(memory**2 + compute**2)``. The second one
  makes a three-bit K quant follow the SM clock on Volta and keeps an A100 far from its bandwidth.
- A pipeline (layer split) only takes turns, so its stage times add up to one GPU's time for the whole model; tensor
  parallelism divides the bytes and adds two all-reduces to each layer.
- Every kernel costs a few microseconds however little it does, and layers differ in how many they start.

The constants are in :mod:`configurator.estimation.calibration`.
"""

from dataclasses import dataclass
from math import hypot

from catalog.specs import GpuSpec
from configurator.estimation.calibration import FLOPS_PER_CLOCK, REFERENCE_SM_GHZ, RUNTIME_FAMILY, VALUES
from configurator.estimation.token_work import TokenWork, expert_share, kv_bytes, token_work
from configurator.estimation.topology import TensorGroup, Topology
from configurator.estimation.types import DecodeMs, Workload

ACTIVATION_BYTES = 2


@dataclass(frozen=True, slots=True)
class Device:
    """One GPU's limits. ``sm`` is the speed of its multiprocessors next to a V100 SXM2's, at the clock it runs at."""

    architecture: str
    memory_gb_s: float  # reached, not nominal
    sm: float
    clock: float  # fraction of the clock it would run at without a power limit
    dot_product: float  # quantised dot products per multiprocessor and clock, next to Volta
    peak_tflops: float  # FP16, at the clock it runs at
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
        bf16=gpu.bf16,
    )


def _of_chip(name: str, chip: str, architecture: str, otherwise: float) -> float:
    return VALUES.get(f"{name}.{chip}", VALUES.get(f"{name}.{architecture}", otherwise))


def decode_step(device: Device, workload: Workload, wiring: Topology, streams: float) -> Step:
    """One step for ``streams`` streams at ``workload.depth_tokens``."""
    family = RUNTIME_FAMILY[workload.runtime]
    work = token_work(workload.model, workload.quant)
    tp = tensor_ranks(workload)
    memory_ms, compute_ms, weights_ms = _weights(device, workload, work, streams, family)
    kernels = work.kernels + work.compressed_layers * VALUES[f"compressed_kernels.{family}"]
    launch_us = kernels * kernel_us(device, family) / device.clock
    if streams > 1:
        launch_us += work.expert_layers * VALUES[f"expert_batch_us.{family}"]
    groups = wiring.tensor_groups(tp, min(workload.pipeline_parallel, wiring.gpu_count // tp))
    all_reduce_ms = _all_reduce(workload, groups, family, streams)
    if workload.split == "row":
        all_reduce_ms += workload.model.n_layers * VALUES["row_split_us"] / 1000
    ms = DecodeMs(
        weights=weights_ms,
        kv=_kv(device, workload, work, streams, family),
        launch=launch_us / 1000,
        all_reduce=all_reduce_ms,
        hops=(len(groups) - 1) * VALUES["hop_ms"],
        host=VALUES["host_ms"],
    )
    return Step(ms, memory_ms, compute_ms)


def tensor_ranks(workload: Workload) -> int:
    """GPUs that share every layer. A row split shares single matrices only; attention and experts stay whole."""
    return 1 if workload.split == "row" else workload.tensor_parallel


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
    if family == "llama":
        return VALUES["all_reduce_us.llama"]
    if group.wiring in ("mesh", "unknown") and len(group.gpus) <= 4:
        return VALUES[f"all_reduce_us.{family}.{'pair' if len(group.gpus) == 2 else 'quad'}"]
    # A larger group takes two rounds, within islands and between them, or goes around a ring.
    wide = VALUES[f"all_reduce_us.{family}.octet"] if len(group.gpus) > 4 or group.wiring != "pcie" else 0.0
    return wide + (VALUES["all_reduce_us.pcie"] if group.wiring == "pcie" else 0.0)


def _weights(
    device: Device, workload: Workload, work: TokenWork, streams: float, family: str
) -> tuple[float, float, float]:
    """Memory time, arithmetic time and both together of reading the weights once for all streams, ms."""
    memory, compute = _one_pass(device, workload, work, expert_share(workload.model, streams))
    once = hypot(memory, compute)
    if streams == 1:
        return memory, compute, once
    # Further streams reuse the unpacked weights but multiply them again; at worst each would take a pass of its own.
    ranks = workload.tensor_parallel
    experts = work.expert_params * expert_share(workload.model, 1) / tensor_ranks(workload)
    active = (work.fixed_params + work.output_params) / ranks + experts
    batch_tflops = VALUES[f"batch_tflops.{family}"] * device.sm * device.dot_product
    alone = hypot(*_one_pass(device, workload, work, expert_share(workload.model, 1)))
    again = (streams - 1) * min(2 * active / batch_tflops / 1e9, alone)
    return memory, compute + again, once + again


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


def _kv(device: Device, workload: Workload, work: TokenWork, streams: float, family: str) -> float:
    """Reading the cache and the recurrent state, ms. Attention over a latent multiplies more than it reads."""
    tp = tensor_ranks(workload)
    read = kv_bytes(work, workload.depth_tokens, workload.kv_dtype, tp)
    if work.latent_flops:
        flops = work.latent_flops * workload.depth_tokens / tp
        compute = flops / (VALUES["latent_tflops"] * device.sm) / 1e9
    else:
        compute = read / (VALUES[f"kv_gb_s.{family}"] * device.sm) / 1e6
    state = work.state_bytes / tp / device.memory_gb_s / 1e6
    return streams * (hypot(read / device.memory_gb_s / 1e6, compute) + state)


def _all_reduce(workload: Workload, groups: tuple[TensorGroup, ...], family: str, streams: float) -> float:
    """Two all-reduces a layer, ms; each stage's group serves its share of the layers."""
    tp = len(groups[0].gpus)
    if tp == 1:
        return 0.0
    payload = 2 * (tp - 1) / tp * workload.model.hidden_size * ACTIVATION_BYTES * streams
    call_us = [
        all_reduce_us(group, family) + (payload / (group.slowest_gb_s * 1000) if group.slowest_gb_s else 0.0)
        for group in groups
    ]
    return 2 * workload.model.n_layers * sum(call_us) / len(groups) / 1000
