"""Reading the ``quantization_config`` of a config.json: quantisation, groups, and which modules stay at 16 bits.

Pure. Modules are listed by name or by a part of one (AutoAWQ, FP8), or as a regular expression with ``re:`` before it
(compressed-tensors). Expressions are never run, because a config is hostile: those that are a plain text between
wildcards are read, others are left out, and so is what is too long.
"""

import re
from collections.abc import Mapping

from catalog.hf_keys import Config
from catalog.specs import CheckpointSpec

_MOST_MODULES = 4096
_MOST_WORDS = 64
_LONGEST = 200
_LISTS = ("modules_to_not_convert", "ignored_layers", "ignore", "exclude_modules")
_BLOCK = re.compile(r"(?:^|\.)layers\.(\d{1,4})(?:\.(.*))?$")
_PLAIN = re.compile(r"[\w.\-]+")
_PREFIXES = ("model.", "language_model.")


def checkpoint_quant(described: object) -> str:
    """The quantisation by the names of QUANTS; empty where not understood."""
    if not isinstance(described, Mapping):
        return ""
    method, bits = str(described.get("quant_method", "")), described.get("bits")
    if method == "gptq":
        return {4: "GPTQ-Int4", 8: "GPTQ-Int8"}.get(bits if isinstance(bits, int) else 0, "")
    if method == "awq":
        return "AWQ" if bits == 4 else ""
    if method == "compressed-tensors":
        return {"nvfp4-pack-quantized": "NVFP4", "float-quantized": "FP8"}.get(str(described.get("format")), "")
    if method == "modelopt":
        return {"NVFP4": "NVFP4", "FP8": "FP8"}.get(str(described.get("quant_algo")), "")
    return {"fp8": "FP8", "mxfp4": "MXFP4_MOE"}.get(method, "")


def checkpoint_spec(config: Config) -> CheckpointSpec | None:
    """How the checkpoint is quantised; None where the config does not say, or not in a way that is understood."""
    described = config.get("quantization_config")
    if not isinstance(described, Mapping):
        return None
    quant = checkpoint_quant(described)
    listed = [entry for key in _LISTS for entry in _entries(described.get(key))]
    if not quant or not (listed or _group_size(described)) or len(listed) > _MOST_MODULES:
        return None
    words: set[str] = set()
    layers: set[int] = set()
    modules: set[tuple[int, str]] = set()
    for entry in listed:
        name = _plain(entry)
        block = _BLOCK.search(name)
        if block is None:
            words.add(name.strip("."))
        elif block[2]:
            modules.add((int(block[1]), block[2].strip(".").replace("shared_experts", "shared_expert")))
        else:
            layers.add(int(block[1]))
    words.discard("")
    if len(words) > _MOST_WORDS:
        return None
    return CheckpointSpec(quant, _group_size(described), tuple(sorted(words)), frozenset(layers), frozenset(modules))


def _entries(value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        return []
    return [entry for entry in value if isinstance(entry, str) and 0 < len(entry) <= _LONGEST]


def _group_size(described: Mapping[object, object]) -> int | None:
    size = described.get("group_size")
    return size if isinstance(size, int) and not isinstance(size, bool) and 16 <= size <= 4096 else None


def _plain(entry: str) -> str:
    """The text an entry stands for; empty where it is an expression of another kind."""
    text = entry
    if text.startswith("re:"):
        text = text[3:].removeprefix("^").removeprefix(".*").removesuffix("$").removesuffix(".*").replace("\\.", ".")
    text = text.strip("*")
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return text if _PLAIN.fullmatch(text) else ""
