"""Reading the head of a GGUF file: its metadata and the name, shape and type of every tensor. Pure.

The head lies before the weights, so some megabytes of a file of any size are enough. The layout is that of GGUF
versions 2 and 3 (ggml, ``docs/gguf.md``). The bytes come from strangers: every count has a bound, and whatever they
hold, reading ends with a head or with a GgufError.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from configurator.estimation.quantization import BLOCKS

Scalar = int | float | bool | str
Value = Scalar | tuple[Scalar, ...]

LONGEST_ARRAY = 1024
"""Entries of an array that is kept; one value a layer fits, vocabularies do not."""
LONGEST_TEXT = 512
"""Bytes of a text that is kept; names fit, chat templates do not."""

_MOST_KEYS = 10_000
_MOST_TENSORS = 20_000
_MOST_ENTRIES = 2**22  # of a vocabulary
_LONGEST_NAME = 256
_LONGEST_TEXT_ANYWHERE = 2**26
_LARGEST_DIMENSION = 2**32
_MOST_ELEMENTS = 2**44

_STRING, _ARRAY = 8, 9
_SCALARS: Mapping[int, str] = {
    0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d",
}  # fmt: skip

# ggml's numbers for the types of tensors (ggml.h, ``enum ggml_type``).
_TYPES: Mapping[int, str] = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K",
    13: "Q5_K", 14: "Q6_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S",
    22: "IQ2_S", 23: "IQ4_XS", 26: "I32", 29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}  # fmt: skip


class GgufError(ValueError):
    """These bytes are no head of a GGUF file that can be read; the message says why."""


class GgufTruncated(GgufError):
    """The bytes end before the head does: read more of the file."""


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """One tensor. ``shape[0]`` is the length of a row."""

    name: str
    shape: tuple[int, ...]
    ggml_type: str

    @property
    def elements(self) -> int:
        return prod(self.shape)

    @property
    def stored_bytes(self) -> int:
        block, size = BLOCKS[self.ggml_type]
        return self.elements // block * size


@dataclass(frozen=True, slots=True)
class GgufHead:
    """Metadata and tensors. Texts and arrays too long to keep are left out, see ``lengths`` for how long arrays are."""

    metadata: Mapping[str, Value]
    lengths: Mapping[str, int]  # entries of each array, kept or not
    tensors: tuple[GgufTensor, ...]


class _Reader:
    """Little-endian values one after the other. Raises GgufTruncated at the end of the bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def skip(self, count: int) -> None:
        self.position += count
        if self.position > len(self.data):
            raise GgufTruncated("The file ends before its head does.")

    def scalar(self, code: str) -> Scalar:
        start = self.position
        self.skip(struct.calcsize(code))
        value: Scalar = struct.unpack_from("<" + code, self.data, start)[0]
        return value

    def count(self, most: int, what: str) -> int:
        return self._bounded("Q", most, what)

    def small_count(self, most: int, what: str) -> int:
        return self._bounded("I", most, what)

    def _bounded(self, code: str, most: int, what: str) -> int:
        value = int(self.scalar(code))
        if value > most:
            raise GgufError(f"The file claims {value:,} {what}; at most {most:,} are read.")
        return value

    def kind(self) -> int:
        return int(self.scalar("I"))

    def text(self, longest: int) -> str | None:
        """A string; None where it is longer than ``longest`` bytes."""
        length = self.count(_LONGEST_TEXT_ANYWHERE, "bytes of text")
        start = self.position
        self.skip(length)
        if length > longest:
            return None
        try:
            return self.data[start : start + length].decode()
        except UnicodeDecodeError:
            raise GgufError("A text in the file is not UTF-8.") from None

    def skip_texts(self, count: int) -> None:
        """A vocabulary has hundreds of thousands of strings, so they are passed over in one short loop."""
        data, position, last = self.data, self.position, len(self.data) - 8
        length_at = struct.Struct("<Q").unpack_from
        for _ in range(count):
            if position > last:
                break
            position += 8 + length_at(data, position)[0]
        else:
            self.skip(position - self.position)
            return
        raise GgufTruncated("The file ends before its head does.")

    def name(self, what: str) -> str:
        name = self.text(_LONGEST_NAME)
        if not name:
            raise GgufError(f"The file has {what} without a name, or with one longer than {_LONGEST_NAME} bytes.")
        return name


