"""Reading single keys of a Hugging Face config.json: types, bounds, and which keys are understood. Pure.

Every number has bounds, so a hostile file fails fast; a key about layers or caches that a family does not have is
refused by name.
"""

from collections.abc import Mapping
from types import MappingProxyType

Config = Mapping[str, object]

_COUNT_LIMITS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "num_hidden_layers": (1, 512),  # llama.cpp takes no more
        "hidden_size": (1, 65_536),
        "num_attention_heads": (1, 1024),
        "num_key_value_heads": (1, 1024),
        "head_dim": (1, 1024),
        "intermediate_size": (1, 1_048_576),
        "intermediate_size_mlp": (1, 1_048_576),
        "vocab_size": (1, 4_000_000),
        "max_position_embeddings": (1, 2**31 - 1),
        "num_local_experts": (1, 4096),
        "num_experts": (1, 4096),
        "n_routed_experts": (1, 4096),
        "num_experts_per_tok": (1, 4096),
        "top_k_experts": (1, 4096),
        "n_shared_experts": (0, 64),
        "moe_intermediate_size": (1, 1_048_576),
        "shared_expert_intermediate_size": (1, 1_048_576),
        "first_k_dense_replace": (0, 512),
        "interleave_moe_layer_step": (1, 64),
        "kv_lora_rank": (1, 65_536),
        "q_lora_rank": (1, 65_536),
        "qk_rope_head_dim": (1, 1024),
        "qk_nope_head_dim": (1, 1024),
        "v_head_dim": (1, 1024),
        "full_attention_interval": (2, 64),
        "linear_conv_kernel_dim": (1, 64),
        "linear_key_head_dim": (1, 1024),
        "linear_num_key_heads": (1, 1024),
        "linear_value_head_dim": (1, 1024),
        "linear_num_value_heads": (1, 1024),
        "sliding_window": (1, 2**31 - 1),
        "sliding_window_pattern": (2, 64),
        "_sliding_window_pattern": (2, 64),
        "attention_chunk_size": (1, 2**31 - 1),
        "no_rope_layer_interval": (2, 64),
        "global_head_dim": (1, 1024),
        "num_global_key_value_heads": (1, 1024),
        "num_nextn_predict_layers": (0, 16),
        "mtp_num_hidden_layers": (0, 16),
    }
)


