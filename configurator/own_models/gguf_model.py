"""From the metadata of a GGUF file to a ModelSpec. Pure: no Django, no clock, no I/O.

Keys are those of llama.cpp's converter (gguf, ``constants.Keys``); what a loader takes for granted without a key, such
as which layers see a window only, follows llama.cpp's loaders (``src/models``). A model whose keys or tensors are not
understood is refused by name: it is better to estimate nothing than something wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog.hf_config import arch_class
from catalog.specs import ModelSpec, MoeSpec, StoredTensor, WeightsFile
from configurator.estimation.quantization import FILE_TYPES
from configurator.estimation.tensors import Tensor, named_tensor, tensors
from configurator.own_models.gguf import GgufHead, GgufTensor
from configurator.own_models.gguf_keys import MOST_LAYERS, ArchitectureKeys, UnsupportedGguf
from configurator.own_models.gguf_layers import HYBRID, experts, heads, latent_attention, linear_attention

DIFFERENCE_ALLOWED = 0.01
"""Part of the elements in blocks by which a file may differ from what its architecture is known to hold: norms, biases
and tables that some converters add or leave out."""

# llama.cpp's name of the architecture -> the class of config.json that has the same layers.
ARCHITECTURES: Mapping[str, str] = {
    "llama": "LlamaForCausalLM",
    "mistral3": "MistralForCausalLM",
    "granite": "GraniteForCausalLM",
    "smollm3": "SmolLM3ForCausalLM",
    "arcee": "ArceeForCausalLM",
    "seed_oss": "SeedOssForCausalLM",
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "qwen3moe": "Qwen3MoeForCausalLM",
    "qwen2vl": "Qwen2ForCausalLM",
    "qwen3vl": "Qwen3ForCausalLM",
    "qwen3vlmoe": "Qwen3MoeForCausalLM",
    "qwen3next": "Qwen3NextForCausalLM",
    "qwen35": "Qwen3_5ForCausalLM",
    "qwen35moe": "Qwen3_5MoeForCausalLM",
    "gemma2": "Gemma2ForCausalLM",
    "gemma3": "Gemma3ForCausalLM",
    "gemma4": "Gemma4ForCausalLM",
    "deepseek2": "DeepseekV3ForCausalLM",
    "glm4moe": "Glm4MoeForCausalLM",
    "gpt-oss": "GptOssForCausalLM",
    "phi3": "Phi3ForCausalLM",
    "command-r": "CohereForCausalLM",
    "cohere2": "Cohere2ForCausalLM",
    "olmo2": "Olmo2ForCausalLM",
    "llama4": "Llama4ForCausalLM",
    "minimax-m2": "MiniMaxM2ForCausalLM",
}
# Keys that say nothing about sizes, by their beginnings, and those that are read below.
_HARMLESS = (
    "rope.", "attention.layer_norm", "attention.causal", "attention.scale", "attention.output_scale", "logit_scale",
    "attention.clamp_kqv", "attention.temperature", "embedding_scale", "residual_scale", "tensor_data_layout",
    "attn_logit_softcapping", "final_logit_softcapping", "router_logit_softcapping", "pooling_type", "swin_norm",
    "use_parallel_residual", "expert_weights", "expert_gating_func", "expert_group", "swiglu_clamp",
    "n_deepstack_layers", "name",
)  # fmt: skip
_READ = (
    "vocab_size", "context_length", "embedding_length", "block_count", "leading_dense_block_count",
    "feed_forward_length", "expert_feed_forward_length", "expert_shared_feed_forward_length", "expert_count",
    "expert_used_count", "expert_shared_count", "nextn_predict_layers", "interleave_moe_layer_step",
    "full_attention_interval", "attention.head_count", "attention.head_count_kv", "attention.key_length",
    "attention.value_length", "attention.q_lora_rank", "attention.kv_lora_rank", "attention.sliding_window",
    "attention.key_length_mla", "attention.value_length_mla", "attention.key_length_swa",
    "attention.value_length_swa", "attention.sliding_window_pattern", "attention.shared_kv_layers",
    "embedding_length_per_layer_input", "ssm.conv_kernel", "ssm.inner_size", "ssm.state_size", "ssm.time_step_rank",
    "ssm.group_count",
)  # fmt: skip


def model_spec_from_gguf(head: GgufHead, slug: str, name: str) -> ModelSpec:
    """The model a GGUF file holds, with the exact types of its tensors for estimates in the file's own quantisation.

    Raises UnsupportedGguf, and nothing else, whatever the head holds.
    """
    architecture = head.metadata.get("general.architecture")
    if not isinstance(architecture, str) or architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        shown = str(architecture)[:60] if architecture is not None else "missing"
        raise UnsupportedGguf(
            "general.architecture", f"general.architecture is {shown}; understood are {known}. Nothing is estimated."
        )
    keys = ArchitectureKeys(head.metadata, architecture)
    _refuse_unread_keys(keys)
    by_name = {tensor.name: tensor for tensor in head.tensors}
    model = _read(keys, by_name, slug, name)
    stored = tuple(StoredTensor(tensor.name, tensor.shape, tensor.ggml_type) for tensor in head.tensors)
    _refuse_other_tensors(model, stored)
    counted = _parameters(model, stored)
    return replace(model, params_total=counted[0], params_active=counted[1], file=WeightsFile(file_quant(head), stored))


def file_quant(head: GgufHead) -> str:
    """The file's quantisation: the file type its maker wrote, else the one whose type most elements have."""
    stated = head.metadata.get("general.file_type")
    if isinstance(stated, int) and stated in _FILE_TYPE_NUMBERS:
        return _FILE_TYPE_NUMBERS[stated]
    elements: dict[str, int] = {}
    for tensor in head.tensors:
        elements[tensor.ggml_type] = elements.get(tensor.ggml_type, 0) + tensor.elements
    most = max(elements, key=lambda kind: elements[kind], default="F16")
    return next((quant for quant, kind in FILE_TYPES.items() if kind == most), "F16")


