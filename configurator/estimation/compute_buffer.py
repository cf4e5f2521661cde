"""Bytes of llama.cpp's compute buffer: what a micro-batch needs while it passes through the blocks of one GPU.

Pure. ggml's allocator gives memory to the next tensor once a tensor is done, so the buffer is as large as the worst
moment: some point of the feed-forward or of attention, or the logits on the last GPU. Each such moment is a number of
floats a token. With several GPUs the micro-batches run as a pipeline of four, and everything that crosses between GPUs
(hidden states, masks) is there four times (llama-context.cpp, ``ggml_backend_sched``).

The moments were read from llama.cpp 0.5.0's graphs and checked against its own plans. What is left out is
fragmentation, mostly below half a percent of a GPU's total.
"""

from dataclasses import dataclass
from functools import lru_cache

from catalog.specs import MlaSpec, ModelSpec, MoeSpec
from configurator.estimation.families import family_of
from configurator.estimation.kv_cache import KV_TYPES, padded_cells, window_cells
from configurator.estimation.layers import (
    dense_width,
    has_experts,
    is_attention_layer,
    is_local_layer,
    is_recurrent_layer,
    kv_shape,
)
from configurator.estimation.split_buffer import dense_peak
from configurator.estimation.tensors import DSV4_STREAMS

PIPELINE_COPIES = 4  # micro-batches in flight (GGML_SCHED_MAX_COPIES)
_FLOAT = 4
_HALF = 2
_ROTATION = 64  # values are rotated in blocks of 64 before they are quantised

