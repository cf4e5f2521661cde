"""Weights by block and GPU."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.estimation.tensor_parallel import kv_share, rank_weights
from configurator.estimation.tensors import tensors
from configurator.estimation.weights import device_weights, file_weights, layer_devices, row_split_weights
from tests.configurator.estimation.memory_cases import CASES, model

UNTIED = ["mistral-nemo-12b", "qwen2.5-72b", "mixtral-8x7b", "qwen3-30b-a3b", "deepseek-v3", "qwen3.5-27b"]


@pytest.mark.parametrize("case", CASES["plans"], ids=lambda case: f"{case['model']}-{case['quant']}-{case['gpus']}")
def test_the_file_has_the_size_llama_cpp_reads(case: dict[str, int]) -> None:
    assert file_weights(model(str(case["model"])), str(case["quant"])).file == case["file_bytes"]


@given(slug=st.sampled_from(UNTIED), gpus=st.integers(1, 15), quant=st.sampled_from(["Q4_K_M", "Q8_0", "IQ3_XXS"]))
def test_gpus_and_host_together_hold_the_file(slug: str, gpus: int, quant: str) -> None:
    weights = file_weights(model(slug), quant)
    held = sum(device_weights(model(slug), quant, gpus))
    assert held + weights.embedding == pytest.approx(weights.file, abs=32 * len(tensors(model(slug))))


def test_a_tied_embedding_lies_on_the_host_and_on_the_last_gpu() -> None:
    gemma = model("gemma-2-27b")
    weights = file_weights(gemma, "Q4_K_M")
    held = device_weights(gemma, "Q4_K_M", 4)
    assert sum(held) == weights.file  # the host's copy comes on top
    assert held[-1] > held[1]


@pytest.mark.parametrize("slug", ["gemma-2-27b", "llama-3.2-3b", "command-r-plus-104b"])
def test_a_tied_embedding_is_an_output_matrix_for_row_splits_too(slug: str) -> None:
    assert sum(row_split_weights(model(slug), "Q4_K_M", 2)) >= sum(device_weights(model(slug), "Q4_K_M", 2))


def test_prediction_blocks_are_in_the_file_but_not_in_memory() -> None:
    with_block = model("glm-4.5-air")
    without = replace(with_block, mtp_layers=0)
    file, plain = file_weights(with_block, "Q8_0"), file_weights(without, "Q8_0")
    assert file.file > plain.file
    assert sum(file.blocks) == sum(plain.blocks)


def test_prediction_blocks_count_as_layers_when_a_model_is_split() -> None:
    air = model("glm-4.5-air")  # 46 blocks, one of prediction, the output: 48 units
    assert layer_devices(air, 4).count(3) == 11  # ten blocks and the output, the twelfth unit holds nothing


@given(gpus=st.integers(1, 16), slug=st.sampled_from(sorted(CASES["models"])))
def test_blocks_lie_in_order_and_the_output_on_the_last_gpu(gpus: int, slug: str) -> None:
    devices = layer_devices(model(slug), gpus)
    assert list(devices) == sorted(devices)
    assert devices[0] == 0
    assert devices[-1] == gpus - 1 or gpus > len(devices)


@given(gpus=st.integers(2, 8), slug=st.sampled_from(UNTIED))
def test_a_row_split_moves_bytes_but_adds_none(gpus: int, slug: str) -> None:
    by_layer, by_row = device_weights(model(slug), "Q4_K_M", gpus), row_split_weights(model(slug), "Q4_K_M", gpus)
    assert sum(by_row) == pytest.approx(sum(by_layer), abs=gpus)


def test_a_row_split_evens_out_a_dense_model() -> None:
    by_row = row_split_weights(model("qwen2.5-72b"), "Q4_K_M", 3)
    assert max(by_row) == pytest.approx(min(by_row), rel=1e-4)


@given(ranks=st.sampled_from([2, 4, 8]), slug=st.sampled_from(UNTIED))
def test_ranks_hold_at_least_their_share(ranks: int, slug: str) -> None:
    whole, one = rank_weights(model(slug), "F16", 1), rank_weights(model(slug), "F16", ranks)
    assert ranks * (sum(one.blocks) + one.output) >= sum(whole.blocks) + whole.output
    assert sum(one.blocks) <= 0.8 * sum(whole.blocks)


def test_a_rank_holds_at_least_one_key_value_head_and_the_whole_latent() -> None:
    assert kv_share(model("qwen3-30b-a3b"), 0, 8) == 1 / 4  # four heads on eight ranks
    assert kv_share(model("qwen2.5-72b"), 0, 4) == 1 / 4
    assert kv_share(model("deepseek-v3"), 0, 8) == 1.0
