"""Bytes of the cache: keys and values, latents, windows, compressed entries and recurrent states.

Pure. The rules are llama.cpp's (``llama-kv-cache*.cpp``, ``llama-hparams.cpp``): a cell per token and stream, streams
apart (non-unified), cells rounded up to 256.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from math import ceil

from catalog.specs import ModelSpec
from configurator.estimation.families import family_of
from configurator.estimation.layers import (
    dsv4_compression,
    has_indexer,
    is_attention_layer,
    is_local_layer,
    is_recurrent_layer,
    kv_shape,
)
from configurator.estimation.quantization import BLOCKS
from configurator.estimation.tensors import DSV4_INDEXER_DIM

CELL_STEP = 256

KV_TYPES: dict[str, tuple[int, int]] = {
    "f16": BLOCKS["F16"],
    "q8_0": BLOCKS["Q8_0"],
    "q4_0": BLOCKS["Q4_0"],
    "fp8": (1, 1),
}


@dataclass(frozen=True, slots=True)
class CacheShape:
    """Cache of one layer, or of several added up: bytes per cell of each kind, and bytes per stream."""

    full: int = 0  # a cell for each token
    window: int = 0  # a cell for each token of the window
    by_four: int = 0  # a cell for four tokens (DeepSeek V4)
    by_128: int = 0  # a cell for 128 tokens (DeepSeek V4)
    state: int = 0  # whatever the context

    def __add__(self, other: "CacheShape") -> "CacheShape":
        return CacheShape(
            self.full + other.full,
            self.window + other.window,
            self.by_four + other.by_four,
            self.by_128 + other.by_128,
            self.state + other.state,
        )

    def scaled(self, share: float) -> "CacheShape":
        """A rank's part of it, rounded up."""
        return CacheShape(*(ceil(getattr(self, field.name) * share) for field in fields(CacheShape)))


def padded_cells(tokens: int) -> int:
    """Cells llama.cpp allocates for a context of ``tokens``."""
    return -(-tokens // CELL_STEP) * CELL_STEP


def window_cells(model: ModelSpec, context_tokens: int, ubatch: int, *, swa_full: bool = False) -> int:
    """Cells of a sliding-window layer: the window and one micro-batch, at most the context. ``swa_full`` stands for
    runtimes that keep the whole context in these layers too (llama.cpp's option of that name, ik_llama.cpp)."""
    context = padded_cells(context_tokens)
    if model.window is None or swa_full:
        return context
    return min(padded_cells(min(context, model.window.window_tokens + ubatch)), context)


def cache_bytes(
    shape: CacheShape, model: ModelSpec, context_tokens: int, streams: int, ubatch: int, *, swa_full: bool = False
) -> int:
    """Bytes of the cache for ``streams`` sequences of ``context_tokens`` each."""
    context = padded_cells(context_tokens)
    total = shape.full * context + shape.state
    if shape.window:
        total += shape.window * window_cells(model, context_tokens, ubatch, swa_full=swa_full)
    if shape.by_four:
        total += shape.by_four * padded_cells(-(-context // 4))
    if shape.by_128:
        total += shape.by_128 * padded_cells(-(-context // 128))
    return total * streams


@lru_cache(maxsize=1024)
def layer_caches(model: ModelSpec, kv_dtype: str) -> tuple[CacheShape, ...]:
    """The cache of each main block.

    Raises ValueError for an unknown ``kv_dtype``.
    """
    if kv_dtype not in KV_TYPES:
        raise ValueError(f"Unknown KV cache type {kv_dtype!r}; known are {', '.join(KV_TYPES)}.")
    return tuple(_layer_cache(model, layer, kv_dtype) for layer in range(model.n_layers))


def _layer_cache(model: ModelSpec, layer: int, kv_dtype: str) -> CacheShape:
    def row(elements: int) -> int:
        block, size = KV_TYPES[kv_dtype]
        return -(-elements // block) * size

    family = family_of(model)
    if family.gguf == "deepseek4":
        return _dsv4_cache(model, layer, row(model.head_dim), row(DSV4_INDEXER_DIM))
    if is_recurrent_layer(model, layer):
        return CacheShape(state=_state_bytes(model))
    if not is_attention_layer(model, layer):
        return CacheShape()
    if model.mla is not None:
        indexer = row(family.indexer_head_dim) if has_indexer(model, layer) else 0
        return CacheShape(full=row(model.mla.kv_lora_rank + model.mla.qk_rope_head_dim) + indexer)
    heads, dim = kv_shape(model, layer)
    keys_and_values = 2 * row(heads * dim)
    return CacheShape(window=keys_and_values) if is_local_layer(model, layer) else CacheShape(full=keys_and_values)


def _dsv4_cache(model: ModelSpec, layer: int, entry: int, indexer: int) -> CacheShape:
    """DeepSeek V4: raw keys in a window, compressed entries, and F32 states of the compressors (two rows of state for
    each of their inputs; llama-kv-cache-dsv4.cpp)."""
    ratio = dsv4_compression(layer)
    if ratio == 4:
        state = 4 * 2 * (2 * ratio) * 2 * (model.head_dim + DSV4_INDEXER_DIM)
        return CacheShape(window=entry, by_four=entry + indexer, state=state)
    if ratio == 128:
        return CacheShape(window=entry, by_128=entry, state=4 * 2 * ratio * model.head_dim)
    return CacheShape(window=entry)


def _state_bytes(model: ModelSpec) -> int:
    """F32 state of a recurrent layer for one sequence: the convolution's tail and the state matrix
    (``n_embd_r`` and ``n_embd_s``)."""
    linear = model.linear
    if linear is None:
        return 0
    if linear.kind == "lightning":
        return 4 * model.head_dim * model.head_dim * model.n_heads
    if linear.kind == "mamba2":
        inner = (linear.mamba_n_heads or 0) * (linear.mamba_head_dim or 0)
        groups, state = linear.mamba_n_groups or 0, linear.mamba_state_size or 0
    else:
        inner = (linear.n_value_heads or 0) * (linear.value_head_dim or 0)
        groups, state = linear.n_key_heads or 0, linear.key_head_dim or 0
    return 4 * (((linear.conv_kernel or 1) - 1) * (inner + 2 * groups * state) + state * inner)