# llama.cpp's numbers for file types (llama.h, ``enum llama_ftype``).
_FILE_TYPE_NUMBERS: Mapping[int, str] = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS",
    21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4_MOE",
}  # fmt: skip


def _refuse_unread_keys(keys: ArchitectureKeys) -> None:
    for key in sorted(keys.present()):
        if key not in _READ and not key.startswith(_HARMLESS):
            raise UnsupportedGguf(
                keys.full(key)[:80], f"{keys.full(key)[:80]} is not understood, so nothing can be estimated."
            )
    for key in ("attention.shared_kv_layers", "embedding_length_per_layer_input"):
        if keys.optional_count(key):
            raise UnsupportedGguf(keys.full(key), f"{keys.full(key)} is not understood, so nothing can be estimated.")


def _read(keys: ArchitectureKeys, by_name: Mapping[str, GgufTensor], slug: str, name: str) -> ModelSpec:
    embedding = by_name.get("token_embd.weight")
    if embedding is None or len(embedding.shape) != 2:
        raise UnsupportedGguf(
            "token_embd.weight",
            "The tensor token_embd.weight is not there. If the file comes in parts, all of them are needed; "
            "a projector for pictures (mmproj) is no language model.",
        )
    architecture = keys.architecture
    mtp_layers = keys.optional_count("nextn_predict_layers", 16) or 0
    n_layers = keys.count("block_count", MOST_LAYERS) - mtp_layers
    if n_layers < 1:
        raise UnsupportedGguf(keys.full("block_count"), f"{keys.full('block_count')} leaves no layers.")
    hidden_size, n_heads = keys.count("embedding_length"), keys.count("attention.head_count", 1024)
    mla = latent_attention(keys) if architecture == "deepseek2" else None
    moe = experts(keys, by_name, n_layers)
    linear = linear_attention(keys, n_layers) if architecture in HYBRID else None
    window, n_kv_heads, head_dim = heads(keys, n_layers, hidden_size, n_heads)
    if mla is not None:
        n_kv_heads, head_dim = n_heads, mla.qk_nope_head_dim + mla.qk_rope_head_dim
    class_name = ARCHITECTURES[architecture]
    if architecture == "deepseek2" and not any(name.endswith("exp_probs_b.bias") for name in by_name):
        class_name = "DeepseekV2ForCausalLM"
    return ModelSpec(
        slug=slug,
        name=name,
        hf_repo="",
        architecture=class_name,
        arch_class=arch_class(moe, mla, linear, window),
        n_layers=n_layers,
        hidden_size=hidden_size,
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        head_dim=head_dim,
        intermediate_size=_dense_width(keys, moe),
        vocab_size=embedding.shape[1],
        tie_embeddings="output.weight" not in by_name,
        max_context_tokens=keys.optional_count("context_length"),
        mtp_layers=mtp_layers,
        params_total=0,
        params_active=None,
        moe=moe,
        mla=mla,
        linear=linear,
        window=window,
        refusal=None,
    )


