"""How each architecture lays out its weights, as llama.cpp's converter writes them to GGUF.

Pure. A family is what several models share beyond their dimensions: which projections carry a bias, which norms a
block has, whether gate and up are fused. Names are those of llama.cpp's architectures (gguf constants); the layouts
follow its per-architecture loaders (llama.cpp 0.5.0, ``src/models``) and its converter (``conversion``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog.specs import ModelSpec


@dataclass(frozen=True, slots=True)
class Family:
    """What a block of this architecture holds besides its projections."""

    gguf: str
    norms: tuple[str, ...] = ("attn_norm", "ffn_norm")
    norm_bias: bool = False  # LayerNorm with a bias (Falcon)
    fused_qkv: bool = False
    qkv_bias: bool = False
    output_bias: bool = False  # bias on the attention output projection
    qk_norm: str = "none"  # none, head (one per head dimension), row (over all heads at once), matrix (one per head)
    gated: bool = True  # feed-forward has a gate beside up and down
    fused_gate_up: bool = False  # dense gate and up are one tensor
    fused_experts: bool = False  # gate and up of the experts are one tensor
    expert_bias: bool = False
    router_bias: bool = False  # expert selection bias (exp_probs_b)
    shared_gate: bool = False  # the shared expert has a gate of its own
    sinks: bool = False  # one learned logit per head
    gated_query: bool = False  # the query projection also yields an output gate
    layer_scale: bool = False  # one number a block
    own_output: bool = False  # the file has a head of its own even where config.json ties it
    windows: bool = False  # llama.cpp honours the sliding window
    drops_mtp: bool = False  # the converter leaves multi-token-prediction blocks out
    mtp_embeddings: bool = False  # an MTP block carries its own embedding and head
    indexer_heads: int = 0  # sparse-attention indexer (DeepSeek V3.2, GLM-5)
    indexer_head_dim: int = 0


_LLAMA = Family("llama")
_QWEN3 = Family("qwen3", qk_norm="head")
_QWEN35 = Family("qwen35", norms=("attn_norm", "post_attention_norm"), qk_norm="head", gated_query=True)
_QWEN35MOE = replace(_QWEN35, gguf="qwen35moe", shared_gate=True)
_DEEPSEEK2 = Family("deepseek2", router_bias=True, drops_mtp=True)
_DEEPSEEK32 = Family("deepseek32", router_bias=True, mtp_embeddings=True, indexer_heads=64, indexer_head_dim=128)
_GEMMA2 = Family(
    "gemma2", norms=("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"), windows=True
)  # fmt: skip
_GEMMA3 = replace(_GEMMA2, gguf="gemma3", qk_norm="head")
_GEMMA4 = replace(_GEMMA3, gguf="gemma4", layer_scale=True, fused_experts=True)
_FALCON = Family(
    "falcon", norms=("attn_norm",), norm_bias=True, fused_qkv=True, gated=False, own_output=True
)  # fmt: skip
_FALCON_40B = replace(_FALCON, norms=("attn_norm", "attn_norm_2"))  # attention and feed-forward normed apart
_COMMAND_R = Family("command-r", norms=("attn_norm",))
_COMMAND_R_PLUS = replace(_COMMAND_R, qk_norm="matrix")
_OLMO2 = Family("olmo2", norms=("post_attention_norm", "post_ffw_norm"), qk_norm="row", windows=True)
_GLM4MOE = Family(
    "glm4moe", norms=("attn_norm", "post_attention_norm"), qkv_bias=True, router_bias=True, mtp_embeddings=True
)  # fmt: skip
_GLM45 = replace(_GLM4MOE, qk_norm="head")  # the 355B model norms queries and keys, Air does not
_GPT_OSS = Family(
    "gpt-oss",
    norms=("attn_norm", "post_attention_norm"),
    qkv_bias=True,
    output_bias=True,
    expert_bias=True,
    sinks=True,
    windows=True,
)

_FAMILIES: tuple[tuple[Family, str], ...] = (
    (_LLAMA, "llama mistral mixtral mistral3 ministral3 yi granite granitemoe arcee smollm3 aquila baichuan"),
    (Family("qwen2", qkv_bias=True), "qwen2 qwen2_5 qwen2.5"),
    (Family("qwen2moe", qkv_bias=True, shared_gate=True), "qwen2moe qwen2_moe"),
    (_QWEN3, "qwen3"),
    (replace(_QWEN3, gguf="qwen3moe"), "qwen3moe qwen3_moe"),
    (replace(_QWEN35MOE, gguf="qwen3next"), "qwen3next qwen3_next"),
    (_QWEN35, "qwen3_5 qwen35 qwen3_6"),
    (_QWEN35MOE, "qwen3_5moe qwen35moe qwen3_5_moe qwen3_6moe"),
    (_DEEPSEEK2, "deepseek2 deepseekv3 deepseek_v3 kimik2 kimik25 kimi_k2 glm4moelite glm4_moe_lite"),
    (replace(_DEEPSEEK2, router_bias=False), "deepseekv2 deepseek_v2"),
    (_DEEPSEEK32, "deepseek32 deepseekv32 deepseek_v32"),
    (replace(_DEEPSEEK32, gguf="glm-dsa", indexer_heads=32), "glmmoedsa glm-dsa glm_moe_dsa"),
    (Family("deepseek4", router_bias=True, sinks=True, windows=True, drops_mtp=True), "deepseekv4 deepseek4"),
    (_GLM4MOE, "glm4moe glm4_moe"),
    (_GPT_OSS, "gptoss gpt-oss gpt_oss openai_moe"),
    (_GEMMA2, "gemma2"),
    (_GEMMA3, "gemma3 gemma3_text"),
    (_GEMMA4, "gemma4 gemma4_text"),
    (Family("phi3", fused_qkv=True, fused_gate_up=True), "phi3 phi4"),
    (_COMMAND_R, "cohere command-r commandr"),
    (Family("cohere2", norms=("attn_norm",), windows=True), "cohere2"),
    (_OLMO2, "olmo2 olmo3"),
    (Family("llama4", windows=True), "llama4 llama4_text"),
    (Family("minimax-m2", qk_norm="row", router_bias=True, drops_mtp=True), "minimaxm2 minimax-m2 minimax_m2"),
    (Family("minimax-01"), "minimaxm1 minimaxtext01 minimax-01 minimax_m1"),
    (Family("nemotron_h_moe", norms=("attn_norm",), gated=False, router_bias=True), "nemotronh nemotron_h"),
    (_FALCON, "falcon"),
    (Family("dbrx", norms=("attn_norm", "attn_output_norm"), fused_qkv=True), "dbrx"),
    (Family("deci"), "decilm deci nemotron-nas"),
)

_SUFFIXES = ("forconditionalgeneration", "forcausallm", "lmheadmodel")


def _names(families: Iterable[tuple[Family, str]]) -> dict[str, Family]:
    return {name: family for family, names in families for name in names.split()}


_BY_NAME = _names(_FAMILIES)


def family_of(model: ModelSpec) -> Family:
    """The family of ``model.architecture`` (a class name of config.json, or a family name, in any case).

    An architecture nobody listed is laid out like Llama: right to about a thousandth of the weights, because what
    families differ in are norms and biases.
    """
    name = model.architecture.lower()
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    family = _BY_NAME.get(name, _LLAMA)
    if family is _FALCON and model.n_kv_heads > 1:
        return _FALCON_40B
    if family is _COMMAND_R and model.n_layers >= 64:
        return _COMMAND_R_PLUS
    if family is _GLM4MOE and model.hidden_size > 4096:
        return _GLM45
    return family
