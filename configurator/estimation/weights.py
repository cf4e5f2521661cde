"""Bytes of a model's weights: the file, each block, and what each GPU holds.

Pure. llama.cpp keeps the input embedding in host memory, spreads the blocks over the GPUs in order and puts the output
on the last one; a tied embedding then lies on the host and on that GPU, though once in the file
(llama-model.cpp, ``load_tensors``).
"""

from dataclasses import dataclass
from functools import lru_cache

from catalog.specs import ModelSpec, StoredTensor
from configurator.estimation.checkpoint import checkpoint_bytes, tower_bytes
from configurator.estimation.families import family_of
from configurator.estimation.layers import is_local_layer, mtp_blocks, shares_embedding
from configurator.estimation.mixes import tensor_types
from configurator.estimation.quantization import FILE_TYPES, SAFETENSORS_QUANTS, tensor_bytes
from configurator.estimation.tensors import Tensor, named_tensor, tensors

_ALIGNMENT = 32  # bytes; where a tensor may start in ggml's buffers


@dataclass(frozen=True, slots=True)
class FileWeights:
    """Bytes of a file and where they go. MTP blocks are in the file, not in memory."""

    file: int  # all tensors once; of a checkpoint with the tower for pictures
    embedding: int  # the input embedding, in host memory
    blocks: tuple[int, ...]  # the main blocks
    matrices: tuple[int, ...]  # of those, what a row split cuts: two-dimensional weights
    output: int  # norm and head; a tied head is a second copy of the embedding
    rope: int  # table of rotary factors: a copy on each GPU that uses it
    largest_matrix: tuple[int, ...]  # elements of each block's largest matrix (one expert counts as one)
    longest_row: tuple[int, ...]  # the widest input of each block's matrices


@lru_cache(maxsize=16)
def typed_tensors(model: ModelSpec, quant: str) -> tuple[tuple[Tensor, str, int], ...]:
    """Every tensor with the type it is read as and its bytes in that quantisation (a name from QUANTS).

    Where the model was read from a file of that quantisation, these are the file's own; else llama.cpp's choice of
    types, or the layout of the checkpoint.
    """
    if model.file is not None and model.file.quant == quant:
        return tuple(_as_stored(stored) for stored in model.file.tensors)
    listed = tensors(model)
    if quant in FILE_TYPES:
        types = tensor_types(model, quant, listed)
        return tuple((tensor, kind, tensor_bytes(tensor, kind)) for tensor, kind in zip(listed, types, strict=True))
    sizes = checkpoint_bytes(model, quant, listed)
    return tuple(
        # What a checkpoint leaves in 16 bits is read as such.
        (tensor, "F16" if size >= 2 * tensor.elements else quant, size)
        for tensor, size in zip(listed, sizes, strict=True)
    )


def _as_stored(stored: StoredTensor) -> tuple[Tensor, str, int]:
    tensor = named_tensor(stored.name, stored.shape)
    return tensor, stored.ggml_type, tensor_bytes(tensor, stored.ggml_type)


def sized_tensors(model: ModelSpec, quant: str) -> tuple[tuple[Tensor, int], ...]:
    """Every tensor with its bytes in that quantisation (a name from QUANTS)."""
    return tuple((tensor, size) for tensor, _, size in typed_tensors(model, quant))


@lru_cache(maxsize=512)
def file_weights(model: ModelSpec, quant: str) -> FileWeights:
    """Sizes of the model in that quantisation (a name from QUANTS)."""
    count = model.n_layers
    blocks, matrices, largest, longest = [0] * count, [0] * count, [0] * count, [0] * count
    file = tower_bytes(model) if quant in SAFETENSORS_QUANTS else 0
    embedding = output = rope = 0
    for tensor, size in sized_tensors(model, quant):
        held = -(-size // _ALIGNMENT) * _ALIGNMENT
        file += size
        layer = tensor.layer
        if tensor.stem == "token_embd":
            embedding = held
        elif tensor.stem == "rope_freqs":
            rope = held
        elif layer is None:
            output += held
        elif layer < count:
            blocks[layer] += held
            if tensor.quantizable:
                largest[layer] = max(largest[layer], tensor.shape[0] * tensor.shape[1])
                longest[layer] = max(longest[layer], tensor.shape[0])
                matrices[layer] += held if len(tensor.shape) == 2 else 0
    if shares_embedding(model):
        output += embedding
    return FileWeights(
        file, embedding, tuple(blocks), tuple(matrices), output, rope, tuple(largest), tuple(longest)
    )  # fmt: skip


@lru_cache(maxsize=1024)
def layer_devices(model: ModelSpec, gpu_count: int) -> tuple[int, ...]:
    """The GPU of each main block when equal GPUs share them, and of the output as the last entry.

    Blocks, MTP blocks and the output are equal units: unit i of u goes to GPU floor(i * gpus / u).
    """
    units = model.n_layers + mtp_blocks(model) + 1
    main = [unit * gpu_count // units for unit in range(model.n_layers)]
    return (*main, (units - 1) * gpu_count // units)


@lru_cache(maxsize=1024)
def device_weights(model: ModelSpec, quant: str, gpu_count: int) -> tuple[int, ...]:
    """Bytes of weights on each of ``gpu_count`` equal GPUs under a layer split."""
    weights = file_weights(model, quant)
    held = [0] * gpu_count
    for device, size in zip(layer_devices(model, gpu_count), (*weights.blocks, weights.output), strict=True):
        held[device] += size
    for device in _rope_devices(model, gpu_count):
        held[device] += weights.rope
    return tuple(held)


@lru_cache(maxsize=1024)
def row_split_weights(model: ModelSpec, quant: str, gpu_count: int) -> tuple[int, ...]:
    """Bytes on each GPU when matrices are cut by rows, the output (or the copy of a tied embedding) among them. The
    rest, experts included, stays with its block."""
    weights = file_weights(model, quant)
    held = list(device_weights(model, quant, gpu_count))
    cut = (*weights.matrices, weights.output)
    for device, size in zip(layer_devices(model, gpu_count), cut, strict=True):
        held[device] -= size
    share = -(-sum(cut) // gpu_count)
    return tuple(size + share for size in held)


def _rope_devices(model: ModelSpec, gpu_count: int) -> set[int]:
    global_only = family_of(model).gguf == "gemma4"
    devices = layer_devices(model, gpu_count)[:-1]
    return {device for i, device in enumerate(devices) if not (global_only and is_local_layer(model, i))}
