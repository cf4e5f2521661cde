"""Bytes of checkpoints that are not GGUF: AWQ, GPTQ, FP8 and NVFP4 by their layouts.

Pure. Embeddings, head, norms, routers and convolutions stay at 16 bits, and so does a tower for pictures. Which linear
layers of the blocks do as well is its maker's choice: what a config.json says of itself is taken, else the recipe most
checkpoints of that architecture follow; how far others go is :func:`checkpoint_range`. MLA's folded key and value
projections have as many elements as the layer they come from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from catalog.specs import CheckpointSpec, ModelSpec
from configurator.estimation.families import family_of
from configurator.estimation.tensors import Tensor, tensors

GROUP = 128  # input channels that share a scale (AWQ and GPTQ), and the side of an FP8 block
NVFP4_GROUP = 16
_SMALLEST_GROUP = 32  # the finest that AWQ and GPTQ checkpoints are published with

# Small projections that every recipe leaves at 16 bits (Qwen3.6-27B as W4A16-G128 by LibertAIDAI and as GPTQ 8-bit by
# btbtyler09, model cards read on 2026-11-25).
_ALWAYS_KEPT = ("ssm_alpha", "ssm_beta", "ssm_ba", "ffn_gate_inp_shexp")

# Drafting blocks stay at 16 bits in these (both cards above, and 1Cat-vLLM's AWQ); FP8 and NVFP4 quantise them.
_KEEP_DRAFTS = ("AWQ", "GPTQ")

# Linear attention, attention and shared experts: what careful makers leave at 16 bits as well (llm-compressor's
# examples for Qwen3.5 ignore linear_attn and the shared expert, AutoRound's default recipe self_attn and linear_attn).
_OFTEN_KEPT = ("attn_", "ssm_")


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What stays at 16 bits of an architecture's blocks in one quantisation."""

    stems: tuple[str, ...]
    first_block: bool
    source: str


_QUANTTRIO = _Recipe(
    ("attn_q", "attn_k", "attn_v"),
    first_block=True,
    source="1Cat-vLLM, docs/design/sm70_awq_long_prefill_exact_dense.md at ae13773a: of Qwen3.6-27B-AWQ, 63 of 64 "
    "feed-forwards, 47 of 48 linear attentions and all attention outputs are quantised, queries, keys and values not; "
    "read on 2026-11-25",
)
_RECIPES: dict[tuple[str, str], _Recipe] = {("qwen35", "AWQ"): _QUANTTRIO, ("qwen35moe", "AWQ"): _QUANTTRIO}

# Parameters of the tower for pictures, which no quantisation touches, and what of them depends on the model's width.
_TOWERS: dict[str, tuple[int, int]] = {
    # 27 blocks of 1,152 and 4,304, patches of 2 x 16 x 16, 2,304 places, a merger of 4,608 (vision_config of
    # Qwen/Qwen3.6-27B's config.json); with them its repository holds 27.78 billion parameters
    "qwen35": (411_466_608 + 1_770_624 + 2_654_208 + 21_240_576, 4_609),
    "qwen35moe": (411_466_608 + 1_770_624 + 2_654_208 + 21_240_576, 4_609),
    "gemma3": (411_466_608 + 678_528 + 4_718_592 + 3_456, 1_152),  # SigLIP, 896 pixels in patches of 14
    "gemma4": (550_000_000, 0),  # Gemma 4's model card: about 550 million
}


def tower_bytes(model: ModelSpec) -> int:
    """Bytes of the tower for pictures, at 16 bits. GGUF files have it apart."""
    fixed, by_width = _TOWERS.get(family_of(model).gguf, (0, 0))
    return 2 * (fixed + by_width * model.hidden_size)


def checkpoint_bytes(model: ModelSpec, quant: str, listed: Sequence[Tensor]) -> list[int]:
    """Bytes of each tensor. ``quant`` is one of SAFETENSORS_QUANTS."""
    stated = _stated(model, quant)
    group = stated.group_size if stated is not None and stated.group_size else GROUP
    return _sizes(quant, listed, group, _keeper(model, quant))


def _stated(model: ModelSpec, quant: str) -> CheckpointSpec | None:
    """What the model's config.json says of its own quantisation, if that is the one at hand."""
    stated = model.checkpoint
    return stated if stated is not None and stated.quant == quant else None


