"""The memory plan of every GPU: against llama.cpp's own, and what must hold for any question."""

from dataclasses import replace
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.estimation.memory import CannotEstimate, memory
from configurator.estimation.types import MemoryEstimate, Workload
from tests.configurator.estimation.memory_cases import CASES, build, model

PLANS: list[dict[str, Any]] = CASES["plans"]
SLUGS = sorted(CASES["models"])
BITS = ["Q2_K", "Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "F16"]


def plan(case: dict[str, Any]) -> MemoryEstimate:
    workload = Workload(
        model=model(case["model"]),
        quant=case["quant"],
        context_tokens=case["context_tokens"],
        kv_dtype=case["kv_dtype"],
        ubatch=case["ubatch"],
    )
    return memory(build(gpu_count=case["gpus"]), workload)


def case_name(case: dict[str, Any]) -> str:
    return f"{case['model']}-{case['quant']}-{case['gpus']}x-{case['context_tokens']}-{case['kv_dtype']}"


@pytest.mark.parametrize("case", PLANS, ids=case_name)
def test_weights_and_cache_are_llama_cpps_to_the_byte(case: dict[str, Any]) -> None:
    for gpu, (weights, kv, _) in zip(plan(case).per_gpu, case["per_gpu"], strict=True):
        assert gpu.weights_mib == pytest.approx(weights, abs=1e-4)
        assert gpu.kv_mib == pytest.approx(kv, abs=1e-4)


@pytest.mark.parametrize("case", PLANS, ids=case_name)
def test_the_total_of_a_gpu_is_llama_cpps_within_two_percent(case: dict[str, Any]) -> None:
    estimate = plan(case)
    assert estimate.weights_bytes_total == case["file_bytes"]
    assert estimate.host_mib == pytest.approx(case["host_mib"], rel=0.03)
    for gpu, planned in zip(estimate.per_gpu, case["per_gpu"], strict=True):
        assert gpu.weights_mib + gpu.kv_mib + gpu.compute_mib == pytest.approx(sum(planned), rel=0.02)


def test_the_totals_are_llama_cpps_within_a_thousandth_for_most() -> None:
    errors = [
        abs(gpu.weights_mib + gpu.kv_mib + gpu.compute_mib - sum(planned)) / sum(planned)
        for case in PLANS
        for gpu, planned in zip(plan(case).per_gpu, case["per_gpu"], strict=True)
    ]
    assert median(errors) < 0.001
    assert sorted(errors)[int(0.95 * len(errors))] < 0.005


def test_the_runtime_is_a_context_the_volta_scratch_and_the_copy_of_a_quantised_layer() -> None:
    workload = Workload(model=model("llama-3.1-70b"), context_tokens=8192)
    # 2 bytes x 8192 x 28672 for the largest matrix, 2 bytes x 512 x 28672 for its input
    assert memory(build(), workload).per_gpu[0].runtime_mib == 320 + 448 + 28
    assert memory(build(architecture="ampere"), workload).per_gpu[0].runtime_mib == 320
    quantised = memory(build(architecture="ampere"), replace(workload, kv_dtype="q8_0"))
    assert quantised.per_gpu[0].runtime_mib == 320 + 2 * 2 * 8 * 128 * 8192 / 2**20


def test_decoding_in_small_batches_needs_no_volta_scratch() -> None:
    workload = Workload(model=model("llama-3.1-70b"), ubatch=32)
    assert memory(build(), workload).per_gpu[0].runtime_mib == 320


def test_without_a_split_the_other_gpus_are_idle() -> None:
    workload = Workload(model=model("qwen3-32b"), split="none")
    alone, four = memory(build(), workload), memory(build(gpu_count=4), workload)
    assert four.per_gpu[0] == alone.per_gpu[0]
    assert all(gpu.total_mib == 0 and gpu.fits for gpu in four.per_gpu[1:])
    assert four.max_context_tokens == alone.max_context_tokens


@pytest.mark.parametrize("split", ["layer", "row", "tensor"])
def test_a_split_spreads_weights_and_cache(split: str) -> None:
    workload = Workload(model=model("qwen2.5-72b"), split=split, tensor_parallel=4)
    alone = memory(build(), replace(workload, split="none"))
    four = memory(build(gpu_count=4), workload)
    assert not alone.fits
    assert four.fits
    assert sum(gpu.weights_mib for gpu in four.per_gpu) == pytest.approx(alone.per_gpu[0].weights_mib, rel=0.01)
    assert sum(gpu.kv_mib for gpu in four.per_gpu) == pytest.approx(alone.per_gpu[0].kv_mib)


def test_flash_attention_saves_the_scores() -> None:
    workload = Workload(model=model("llama-3.1-8b"), context_tokens=8192)
    off = memory(build(), replace(workload, flash_attention=False)).per_gpu[0]
    # 32 heads and one mask of 4 bytes for 8192 x 512 pairs
    assert off.compute_mib == pytest.approx(33 * 4 * 8192 * 512 / 2**20, rel=0.08)
    assert off.compute_mib > memory(build(), workload).per_gpu[0].compute_mib


def test_a_known_file_size_replaces_the_computed_one() -> None:
    workload = Workload(model=model("qwen3-32b"))
    computed = memory(build(gpu_count=2), workload)
    known = memory(build(gpu_count=2), replace(workload, weights_bytes=2 * computed.weights_bytes_total))
    assert known.weights_bytes_total == 2 * computed.weights_bytes_total
    for now, before in zip(known.per_gpu, computed.per_gpu, strict=True):
        assert now.weights_mib == pytest.approx(2 * before.weights_mib)
        assert now.kv_mib == before.kv_mib


def test_the_longest_context_is_the_last_that_fits() -> None:
    workload = Workload(model=model("qwen3-32b"), streams=4, kv_dtype="q8_0")
    longest = memory(build(), workload).max_context_tokens
    assert longest is not None
    assert longest % 256 == 0
    assert memory(build(), replace(workload, context_tokens=longest)).fits
    assert not memory(build(), replace(workload, context_tokens=longest + 256)).fits


def test_the_longest_context_is_the_models_where_memory_allows_more() -> None:
    workload = Workload(model=model("llama-3.2-3b"))
    assert memory(build(), workload).max_context_tokens == model("llama-3.2-3b").max_context_tokens


def test_there_is_no_longest_context_where_the_weights_alone_do_not_fit() -> None:
    estimate = memory(build(), Workload(model=model("llama-3.1-70b")))
    assert estimate.max_context_tokens is None
    assert not estimate.fits


def test_a_model_that_cannot_be_estimated_is_refused_with_its_reason() -> None:
    refused = replace(model("qwen3-32b"), refusal="No weights were ever published.")
    with pytest.raises(CannotEstimate, match=r"^No weights were ever published\.$"):
        memory(build(), Workload(model=refused))
    unknown = replace(
        model("qwen3.5-27b"), linear=replace(model("qwen3.5-27b").linear, kind="kda")  # type: ignore[type-var]
    )  # fmt: skip
    with pytest.raises(CannotEstimate, match="kda"):
        memory(build(), Workload(model=unknown))


@pytest.mark.parametrize("change", [{"quant": "Q9"}, {"kv_dtype": "int3"}])
def test_unknown_formats_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Unknown"):
        memory(build(), replace(Workload(model=model("qwen3-32b")), **change))  # type: ignore[arg-type]


def test_ik_llama_cpp_keeps_the_whole_context_in_window_layers() -> None:
    workload = Workload(model=model("gemma-3-27b"), context_tokens=131072)
    assert memory(build(), replace(workload, runtime="ik_llama.cpp")).per_gpu[0].kv_mib == 63488.0


def test_vllm_cuts_weights_and_cache_among_its_ranks() -> None:
    # Qwen2.5 72B AWQ on four V100: vLLM keeps a tenth of each card free and fits the cache in the rest
    workload = Workload(
        model=model("qwen2.5-72b"), quant="AWQ", runtime="vllm", split="tensor", tensor_parallel=4, context_tokens=16384
    )
    estimate = memory(build(gpu_count=4), workload)
    assert estimate.fits
    assert estimate.host_mib == 0
    assert len({gpu.total_mib for gpu in estimate.per_gpu}) == 1
    assert estimate.per_gpu[0].kv_mib == 80 * 2 * 2 * 128 * 2 * 16384 / 2**20
    assert estimate.per_gpu[0].runtime_mib == pytest.approx(320 + 392 + 3249.4)
    assert 4 * estimate.per_gpu[0].weights_mib == pytest.approx(estimate.weights_bytes_total / 2**20, rel=0.01)


def test_vllm_gives_the_first_stage_the_embedding_and_the_last_the_head() -> None:
    workload = Workload(
        model=model("qwen2.5-72b"), quant="AWQ", runtime="vllm", split="layer", pipeline_parallel=4
    )  # fmt: skip
    estimate = memory(build(gpu_count=4), workload)
    first, second, third, last = (gpu.weights_mib for gpu in estimate.per_gpu)
    assert second == third
    assert first > second
    assert last > third
    assert first + second + third + last == pytest.approx(estimate.weights_bytes_total / 2**20, rel=1e-4)


@settings(deadline=None, max_examples=60)
@given(
    slug=st.sampled_from(SLUGS),
    gpus=st.integers(1, 8),
    context=st.integers(1, 262_144),
    more=st.integers(0, 65_536),
    kv_dtype=st.sampled_from(["f16", "q8_0", "q4_0"]),
    runtime=st.sampled_from(["llama.cpp", "ik_llama.cpp", "vllm"]),
    flash_attention=st.booleans(),
)
def test_more_context_never_needs_less(
    slug: str, gpus: int, context: int, more: int, kv_dtype: str, runtime: str, flash_attention: bool
) -> None:
    workload = Workload(
        model=model(slug),
        context_tokens=context,
        kv_dtype=kv_dtype,
        runtime=runtime,
        tensor_parallel=gpus,
        flash_attention=flash_attention,
    )
    short = memory(build(gpu_count=gpus), workload)
    longer = memory(build(gpu_count=gpus), replace(workload, context_tokens=context + more))
    assert all(a.total_mib <= b.total_mib for a, b in zip(short.per_gpu, longer.per_gpu, strict=True))
    assert short.max_context_tokens == longer.max_context_tokens


@settings(deadline=None, max_examples=60)
@given(slug=st.sampled_from(SLUGS), gpus=st.integers(1, 8), lower=st.integers(0, 5), steps=st.integers(1, 6))
def test_more_bits_never_fit_better(slug: str, gpus: int, lower: int, steps: int) -> None:
    if slug.startswith("gpt-oss"):  # its rows fall back, so that Q3_K_M and Q2_K are one
        return
    fewer = memory(build(gpu_count=gpus), Workload(model=model(slug), quant=BITS[lower]))
    more = memory(build(gpu_count=gpus), Workload(model=model(slug), quant=BITS[min(6, lower + steps)]))
    assert all(a.weights_mib <= b.weights_mib for a, b in zip(fewer.per_gpu, more.per_gpu, strict=True))
    assert fewer.fits or not more.fits
    assert (fewer.max_context_tokens or 0) >= (more.max_context_tokens or 0)


@settings(deadline=None, max_examples=60)
@given(
    slug=st.sampled_from(SLUGS),
    gpus=st.integers(1, 8),
    small=st.integers(1_000, 100_000),
    larger=st.integers(0, 100_000),
    runtime=st.sampled_from(["llama.cpp", "vllm"]),
)
def test_what_fits_a_small_card_fits_a_larger_one(slug: str, gpus: int, small: int, larger: int, runtime: str) -> None:
    workload = Workload(model=model(slug), runtime=runtime, tensor_parallel=gpus)
    tight = memory(build(small, gpus), workload)
    roomy = memory(build(small + larger, gpus), workload)
    assert roomy.fits or not tight.fits
    assert (tight.max_context_tokens or 0) <= (roomy.max_context_tokens or 0)


@settings(deadline=None, max_examples=40)
@given(slug=st.sampled_from(SLUGS), gpus=st.integers(1, 16), split=st.sampled_from(["none", "layer", "row", "tensor"]))
def test_a_row_adds_up_and_fits_when_its_total_does(slug: str, gpus: int, split: str) -> None:
    estimate = memory(build(gpu_count=gpus), Workload(model=model(slug), split=split))
    assert len(estimate.per_gpu) == gpus
    assert estimate.fits == all(gpu.fits for gpu in estimate.per_gpu)
    for gpu in estimate.per_gpu:
        parts = gpu.weights_mib + gpu.kv_mib + gpu.compute_mib + gpu.runtime_mib
        assert gpu.total_mib == pytest.approx(parts)
        assert gpu.fits == (gpu.total_mib <= gpu.capacity_mib)


@pytest.mark.parametrize("case", [c for c in PLANS if model(c["model"]).tie_embeddings], ids=case_name)
@pytest.mark.parametrize("split", ["row", "tensor"])
def test_other_splits_hold_the_copy_of_a_tied_embedding_as_well(case: dict[str, Any], split: str) -> None:
    """No split needs less than llama.cpp's own layer plan, whose last GPU has that copy; norms are on every rank."""
    workload = Workload(model(case["model"]), case["quant"], split=split, tensor_parallel=2)
    held = sum(gpu.weights_mib for gpu in memory(build(gpu_count=2), workload).per_gpu)
    planned = sum(weights for weights, _, _ in case["per_gpu"])
    assert planned * 0.9999 <= held <= planned * 1.01


def test_a_104b_with_a_tied_embedding_does_not_fit_two_cards_by_its_blocks_alone() -> None:
    workload = Workload(
        model("command-r-plus-104b"), "Q3_K_M", split="tensor", tensor_parallel=2, context_tokens=58112
    )  # fmt: skip
    assert not memory(build(gpu_count=2), workload).fits


def test_vllm_keeps_a_tied_embedding_once() -> None:
    tied = model("command-r-v01")
    own = replace(tied, tie_embeddings=False)
    workload = Workload(tied, "F16", runtime="vllm", split="tensor", tensor_parallel=2)
    one, two = (
        memory(build(gpu_count=2), replace(workload, model=each)).per_gpu[0].weights_mib for each in (tied, own)
    )
    matrix_mib = 2 * tied.vocab_size * tied.hidden_size / 2**20
    assert two - one == pytest.approx(matrix_mib / 2, rel=0.01)
