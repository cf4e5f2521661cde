"""The layers of a model by the metadata of its GGUF file: latent, linear, windowed or full attention, experts. Pure.

What a loader takes for granted without a key, such as which layers see a window only, follows llama.cpp's loaders
(``src/models``).
"""

from collections.abc import Mapping

from catalog.specs import LinearAttentionSpec, MlaSpec, MoeSpec, WindowSpec
from configurator.own_models.gguf import GgufTensor
from configurator.own_models.gguf_keys import MOST_LAYERS, ArchitectureKeys, UnsupportedGguf

HYBRID = ("qwen3next", "qwen35", "qwen35moe")
"""Architectures with linear attention between layers of full attention."""

# Every so many layers one sees everything; the loaders set it without a key.
_WINDOW_PERIODS: Mapping[str, int] = {"gemma2": 2, "gemma3": 6, "gpt-oss": 2, "cohere2": 4, "olmo2": 4, "llama4": 4}
_LLAMA4_CHUNK_TOKENS = 8192
_WINDOW_IGNORED = ("phi3", "llama", "mistral3", "qwen2")  # their loaders do not use the key


def latent_attention(keys: ArchitectureKeys) -> MlaSpec:
    if keys.optional_count("attention.key_length_mla") is None:
        raise UnsupportedGguf(
            keys.full("attention.key_length_mla"),
            f"{keys.full('attention.key_length_mla')} is missing: the file was made before llama.cpp kept the latent "
            "only, so its cache is many times as large. Take a newer file.",
        )
    rope = keys.count("rope.dimension_count", 1024)
    nope = keys.count("attention.key_length_mla", 4096) - rope
    if nope < 1:
        raise UnsupportedGguf(
            keys.full("rope.dimension_count"), f"{keys.full('rope.dimension_count')} leaves no room for the keys."
        )
    return MlaSpec(
        kv_lora_rank=keys.count("attention.kv_lora_rank", 65_536),
        q_lora_rank=keys.optional_count("attention.q_lora_rank", 65_536) or None,
        qk_rope_head_dim=rope,
        qk_nope_head_dim=nope,
        v_head_dim=keys.count("attention.value_length_mla", 4096),
    )


def linear_attention(keys: ArchitectureKeys, n_layers: int) -> LinearAttentionSpec:
    interval = keys.optional_count("full_attention_interval", 64) or 4
    value_heads = keys.count("ssm.time_step_rank", 1024)
    return LinearAttentionSpec(
        kind="gated_deltanet",
        full_attention_interval=interval,
        conv_kernel=keys.count("ssm.conv_kernel", 64),
        key_head_dim=keys.count("ssm.state_size", 1024),
        n_key_heads=keys.count("ssm.group_count", 1024),
        value_head_dim=keys.count("ssm.inner_size") // value_heads,
        n_value_heads=value_heads,
        n_full_layers=n_layers // interval,
        pattern=None,
        mamba_n_heads=None,
        mamba_head_dim=None,
        mamba_state_size=None,
        mamba_n_groups=None,
    )


