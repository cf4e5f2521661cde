"""Reading a Hugging Face config.json into a ModelSpec. Pure: no Django, no clock, no I/O.

Only architectures whose tensors and caches are understood are read. Anything else is refused with the key that is in
the way: it is better to estimate nothing than something wrong. Every number has bounds, so a hostile file fails fast.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from catalog.hf_attention import (
    DEEPSEEK,
    GEMMA,
    QWEN_HYBRID,
    attention_window,
    latent_attention,
    linear_attention,
)
from catalog.hf_defaults import with_class_defaults
from catalog.hf_keys import (
    HARMLESS_KEYS,
    KNOWN_KEYS,
    Config,
    UnsupportedConfig,
    is_on,
    read_count,
    read_flag,
    read_optional_count,
    read_text,
    refuse_unknown_structure,
)
from catalog.hf_quantization import checkpoint_spec
from catalog.param_count import LAYOUTS, QkNorm, TensorLayout, count_parameters, family_of
from catalog.specs import LinearAttentionSpec, MlaSpec, ModelSpec, MoeSpec, WindowSpec

__all__ = ["MAX_PARAMETERS", "UnsupportedConfig", "arch_class", "model_spec_from_config"]

MAX_PARAMETERS = 20 * 10**12
"""Ten times the largest model anybody has announced; above it the sizes contradict each other."""

_WRAPPERS = frozenset({"llama4", "gemma3", "gemma4", "mistral3", "kimi_k25", "qwen3_5", "qwen3_5_moe"})
"""Values of model_type whose language model stands under text_config."""

_TIED_BY_DEFAULT = GEMMA | {"cohere"}
# Where the key is absent the family's own code takes one key and value head a query head, or hidden_size / heads.
_KV_HEADS_DEFAULT_TO_HEADS = frozenset({"llama", "cohere", "olmo2", "phi3", "granite"}) | DEEPSEEK
_HEAD_DIM_DEFAULTS_TO_SHARE = frozenset({"llama", "mistral", "mixtral", "qwen2", "cohere", "olmo2", "phi3", "granite"})
_BIAS_ON_ALL_PROJECTIONS = frozenset({"llama", "qwen3", "qwen3_moe", "gpt_oss", "cohere", "olmo2", "granite"}) | GEMMA
_QK_NORM_SWITCH: Mapping[str, QkNorm] = MappingProxyType({"glm4_moe": QkNorm.SHARED, "cohere": QkNorm.PER_HEAD})

_EXPERT_KEYS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "mixtral": ("num_local_experts", "num_experts_per_tok", "intermediate_size"),
        "gpt_oss": ("num_local_experts", "num_experts_per_tok", "intermediate_size"),
        "llama4": ("num_local_experts", "num_experts_per_tok", "intermediate_size"),
        "qwen3_moe": ("num_experts", "num_experts_per_tok", "moe_intermediate_size"),
        "qwen3_next": ("num_experts", "num_experts_per_tok", "moe_intermediate_size"),
        "qwen3_5_moe": ("num_experts", "num_experts_per_tok", "moe_intermediate_size"),
        "gemma4": ("num_experts", "top_k_experts", "moe_intermediate_size"),
        "deepseek_v2": ("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size"),
        "deepseek_v3": ("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size"),
        "glm4_moe": ("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size"),
    }
)
"""Family -> keys for the number of experts, experts a token, and the size of one."""


def model_spec_from_config(config: Mapping[str, object], slug: str = "custom") -> ModelSpec:
    """The architecture that the keys of a config.json describe, with its parameters counted.

    ``mtp_layers`` is what llama.cpp's converter puts into the file, which for DeepSeek is none. Raises
    UnsupportedConfig, and nothing else, whatever the mapping holds.
    """
    if not isinstance(config, Mapping):
        raise UnsupportedConfig("config", "a config must be an object with the keys of a config.json")
    text, architecture, family = _language_model(config)
    refuse_unknown_structure(text, KNOWN_KEYS[family])
    text = with_class_defaults(text, family)
    n_layers = read_count(text, "num_hidden_layers")
    n_heads = read_count(text, "num_attention_heads")
    mla = latent_attention(text) if family in DEEPSEEK else None
    moe = _moe(text, family, n_layers)
    linear = linear_attention(text, n_layers) if family in QWEN_HYBRID else None
    window = attention_window(text, family, n_layers)
    model = ModelSpec(
        slug=slug,
        name=f"{architecture}, from its config.json",
        hf_repo="",
        architecture=architecture,
        arch_class=arch_class(moe, mla, linear, window),
        n_layers=n_layers,
        hidden_size=read_count(text, "hidden_size"),
        n_heads=n_heads,
        n_kv_heads=_n_kv_heads(text, family, n_heads),
        head_dim=mla.qk_nope_head_dim + mla.qk_rope_head_dim if mla else _head_dim(text, family, n_heads),
        intermediate_size=_intermediate_size(text, family, moe),
        vocab_size=read_count(text, "vocab_size"),
        tie_embeddings=_tie_embeddings(config, text, family),
        max_context_tokens=read_optional_count(text, "max_position_embeddings"),
        mtp_layers=_mtp_layers(text, family),
        params_total=0,
        params_active=None,
        moe=moe,
        mla=mla,
        linear=linear,
        window=window,
        refusal=None,
    )
    parameters = count_parameters(model, _layout(text, family))
    if parameters.total > MAX_PARAMETERS:
        raise UnsupportedConfig(
            "num_hidden_layers", f"these sizes make more than {MAX_PARAMETERS // 10**9:,} billion parameters"
        )
    return replace(
        model, params_total=parameters.total, params_active=parameters.active, checkpoint=checkpoint_spec(config)
    )


def _language_model(config: Config) -> tuple[Config, str, str]:
    """The keys of the language model itself, its architecture class (else its family), and its family."""
    model_type = read_text(config, "model_type")
    named = _architecture_class(config)
    text = config.get("text_config")
    if text is None:
        text = config
    elif not isinstance(text, Mapping):
        raise UnsupportedConfig("text_config", "text_config must be an object")
    elif model_type not in _WRAPPERS:
        raise UnsupportedConfig(
            "text_config", f"text_config is read for model_type {', '.join(sorted(_WRAPPERS))} only"
        )
    else:
        refuse_unknown_structure(config, HARMLESS_KEYS)
    inner_type = read_text(text, "model_type") or model_type
    stated = [("model_type", inner_type), ("architectures", named)]
    families = []
    for key, value in stated:
        if value is None:
            continue
        family = family_of(value)
        if family is None:
            raise UnsupportedConfig(key, f"{key} {value[:60]!r} is not supported, supported are {', '.join(LAYOUTS)}")
        families.append(family)
    if not families:
        raise UnsupportedConfig("model_type", f"model_type is missing, supported are {', '.join(LAYOUTS)}")
    if len(set(families)) > 1:
        raise UnsupportedConfig("architectures", f"architectures and model_type name different families: {families}")
    return text, named or families[0], families[0]


def _architecture_class(config: Config) -> str | None:
    names = config.get("architectures")
    if names is None or names == []:
        return None
    if not isinstance(names, list | tuple) or len(names) != 1 or not isinstance(names[0], str):
        raise UnsupportedConfig("architectures", "architectures must be a list of one name")
    return names[0]


def _tie_embeddings(config: Config, text: Config, family: str) -> bool:
    holder = config if "tie_word_embeddings" in config else text
    return read_flag(holder, "tie_word_embeddings", default=family in _TIED_BY_DEFAULT)


def _n_kv_heads(text: Config, family: str, n_heads: int) -> int:
    if text.get("num_key_value_heads") is None and family in _KV_HEADS_DEFAULT_TO_HEADS:
        return n_heads
    n_kv_heads = read_count(text, "num_key_value_heads")
    if n_heads % n_kv_heads:
        raise UnsupportedConfig("num_key_value_heads", "num_key_value_heads must divide num_attention_heads")
    return n_kv_heads


def _head_dim(text: Config, family: str, n_heads: int) -> int:
    if text.get("head_dim") is None and family in _HEAD_DIM_DEFAULTS_TO_SHARE:
        head_dim, rest = divmod(read_count(text, "hidden_size"), n_heads)
        if rest or not head_dim:
            raise UnsupportedConfig(
                "head_dim", "head_dim is missing, and num_attention_heads do not divide hidden_size"
            )
        return head_dim
    return read_count(text, "head_dim")


def _intermediate_size(text: Config, family: str, moe: MoeSpec | None) -> int:
    key = "intermediate_size_mlp" if family == "llama4" else "intermediate_size"
    only_experts = moe is not None and moe.first_k_dense == 0 and moe.layer_frequency == 1 and not moe.parallel_dense
    return read_optional_count(text, key) or 0 if only_experts else read_count(text, key)


def _mtp_layers(text: Config, family: str) -> int:
    nextn = read_optional_count(text, "num_nextn_predict_layers") or 0
    qwen = read_optional_count(text, "mtp_num_hidden_layers") or 0
    return {"glm4_moe": nextn, "qwen3_5": qwen, "qwen3_5_moe": qwen}.get(family, 0)


def arch_class(
    moe: MoeSpec | None, mla: MlaSpec | None, linear: LinearAttentionSpec | None, window: WindowSpec | None
) -> str:
    """The class of a model with these parts: dense, moe, mla_moe, swa or hybrid."""
    if linear:
        return "hybrid"
    if mla:
        return "mla_moe"
    if moe:
        return "moe"
    return "swa" if window else "dense"


def _moe(text: Config, family: str, n_layers: int) -> MoeSpec | None:
    if family not in _EXPERT_KEYS or (family == "gemma4" and not read_flag(text, "enable_moe_block", default=False)):
        return None
    experts_key, per_token_key, size_key = _EXPERT_KEYS[family]
    n_experts = read_count(text, experts_key)
    if read_count(text, per_token_key) > n_experts:
        raise UnsupportedConfig(per_token_key, f"{per_token_key} must not be more than {experts_key}")
    for key in ("decoder_sparse_step", "moe_layer_freq"):
        if text.get(key) not in (None, 1):
            raise UnsupportedConfig(key, f"{key} must be 1, other layouts of expert layers are not understood")
    if is_on(text.get("mlp_only_layers")):
        raise UnsupportedConfig(
            "mlp_only_layers", "mlp_only_layers must be empty, single dense layers are not understood"
        )
    shared_size = read_count(text, "shared_expert_intermediate_size") if family in QWEN_HYBRID else None
    routed = family in DEEPSEEK or family == "glm4_moe"
    n_shared = read_count(text, "n_shared_experts") if routed else int(family == "llama4" or shared_size is not None)
    moe = MoeSpec(
        n_experts=n_experts,
        n_experts_per_token=read_count(text, per_token_key),
        n_shared=n_shared,
        expert_intermediate_size=read_count(text, size_key),
        shared_intermediate_size=shared_size,
        first_k_dense=read_count(text, "first_k_dense_replace") if routed else 0,
        layer_frequency=read_count(text, "interleave_moe_layer_step") if family == "llama4" else 1,
        parallel_dense=family == "gemma4",
    )
    if moe.first_k_dense >= n_layers:
        raise UnsupportedConfig("first_k_dense_replace", "first_k_dense_replace must be less than num_hidden_layers")
    _check_expert_layers(text, moe, n_layers)
    return moe


def _check_expert_layers(text: Config, moe: MoeSpec, n_layers: int) -> None:
    """Lists that say once more which layers have experts must say the same."""
    has_experts = [i >= moe.first_k_dense and (i + 1) % moe.layer_frequency == 0 for i in range(n_layers)]
    kinds = text.get("mlp_layer_types")
    if kinds is not None and kinds != ["sparse" if experts else "dense" for experts in has_experts]:
        raise UnsupportedConfig("mlp_layer_types", "mlp_layer_types must be dense for the leading layers, then sparse")
    indices = text.get("moe_layers")
    if indices is not None and indices != [i for i, experts in enumerate(has_experts) if experts]:
        raise UnsupportedConfig("moe_layers", "moe_layers must be every interleave_moe_layer_step-th layer")


def _layout(text: Config, family: str) -> TensorLayout:
    layout = LAYOUTS[family]
    biased = read_flag(text, "attention_bias", default=layout.qkv_bias)
    if family in _BIAS_ON_ALL_PROJECTIONS:
        layout = replace(layout, qkv_bias=biased, output_bias=biased)
    elif family == "glm4_moe":
        layout = replace(layout, qkv_bias=biased)
    if family in _QK_NORM_SWITCH and read_flag(text, "use_qk_norm", default=False):
        layout = replace(layout, qk_norm=_QK_NORM_SWITCH[family])
    return replace(layout, mlp_bias=read_flag(text, "mlp_bias", default=False))
