"""llama.cpp's memory plan per GPU, and what its plan does not know.

Pure. Weights, cache and compute buffer are what llama.cpp itself plans (``llama-fit-params`` prints them). On top come
the CUDA context, on Volta the scratch of its cuBLAS prompt path, and the 16-bit copy of a layer's quantised cache.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from catalog.specs import GpuSpec, ModelSpec
from configurator.estimation.compute_buffer import PIPELINE_COPIES, Stage, compute_bytes, input_bytes, stage_of
from configurator.estimation.device_plan import MIB, DeviceBytes, DevicePlan, idle
from configurator.estimation.kv_cache import KV_TYPES, CacheShape, cache_bytes, layer_caches
from configurator.estimation.layers import shares_embedding
from configurator.estimation.offload import (
    host_layers,
    is_offloaded,
    prompt_copy_bytes,
    unit_devices,
    weights_on_host,
)
from configurator.estimation.quantization import FILE_TYPES
from configurator.estimation.speculation import mtp_cache, mtp_weights
from configurator.estimation.split_buffer import replays, split_bytes
from configurator.estimation.tensor_parallel import kv_share, nccl_bytes, rank_cache, rank_weights
from configurator.estimation.types import Build, Workload
from configurator.estimation.weights import device_weights, file_weights, layer_devices, row_split_weights

CUDA_CONTEXT_MIB = 320
"""CUDA context and cuBLAS workspace on one GPU (Unsloth Studio's reserve, from about 330 MiB measured)."""

_CUBLAS_MIN_BATCH = 64  # below it Volta multiplies quantised weights as they are (ggml-cuda, mmq.cu)


@lru_cache(maxsize=1024)
def _device_caches(model: ModelSpec, kv_dtype: str, layers: tuple[int, ...]) -> CacheShape:
    total = CacheShape()
    for layer in layers:
        total = total + layer_caches(model, kv_dtype)[layer]
    return total


@lru_cache(maxsize=1024)
def _largest_layer_cache(model: ModelSpec, layers: tuple[int, ...]) -> CacheShape:
    """The 16-bit cache of the layer that holds most, without recurrent state."""
    shapes = [layer_caches(model, "f16")[layer] for layer in layers]
    largest = max(shapes, key=lambda s: (s.full, s.by_four, s.window), default=CacheShape())
    return CacheShape(largest.full, largest.window, largest.by_four, largest.by_128)


def volta_scratch_bytes(model: ModelSpec, quant: str, layers: tuple[int, ...], ubatch: int) -> int:
    """Scratch for prompts on Volta, whose cuBLAS path multiplies 16-bit copies of the quantised weights: the largest
    matrix of the blocks and its input (ggml-cuda: ``fp16_mma_hardware_available``). Files at 16 bits need no copy."""
    if ubatch < _CUBLAS_MIN_BATCH or not layers:
        return 0
    weights = file_weights(model, quant)
    inputs = 2 * ubatch * max(weights.longest_row[layer] for layer in layers)
    if FILE_TYPES.get(quant) == "F16":
        return inputs
    return 2 * max(weights.largest_matrix[layer] for layer in layers) + inputs


def llama_cpp_plans(build: Build, workload: Workload, quant: str, scale: float) -> tuple[DevicePlan, ...]:
    """A plan for each GPU. ``scale`` stretches the weights to a file of known size."""
    model, count = workload.model, build.gpu_count
    used = 1 if workload.split == "none" else count
    if workload.split == "tensor" and count > 1:
        return (partial(_rank_at, build.gpu, workload, quant, scale, count),) * count
    devices: tuple[int | None, ...] = layer_devices(model, used)
    split = row_split_weights if workload.split == "row" else device_weights
    held: Sequence[float] = split(model, quant, used)
    copies = _copies(workload, used)
    moved = 0
    if is_offloaded(workload):
        devices = unit_devices(workload, used)
        held = _offloaded_weights(workload, quant, devices, used)
        moved = prompt_copy_bytes(workload, quant)
    drafting = mtp_weights(model, quant).blocks if workload.speculative_tokens else 0
    plans: tuple[DevicePlan, ...] = ()
    for gpu in range(used):
        layers = tuple(layer for layer, device in enumerate(devices[:-1]) if device == gpu)
        last = devices[-1] == gpu
        if not layers and not last:
            plans += (idle,)
            continue
        stage = stage_of(model, layers, workload.kv_dtype, workload.ubatch, copies)
        runtime = _fixed_runtime(build.gpu, model, quant, layers, workload.ubatch)
        if gpu == 0:  # the first GPU multiplies prompts for the host (ggml-backend.cpp, ``backend_id_from_cur``)
            runtime += moved
        weights = held[gpu] + (drafting if last else 0)
        part = _Part(weights * scale, layers, stage, copies, gpu == 0, last, runtime)
        plans += (partial(part.at, workload),)
    return plans + (idle,) * (count - used)


def _copies(workload: Workload, gpus: int) -> int:
    """Micro-batches in flight."""
    return PIPELINE_COPIES if gpus > 1 and workload.split == "layer" and not is_offloaded(workload) else 1


def _offloaded_weights(
    workload: Workload, quant: str, devices: Sequence[int | None], gpu_count: int
) -> tuple[float, ...]:
    """Bytes on each GPU when the host keeps a part. A row split cuts nothing then: what is left goes by layer."""
    weights = file_weights(workload.model, quant)
    kept = weights_on_host(workload, quant)
    held = [0.0] * gpu_count
    for device, size, host in zip(devices, (*weights.blocks, weights.output), (*kept, 0), strict=True):
        if device is not None:
            held[device] += size - host
    for device in {device for device in devices[:-1] if device is not None}:
        held[device] += weights.rope
    return tuple(held)


def _fixed_runtime(gpu: GpuSpec, model: ModelSpec, quant: str, layers: tuple[int, ...], ubatch: int) -> int:
    scratch = volta_scratch_bytes(model, quant, layers, ubatch) if gpu.architecture == "volta" else 0
    return CUDA_CONTEXT_MIB * MIB + scratch


def _dequantised_copy(workload: Workload, layers: tuple[int, ...], context_tokens: int) -> int:
    """The 16-bit copy flash attention makes of one layer's quantised keys and values (ggml-cuda, ``fattn.cu``)."""
    if KV_TYPES[workload.kv_dtype][0] == 1 or not workload.flash_attention:
        return 0
    return _cache_bytes(workload, _largest_layer_cache(workload.model, layers), context_tokens)


def _cache_bytes(workload: Workload, shape: CacheShape, context_tokens: int) -> int:
    return cache_bytes(
        shape,
        workload.model,
        context_tokens,
        workload.streams,
        workload.ubatch,
        swa_full=_keeps_all(workload),
    )  # fmt: skip


def _keeps_all(workload: Workload) -> bool:
    """ik_llama.cpp has no cache of its own for sliding windows: it keeps the whole context (its logs of Gemma 3)."""
    return workload.runtime == "ik_llama.cpp"


@dataclass(frozen=True, slots=True)
class _Part:
    """One GPU's part under a layer or row split."""

    weights: float
    layers: tuple[int, ...]
    stage: Stage
    copies: int
    first: bool
    last: bool
    runtime: int

    def at(self, workload: Workload, context_tokens: int) -> DeviceBytes:
        model = workload.model
        shape = _device_caches(model, workload.kv_dtype, self.layers)
        if self.last and workload.speculative_tokens:
            shape = shape + mtp_cache(model, workload.kv_dtype)
        return DeviceBytes(
            weights=self.weights,
            kv=_cache_bytes(workload, shape, context_tokens),
            compute=self._compute_bytes(workload, context_tokens),
            runtime=self.runtime + _dequantised_copy(workload, self.layers, context_tokens),
        )

    def _compute_bytes(self, workload: Workload, context_tokens: int) -> int:
        model, swa_full = workload.model, _keeps_all(workload)
        split = bool(workload.expert_layers_in_ram) and bool(self.layers) and replays(model)
        stage = replace(self.stage, body=0) if split else self.stage
        whole = compute_bytes(
            model,
            stage,
            context_tokens=context_tokens,
            ubatch=workload.ubatch,
            first=self.first,
            last=self.last and not split,
            copies=self.copies,
            flash_attention=workload.flash_attention,
            swa_full=swa_full,
        )
        if not split:
            return whole
        return max(
            whole,
            split_bytes(
                model,
                self.layers,
                workload.expert_layers_in_ram,
                context_tokens=context_tokens,
                kv_dtype=workload.kv_dtype,
                ubatch=workload.ubatch,
                last=self.last,
                flash_attention=workload.flash_attention,
                swa_full=swa_full,
            ),
        )


def _rank_at(
    gpu: GpuSpec, workload: Workload, quant: str, scale: float, ranks: int, context_tokens: int
) -> DeviceBytes:
    """One rank under ``-sm tensor``, whose plan llama.cpp does not print: everything but the hidden states is cut."""
    model, ubatch = workload.model, workload.ubatch
    layers = tuple(range(model.n_layers))
    weights = rank_weights(model, quant, ranks)
    output = weights.output + (weights.embedding if shares_embedding(model) else 0)
    cache = rank_cache(model, workload.kv_dtype, ranks)
    drafting = 0
    if workload.speculative_tokens:
        drafting = mtp_weights(model, quant).blocks // ranks
        cache = cache + mtp_cache(model, workload.kv_dtype).scaled(kv_share(model, model.n_layers, ranks))
    stage = stage_of(model, layers, workload.kv_dtype, ubatch, 1)
    whole = compute_bytes(
        model,
        stage,
        context_tokens=context_tokens,
        ubatch=ubatch,
        first=True,
        last=True,
        copies=1,
        flash_attention=workload.flash_attention,
        swa_full=_keeps_all(workload),
    )
    kept = 4 * ubatch * 3 * model.hidden_size
    runtime = _fixed_runtime(gpu, model, quant, layers, ubatch) + nccl_bytes(ranks)
    return DeviceBytes(
        weights=(sum(weights.blocks) + output + drafting) * scale,
        kv=_cache_bytes(workload, cache, context_tokens),
        compute=whole / ranks + kept,
        runtime=runtime + _dequantised_copy(workload, layers, context_tokens) * kv_share(model, 0, ranks),
    )


def host_bytes(build: Build, workload: Workload, quant: str, scale: float) -> float:
    """Host memory: the input embedding, the inputs of the micro-batches in flight (hidden states and masks), and the
    experts or layers that stay there."""
    model, ubatch = workload.model, workload.ubatch
    copies = _copies(workload, build.gpu_count)
    stage = stage_of(model, tuple(range(model.n_layers)), workload.kv_dtype, ubatch, copies)
    inputs = input_bytes(
        model,
        stage,
        workload.context_tokens,
        ubatch,
        workload.flash_attention,
        swa_full=_keeps_all(workload),
    )  # fmt: skip
    hidden = 4 * ubatch * (copies + 1) * model.hidden_size
    kept = sum(weights_on_host(workload, quant)) if is_offloaded(workload) else 0
    cache = _cache_bytes(
        workload,
        _device_caches(model, workload.kv_dtype, tuple(range(host_layers(workload)))),
        workload.context_tokens,
    )
    return (file_weights(model, quant).embedding + kept) * scale + cache + copies * inputs + hidden
