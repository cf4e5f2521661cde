"""Heads of GGUF files, as the reference writer writes them and as strangers might."""

import struct
from bisect import bisect_left
from pathlib import Path

import pytest
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from hypothesis import given
from hypothesis import strategies as st

from configurator.estimation.quantization import BLOCKS
from configurator.own_models.gguf import GgufError, GgufTensor, GgufTruncated, read_head
from tests.configurator.own_models.gguf_files import write_gguf

TENSORS = [
    ("token_embd.weight", (256, 1000), "Q6_K"),
    ("blk.0.attn_q.weight", (256, 256), "Q4_K"),
    ("blk.0.ffn_gate_exps.weight", (256, 64, 8), "MXFP4"),
    ("output_norm.weight", (256,), "F32"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("gguf") / "small.gguf"
    keys = {"block_count": 1, "rope.sections": [1, 2, 3], "tied": True, "scale": 0.5}
    return write_gguf(path, "llama", keys, TENSORS, name="Small", file_type=15).read_bytes()


def test_names_shapes_and_types_of_tensors_are_read(data: bytes) -> None:
    assert read_head(data).tensors == tuple(GgufTensor(*tensor) for tensor in TENSORS)


def test_numbers_flags_texts_and_short_lists_are_kept(data: bytes) -> None:
    metadata = read_head(data).metadata
    assert metadata["general.name"] == "Small"
    assert metadata["general.file_type"] == 15
    assert metadata["llama.rope.sections"] == (1, 2, 3)
    assert metadata["llama.tied"] is True
    assert metadata["llama.scale"] == 0.5


def test_vocabularies_are_counted_and_chat_templates_left_out(data: bytes) -> None:
    head = read_head(data)
    assert head.lengths["tokenizer.ggml.tokens"] == 2000
    assert "tokenizer.ggml.tokens" not in head.metadata
    assert "tokenizer.chat_template" not in head.metadata


@pytest.mark.parametrize("kind", [kind for kind in GGMLQuantizationType if kind.name in BLOCKS])
def test_sizes_of_types_are_those_of_the_reference(kind: GGMLQuantizationType) -> None:
    assert BLOCKS[kind.name] == GGML_QUANT_SIZES[kind]


@pytest.mark.parametrize("kind", [kind for kind in GGMLQuantizationType if kind.name in BLOCKS])
def test_every_type_with_a_size_is_read_by_its_number(kind: GGMLQuantizationType, tmp_path: Path) -> None:
    written = write_gguf(tmp_path / "a.gguf", "llama", {}, [("a.weight", (256, 2), kind.name)])
    (tensor,) = read_head(written.read_bytes()).tensors
    block, size = GGML_QUANT_SIZES[kind]
    assert (tensor.ggml_type, tensor.stored_bytes) == (kind.name, 512 // block * size)


def test_bytes_that_end_early_ask_for_more(data: bytes) -> None:
    head_bytes = bisect_left(range(len(data) + 1), True, key=lambda end: _reads(data[:end]))
    assert 20_000 < head_bytes <= len(data)
    # Every byte of the first keys and of the list of tensors; the vocabulary between them is alike throughout.
    for end in {*range(1000), *range(0, head_bytes, 97), *range(head_bytes - 400, head_bytes)}:
        with pytest.raises(GgufTruncated):
            read_head(data[:end])


def _reads(data: bytes) -> bool:
    try:
        read_head(data)
    except GgufTruncated:
        return False
    return True


def test_another_file_is_refused_as_such() -> None:
    with pytest.raises(GgufError, match="does not begin with the letters GGUF"):
        read_head(b"PK\x03\x04 a zip file")


def test_big_endian_files_are_refused_by_version() -> None:
    with pytest.raises(GgufError, match="little-endian"):
        read_head(b"GGUF" + struct.pack(">I", 3) + bytes(16))


def test_a_type_nobody_knows_names_the_tensor() -> None:
    name = b"blk.0.attn_q.weight"
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 0)
    tensor = struct.pack("<Q", len(name)) + name + struct.pack("<IQQIQ", 2, 256, 256, 144, 0)
    with pytest.raises(GgufError, match=r"blk\.0\.attn_q\.weight has the type 144"):
        read_head(head + tensor)


@pytest.mark.parametrize(
    ("counts", "message"),
    [((2**40, 0), "tensors"), ((0, 2**40), "keys")],
)
def test_counts_that_cannot_be_are_refused_at_once(counts: tuple[int, int], message: str) -> None:
    with pytest.raises(GgufError, match=message):
        read_head(b"GGUF" + struct.pack("<IQQ", 3, *counts))


@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_head_or_a_gguf_error(body: bytes) -> None:
    for data in (body, b"GGUF" + body, b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + body):
        try:
            read_head(data)
        except GgufError:
            continue


@given(st.data())
def test_a_head_with_bytes_changed_ends_in_a_head_or_a_gguf_error(data: bytes, draw: st.DataObject) -> None:
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 8))):
        place = draw.draw(st.integers(0, len(data) - 1))
        changed[place] = draw.draw(st.integers(0, 255))
    try:
        head = read_head(bytes(changed))
    except GgufError:
        return
    assert all(tensor.stored_bytes > 0 for tensor in head.tensors)
