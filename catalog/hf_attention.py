"""Which attention each layer of a Hugging Face config.json has: latent, linear, windowed or full. Pure."""

from collections.abc import Sequence

from catalog.hf_keys import Config, UnsupportedConfig, read_count, read_flag, read_optional_count
from catalog.specs import LinearAttentionSpec, MlaSpec, WindowSpec

DEEPSEEK = frozenset({"deepseek_v2", "deepseek_v3"})
"""Families with latent attention."""
QWEN_HYBRID = frozenset({"qwen3_next", "qwen3_5", "qwen3_5_moe"})
"""Families with linear attention."""
GEMMA = frozenset({"gemma2", "gemma3", "gemma4"})
"""Families with alternating windows of their own defaults."""
_QWEN = frozenset({"qwen2", "qwen3", "qwen3_moe"}) | QWEN_HYBRID


def latent_attention(text: Config) -> MlaSpec:
    """DeepSeek's latent attention. Raises UnsupportedConfig."""
    return MlaSpec(
        kv_lora_rank=read_count(text, "kv_lora_rank"),
        q_lora_rank=read_optional_count(text, "q_lora_rank"),
        qk_rope_head_dim=read_count(text, "qk_rope_head_dim"),
        qk_nope_head_dim=read_count(text, "qk_nope_head_dim"),
        v_head_dim=read_count(text, "v_head_dim"),
    )


def linear_attention(text: Config, n_layers: int) -> LinearAttentionSpec:
    """Qwen's Gated DeltaNet layers between those of full attention. Raises UnsupportedConfig."""
    if not read_flag(text, "attn_output_gate", default=True):
        raise UnsupportedConfig("attn_output_gate", "attn_output_gate must be true")
    kinds = _layer_types(text, n_layers, "linear_attention")
    interval = read_count(text, "full_attention_interval") if kinds is None else _period(kinds)
    if read_optional_count(text, "full_attention_interval") not in (None, interval):
        raise UnsupportedConfig("full_attention_interval", "full_attention_interval contradicts layer_types")
    return LinearAttentionSpec(
        kind="gated_deltanet",
        full_attention_interval=interval,
        conv_kernel=read_count(text, "linear_conv_kernel_dim"),
        key_head_dim=read_count(text, "linear_key_head_dim"),
        n_key_heads=read_count(text, "linear_num_key_heads"),
        value_head_dim=read_count(text, "linear_value_head_dim"),
        n_value_heads=read_count(text, "linear_num_value_heads"),
        n_full_layers=n_layers // interval,
        pattern=None,
        mamba_n_heads=None,
        mamba_head_dim=None,
        mamba_state_size=None,
        mamba_n_groups=None,
    )


def attention_window(text: Config, family: str, n_layers: int) -> WindowSpec | None:
    """The window of the family's local layers, None where every layer sees all. Raises UnsupportedConfig."""
    if family in _QWEN and read_flag(text, "use_sliding_window", default=False):
        raise UnsupportedConfig("use_sliding_window", "use_sliding_window must be false, its layers are not understood")
    if family in ("mistral", "mixtral"):
        return _mistral_window(text, n_layers)
    if family in GEMMA or family == "gpt_oss":
        return _alternating_window(text, family, n_layers)
    if family == "llama4" and text.get("attention_chunk_size") is not None:
        kinds = _layer_types(text, n_layers, "chunked_attention")
        period = _rope_period(text, n_layers) if kinds is None else _period(kinds)
        return WindowSpec(read_count(text, "attention_chunk_size"), period, True, None, None)
    if family not in QWEN_HYBRID:
        _layer_types(text, n_layers)
    return None  # Phi-3 names a window that llama.cpp does not use


def _mistral_window(text: Config, n_layers: int) -> WindowSpec | None:
    window = read_optional_count(text, "sliding_window")
    kinds = _layer_types(text, n_layers, "sliding_attention")
    if window is None or (kinds is not None and "sliding_attention" not in kinds):
        return None
    if kinds is not None and "full_attention" in kinds:
        raise UnsupportedConfig("layer_types", "layer_types must be all sliding_attention or all full_attention")
    return WindowSpec(window, 1, False, None, None)


def _alternating_window(text: Config, family: str, n_layers: int) -> WindowSpec:
    bidirectional = text.get("use_bidirectional_attention")
    if bidirectional not in (None, False, "vision"):
        raise UnsupportedConfig("use_bidirectional_attention", "use_bidirectional_attention must be false or vision")
    kinds = _layer_types(text, n_layers, "sliding_attention")
    if kinds is not None:
        period = _period(kinds)
    elif family == "gemma4":
        raise UnsupportedConfig("layer_types", "layer_types is missing, needed is one attention kind a layer")
    else:
        stated = read_optional_count(text, "sliding_window_pattern")
        stated = stated or read_optional_count(text, "_sliding_window_pattern")
        period = stated or (6 if family == "gemma3" else 2)
    global_heads = global_dim = None
    if family == "gemma4":
        if not read_flag(text, "attention_k_eq_v", default=False):
            raise UnsupportedConfig("attention_k_eq_v", "attention_k_eq_v must be true")
        global_heads, global_dim = read_count(text, "num_global_key_value_heads"), read_count(text, "global_head_dim")
    return WindowSpec(read_count(text, "sliding_window"), period, False, global_heads, global_dim)


def _rope_period(text: Config, n_layers: int) -> int:
    """Llama 4 marks its global layers as those without rotary embedding: 0 in no_rope_layers."""
    flags = text.get("no_rope_layers")
    if flags is None or flags == []:
        return read_optional_count(text, "no_rope_layer_interval") or 4
    if not isinstance(flags, list | tuple) or len(flags) != n_layers or any(flag not in (0, 1) for flag in flags):
        raise UnsupportedConfig("no_rope_layers", "no_rope_layers must be a list of 0 or 1, one a layer")
    return _period(["chunked_attention" if flag else "full_attention" for flag in flags])


def _layer_types(text: Config, n_layers: int, local: str = "full_attention") -> Sequence[str] | None:
    """The list ``layer_types``, checked: one entry a layer, each ``local`` or full attention. None where absent."""
    kinds = text.get("layer_types")
    if kinds is None:
        return None
    if not isinstance(kinds, list | tuple) or len(kinds) != n_layers:
        raise UnsupportedConfig("layer_types", "layer_types must be a list with one attention kind a layer")
    allowed = ("full_attention",) if local == "full_attention" else (local, "full_attention")
    if any(not isinstance(kind, str) or kind not in allowed for kind in kinds):
        raise UnsupportedConfig("layer_types", f"layer_types may hold {' and '.join(allowed)} for this architecture")
    return kinds


def _period(kinds: Sequence[str]) -> int:
    """The period p for which layer i is global iff i % p == p - 1; refuses any other pattern."""
    period = kinds.index("full_attention") + 1 if "full_attention" in kinds else 0
    expected = [i % period == period - 1 for i in range(len(kinds))] if period > 1 else []
    if expected != [kind == "full_attention" for kind in kinds]:
        raise UnsupportedConfig("layer_types", "layer_types must repeat: some local layers, then one of full_attention")
    return period
