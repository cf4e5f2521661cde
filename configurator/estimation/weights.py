"""Bytes of a model's weights: the file, each block, and what each GPU holds.

Pure. llama.cpp keeps the input embedding in host memory, spreads the blocks over the GPUs in order and puts the output
on the last one; a tied embedding then lies on the host and on that GPU, though once in the file
(llama-model.cpp, ``load_tensors``).
"""

from dataclasses import dataclass
from functools import lru_cache

from catalog.specs import ModelSpec
from configurator.estimation.checkpoint import checkpoint_bytes
from configurator.estimation.families import family_of
from configurator.estimation.layers import is_local_layer, mtp_blocks
from configurator.estimation.mixes import tensor_types
from configurator.estimation.quantization import FILE_TYPES, tensor_bytes
from configurator.estimation.tensors import tensors

_ALIGNMENT = 32  # bytes; where a tensor may start in ggml's buffers


@dataclass(frozen=True, slots=True)
class FileWeights:
    """Bytes of a file and where they go. MTP blocks are in the file, not in memory."""

    file: int  # all tensors once
    embedding: int  # the input embedding, in host memory
    blocks: tuple[int, ...]  # the main blocks
    output: int  # norm and head; a tied head is a second copy of the embedding
    rope: int  # table of rotary factors: a copy on each GPU that uses it
    largest_matrix: int  # elements of the largest matrix a prompt is multiplied with


@lru_cache(maxsize=1024)
def file_weights(model: ModelSpec, quant: str) -> FileWeights:
    """Sizes of the model in that quantisation (a name from QUANTS)."""
    listed = tensors(model)
    if quant in FILE_TYPES:
        sizes = [tensor_bytes(t, kind) for t, kind in zip(listed, tensor_types(model, quant, listed), strict=True)]
    else:
        sizes = checkpoint_bytes(quant, listed)
    blocks = [0] * model.n_layers
    embedding = output = rope = largest = 0
    for tensor, size in zip(listed, sizes, strict=True):
        held = -(-size // _ALIGNMENT) * _ALIGNMENT
        if tensor.stem == "token_embd":
            embedding = held
        elif tensor.stem == "rope_freqs":
            rope = held
        elif tensor.layer is None:
            output += held
        elif tensor.layer < model.n_layers:
            blocks[tensor.layer] += held
            if tensor.quantizable:
                largest = max(largest, tensor.shape[0] * tensor.shape[1])
    if model.tie_embeddings:
        output += embedding
    return FileWeights(sum(sizes), embedding, tuple(blocks), output, rope, largest)


@lru_cache(maxsize=1024)
def layer_devices(model: ModelSpec, gpu_count: int) -> tuple[int, ...]:
    """The GPU of each main block when equal GPUs share them, and of the output as the last entry.

    Blocks, MTP blocks and the output are equal units: unit i of u goes to GPU floor(i * gpus / u).
    """
    units = model.n_layers + mtp_blocks(model) + 1
    main = [unit * gpu_count // units for unit in range(model.n_layers)]
    return (*main, (units - 1) * gpu_count // units)


def device_weights(model: ModelSpec, quant: str, gpu_count: int) -> tuple[int, ...]:
    """Bytes of weights on each of ``gpu_count`` equal GPUs under a layer split."""
    weights = file_weights(model, quant)
    devices = layer_devices(model, gpu_count)
    held = [0] * gpu_count
    for device, size in zip(devices, (*weights.blocks, weights.output), strict=True):
        held[device] += size
    if weights.rope:
        global_only = family_of(model).gguf == "gemma4"
        users = {d for layer, d in enumerate(devices[:-1]) if not (global_only and is_local_layer(model, layer))}
        for device in users:
            held[device] += weights.rope
    return tuple(held)