def read_head(data: bytes) -> GgufHead:
    """The head at the start of ``data``.

    Raises GgufTruncated where more bytes of the file are needed, GgufError where it cannot be read at all.
    """
    reader = _Reader(data)
    if data[:4] != b"GGUF"[: len(data)]:
        raise GgufError("This is not a GGUF file: it does not begin with the letters GGUF.")
    reader.skip(4)
    version = reader.scalar("I")
    if version not in (2, 3):
        raise GgufError(f"This is GGUF version {version}; versions 2 and 3 in little-endian order are read.")
    tensor_count = reader.count(_MOST_TENSORS, "tensors")
    key_count = reader.count(_MOST_KEYS, "keys")
    metadata: dict[str, Value] = {}
    lengths: dict[str, int] = {}
    for _ in range(key_count):
        key = reader.name("a key")
        if key in metadata or key in lengths:
            raise GgufError(f"The key {key} stands in the file twice.")
        kind = reader.kind()
        if kind == _ARRAY:
            values, lengths[key] = _array(reader, key)
            if values is not None:
                metadata[key] = values
        elif (value := _value(reader, kind, key)) is not None:
            metadata[key] = value
    tensors = tuple(_tensors(reader, tensor_count))
    if len({tensor.name for tensor in tensors}) < tensor_count:
        raise GgufError("Two tensors of the file have the same name.")
    return GgufHead(metadata, lengths, tensors)


def _value(reader: _Reader, kind: int, key: str) -> Scalar | None:
    """A number, flag or text; None for a text too long to keep."""
    if kind == _STRING:
        return reader.text(LONGEST_TEXT)
    if kind not in _SCALARS:
        raise GgufError(f"The key {key} has the type {kind}, which GGUF does not know.")
    return reader.scalar(_SCALARS[kind])


def _array(reader: _Reader, key: str) -> tuple[tuple[Scalar, ...] | None, int]:
    """The entries of an array, None where there are too many to keep, and how many there are."""
    kind = reader.kind()
    count = reader.count(_MOST_ENTRIES, f"entries of {key}")
    if kind == _STRING:
        reader.skip_texts(count)
        return None, count
    if kind not in _SCALARS:
        raise GgufError(f"The array {key} has entries of the type {kind}, which is not read.")
    if count > LONGEST_ARRAY:
        reader.skip(count * struct.calcsize(_SCALARS[kind]))
        return None, count
    return tuple(reader.scalar(_SCALARS[kind]) for _ in range(count)), count


def _tensors(reader: _Reader, count: int) -> Iterator[GgufTensor]:
    for _ in range(count):
        name = reader.name("a tensor")
        dimensions = reader.small_count(4, f"dimensions of {name}")
        shape = tuple(reader.count(_LARGEST_DIMENSION, f"as a side of {name}") for _ in range(dimensions))
        kind = reader.kind()
        reader.skip(8)  # where the tensor begins
        yield checked_tensor(name, shape, _TYPES.get(kind, str(kind)))


def checked_tensor(name: str, shape: Sequence[int], ggml_type: str) -> GgufTensor:
    """The tensor, if it can be. Raises GgufError where its type is not known or its rows are no whole blocks."""
    if ggml_type not in BLOCKS:
        raise GgufError(f"The tensor {name} has the type {ggml_type}, whose size is not known here.")
    tensor = GgufTensor(name, tuple(shape), ggml_type)
    if not shape or not 0 < tensor.elements <= _MOST_ELEMENTS:
        raise GgufError(f"The tensor {name} has the shape {tuple(shape)}, which cannot be.")
    if shape[0] % BLOCKS[ggml_type][0]:
        raise GgufError(f"The tensor {name} has rows of {shape[0]}, which {ggml_type} cannot hold.")
    return tensor