def _dense_width(keys: ArchitectureKeys, moe: MoeSpec | None) -> int:
    """Width of the dense feed-forward; 0 where every layer has experts instead."""
    width = keys.optional_count("feed_forward_length")
    if width:
        return width
    if moe is None or moe.first_k_dense or moe.layer_frequency > 1 or moe.parallel_dense:
        return keys.count("feed_forward_length")
    return 0


def _refuse_other_tensors(model: ModelSpec, stored: Sequence[StoredTensor]) -> None:
    """Refuse a file whose blocks are not those its architecture is known to have."""
    held = [named_tensor(tensor.name, tensor.shape) for tensor in stored]
    unknown = next((t for t in held if t.layer is not None and t.layer >= model.n_layers + model.mtp_layers), None)
    if unknown is not None:
        raise UnsupportedGguf(unknown.name, f"The tensor {unknown.name} belongs to no layer the file says it has.")
    expected = _block_elements(model, tensors(model))
    found = _block_elements(model, held)
    total = sum(expected.values())
    differing = {
        stem: abs(found.get(stem, 0) - expected.get(stem, 0)) for stem in (*expected, *found) if stem != "other"
    }
    if abs(sum(found.values()) - total) > DIFFERENCE_ALLOWED * total:
        worst = max(differing, key=lambda stem: differing[stem])
        raise UnsupportedGguf(
            worst,
            f"The tensors {worst} hold {found.get(worst, 0):,} values where this architecture has "
            f"{expected.get(worst, 0):,}. If the file comes in parts, all of them are needed; else it is not "
            "understood, and nothing is estimated.",
        )


def _block_elements(model: ModelSpec, listed: Sequence[Tensor]) -> dict[str, int]:
    """Elements of the main blocks by stem."""
    counted: dict[str, int] = {}
    for tensor in listed:
        if tensor.layer is not None and tensor.layer < model.n_layers:
            counted[tensor.stem] = counted.get(tensor.stem, 0) + tensor.elements
    return counted


def _parameters(model: ModelSpec, stored: Sequence[StoredTensor]) -> tuple[int, int]:
    """All main weights, and those read for one token, as :mod:`catalog.param_count` counts them."""
    total = active = 0
    for tensor in (named_tensor(each.name, each.shape) for each in stored):
        if (tensor.layer is not None and tensor.layer >= model.n_layers) or tensor.stem.startswith("rope_"):
            continue
        total += tensor.elements
        if tensor.stem == "token_embd" and not model.tie_embeddings:
            continue
        if tensor.stem.endswith("_exps") and model.moe is not None:
            active += tensor.elements * model.moe.n_experts_per_token // model.moe.n_experts
        else:
            active += tensor.elements
    return total, active
