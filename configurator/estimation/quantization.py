"""Quantisations by name, and the sizes of ggml's types.

Pure. Block sizes are ``GGML_QUANT_SIZES`` of the gguf package.
"""

import re

from configurator.estimation.tensors import Tensor

# ggml type: elements in a block, bytes of a block
BLOCKS: dict[str, tuple[int, int]] = {
    "F32": (1, 4),
    "I32": (1, 4),
    "F16": (1, 2),
    "BF16": (1, 2),
    "Q4_0": (32, 18),
    "Q4_1": (32, 20),
    "Q5_0": (32, 22),
    "Q5_1": (32, 24),
    "Q8_0": (32, 34),
    "Q2_K": (256, 84),
    "Q3_K": (256, 110),
    "Q4_K": (256, 144),
    "Q5_K": (256, 176),
    "Q6_K": (256, 210),
    "IQ1_S": (256, 50),
    "IQ1_M": (256, 56),
    "IQ2_XXS": (256, 66),
    "IQ2_XS": (256, 74),
    "IQ2_S": (256, 82),
    "IQ3_XXS": (256, 98),
    "IQ3_S": (256, 110),
    "IQ4_NL": (32, 18),
    "IQ4_XS": (256, 136),
    "TQ1_0": (256, 54),
    "TQ2_0": (256, 66),
    "MXFP4": (32, 17),
}

# file type: the ggml type most of its tensors have
FILE_TYPES: dict[str, str] = {
    "F32": "F32",
    "F16": "F16",
    "BF16": "BF16",
    "Q4_0": "Q4_0",
    "Q4_1": "Q4_1",
    "Q5_0": "Q5_0",
    "Q5_1": "Q5_1",
    "Q8_0": "Q8_0",
    "Q2_K": "Q2_K",
    "Q2_K_S": "Q2_K",
    "Q2_K_L": "Q2_K",
    "Q3_K_S": "Q3_K",
    "Q3_K_M": "Q3_K",
    "Q3_K_L": "Q3_K",
    "Q3_K_XL": "Q3_K",
    "Q4_K_S": "Q4_K",
    "Q4_K_M": "Q4_K",
    "Q4_K_L": "Q4_K",
    "Q5_K_S": "Q5_K",
    "Q5_K_M": "Q5_K",
    "Q5_K_L": "Q5_K",
    "Q6_K": "Q6_K",
    "Q6_K_L": "Q6_K",
    "IQ1_S": "IQ1_S",
    "IQ1_M": "IQ1_M",
    "IQ2_XXS": "IQ2_XXS",
    "IQ2_XS": "IQ2_XS",
    "IQ2_S": "IQ2_XS",
    "IQ2_M": "IQ2_S",
    "IQ3_XXS": "IQ3_XXS",
    "IQ3_XS": "IQ3_S",
    "IQ3_S": "IQ3_S",
    "IQ3_M": "IQ3_S",
    "IQ4_NL": "IQ4_NL",
    "IQ4_XS": "IQ4_XS",
    "TQ1_0": "TQ1_0",
    "TQ2_0": "TQ2_0",
    "MXFP4_MOE": "MXFP4",
}

# file type of several publishers: the one of llama.cpp it is, but for an embedding and a head of eight bits
EIGHT_BIT_ENDS: dict[str, str] = {
    "Q2_K_L": "Q2_K",
    "Q3_K_XL": "Q3_K_L",
    "Q4_K_L": "Q4_K_M",
    "Q5_K_L": "Q5_K_M",
    "Q6_K_L": "Q6_K",
}

SAFETENSORS_QUANTS: tuple[str, ...] = ("AWQ", "GPTQ-Int4", "GPTQ-Int8", "FP8", "NVFP4")

QUANTS: tuple[str, ...] = (*FILE_TYPES, *SAFETENSORS_QUANTS)

_ALIASES: dict[str, str] = {
    "FP16": "F16",
    "FP32": "F32",
    "Q2_K_M": "Q2_K",
    "Q3_K": "Q3_K_M",
    "Q4_K": "Q4_K_M",
    "Q5_K": "Q5_K_M",
    "Q8_K": "Q8_0",
    "MXFP4": "MXFP4_MOE",
    "GPTQ": "GPTQ-Int4",
}

# As llama-bench prints file types.
_SIZE_WORDS = {" - SMALL": "_S", " - MEDIUM": "_M", " - LARGE": "_L"}

_BITS_A_WEIGHT = re.compile(r" - [0-9.]+ BPW$")

_CANONICAL: dict[str, str] = {quant.upper(): quant for quant in QUANTS}


def canonical_quant(name: str) -> str:
    """The canonical name of a quantisation, whatever its case.

    Unsloth's dynamic files (``UD-Q4_K_XL``) are taken by their base type: their types were chosen tensor by tensor,
    which no rule tells, so a file may be a tenth larger or smaller. What llama-bench prints (``Q4_K - Medium``) is read
    too.

    Raises ValueError with the allowed names.
    """
    wanted = name.strip().upper()
    for word, suffix in _SIZE_WORDS.items():
        wanted = wanted.replace(word, suffix)
    wanted = _BITS_A_WEIGHT.sub("", wanted)
    dynamic = wanted.startswith("UD-")
    if dynamic:
        wanted = wanted.removeprefix("UD-").removesuffix("_XL")
    for candidate in (wanted, wanted.removesuffix("_XL"), wanted.removesuffix("_L"), wanted.removesuffix("_S")):
        found = _CANONICAL.get(_ALIASES.get(candidate, candidate).upper())
        if found is not None:
            return found
    raise ValueError(f"Unknown quantisation {name!r}; known are {', '.join(QUANTS)}.")


def tensor_bytes(tensor: Tensor, ggml_type: str) -> int:
    """Bytes of the tensor in that type: rows are whole blocks."""
    block, size = BLOCKS[ggml_type]
    return tensor.elements // block * size
