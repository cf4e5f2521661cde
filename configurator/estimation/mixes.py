"""Which ggml type llama.cpp gives each tensor of a file: the mixes behind names like Q4_K_M.

Pure. The rules are those of llama.cpp 0.5.0 (``llama-quant.cpp``) without an importance matrix, as
``llama-quantize --dry-run`` prints them: output and some attention and feed-forward tensors get more bits than the
rest, by file type, architecture and depth; a row that is no whole number of blocks falls back to another type.
"""

from collections.abc import Sequence
from functools import cache

from catalog.specs import ModelSpec
from configurator.estimation.families import family_of
from configurator.estimation.layers import is_attention_layer, kv_shape, mtp_blocks
from configurator.estimation.quantization import BLOCKS, EIGHT_BIT_ENDS, FILE_TYPES
from configurator.estimation.tensors import Tensor

# An incompatible row length demotes a type with blocks of 256 to one with blocks of 32.
_FALLBACK: dict[str, str] = {
    **dict.fromkeys(("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ4_XS"), "IQ4_NL"),
    **dict.fromkeys(("Q2_K", "Q3_K", "TQ1_0", "TQ2_0"), "Q4_0"),
    "Q4_K": "Q5_0",
    "Q5_K": "Q5_1",
    "Q6_K": "Q8_0",
}

_LOW_BIT = ("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M")
_EMBEDDING = {
    **dict.fromkeys(("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS"), "Q2_K"),
    **dict.fromkeys(("IQ2_S", "IQ2_M", "IQ3_XXS"), "IQ3_S"),
    **dict.fromkeys(("TQ1_0", "TQ2_0"), "Q4_K"),
}
# Attention values where at least four query heads share a key-value head, and elsewhere.
_SHARED_VALUES = {
    **dict.fromkeys(("Q2_K", "Q2_K_S", "IQ3_XXS", "IQ3_XS", "IQ3_S"), "Q4_K"),
    **dict.fromkeys(("IQ4_NL", "IQ4_XS"), "Q5_K"),
}
_OWN_VALUES = {"Q2_K": "Q3_K", "IQ3_XXS": "IQ3_S"}
_ATTENTION_OUTPUT = {
    "Q2_K": "Q3_K",
    "IQ3_XXS": "IQ3_S",
    "Q3_K_M": "Q4_K",
    "Q3_K_L": "Q5_K",
    "IQ3_M": "Q4_K",
}
_EIGHT_EXPERT_OUTPUT = (
    "Q2_K", "IQ3_XS", "IQ3_XXS", "Q3_K_S", "Q3_K_M", "IQ4_NL", "Q4_K_S", "Q4_K_M", "IQ3_S", "IQ3_M", "IQ4_XS",
)  # fmt: skip


def tensor_types(model: ModelSpec, quant: str, tensors: Sequence[Tensor]) -> list[str]:
    """The ggml type of each tensor in a file of type ``quant`` (one of FILE_TYPES).

    llama.cpp counts some tensors as it goes, so ``tensors`` are to be in the order of the file.
    """
    base = FILE_TYPES[quant]
    if base in ("F32", "F16", "BF16"):
        # gpt-oss was published with experts of four bits, which the converter keeps.
        experts = "MXFP4" if family_of(model).gguf == "gpt-oss" and base != "F32" else base
        kinds = [experts if len(tensor.shape) == 3 else base for tensor in tensors]
        return [kind if tensor.quantizable else "F32" for kind, tensor in zip(kinds, tensors, strict=True)]
    if quant in EIGHT_BIT_ENDS:
        types = tensor_types(model, EIGHT_BIT_ENDS[quant], tensors)
        ends = ("token_embd", "output")
        return ["Q8_0" if tensor.stem in ends else kind for tensor, kind in zip(tensors, types, strict=True)]
    mix = _Mix(model, quant, tensors)
    return [_compatible(tensor, mix.choose(tensor)) if tensor.quantizable else "F32" for tensor in tensors]


