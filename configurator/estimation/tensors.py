"""The weights of a model as its GGUF file lists them: name, shape, layer.

Pure. The lists follow llama.cpp's per-architecture loaders (llama.cpp 0.5.0, ``src/models``); with them sizes are sums
over tensors, not a flat number of bits per weight.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import NamedTuple

from catalog.specs import LinearAttentionSpec, MlaSpec, ModelSpec
from configurator.estimation.families import Family, family_of
from configurator.estimation.layers import (
    dense_width,
    dsv4_compression,
    has_experts,
    has_indexer,
    is_attention_layer,
    is_local_layer,
    kv_shape,
    mtp_blocks,
    rope_frequencies,
    shared_width,
    shares_embedding,
)

# DeepSeek V4's constants beyond what a ModelSpec holds (its config.json: hc_mult, o_groups, o_lora_rank, index_*).
DSV4_STREAMS = 4
DSV4_OUTPUT_GROUPS = 8
DSV4_LORA_RANK = 1024
DSV4_INDEXER_HEADS = 64
DSV4_INDEXER_DIM = 128
DSV4_HASH_LAYERS = 3

_LONGEST_LAYER = 6  # digits of a layer's number in a tensor's name

# Weights that stay F32 (or int32) in every file although they are matrices (llama.cpp, tensor_allows_quantization).
_KEPT = ("_norm.weight", "ffn_gate_inp.weight", "ssm_conv1d.weight", "ffn_gate_tid2eid.weight")


class Tensor(NamedTuple):
    """One weight. ``shape[0]`` is the length of a row (ggml's ne[0]); ``layer`` is None outside the blocks."""

    layer: int | None
    stem: str  # attn_v, ffn_down_exps, token_embd
    suffix: str  # weight, bias, scale, or empty
    shape: tuple[int, ...]
    elements: int
    quantizable: bool  # whether llama.cpp's quantiser touches it: matrices of weights, without norms and routers

    @property
    def name(self) -> str:
        """The name in the file, as in ``blk.3.attn_v.weight``."""
        block = "" if self.layer is None else f"blk.{self.layer}."
        return f"{block}{self.stem}.{self.suffix}" if self.suffix else f"{block}{self.stem}"


_Part = tuple[str, tuple[int, ...]]


def named_tensor(name: str, shape: tuple[int, ...]) -> Tensor:
    """The tensor of a name in a file, as in ``blk.3.attn_v.weight``."""
    block, _, rest = name.removeprefix("blk.").partition(".")
    if name.startswith("blk.") and rest and block.isascii() and block.isdigit() and len(block) <= _LONGEST_LAYER:
        return Tensor(int(block), *_described(rest, shape))
    return Tensor(None, *_described(name, shape))


@lru_cache(maxsize=128)
def tensors(model: ModelSpec) -> tuple[Tensor, ...]:
    """All tensors of the file as llama.cpp walks them: those outside the blocks, then block by block, by name, with
    the multi-token-prediction blocks last."""
    family = family_of(model)
    found = _tensors(_outside(model, family), None)
    for layer in range(model.n_layers):
        found += _tensors(_block(model, family, layer), layer)
    for layer in range(model.n_layers, model.n_layers + mtp_blocks(model)):
        found += _tensors(_mtp_block(model, family, layer), layer)
    return tuple(found)


def _tensors(parts: Iterator[_Part], layer: int | None) -> list[Tensor]:
    return [Tensor(layer, *_described(name, shape)) for name, shape in sorted(parts)]


@lru_cache(maxsize=4096)
def _described(name: str, shape: tuple[int, ...]) -> tuple[str, str, tuple[int, ...], int, bool]:
    stem, dot, suffix = name.rpartition(".")
    dimensions = len(shape)
    while dimensions > 1 and shape[dimensions - 1] == 1:
        dimensions -= 1
    quantizable = dimensions > 1 and suffix == "weight" and not name.endswith(_KEPT)
    return (stem, suffix, shape, prod(shape), quantizable) if dot else (name, "", shape, prod(shape), False)


def _outside(model: ModelSpec, family: Family) -> Iterator[_Part]:
    width = model.hidden_size
    yield "token_embd.weight", (width, model.vocab_size)
    yield "output_norm.weight", (width,)
    if family.norm_bias:
        yield "output_norm.bias", (width,)
    if not shares_embedding(model):
        yield "output.weight", (width, model.vocab_size)
    if rope_frequencies(model):
        yield "rope_freqs.weight", (rope_frequencies(model),)
    if family.gguf == "deepseek4":
        streams = DSV4_STREAMS
        yield "output_hc_fn.weight", (streams * width, streams)
        yield "output_hc_base.weight", (streams,)
        yield "output_hc_scale.weight", (1,)


def _block(model: ModelSpec, family: Family, layer: int) -> Iterator[_Part]:
    width = model.hidden_size
    for norm in family.norms:
        yield f"{norm}.weight", (width,)
        if family.norm_bias:
            yield f"{norm}.bias", (width,)
    if family.layer_scale:
        yield "layer_output_scale.weight", (1,)
    if family.gguf == "nemotron_h_moe":
        yield from _nemotron_block(model, family, layer)
        return
    if family.gguf == "deepseek4":
        yield from _dsv4_attention(model, layer)
    elif model.mla is not None and is_attention_layer(model, layer):
        yield from _mla(model, model.mla, family)
        if has_indexer(model, layer):
            yield from _indexer(model, model.mla, family)
    elif is_attention_layer(model, layer):
        yield from _attention(model, family, layer)
    elif model.linear is not None:
        yield from _linear_attention(model, model.linear, family)
    yield from _feed_forward(model, family, layer)


def _mtp_block(model: ModelSpec, family: Family, layer: int) -> Iterator[_Part]:
    width = model.hidden_size
    yield from _block(model, family, layer)
    yield "nextn.eh_proj.weight", (2 * width, width)
    for norm in ("enorm", "hnorm", "shared_head_norm"):
        yield f"nextn.{norm}.weight", (width,)
    if family.mtp_embeddings:
        yield "nextn.embed_tokens.weight", (width, model.vocab_size)
        yield "nextn.shared_head_head.weight", (width, model.vocab_size)


def _attention(model: ModelSpec, family: Family, layer: int) -> Iterator[_Part]:
    width, heads = model.hidden_size, model.n_heads
    kv_heads, dim = kv_shape(model, layer)
    queries = heads * dim * (2 if family.gated_query else 1)
    keys = kv_heads * dim
    if family.fused_qkv:
        yield "attn_qkv.weight", (width, queries + 2 * keys)
    else:
        values_are_keys = family.gguf == "gemma4" and not is_local_layer(model, layer)
        projections = (("attn_q", queries), ("attn_k", keys), ("attn_v", 0 if values_are_keys else keys))
        for name, size in projections:
            if size:
                yield f"{name}.weight", (width, size)
                if family.qkv_bias:
                    yield f"{name}.bias", (size,)
    yield "attn_output.weight", (heads * dim, width)
    if family.output_bias:
        yield "attn_output.bias", (width,)
    if family.sinks:
        yield "attn_sinks.weight", (heads,)
    if family.qk_norm != "none":
        shapes = {"head": ((dim,), (dim,)), "row": ((heads * dim,), (keys,)), "matrix": ((dim, heads), (dim, kv_heads))}
        query_shape, key_shape = shapes[family.qk_norm]
        yield "attn_q_norm.weight", query_shape
        yield "attn_k_norm.weight", key_shape


def _mla(model: ModelSpec, mla: MlaSpec, family: Family) -> Iterator[_Part]:
    width, heads, rank = model.hidden_size, model.n_heads, mla.kv_lora_rank
    query = heads * (mla.qk_nope_head_dim + mla.qk_rope_head_dim)
    if mla.q_lora_rank is None:
        yield "attn_q.weight", (width, query)
    else:
        yield "attn_q_a.weight", (width, mla.q_lora_rank)
        yield "attn_q_a_norm.weight", (mla.q_lora_rank,)
        yield "attn_q_b.weight", (mla.q_lora_rank, query)
    yield "attn_kv_a_mqa.weight", (width, rank + mla.qk_rope_head_dim)
    yield "attn_kv_a_norm.weight", (rank,)
    yield "attn_k_b.weight", (mla.qk_nope_head_dim, rank, heads)
    yield "attn_v_b.weight", (rank, mla.v_head_dim, heads)
    yield "attn_output.weight", (heads * mla.v_head_dim, width)


def _indexer(model: ModelSpec, mla: MlaSpec, family: Family) -> Iterator[_Part]:
    width, dim = model.hidden_size, family.indexer_head_dim
    yield "indexer.k_norm.weight", (dim,)
    yield "indexer.k_norm.bias", (dim,)
    yield "indexer.proj.weight", (width, family.indexer_heads)
    yield "indexer.attn_k.weight", (width, dim)
    yield "indexer.attn_q_b.weight", (mla.q_lora_rank or width, family.indexer_heads * dim)


def _linear_attention(model: ModelSpec, linear: LinearAttentionSpec, family: Family) -> Iterator[_Part]:
    width = model.hidden_size
    if linear.kind == "lightning":
        inner = model.n_heads * model.head_dim
        yield "attn_norm_2.weight", (inner,)
        yield "attn_qkv.weight", (width, 3 * inner)
        yield "attn_gate.weight", (width, inner)
        yield "attn_output.weight", (inner, width)
        return
    keys = (linear.n_key_heads or 0) * (linear.key_head_dim or 0)
    value_heads = linear.n_value_heads or 0
    values = value_heads * (linear.value_head_dim or 0)
    yield "attn_qkv.weight", (width, 2 * keys + values)
    yield "attn_gate.weight", (width, values)
    yield "ssm_conv1d.weight", (linear.conv_kernel or 0, 2 * keys + values)
    yield "ssm_dt.bias", (value_heads,)
    yield "ssm_a", (value_heads,)
    if family.gguf == "qwen3next":
        yield "ssm_ba.weight", (width, 2 * value_heads)
    else:
        yield "ssm_alpha.weight", (width, value_heads)
        yield "ssm_beta.weight", (width, value_heads)
    yield "ssm_norm.weight", (linear.value_head_dim or 0,)
    yield "ssm_out.weight", (values, width)


def _nemotron_block(model: ModelSpec, family: Family, layer: int) -> Iterator[_Part]:
    """Nemotron-H: every block is one of Mamba-2, attention or feed-forward."""
    width, linear = model.hidden_size, model.linear
    pattern = (linear.pattern if linear is not None else None) or ""
    kind = pattern[layer] if layer < len(pattern) else "*"
    if linear is not None and kind == "M":
        heads, groups = linear.mamba_n_heads or 0, linear.mamba_n_groups or 1
        inner = heads * (linear.mamba_head_dim or 0)
        mixed = inner + 2 * groups * (linear.mamba_state_size or 0)
        yield "ssm_in.weight", (width, inner + mixed + heads)
        yield "ssm_conv1d.weight", (linear.conv_kernel or 0, mixed)
        yield "ssm_conv1d.bias", (mixed,)
        yield "ssm_dt.bias", (heads,)
        yield "ssm_a", (1, heads)
        yield "ssm_d", (1, heads)
        yield "ssm_norm.weight", (inner // groups, groups)
        yield "ssm_out.weight", (inner, width)
    elif kind == "*":
        yield from _attention(model, family, layer)
    else:
        yield from _feed_forward(model, family, layer)


def _dsv4_attention(model: ModelSpec, layer: int) -> Iterator[_Part]:
    """DeepSeek V4: low-rank queries and outputs, one shared key-value head, compressors, hyper-connections."""
    width, heads, dim = model.hidden_size, model.n_heads, model.head_dim
    rank, groups, streams = DSV4_LORA_RANK, DSV4_OUTPUT_GROUPS, DSV4_STREAMS
    mixing = (2 + streams) * streams
    yield "attn_sinks.weight", (heads,)
    yield "attn_q_a.weight", (width, rank)
    yield "attn_q_a_norm.weight", (rank,)
    yield "attn_q_b.weight", (rank, heads * dim)
    yield "attn_kv.weight", (width, dim)
    yield "attn_kv_a_norm.weight", (dim,)
    yield "attn_output_a.weight", (heads * dim // groups, rank * groups)
    yield "attn_output_b.weight", (groups * rank, width)
    for part in ("attn", "ffn"):
        yield f"hc_{part}_fn.weight", (streams * width, mixing)
        yield f"hc_{part}_base.weight", (mixing,)
        yield f"hc_{part}_scale.weight", (3,)
    ratio = dsv4_compression(layer)
    if ratio:
        wide = 2 if ratio == 4 else 1
        yield "attn_compressor_kv.weight", (width, wide * dim)
        yield "attn_compressor_gate.weight", (width, wide * dim)
        yield "attn_compressor_ape.weight", (wide * dim, ratio)
        yield "attn_compressor_norm.weight", (dim,)
    if ratio == 4:
        indexer = DSV4_INDEXER_DIM
        yield "indexer.proj.weight", (width, DSV4_INDEXER_HEADS)
        yield "indexer.attn_q_b.weight", (rank, DSV4_INDEXER_HEADS * indexer)
        yield "indexer_compressor_kv.weight", (width, 2 * indexer)
        yield "indexer_compressor_gate.weight", (width, 2 * indexer)
        yield "indexer_compressor_ape.weight", (2 * indexer, ratio)
        yield "indexer_compressor_norm.weight", (indexer,)


def _feed_forward(model: ModelSpec, family: Family, layer: int) -> Iterator[_Part]:
    width, moe = model.hidden_size, model.moe
    if moe is None or not has_experts(model, layer):
        yield from _dense_feed_forward(model, family)
        return
    if moe.parallel_dense:
        yield from _dense_feed_forward(model, family)
        for norm in ("pre_ffw_norm_2", "post_ffw_norm_1", "post_ffw_norm_2"):
            yield f"{norm}.weight", (width,)
        yield "ffn_gate_inp.scale", (width,)
        yield "ffn_down_exps.scale", (moe.n_experts,)
    experts, inner = moe.n_experts, moe.expert_intermediate_size
    yield "ffn_gate_inp.weight", (width, experts)
    if family.gguf == "deepseek4" and layer < DSV4_HASH_LAYERS:
        yield "ffn_gate_tid2eid.weight", (moe.n_experts_per_token, model.vocab_size)
    elif family.router_bias:
        yield "exp_probs_b.bias", (experts,)
    if family.fused_experts:
        yield "ffn_gate_up_exps.weight", (width, 2 * inner, experts)
    else:
        if family.gated:
            yield "ffn_gate_exps.weight", (width, inner, experts)
        yield "ffn_up_exps.weight", (width, inner, experts)
    yield "ffn_down_exps.weight", (inner, width, experts)
    if family.expert_bias:
        yield "ffn_gate_inp.bias", (experts,)
        yield "ffn_gate_exps.bias", (inner, experts)
        yield "ffn_up_exps.bias", (inner, experts)
        yield "ffn_down_exps.bias", (width, experts)
    if moe.n_shared:
        shared = shared_width(moe)
        if family.shared_gate:
            yield "ffn_gate_inp_shexp.weight", (width,)
        if family.gated:
            yield "ffn_gate_shexp.weight", (width, shared)
        yield "ffn_up_shexp.weight", (width, shared)
        yield "ffn_down_shexp.weight", (shared, width)


def _dense_feed_forward(model: ModelSpec, family: Family) -> Iterator[_Part]:
    width, inner = model.hidden_size, dense_width(model)
    if family.gated and not family.fused_gate_up:
        yield "ffn_gate.weight", (width, inner)
    yield "ffn_up.weight", (width, 2 * inner if family.fused_gate_up else inner)
    yield "ffn_down.weight", (inner, width)
