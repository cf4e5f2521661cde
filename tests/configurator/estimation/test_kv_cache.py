"""The cache: against logs of real runs, and its shape by architecture."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.estimation.kv_cache import KV_TYPES, CacheShape, cache_bytes, layer_caches, padded_cells
from tests.configurator.estimation.memory_cases import CASES, model

MIB = 2**20


def cache_mib(slug: str, kv_dtype: str, context_tokens: int, streams: int = 1, ubatch: int = 512) -> float:
    total = sum(layer_caches(model(slug), kv_dtype), start=CacheShape())
    return cache_bytes(total, model(slug), context_tokens, streams, ubatch) / MIB


@pytest.mark.parametrize("log", CASES["kv_logs"], ids=lambda log: f"{log['model']}-{log['context_tokens']}")
def test_the_cache_is_as_large_as_the_runtime_printed(log: dict[str, str]) -> None:
    computed = cache_mib(log["model"], log["kv_dtype"], int(log["context_tokens"]))
    assert computed == pytest.approx(float(log["kv_mib"]), rel=1e-4)


def test_a_latent_cache_holds_one_latent_and_one_rotary_key_a_token() -> None:
    # DeepSeek V3: 61 layers x (512 + 64) x 2 bytes
    assert cache_mib("deepseek-v3", "f16", 8192) == 61 * 576 * 2 * 8192 / MIB


def test_a_window_holds_itself_and_one_micro_batch() -> None:
    # Gemma 3 27B: 10 global layers, 52 local ones of 1024 tokens; 2 x 16 heads x 128 x 2 bytes a cell
    cell = 2 * 16 * 128 * 2
    assert cache_mib("gemma-3-27b", "f16", 65536) == cell * (10 * 65536 + 52 * 1536) / MIB
    assert cache_mib("gemma-3-27b", "f16", 65536, ubatch=2048) == cell * (10 * 65536 + 52 * 3072) / MIB


def test_a_runtime_without_window_caches_keeps_the_whole_context() -> None:
    total = sum(layer_caches(model("gemma-3-27b"), "f16"), start=CacheShape())
    # as ik_llama.cpp prints it for 131,072 tokens
    assert cache_bytes(total, model("gemma-3-27b"), 131072, 1, 512, swa_full=True) / MIB == 63488.0


def test_global_layers_may_have_a_shape_of_their_own() -> None:
    # Gemma 4 31B: 50 local layers of 16 heads x 256, 10 global ones of 4 heads x 512
    local, full = 2 * 16 * 256 * 2, 2 * 4 * 512 * 2
    assert cache_mib("gemma-4-31b", "f16", 65536) == (50 * local * 1536 + 10 * full * 65536) / MIB


def test_recurrent_layers_hold_a_state_that_does_not_grow() -> None:
    # Qwen3.5 27B prints 149.62 MiB of state a sequence
    growing = cache_mib("qwen3.5-27b", "f16", 65536) - cache_mib("qwen3.5-27b", "f16", 32768)
    assert growing == 16 * 2 * 4 * 256 * 2 * 32768 / MIB
    assert cache_mib("qwen3.5-27b", "f16", 32768) - growing == pytest.approx(149.625, abs=0.01)


def test_compressed_layers_hold_an_entry_for_several_tokens() -> None:
    assert cache_mib("deepseek-v4-flash", "f16", 65536) == pytest.approx(474, abs=0.5)


def test_a_window_the_runtime_ignores_saves_nothing() -> None:
    mistral = model("mistral-7b-v0.1")
    total = sum(layer_caches(mistral, "f16"), start=CacheShape())
    assert cache_bytes(total, mistral, 32768, 1, 512) == 32 * 2 * 8 * 128 * 2 * 32768


def test_streams_have_a_cache_each() -> None:
    assert cache_mib("qwen3-32b", "f16", 4096, streams=4) == 4 * cache_mib("qwen3-32b", "f16", 4096)


def test_an_unknown_cache_type_is_refused() -> None:
    with pytest.raises(ValueError, match="q8_0"):
        layer_caches(model("qwen3-32b"), "int3")


@given(
    slug=st.sampled_from(sorted(CASES["models"])),
    kv_dtype=st.sampled_from(sorted(KV_TYPES)),
    context=st.integers(1, 300_000),
    more=st.integers(0, 100_000),
)
def test_more_context_never_needs_a_smaller_cache(slug: str, kv_dtype: str, context: int, more: int) -> None:
    assert cache_mib(slug, kv_dtype, context) <= cache_mib(slug, kv_dtype, context + more)


@given(slug=st.sampled_from(sorted(CASES["models"])), context=st.integers(1, 300_000))
def test_fewer_bits_never_need_a_larger_cache(slug: str, context: int) -> None:
    assert cache_mib(slug, "q4_0", context) <= cache_mib(slug, "q8_0", context) <= cache_mib(slug, "f16", context)


@given(context=st.integers(1, 2**21))
def test_cells_come_in_steps_of_256(context: int) -> None:
    assert context <= padded_cells(context) < context + 256
    assert padded_cells(context) % 256 == 0


def test_the_shape_of_a_model_hangs_on_its_layers_only() -> None:
    qwen = model("qwen3-32b")
    assert layer_caches(replace(qwen, vocab_size=7), "f16") == layer_caches(qwen, "f16")