def _compatible(tensor: Tensor, ggml_type: str) -> str:
    row = tensor.shape[0]
    if row % BLOCKS[ggml_type][0] == 0:
        return ggml_type
    demoted = _FALLBACK.get(ggml_type, ggml_type)
    return demoted if row % BLOCKS[demoted][0] == 0 else "F16"


@cache
def _role(stem: str) -> str:
    """What the quantiser takes a tensor for, by its name."""
    if stem in ("output", "token_embd"):
        return stem
    if stem.endswith(("attn_v", "attn_qkv", "attn_kv_b")):
        return "values"
    for role in ("attn_k", "attn_q", "attn_output"):
        if stem.endswith(role):  # an indexer's keys count as keys
            return role
    for role in ("ffn_up", "ffn_gate", "ffn_down"):
        if stem.startswith(role):
            return role
    return "other"


def _more_bits(index: int, count: int) -> bool:
    """The first and last eighth of the blocks, and every third between."""
    return index < count // 8 or index >= 7 * count // 8 or (index - count // 8) % 3 == 2


class _Mix:
    """One pass over a file's tensors; counts what llama.cpp counts."""

    def __init__(self, model: ModelSpec, quant: str, tensors: Sequence[Tensor]) -> None:
        self.quant = quant
        self.base = FILE_TYPES[quant]
        self.family = family_of(model).gguf
        self.falcon = self.family == "falcon"
        self.experts = model.moe.n_experts if model.moe is not None else 0
        self.tied = not any(tensor.stem == "output" for tensor in tensors)
        self.blocks = model.n_layers + mtp_blocks(model)
        self.shared_heads = _heads_per_kv_head(model) >= 4
        self.seventy_b = model.n_layers == 80 and (
            self.family in ("qwen2", "deci") or (self.family == "llama" and model.n_heads != model.n_kv_heads)
        )
        self.value_tensors = sum(1 for t in tensors if t.suffix == "weight" and _role(t.stem) == "values")
        self.values_seen = 0
        self.downs_seen = 0
        self.halves_seen = {"ffn_gate": 0, "ffn_up": 0}

    def choose(self, tensor: Tensor) -> str:
        role = _role(tensor.stem)
        if role == "output" or (role == "token_embd" and self.tied):
            return self._output(tensor)
        if self.quant == "MXFP4_MOE":
            return "MXFP4" if len(tensor.shape) == 3 else "Q8_0"
        if role == "token_embd":
            return _EMBEDDING.get(self.quant, self.base)
        if self.quant in _LOW_BIT:
            return self._low_bit(role)
        if role == "values":
            return self._values()
        if role in ("attn_k", "attn_q"):
            return self._keys_or_queries(role)
        if role == "ffn_down":
            return self._down(tensor)
        if role == "attn_output":
            return self._attention_output()
        if role in self.halves_seen:
            return self._gate_or_up(role, tensor)
        return self.base

    def _output(self, tensor: Tensor) -> str:
        if self.quant == "MXFP4_MOE" or self.falcon or tensor.shape[0] % BLOCKS[self.base][0]:
            return "Q8_0"
        if self.quant in _LOW_BIT or self.quant == "IQ3_XXS":
            return "Q5_K"
        return "Q8_0" if self.base == "Q8_0" else "Q6_K"

    def _low_bit(self, role: str) -> str:
        better = self.quant in ("IQ2_S", "IQ2_M")
        if role == "values":
            if self.shared_heads or self.experts >= 4:
                return "Q4_K"
            return "IQ3_S" if better else "Q2_K"
        if role == "attn_k" and self.experts == 8:
            return "Q4_K"
        if role == "ffn_down":
            self.downs_seen += 1
            if self.downs_seen <= self.blocks // 8:
                return "IQ3_S" if better else "Q2_K"
        elif role == "attn_output":
            if self.experts == 8:
                return "Q5_K"
            if better:
                return "IQ3_S"
            if self.quant in ("IQ1_S", "IQ1_M"):
                return "IQ2_XXS"
        return self.base

    def _values(self) -> str:
        index, self.values_seen = self.values_seen, self.values_seen + 1
        chosen = self.base
        table = _SHARED_VALUES if self.shared_heads else _OWN_VALUES
        if self.quant in table:
            chosen = table[self.quant]
        elif self.quant == "IQ3_M":
            chosen = "Q4_K"
        elif self.quant == "Q3_K_M":
            chosen = "Q5_K" if index < 2 else "Q4_K"
        elif self.quant == "Q3_K_L" or (self.quant == "Q4_K_S" and index < 4):
            chosen = "Q5_K"
        elif self.quant in ("Q4_K_M", "Q5_K_M") and _more_bits(index, self.value_tensors):
            chosen = "Q6_K"
        if self.seventy_b and chosen in ("Q3_K", "Q4_K"):
            chosen = "Q5_K"
        return "Q8_0" if self.experts == 8 else chosen

    def _keys_or_queries(self, role: str) -> str:
        if role == "attn_k" and self.experts == 8:
            return "Q8_0"
        return {"IQ3_XS": "IQ3_XXS", "IQ3_XXS": "IQ2_S"}.get(self.quant, self.base)

    def _position(self, counted: int, tensor: Tensor) -> int:
        """The block as llama.cpp takes it: by name where there are experts, else by count."""
        return tensor.layer if self.experts > 1 and tensor.layer is not None else counted

    def _down(self, tensor: Tensor) -> str:
        index = self._position(self.downs_seen, tensor)
        self.downs_seen += 1
        count, quant = self.blocks, self.quant
        first_eighth = index < count // 8
        if quant == "Q2_K":
            return "Q3_K"
        if quant == "Q2_K_S":
            return "Q4_K" if first_eighth else self.base
        if quant == "IQ3_XXS":
            return "Q4_K" if first_eighth else "Q3_K"
        if quant == "Q3_K_M":
            if index < count // 16:
                return "Q5_K"
            return "Q4_K" if not self.falcon or _more_bits(index, count) else "Q3_K"
        if quant == "IQ3_M":
            return "Q4_K" if first_eighth or (self.experts == 8 and _more_bits(index, count)) else self.base
        if quant == "Q3_K_L":
            return "Q4_K" if self.falcon else "Q5_K"
        if quant == "Q4_K_M" and self.falcon:
            if index < count // 16:
                return "Q6_K"
            return "Q5_K" if _more_bits(index, count) else "Q4_K"
        if quant in ("Q4_K_M", "Q5_K_M"):
            return "Q6_K" if _more_bits(index, count) else self.base
        if first_eighth and (quant in ("IQ4_NL", "IQ4_XS") or (quant == "Q4_K_S" and not self.falcon)):
            return "Q5_K"
        return self.base

    def _attention_output(self) -> str:
        if self.falcon:
            return "Q4_K" if self.quant == "Q3_K_L" else self.base
        if self.experts == 8:
            return "Q5_K" if self.quant in _EIGHT_EXPERT_OUTPUT else self.base
        return _ATTENTION_OUTPUT.get(self.quant, self.base)

    def _gate_or_up(self, role: str, tensor: Tensor) -> str:
        index = self._position(self.halves_seen[role], tensor)
        self.halves_seen[role] += 1
        middle = self.blocks // 8 <= index < 7 * self.blocks // 8
        return "IQ3_XXS" if self.quant == "IQ3_XS" and middle else self.base


def _heads_per_kv_head(model: ModelSpec) -> int:
    """Query heads per key-value head in the first block, as llama.cpp asks; MLA counts one key-value head."""
    if model.mla is not None:
        return model.n_heads
    if model.linear is not None and model.linear.pattern and not is_attention_layer(model, 0):
        return 0
    return model.n_heads // max(1, kv_shape(model, 0)[0])
