"""What llama.cpp leaves in host memory: the routed experts of some layers, or whole layers.

Pure: no Django, no clock, no I/O. ``-ncmoe n`` keeps the routed experts of the first n layers in host memory, where the
processor multiplies them; attention, shared experts and the cache stay on the GPUs. ``-ngl n`` gives the GPUs the last
n of all units (layers, multi-token-prediction blocks, output) and leaves the first ones, cache and all, to the host
(llama-model.cpp, ``i_gpu_start``). Either ends the pipeline between GPUs (llama-context.cpp, ``pipeline_parallel``).
"""

from dataclasses import dataclass
from functools import lru_cache

from catalog.specs import ModelSpec
from configurator.estimation.layers import is_attention_layer, mtp_blocks
from configurator.estimation.types import Build, Workload
from configurator.estimation.weights import file_weights, sized_tensors

ASSUMED_HOST_GB_S = 51.2  # two channels of DDR4-3200: what an ordinary computer has, and no less


@dataclass(frozen=True, slots=True)
class HostShare:
    """What lies in host memory, as parts of the whole model."""

    fixed: float  # of the bytes read for every token
    experts: float  # of the bytes of routed experts
    cache: float  # of the layers with a cache
    layers: int  # whole layers
    expert_layers: int  # layers on a GPU whose experts are in host memory


NOTHING = HostShare(0.0, 0.0, 0.0, 0, 0)


def is_offloaded(workload: Workload) -> bool:
    """Whether anything but the input embedding stays in host memory."""
    return bool(workload.expert_layers_in_ram) or host_layers(workload) > 0


def host_layers(workload: Workload) -> int:
    """Main layers that stay in host memory as a whole."""
    if workload.gpu_layers is None:
        return 0
    return min(workload.model.n_layers, _first_unit(workload.model, workload.gpu_layers))


def _first_unit(model: ModelSpec, gpu_layers: int) -> int:
    return max(0, model.n_layers + mtp_blocks(model) + 1 - gpu_layers)


def unit_devices(workload: Workload, gpu_count: int) -> tuple[int | None, ...]:
    """The GPU of each main layer and, last, of the output; None where the host keeps it. The units that go to GPUs
    are shared out evenly, as :func:`configurator.estimation.weights.layer_devices` does with all of them."""
    model = workload.model
    units = model.n_layers + mtp_blocks(model) + 1
    start = 0 if workload.gpu_layers is None else _first_unit(model, workload.gpu_layers)
    there = units - start
    main = [(unit - start) * gpu_count // there if unit >= start else None for unit in range(model.n_layers)]
    return (*main, (there - 1) * gpu_count // there if there else None)


@lru_cache(maxsize=512)
def expert_bytes(model: ModelSpec, quant: str) -> tuple[int, ...]:
    """Bytes of the routed experts of each main layer."""
    found = [0] * model.n_layers
    for tensor, size in sized_tensors(model, quant):
        if tensor.layer is not None and tensor.layer < model.n_layers and tensor.stem.endswith("_exps"):
            found[tensor.layer] += size
    return tuple(found)


@lru_cache(maxsize=512)
def _largest_tensors(model: ModelSpec, quant: str) -> tuple[tuple[int, int], ...]:
    """Bytes of each main layer's largest matrix, and of its largest matrix of routed experts."""
    found = [(0, 0)] * model.n_layers
    for tensor, size in sized_tensors(model, quant):
        if tensor.layer is not None and tensor.layer < model.n_layers and tensor.quantizable:
            any_matrix, experts = found[tensor.layer]
            experts = max(experts, size) if tensor.stem.endswith("_exps") else experts
            found[tensor.layer] = (max(any_matrix, size), experts)
    return tuple(found)


def weights_on_host(workload: Workload, quant: str) -> tuple[int, ...]:
    """Bytes of each main layer's weights that stay in host memory, the input embedding not counted."""
    blocks = file_weights(workload.model, quant).blocks
    whole = host_layers(workload)
    experts = expert_bytes(workload.model, quant)
    return tuple(
        blocks[layer] if layer < whole else experts[layer] if layer < workload.expert_layers_in_ram else 0
        for layer in range(workload.model.n_layers)
    )


def prompt_copy_bytes(workload: Workload, quant: str) -> int:
    """Room on the first GPU for what it multiplies of host memory: batches of 32 tokens and more go there with a copy
    of the weights (ggml-cuda.cu, ``ggml_backend_cuda_device_offload_op``). The largest matrix, and for experts what
    goes in and out between their matrices, which llama.cpp's dry run leaves with the processor."""
    if workload.ubatch < 32:
        return 0
    model, moe = workload.model, workload.model.moe
    whole = host_layers(workload)
    largest = _largest_tensors(model, quant)
    moved = max(
        (
            largest[layer][0] if layer < whole else largest[layer][1]
            for layer in range(max(whole, min(workload.expert_layers_in_ram, model.n_layers)))
        ),
        default=0,
    )
    if moe is not None and workload.expert_layers_in_ram > whole:
        moved += 3 * 4 * workload.ubatch * moe.n_experts_per_token * moe.expert_intermediate_size
    return moved


def host_share(workload: Workload, quant: str) -> HostShare:
    """What lies in host memory, as parts of the whole."""
    if not is_offloaded(workload):
        return NOTHING
    return _host_share(workload.model, quant, host_layers(workload), workload.expert_layers_in_ram)


@lru_cache(maxsize=512)
def _host_share(model: ModelSpec, quant: str, whole: int, expert_layers: int) -> HostShare:
    weights, experts = file_weights(model, quant), expert_bytes(model, quant)
    all_fixed = sum(weights.blocks) - sum(experts) + weights.output
    fixed = sum(weights.blocks[:whole]) - sum(experts[:whole])
    held = sum(experts[: max(whole, expert_layers)])
    caching = [layer for layer in range(model.n_layers) if is_attention_layer(model, layer)]
    return HostShare(
        fixed=fixed / all_fixed,
        experts=held / sum(experts) if held else 0.0,
        cache=sum(layer < whole for layer in caching) / len(caching) if caching else 0.0,
        layers=whole,
        expert_layers=sum(1 for size in experts[whole:expert_layers] if size),
    )


def host_bandwidth_gb_s(build: Build) -> tuple[float, bool]:
    """Nominal bandwidth of the host's memory, GB/s, and whether it is known (False: assumed)."""
    for line in build.of_kind("host"):
        known = line.part.number("ram_bandwidth_gb_s")
        if known is not None:
            return known, True
    return ASSUMED_HOST_GB_S, False


def host_capacity_gib(build: Build) -> float | None:
    """Memory of the host, GiB; None where no memory with a known size is among the parts."""
    sizes = [line.part.number("capacity_gib") for line in build.of_kind("ram")]
    known = [size * line.quantity for size, line in zip(sizes, build.of_kind("ram"), strict=True) if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None