def experts(keys: ArchitectureKeys, by_name: Mapping[str, GgufTensor], n_layers: int) -> MoeSpec | None:
    n_experts = keys.optional_count("expert_count", 4096) or 0
    if not n_experts:
        return None
    used = keys.count("expert_used_count", 4096)
    if used > n_experts:
        raise UnsupportedGguf(
            keys.full("expert_used_count"), f"{keys.full('expert_used_count')} is more than expert_count."
        )
    size_key = "feed_forward_length" if keys.architecture == "llama" else "expert_feed_forward_length"
    shared_width = _shared_width(by_name)
    size = keys.optional_count(size_key) or keys.count("feed_forward_length")
    first = keys.optional_count("leading_dense_block_count", MOST_LAYERS) or 0
    if first >= n_layers:
        raise UnsupportedGguf(
            keys.full("leading_dense_block_count"),
            f"{keys.full('leading_dense_block_count')} leaves no layer with experts.",
        )
    n_shared = max(1, shared_width // size) if shared_width else 0
    return MoeSpec(
        n_experts=n_experts,
        n_experts_per_token=used,
        n_shared=n_shared,
        expert_intermediate_size=size,
        shared_intermediate_size=None if shared_width == n_shared * size else shared_width,
        first_k_dense=first,
        layer_frequency=keys.optional_count("interleave_moe_layer_step", 64) or 1,
        parallel_dense=keys.architecture == "gemma4",
    )


def _shared_width(by_name: Mapping[str, GgufTensor]) -> int:
    """Width of the shared experts together, as their tensor says; 0 without."""
    shared = (tensor.shape[-1] for name, tensor in by_name.items() if name.endswith("ffn_up_shexp.weight"))
    return next(shared, 0)


def heads(keys: ArchitectureKeys, n_layers: int, hidden_size: int, n_heads: int) -> tuple[WindowSpec | None, int, int]:
    """The window, and key-value heads and head size (those of layers with a window, where they differ)."""
    head_dim = keys.optional_count("attention.key_length", 4096) or hidden_size // n_heads
    value_dim = keys.optional_count("attention.value_length", 4096) or head_dim
    if value_dim != head_dim and keys.architecture != "deepseek2":
        raise UnsupportedGguf(
            keys.full("attention.value_length"),
            f"{keys.full('attention.value_length')} is not that of the keys, which is not understood.",
        )
    if keys.architecture == "gemma4":
        return _gemma4_heads(keys, n_layers, head_dim)
    if keys.architecture in HYBRID:  # some converters write 0 for the layers without a cache
        n_kv_heads = max(keys.counts("attention.head_count_kv", n_layers))
    else:
        n_kv_heads = keys.optional_count("attention.head_count_kv", 1024) or n_heads
    window_tokens = keys.optional_count("attention.sliding_window") or 0
    if keys.architecture == "llama4":
        return WindowSpec(_LLAMA4_CHUNK_TOKENS, 4, True, None, None), n_kv_heads, head_dim
    if not window_tokens or keys.architecture in _WINDOW_IGNORED:
        return None, n_kv_heads, head_dim
    if keys.architecture not in _WINDOW_PERIODS:
        key = keys.full("attention.sliding_window")
        raise UnsupportedGguf(key, f"{key} is not understood for {keys.architecture}, so nothing can be estimated.")
    period = _WINDOW_PERIODS[keys.architecture]
    pattern = keys.raw("attention.sliding_window_pattern")
    if pattern is not None and pattern not in (period, _pattern(period, n_layers)):
        raise _other_pattern(keys)
    return WindowSpec(window_tokens, period, False, None, None), n_kv_heads, head_dim


def _gemma4_heads(keys: ArchitectureKeys, n_layers: int, global_dim: int) -> tuple[WindowSpec, int, int]:
    """Gemma 4 says layer by layer which see a window; those have heads of their own."""
    pattern = keys.raw("attention.sliding_window_pattern")
    period = pattern.index(False) + 1 if isinstance(pattern, tuple) and False in pattern else 0
    if period < 2 or pattern != _pattern(period, n_layers):
        raise _other_pattern(keys)
    heads = keys.counts("attention.head_count_kv", n_layers)
    local_heads, global_heads = heads[0], heads[period - 1]
    if heads != tuple(global_heads if i % period == period - 1 else local_heads for i in range(n_layers)):
        key = keys.full("attention.head_count_kv")
        raise UnsupportedGguf(key, f"{key} does not follow the pattern of windows, which is not understood.")
    window = WindowSpec(keys.count("attention.sliding_window"), period, False, global_heads, global_dim)
    return window, local_heads, keys.count("attention.key_length_swa", 4096)


def _pattern(period: int, n_layers: int) -> tuple[bool, ...]:
    """For each layer whether it sees a window only."""
    return tuple(i % period < period - 1 for i in range(n_layers))


def _other_pattern(keys: ArchitectureKeys) -> UnsupportedGguf:
    key = keys.full("attention.sliding_window_pattern")
    return UnsupportedGguf(key, f"{key} must repeat: some layers with a window, then one without.")
