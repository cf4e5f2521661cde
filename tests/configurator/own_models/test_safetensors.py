"""Heads of safetensors files."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.own_models.safetensors import (
    CheckpointBytes,
    SafetensorsError,
    checkpoint_bytes,
    head_length,
    tensor_bytes,
)


def test_the_length_of_the_head_is_its_first_eight_bytes() -> None:
    assert head_length((1234).to_bytes(8, "little") + b"{") == 1234


@pytest.mark.parametrize("start", [b"", b"1234567", bytes(8), b"\xff" * 8, b"<!DOCTYPE"])
def test_lengths_that_cannot_be_are_refused(start: bytes) -> None:
    with pytest.raises(SafetensorsError):
        head_length(start)


def test_sizes_are_ends_less_beginnings() -> None:
    head = {"__metadata__": {"format": "pt"}, "a": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [100, 112]}}
    assert tensor_bytes(json.dumps(head).encode()) == {"a": 12}


@pytest.mark.parametrize(
    "entry",
    [
        1,
        {},
        {"data_offsets": [5]},
        {"data_offsets": [5, 4]},
        {"data_offsets": [-1, 4]},
        {"data_offsets": [0.5, 4]},
    ],
)
def test_offsets_that_cannot_be_name_the_tensor(entry: object) -> None:
    with pytest.raises(SafetensorsError, match=r"lm_head\.weight"):
        tensor_bytes(json.dumps({"lm_head.weight": entry}).encode())


def test_towers_and_drafting_layers_are_not_the_language_model() -> None:
    files = (
        {"model.embed_tokens.weight": 10, "model.layers.0.mlp.experts.3.gate_proj.weight_packed": 100},
        {"model.layers.1.self_attn.q_proj.weight": 1000, "model.layers.2.eh_proj.weight": 5},
        {"model.layers.2.mlp.gate.weight": 7, "mtp.fc.weight": 9, "model.visual.blocks.0.attn.qkv.weight": 3},
    )
    assert checkpoint_bytes(files, n_layers=2) == CheckpointBytes(language=1110, other=3, mtp=21)


@given(
    st.one_of(
        st.binary(max_size=200), st.recursive(st.integers() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
    )
)
def test_any_bytes_end_in_sizes_or_a_refusal(head: bytes) -> None:
    try:
        sizes = tensor_bytes(head)
    except SafetensorsError:
        return
    assert all(size >= 0 for size in sizes.values())