# Hidden-width tensors still held when the logits are made: on one GPU, and on the last of several. The residual always;
# more where the norm is no plain RMS norm or the graph has further outputs.
_HELD_AT_LOGITS: dict[str, tuple[int, int]] = {
    "qwen3next": (3, 3),
    "qwen35": (2, 2),
    "qwen35moe": (3, 3),
    "deepseek2": (3, 3),
    "deepseek4": (5, 5),
    "glm4moe": (3, 3),
    "gpt-oss": (2, 2),
    "phi3": (2, 3),
    "command-r": (2, 2),
    "cohere2": (2, 2),
    "falcon": (2, 1),
    "olmo2": (2, 1),
    "llama4": (4, 4),
    "nemotron_h_moe": (3, 3),
    "gemma4": (2, 2),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The blocks of one GPU, as its compute buffer sees them."""

    body: int  # floats a token at the worst moment inside a block
    attention: int  # the same inside attention without flash attention, beside the scores
    full: bool  # holds a layer that attends to the whole context
    local: bool  # holds a layer that attends to a window
    fixed: int  # bytes of inputs that do not grow with the context
    quantised: bool  # the cache


def compute_bytes(
    model: ModelSpec,
    stage: Stage,
    *,
    context_tokens: int,
    ubatch: int,
    first: bool,
    last: bool,
    copies: int,
    flash_attention: bool,
    swa_full: bool = False,
) -> int:
    """Bytes of the compute buffer of one GPU. ``copies`` is 1 for one GPU (or without a pipeline), else 4."""
    family = family_of(model).gguf
    cells = padded_cells(context_tokens)
    inputs = input_bytes(model, stage, context_tokens, ubatch, flash_attention, swa_full=swa_full)
    body = stage.body
    if not flash_attention and (stage.full or stage.local):
        seen = cells if stage.full else window_cells(model, context_tokens, ubatch, swa_full=swa_full)
        body = max(body, model.n_heads * seen + stage.attention)
    if family in ("deepseek32", "glm-dsa"):
        body += cells  # the indexer's scores
    floats = _FLOAT * ubatch
    logits = floats * _logits_floats(model, single=copies == 1) if last else 0
    if last and _is_narrow(model):
        mask = (_HALF if flash_attention else _FLOAT) * ubatch * cells
        logits = dense_peak(model, stage.quantised, ubatch, mask if copies == 1 else 0, copies > 1)
    if copies == 1:
        return max(logits, floats * body + inputs)
    crossing = (1 if first else 2) * model.hidden_size
    if family == "deepseek4":
        crossing *= 1 if first else DSV4_STREAMS
    if not family_of(model).norms[0].startswith("attn"):  # blocks that begin without a norm hand on one tensor
        crossing = model.hidden_size
    return max(floats * body, logits) + copies * (floats * crossing + inputs) + 5 * copies * ubatch * _FLOAT


def input_bytes(
    model: ModelSpec, stage: Stage, context_tokens: int, ubatch: int, flash_attention: bool, *, swa_full: bool = False
) -> int:
    """Bytes of a micro-batch's masks and other inputs for these blocks."""
    family = family_of(model).gguf
    cells = padded_cells(context_tokens)
    element = _HALF if flash_attention else _FLOAT
    window = window_cells(model, context_tokens, ubatch, swa_full=swa_full) if stage.local else 0
    if family == "deepseek4":
        compressed = 2 * padded_cells(-(-cells // 4)) + padded_cells(-(-cells // 128))
        return element * ubatch * (window + compressed) + stage.fixed
    full = cells * (2 if family in ("deepseek32", "glm-dsa") else 1) if stage.full else 0
    return element * ubatch * (full + window) + stage.fixed


def _logits_floats(model: ModelSpec, *, single: bool) -> int:
    """Floats a token while the logits are made."""
    family = family_of(model).gguf
    width = model.hidden_size
    held = _HELD_AT_LOGITS.get(family, (1, 1))[0 if single else 1] * width
    if family == "gemma4" and (model.moe is not None or not single):
        held += model.intermediate_size + (width if model.moe is not None and not single else 0)
    return model.vocab_size + held


def _is_narrow(model: ModelSpec) -> bool:
    """Whether attention is narrower than the hidden state (Mistral Nemo). What attention frees then holds no hidden
    state, and where the last norm finds room instead depends on all that came before it: replayed, not summed up."""
    narrow = model.n_heads * model.head_dim < model.hidden_size and model.intermediate_size < 3 * model.hidden_size
    return narrow and family_of(model).gguf == "llama" and model.moe is None


@lru_cache(maxsize=4096)
def stage_of(model: ModelSpec, layers: tuple[int, ...], kv_dtype: str, ubatch: int, copies: int) -> Stage:
    """The worst moments among the given blocks, all on one GPU."""
    quantised = KV_TYPES[kv_dtype][0] > 1
    full = [i for i in layers if is_attention_layer(model, i) and not is_local_layer(model, i)]
    local = [i for i in layers if is_attention_layer(model, i) and is_local_layer(model, i)]
    body = max((_layer_floats(model, i, quantised, ubatch) for i in layers), default=0)
    attention = max((_attention_floats(model, i, copies) for i in full + local), default=0)
    fixed = 0
    if quantised and model.mla is None:
        for kind in (full, local):
            if kind:
                fixed += _FLOAT * (_rotation(kv_shape(model, kind[0])[1]) ** 2 + _ROTATION**2)
    linear = model.linear
    if linear is not None and linear.kind == "lightning" and any(is_recurrent_layer(model, i) for i in layers):
        fixed += _FLOAT * ubatch * model.n_heads * (ubatch + 2)  # decay matrices
    return Stage(body, attention, bool(full), bool(local), fixed, quantised)


def _rotation(head_dim: int) -> int:
    """Size of the rotation llama.cpp applies to keys before it quantises them: the largest power of two that divides
    a head."""
    return head_dim & -head_dim


def _layer_floats(model: ModelSpec, layer: int, quantised: bool, ubatch: int) -> int:
    family = family_of(model)
    width, moe = model.hidden_size, model.moe
    if family.gguf == "deepseek4":
        return 3 * model.n_heads * model.head_dim + 11 * width // 2
    if family.gguf in ("deepseek32", "glm-dsa") and model.mla is not None:
        return 3 * model.n_heads * model.mla.kv_lora_rank + 5 * width
    feed_forward = _moe_floats(model, moe, layer) if moe and has_experts(model, layer) else _dense_floats(model, layer)
    if moe is None and model.mla is None:
        feed_forward += _quantised_change(model, layer, quantised)
    if model.mla is not None:
        return max(_mla_floats(model, model.mla), feed_forward)
    linear = model.linear
    if linear is not None and linear.kind == "lightning" and is_recurrent_layer(model, layer):
        recurrent = 2 * model.n_heads * ubatch + 7 * model.n_heads * model.head_dim + model.n_heads
        return max(recurrent, feed_forward)
    return feed_forward


def _attention_width(model: ModelSpec, layer: int) -> int:
    if model.mla is not None:
        return model.n_heads * model.mla.v_head_dim
    return model.n_heads * kv_shape(model, layer)[1]


def _dense_floats(model: ModelSpec, layer: int) -> int:
    """Gate, up and their product, residual and norm, and the hole the attention output left."""
    family = family_of(model)
    width, inner = model.hidden_size, dense_width(model)
    if not family.gated:
        return inner + 3 * width
    hole = 0 if family.gguf in ("phi3", "qwen35") else _attention_width(model, layer)
    return 3 * inner + 2 * width + hole


def _quantised_change(model: ModelSpec, layer: int, quantised: bool) -> int:
    """How the rotation before a quantised cache moves that hole."""
    family = family_of(model).gguf
    if not quantised or family in ("phi3", "qwen35", "falcon", "olmo2"):
        return 0
    width, attention = model.hidden_size, _attention_width(model, layer)
    if family in ("command-r", "cohere2"):
        return width
    if attention == width:
        return -width if layer < model.n_layers - 1 else 0
    return attention if attention < width else 0


def _moe_floats(model: ModelSpec, moe: MoeSpec, layer: int) -> int:
    """Gate, up and product of the chosen experts; their outputs reuse gate and up where they fit."""
    family = family_of(model)
    width, chosen = model.hidden_size, moe.n_experts_per_token
    inner = chosen * moe.expert_intermediate_size
    if family.gguf == "llama4":
        return 3 * inner + 4 * width
    if not family.gated:
        return inner + chosen * width + width + _attention_width(model, layer)
    outputs = chosen * width if chosen * width > 2 * inner or model.mla is not None else 0
    residuals = width if moe.n_shared or moe.parallel_dense or model.mla is not None else 2 * width
    return 3 * inner + outputs + residuals + _attention_width(model, layer) + (width if model.mla is not None else 0)


def _mla_floats(model: ModelSpec, mla: MlaSpec) -> int:
    """Absorbed queries and outputs, one latent a head."""
    per_head = 2 * mla.kv_lora_rank + 3 * mla.qk_rope_head_dim + mla.qk_nope_head_dim
    return model.n_heads * per_head + 3 * model.hidden_size


def _attention_floats(model: ModelSpec, layer: int, copies: int) -> int:
    """Beside the scores, without flash attention: queries, keys, values and residual."""
    width, attention = model.hidden_size, _attention_width(model, layer)
    if copies > 1:
        return 4 * width + 2 * attention
    kv_heads, dim = kv_shape(model, layer)
    return 2 * width + 2 * attention + 2 * kv_heads * dim
