"""What each block of a model is: attention or recurrent, local or global, dense or mixture of experts.

Pure. Layers count from zero; multi-token-prediction blocks follow the main ones.
"""

from catalog.specs import ModelSpec, MoeSpec
from configurator.estimation.families import family_of

_LLAMA3_VOCABULARY = 128256


def mtp_blocks(model: ModelSpec) -> int:
    """Multi-token-prediction blocks in the file. They are not loaded for plain decoding, yet count as layers when
    llama.cpp splits a model between GPUs (llama-model.cpp, ``n_layer_all``)."""
    return 0 if family_of(model).drops_mtp else model.mtp_layers


def shares_embedding(model: ModelSpec) -> bool:
    """Whether the file has one matrix for the input embedding and the output."""
    return model.tie_embeddings and not family_of(model).own_output


def is_attention_layer(model: ModelSpec, layer: int) -> bool:
    """Whether the layer keeps keys and values for every token (False: a constant recurrent state, or none)."""
    linear = model.linear
    if linear is None or layer >= model.n_layers:
        return True
    if linear.pattern:
        return layer < len(linear.pattern) and linear.pattern[layer] == "*"
    full = linear.n_full_layers or model.n_layers
    interval = linear.full_attention_interval or max(1, model.n_layers // full)
    return (layer + 1) % interval == 0


def is_recurrent_layer(model: ModelSpec, layer: int) -> bool:
    """Whether the layer holds a state of constant size per sequence."""
    linear = model.linear
    if linear is None or layer >= model.n_layers:
        return False
    if linear.pattern:
        return layer < len(linear.pattern) and linear.pattern[layer] == "M"
    return not is_attention_layer(model, layer)


def is_local_layer(model: ModelSpec, layer: int) -> bool:
    """Whether attention sees a sliding window (or chunk) only.

    False throughout for architectures whose window llama.cpp ignores (Mistral 7B v0.1, Phi-3).
    """
    window = model.window
    if window is None or not family_of(model).windows:
        return False
    return window.period == 1 or layer % window.period < window.period - 1


def kv_shape(model: ModelSpec, layer: int) -> tuple[int, int]:
    """Key-value heads and head size of the layer; global layers may differ (Gemma 4)."""
    window = model.window
    if window is not None and not is_local_layer(model, layer):
        return window.global_n_kv_heads or model.n_kv_heads, window.global_head_dim or model.head_dim
    return model.n_kv_heads, model.head_dim


def has_experts(model: ModelSpec, layer: int) -> bool:
    """Whether the feed-forward of the layer is a mixture of experts."""
    moe = model.moe
    if moe is None or layer < moe.first_k_dense:
        return False
    return moe.layer_frequency <= 1 or (layer + 1) % moe.layer_frequency == 0


def has_indexer(model: ModelSpec, layer: int) -> bool:
    """Whether the layer selects tokens with an indexer of its own (sparse attention of DeepSeek V3.2 and GLM-5).

    GLM-5.2, told by its context of a million tokens as llama.cpp tells it, shares one indexer between four layers.
    """
    family = family_of(model)
    if not family.indexer_heads:
        return False
    shares = family.gguf == "glm-dsa" and (model.max_context_tokens or 0) >= 2**20
    return not shares or layer < 2 or (layer - 2) % 4 == 0


def dense_width(model: ModelSpec) -> int:
    """Width of a dense feed-forward. Llama 4 makes its dense layers twice as wide as its experts
    (``intermediate_size_mlp``), which a spec may not tell apart."""
    width, moe = model.intermediate_size, model.moe
    if family_of(model).gguf == "llama4" and moe is not None and width == moe.expert_intermediate_size:
        return 2 * width
    return width


def shared_width(moe: MoeSpec) -> int:
    """Width of the shared experts together."""
    return moe.shared_intermediate_size or moe.n_shared * moe.expert_intermediate_size


def rope_frequencies(model: ModelSpec) -> int:
    """Elements of the table of rotary factors a file may carry (0 = none).

    Llama 3.1 and later stretch the context with one (the converter writes it for ``rope_type: llama3``); they are told
    from Llama 3 by their context. Gemma 4 has one for its global layers.
    """
    family = family_of(model)
    if family.gguf == "gemma4" and model.window is not None:
        return (model.window.global_head_dim or model.head_dim) // 2
    stretched = (model.max_context_tokens or 0) > 8192
    if family.gguf in ("llama", "deci") and model.vocab_size == _LLAMA3_VOCABULARY and stretched:
        return model.head_dim // 2
    if family.gguf == "llama4" and (model.max_context_tokens or 0) > 2**20:  # Scout, not Maverick
        return model.head_dim // 2
    return 0


def dsv4_compression(layer: int) -> int:
    """Tokens of one compressed cache entry in DeepSeek V4 (0 = window only): two layers without, then 4 and 128 in
    turn (``compress_ratios`` of its config.json)."""
    if layer < 2:
        return 0
    return 4 if layer % 2 == 0 else 128
