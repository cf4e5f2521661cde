"""Counting a language model's parameters from its architecture. Pure: no Django, no clock, no I/O.

Counted are the main weights: every tensor of the text stack once, a tied embedding once, without vision tower,
multi-token prediction head and quantisation scales. Tensor shapes are those of the Hugging Face implementations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from catalog.specs import LinearAttentionSpec, MlaSpec, ModelSpec, MoeSpec, WindowSpec


class QkNorm(StrEnum):
    """How queries and keys are normalised before attention, which decides the size of the weights for it."""

    NONE = "none"
    SHARED = "shared"  # one vector of head_dim for all heads
    PER_HEAD = "per-head"  # as wide as all heads together


@dataclass(frozen=True, slots=True)
class TensorLayout:
    """What a family's layers hold beyond the matrices every transformer has. Sizes come from the ModelSpec."""

    qkv_bias: bool = False
    output_bias: bool = False
    mlp_bias: bool = False
    qk_norm: QkNorm = QkNorm.NONE
    norms_per_layer: int = 2  # vectors of hidden_size
    gated_attention: bool = False  # the query projection also yields a gate as wide as the queries
    attention_sinks: bool = False  # one learnt logit a head
    router_bias: bool = False
    expert_bias: bool = False
    shared_expert_gate: bool = False
    global_keys_are_values: bool = False  # global layers have no value projection (Gemma 4)
    layer_scalar: bool = False  # one scale a layer (Gemma 4)
    expert_norms: int = 0  # further vectors of hidden_size in a layer with experts, the router's scale included
    expert_scale: bool = False  # one scale an expert


_PLAIN = TensorLayout()
_QWEN_HYBRID = TensorLayout(qk_norm=QkNorm.SHARED, gated_attention=True, shared_expert_gate=True)

LAYOUTS: Mapping[str, TensorLayout] = MappingProxyType(
    {
        "llama": _PLAIN,
        "mistral": _PLAIN,
        "mixtral": _PLAIN,
        "phi3": _PLAIN,
        "granite": _PLAIN,
        "llama4": _PLAIN,
        "qwen2": TensorLayout(qkv_bias=True),
        "qwen3": TensorLayout(qk_norm=QkNorm.SHARED),
        "qwen3_moe": TensorLayout(qk_norm=QkNorm.SHARED),
        "qwen3_next": _QWEN_HYBRID,
        "qwen3_5": _QWEN_HYBRID,
        "qwen3_5_moe": _QWEN_HYBRID,
        "gemma2": TensorLayout(norms_per_layer=4),
        "gemma3": TensorLayout(norms_per_layer=4, qk_norm=QkNorm.SHARED),
        "gemma4": TensorLayout(
            norms_per_layer=4,
            qk_norm=QkNorm.SHARED,
            global_keys_are_values=True,
            layer_scalar=True,
            expert_norms=4,
            expert_scale=True,
        ),
        "deepseek_v2": _PLAIN,
        "deepseek_v3": TensorLayout(router_bias=True),
        "gpt_oss": TensorLayout(
            qkv_bias=True, output_bias=True, attention_sinks=True, router_bias=True, expert_bias=True
        ),
        "glm4_moe": TensorLayout(qkv_bias=True, router_bias=True),
        "cohere": TensorLayout(norms_per_layer=1),
        "olmo2": TensorLayout(qk_norm=QkNorm.PER_HEAD),
    }
)
"""Family -> layout of its tensors. The names are the ``model_type`` of config.json, without the suffix ``_text``."""

_FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        **{family: family for family in LAYOUTS},
        "llama4_text": "llama4",
        "mistral3": "mistral",
        "qwen3_5_text": "qwen3_5",
        "qwen3_5_moe_text": "qwen3_5_moe",
        "gemma3_text": "gemma3",
        "gemma4_text": "gemma4",
        "kimi_k2": "deepseek_v3",
        "kimi_k25": "deepseek_v3",
        "LlamaForCausalLM": "llama",
        "MistralForCausalLM": "mistral",
        "Mistral3ForConditionalGeneration": "mistral",
        "MixtralForCausalLM": "mixtral",
        "Phi3ForCausalLM": "phi3",
        "GraniteForCausalLM": "granite",
        "Llama4ForCausalLM": "llama4",
        "Llama4ForConditionalGeneration": "llama4",
        "Qwen2ForCausalLM": "qwen2",
        "Qwen3ForCausalLM": "qwen3",
        "Qwen3MoeForCausalLM": "qwen3_moe",
        "Qwen3NextForCausalLM": "qwen3_next",
        "Qwen3_5ForCausalLM": "qwen3_5",
        "Qwen3_5ForConditionalGeneration": "qwen3_5",
        "Qwen3_5MoeForCausalLM": "qwen3_5_moe",
        "Qwen3_5MoeForConditionalGeneration": "qwen3_5_moe",
        "Gemma2ForCausalLM": "gemma2",
        "Gemma3ForCausalLM": "gemma3",
        "Gemma3ForConditionalGeneration": "gemma3",
        "Gemma4ForCausalLM": "gemma4",
        "Gemma4ForConditionalGeneration": "gemma4",
        "DeepseekV2ForCausalLM": "deepseek_v2",
        "DeepseekV3ForCausalLM": "deepseek_v3",
        "KimiK25ForConditionalGeneration": "deepseek_v3",
        "GptOssForCausalLM": "gpt_oss",
        "Glm4MoeForCausalLM": "glm4_moe",
        "CohereForCausalLM": "cohere",
        "Olmo2ForCausalLM": "olmo2",
    }
)


def family_of(architecture: str) -> str | None:
    """The family of a ``model_type`` or an architecture class of config.json; None where its layout is not known."""
    return _FAMILIES.get(architecture)


@dataclass(frozen=True, slots=True)
class ParameterCount:
    """``active`` are those read for one token: without unused experts, and without an untied input embedding."""

    total: int
    active: int


def count_parameters(model: ModelSpec, layout: TensorLayout | None = None) -> ParameterCount:
    """Count ``model``'s main weights from its sizes; its own ``params_*`` are not looked at.

    ``layout`` is what its layers hold; None takes the usual one of its family. Raises ValueError where
    ``model.architecture`` belongs to no family in LAYOUTS.
    """
    if layout is None:
        family = family_of(model.architecture)
        if family is None:
            raise ValueError(f"the tensor layout of {model.architecture} is not known")
        layout = LAYOUTS[family]
    embedding = model.vocab_size * model.hidden_size
    total = embedding if model.tie_embeddings else 2 * embedding
    active = embedding
    final_norm = model.hidden_size
    total += final_norm
    active += final_norm
    for kind, count in _layer_kinds(model).items():
        layer_total, layer_active = _layer(model, layout, kind)
        total += count * layer_total
        active += count * layer_active
    return ParameterCount(total, active)


@dataclass(frozen=True, slots=True)
class _LayerKind:
    linear: bool
    global_attention: bool
    experts: bool


def _layer_kinds(model: ModelSpec) -> dict[_LayerKind, int]:
    counts: dict[_LayerKind, int] = {}
    for i in range(model.n_layers):
        kind = _LayerKind(
            linear=_is_linear(model.linear, i),
            global_attention=_is_global(model.window, i),
            experts=model.moe is not None and _has_experts(model.moe, i),
        )
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _is_linear(linear: LinearAttentionSpec | None, layer: int) -> bool:
    if linear is None:
        return False
    if linear.full_attention_interval is None:
        raise ValueError("which layers are linear attention is not known")
    return (layer + 1) % linear.full_attention_interval != 0


def _is_global(window: WindowSpec | None, layer: int) -> bool:
    return window is not None and window.period > 1 and layer % window.period == window.period - 1


def _has_experts(moe: MoeSpec, layer: int) -> bool:
    return layer >= moe.first_k_dense and (layer + 1) % moe.layer_frequency == 0