def _keeper(model: ModelSpec, quant: str) -> Callable[[Tensor], bool]:
    """Whether a linear layer of a block stays at 16 bits."""
    stated = _stated(model, quant)
    if stated is not None:
        return lambda tensor: stated.keeps(tensor.layer, module_name(tensor))
    recipe = _RECIPES.get((family_of(model).gguf, quant))
    stems = (*_ALWAYS_KEPT, *(recipe.stems if recipe is not None else ()))
    first = recipe is not None and recipe.first_block

    def keeps(tensor: Tensor) -> bool:
        drafts = tensor.layer is not None and tensor.layer >= model.n_layers and quant.startswith(_KEEP_DRAFTS)
        return tensor.stem in stems or drafts or (first and tensor.layer == 0)

    return keeps


def _sizes(quant: str, listed: Sequence[Tensor], group: int, keeps: Callable[[Tensor], bool]) -> list[int]:
    return [
        _linear_bytes(quant, tensor, group)
        if tensor.quantizable and tensor.layer is not None and not keeps(tensor)
        else 2 * tensor.elements
        for tensor in listed
    ]


@lru_cache(maxsize=512)
def checkpoint_range(model: ModelSpec, quant: str) -> tuple[int, int] | None:
    """The smallest and the largest checkpoint of that quantisation its makers publish, bytes; None where they agree.

    The smallest quantises every linear layer and has no tower and no drafting blocks; the largest leaves all but the
    feed-forwards and routed experts at 16 bits, with the finest groups.
    """
    plain = model.linear is None and model.moe is None and not tower_bytes(model)
    if plain or _stated(model, quant) is not None:
        return None
    listed = tensors(model)
    main = [tensor for tensor in listed if tensor.layer is None or tensor.layer < model.n_layers]
    low = sum(_sizes(quant, main, GROUP, lambda tensor: False))
    fine = _SMALLEST_GROUP if quant.startswith(("AWQ", "GPTQ")) else GROUP

    def careful(tensor: Tensor) -> bool:
        drafts = tensor.layer is not None and tensor.layer >= model.n_layers
        return drafts or tensor.stem.startswith(_OFTEN_KEPT) or tensor.stem.endswith("_shexp")

    return low, sum(_sizes(quant, listed, fine, careful)) + tower_bytes(model)


def _linear_bytes(quant: str, tensor: Tensor, group: int) -> int:
    inputs, outputs = tensor.shape[0], prod(tensor.shape[1:])
    groups = -(-inputs // group) * outputs
    if quant == "AWQ":  # 4-bit weights, an fp16 scale and a 4-bit zero a group
        return (tensor.elements + 5 * groups) // 2
    if quant == "GPTQ-Int4":  # the same, and the group of each input channel
        return (tensor.elements + 5 * groups) // 2 + 4 * inputs
    if quant == "GPTQ-Int8":
        return tensor.elements + 3 * groups + 4 * inputs
    if quant == "FP8":  # one fp32 scale a block of 128 x 128
        return tensor.elements + 4 * -(-inputs // GROUP) * -(-outputs // GROUP)
    return tensor.elements // 2 + tensor.elements // NVFP4_GROUP + 8  # an fp8 scale a group, two fp32 a tensor


_MODULES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_a": "self_attn.q_a_proj",
    "attn_q_b": "self_attn.q_b_proj",
    "attn_kv_a_mqa": "self_attn.kv_a_proj_with_mqa",
    "attn_k_b": "self_attn.kv_b_proj",
    "attn_v_b": "self_attn.kv_b_proj",
    "attn_qkv": "linear_attn.in_proj_qkv",
    "attn_gate": "linear_attn.in_proj_z",
    "ssm_alpha": "linear_attn.in_proj_a",
    "ssm_beta": "linear_attn.in_proj_b",
    "ssm_ba": "linear_attn.in_proj_ba",
    "ssm_out": "linear_attn.out_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "ffn_gate_exps": "mlp.experts.0.gate_proj",
    "ffn_up_exps": "mlp.experts.0.up_proj",
    "ffn_down_exps": "mlp.experts.0.down_proj",
    "ffn_gate_shexp": "mlp.shared_expert.gate_proj",
    "ffn_up_shexp": "mlp.shared_expert.up_proj",
    "ffn_down_shexp": "mlp.shared_expert.down_proj",
    "ffn_gate_inp_shexp": "mlp.shared_expert_gate",
}


def module_name(tensor: Tensor) -> str:
    """The tensor's module inside its block, as transformers names it."""
    return _MODULES.get(tensor.stem, tensor.stem)