class UnsupportedConfig(ValueError):
    """This config.json cannot be sized. ``key`` is the key in the way, ``message`` says what is allowed or missing."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


def read_count(config: Config, key: str) -> int:
    """The whole number under ``key``. Raises UnsupportedConfig where it is missing, ill-typed or out of bounds."""
    value = read_optional_count(config, key)
    if value is None:
        low, high = _COUNT_LIMITS[key]
        raise UnsupportedConfig(key, f"{key} is missing, needed is a whole number from {low} to {high}")
    return value


def read_optional_count(config: Config, key: str) -> int | None:
    """As ``read_count``, None where the key is absent or null."""
    value = config.get(key)
    if value is None:
        return None
    low, high = _COUNT_LIMITS[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UnsupportedConfig(key, f"{key} must be a whole number from {low} to {high}")
    return value


def read_flag(config: Config, key: str, *, default: bool) -> bool:
    """True or false under ``key``, ``default`` where it is absent or null. Raises UnsupportedConfig where ill-typed."""
    value = config.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise UnsupportedConfig(key, f"{key} must be true or false")
    return value


def read_text(config: Config, key: str) -> str | None:
    """The text under ``key``, None where it is absent, null or empty. Raises UnsupportedConfig where ill-typed."""
    value = config.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise UnsupportedConfig(key, f"{key} must be text")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A key with one of these in it says how layers, heads or caches are built. Where the family does not have that key and
# its value is not off, the model is something else than the family, and nothing may be estimated from it.
_STRUCTURAL_STEMS = tuple(
    _words(
        "altup attention attn block chunk compress conv cross decoder delta depth encoder engram expert ffn gate "
        "global hc head hybrid hyper index kda kernel kv latent laurel layer lightning linear local lora mamba memor "
        "mixer mlp moe mtp nextn pattern ple qk recurr retention rnn rwkv shared sliding sparse ssm state swa window"
    )
)
_MODALITIES = _words("audio image media mm multimodal projector spatial video vision visual")
_TOKEN_SUFFIXES = ("_token_id", "_index")  # positions in the vocabulary

HARMLESS_KEYS = _words(
    "attention_bias attention_dropout attn_dropout attn_implementation _attn_implementation attn_pdrop "
    "compression_config head_dim is_decoder layer_norm_eps layer_norm_epsilon layer_types max_window_layers "
    "num_attention_heads num_hidden_layers num_key_value_heads output_attentions output_hidden_states"
)
"""Keys with structural words that every family may have."""

_EXPERTS = "num_experts_per_tok moe_intermediate_size"
_ROUTED = (
    f"{_EXPERTS} first_k_dense_replace mlp_layer_types moe_layer_freq moe_router_dtype n_routed_experts "
    "n_shared_experts num_nextn_predict_layers"
)
_LATENT = f"{_ROUTED} kv_lora_rank q_lora_rank qk_head_dim qk_nope_head_dim qk_rope_head_dim v_head_dim"
_QWEN_EXPERTS = f"{_EXPERTS} num_experts decoder_sparse_step"
_DELTA_NET = (
    "attn_output_gate full_attention_interval linear_conv_kernel_dim linear_key_head_dim linear_num_key_heads "
    "linear_num_value_heads linear_value_head_dim mamba_ssm_dtype mlp_only_layers output_gate_type"
)
_MTP = "mtp_num_hidden_layers mtp_use_dedicated_embeddings"
_WINDOW = "attn_logit_softcapping query_pre_attn_scalar sliding_window use_bidirectional_attention"

KNOWN_KEYS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        family: HARMLESS_KEYS | _words(keys)
        for family, keys in {
            "llama": "mlp_bias",
            "mistral": "sliding_window",
            "mixtral": "sliding_window num_experts_per_tok num_local_experts",
            "phi3": "sliding_window",
            "granite": "mlp_bias attention_multiplier",
            "llama4": "attention_chunk_size attn_scale attn_temperature_tuning interleave_moe_layer_step "
            "intermediate_size_mlp moe_layers no_rope_layer_interval no_rope_layers num_experts_per_tok "
            "num_local_experts use_qk_norm",
            "qwen2": "sliding_window use_sliding_window",
            "qwen3": "sliding_window use_sliding_window use_qk_norm",
            "qwen3_moe": f"sliding_window use_sliding_window use_qk_norm {_QWEN_EXPERTS} mlp_only_layers",
            "qwen3_next": f"{_DELTA_NET} {_QWEN_EXPERTS} shared_expert_intermediate_size",
            "qwen3_5": f"{_DELTA_NET} {_MTP}",
            "qwen3_5_moe": f"{_DELTA_NET} {_QWEN_EXPERTS} shared_expert_intermediate_size {_MTP}",
            "gemma2": f"{_WINDOW} sliding_window_size",
            "gemma3": f"{_WINDOW} sliding_window_pattern _sliding_window_pattern rope_local_base_freq",
            "gemma4": f"{_WINDOW} attention_k_eq_v enable_moe_block global_head_dim "
            "moe_intermediate_size num_experts num_global_key_value_heads top_k_experts vocab_size_per_layer_input",
            "deepseek_v2": _LATENT,
            "deepseek_v3": _LATENT,
            "gpt_oss": "experts_per_token num_experts_per_tok num_local_experts sliding_window",
            "glm4_moe": f"{_ROUTED} use_qk_norm",
            "cohere": "use_qk_norm",
            "olmo2": "",
        }.items()
    }
)
"""Family -> the structural keys whose meaning is understood. Every other one is refused where it is on."""


def refuse_unknown_structure(config: Config, known: frozenset[str]) -> None:
    """Raise UnsupportedConfig on a key that says how layers, heads or caches are built and is not among ``known``."""
    for key, value in config.items():
        if not isinstance(key, str):
            raise UnsupportedConfig("config", "the keys of a config must be text")
        if key in known or key.endswith(_TOKEN_SUFFIXES) or not is_on(value):
            continue
        words = key.lower().strip("_").split("_", 16)
        if not _MODALITIES.isdisjoint(words):
            continue
        if any(word.startswith(stem) for word in words for stem in _STRUCTURAL_STEMS):
            raise UnsupportedConfig(
                key[:60], f"{key[:60]} is not understood for this architecture, so nothing can be estimated"
            )


def is_on(value: object) -> bool:
    """Whether a key says anything: null, false, zero and empty values leave the architecture as it is."""
    return not (value is None or value is False or value == 0 or value in ("", [], {}, ()))