def _layer(model: ModelSpec, layout: TensorLayout, kind: _LayerKind) -> tuple[int, int]:
    """Parameters of one layer: all, and those read for one token."""
    hidden = model.hidden_size
    always = layout.norms_per_layer * hidden + layout.layer_scalar
    if kind.linear and model.linear is not None:
        always += _delta_net(hidden, model.linear)
    elif model.mla is not None:
        always += _latent_attention(hidden, model.n_heads, model.mla)
    else:
        always += _attention(model, layout, kind)
    if not kind.experts or model.moe is None:
        return (always + _dense_feed_forward(model, layout),) * 2
    moe = model.moe
    if moe.parallel_dense:
        always += _dense_feed_forward(model, layout)
    always += moe.n_experts * (hidden + layout.router_bias + layout.expert_scale) + layout.expert_norms * hidden
    if moe.n_shared:
        shared = moe.shared_intermediate_size or moe.n_shared * moe.expert_intermediate_size
        always += 3 * hidden * shared + layout.shared_expert_gate * hidden
    expert = 3 * hidden * moe.expert_intermediate_size
    expert += layout.expert_bias * (2 * moe.expert_intermediate_size + hidden)
    return always + moe.n_experts * expert, always + moe.n_experts_per_token * expert


def _attention(model: ModelSpec, layout: TensorLayout, kind: _LayerKind) -> int:
    head_dim, n_kv_heads = model.head_dim, model.n_kv_heads
    values_projected = 1
    if kind.global_attention and model.window is not None:
        head_dim = model.window.global_head_dim or head_dim
        n_kv_heads = model.window.global_n_kv_heads or n_kv_heads
        values_projected = 0 if layout.global_keys_are_values else 1
    hidden, queries, keys = model.hidden_size, model.n_heads * head_dim, n_kv_heads * head_dim
    projected = queries * (2 if layout.gated_attention else 1) + keys * (1 + values_projected)
    count = hidden * (projected + queries)
    count += layout.qkv_bias * projected + layout.output_bias * hidden + layout.attention_sinks * model.n_heads
    norms = {QkNorm.NONE: 0, QkNorm.SHARED: 2 * head_dim, QkNorm.PER_HEAD: queries + keys}
    return count + norms[layout.qk_norm]


def _latent_attention(hidden: int, n_heads: int, mla: MlaSpec) -> int:
    queries = n_heads * (mla.qk_nope_head_dim + mla.qk_rope_head_dim)
    rank = mla.q_lora_rank
    count = hidden * queries if rank is None else hidden * rank + rank + rank * queries
    count += hidden * (mla.kv_lora_rank + mla.qk_rope_head_dim) + mla.kv_lora_rank
    count += mla.kv_lora_rank * n_heads * (mla.qk_nope_head_dim + mla.v_head_dim)
    return count + n_heads * mla.v_head_dim * hidden


def _delta_net(hidden: int, linear: LinearAttentionSpec) -> int:
    """A Gated DeltaNet layer: projections to q, k, v, gate, beta and decay, a short convolution, the way back."""
    sizes = (linear.conv_kernel, linear.key_head_dim, linear.n_key_heads, linear.value_head_dim, linear.n_value_heads)
    if linear.kind != "gated_deltanet" or None in sizes:
        raise ValueError(f"the tensors of {linear.kind} layers are not known")
    kernel, key_dim, key_heads, value_dim, value_heads = (size or 0 for size in sizes)
    keys, values = key_dim * key_heads, value_dim * value_heads
    projections = hidden * (2 * keys + 2 * values + 2 * value_heads) + values * hidden
    return projections + kernel * (2 * keys + values) + 2 * value_heads + value_dim


def _dense_feed_forward(model: ModelSpec, layout: TensorLayout) -> int:
    matrices = 3 * model.hidden_size * model.intermediate_size
    return matrices + layout.mlp_bias * (2 * model.intermediate_size + model.hidden_size)
