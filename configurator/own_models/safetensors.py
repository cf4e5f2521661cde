"""Reading the heads of safetensors files: how many bytes of a checkpoint are language model. Pure.

A head is a length of eight bytes and a JSON object, tensor -> {dtype, shape, data_offsets} (safetensors, README). The
bytes come from strangers: reading ends with sizes or with a SafetensorsError.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LENGTH_BYTES = 8
LONGEST_HEAD = 2**24
_MOST_BYTES = 2**46
_OTHER_PARTS = ("vision", "visual", "audio", "image", "multi_modal", "multimodal", "mm_", "sound")
_MTP_PARTS = ("mtp.", "nextn", "eh_proj", "enorm.", "hnorm.")


class SafetensorsError(ValueError):
    """These bytes are no head of a safetensors file; the message says why."""


@dataclass(frozen=True, slots=True)
class CheckpointBytes:
    """Bytes of a checkpoint's tensors. ``language`` is what a text-only runtime loads."""

    language: int
    other: int  # towers for pictures and sound
    mtp: int  # multi-token-prediction blocks


def head_length(start: bytes) -> int:
    """Bytes of the JSON object, from the first eight of the file. Raises SafetensorsError."""
    length = int.from_bytes(start[:LENGTH_BYTES], "little")
    if len(start) < LENGTH_BYTES or not 2 <= length <= LONGEST_HEAD:
        raise SafetensorsError("This is not a safetensors file: the length of its head cannot be.")
    return length


def tensor_bytes(head: bytes) -> dict[str, int]:
    """Tensor -> bytes, from the JSON object. Raises SafetensorsError."""
    try:
        entries = json.loads(head)
    except (ValueError, RecursionError):
        raise SafetensorsError("The head of the safetensors file is not JSON.") from None
    if not isinstance(entries, dict):
        raise SafetensorsError("The head of the safetensors file is not an object.")
    return {name: _length(name, entry) for name, entry in entries.items() if name != "__metadata__"}


def _length(name: str, entry: object) -> int:
    offsets = entry.get("data_offsets") if isinstance(entry, Mapping) else None
    if (
        not isinstance(offsets, list)
        or len(offsets) != 2
        or any(isinstance(offset, bool) or not isinstance(offset, int) for offset in offsets)
        or not 0 <= offsets[0] <= offsets[1] <= _MOST_BYTES
    ):
        raise SafetensorsError(f"The tensor {name[:80]} has no usable data_offsets.")
    return int(offsets[1] - offsets[0])


def checkpoint_bytes(files: Iterable[Mapping[str, int]], n_layers: int) -> CheckpointBytes:
    """The sizes of all files of a checkpoint together, by what the tensors belong to. Layers after the ``n_layers``
    main ones are multi-token-prediction blocks."""
    language = other = mtp = 0
    for tensors in files:
        for name, size in tensors.items():
            if any(part in name for part in _OTHER_PARTS):
                other += size
            elif any(part in name for part in _MTP_PARTS) or _layer(name) >= n_layers:
                mtp += size
            else:
                language += size
    return CheckpointBytes(language, other, mtp)


def _layer(name: str) -> int:
    """The number after ``layers.``, -1 without."""
    _, found, rest = name.partition("layers.")
    number = rest.partition(".")[0]
    return int(number) if found and number.isascii() and number.isdigit() and len(number) <= 6 else -1
