"""Drafting with multi-token-prediction layers: the arithmetic, the memory, and published runs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.estimation.memory import memory
from configurator.estimation.speculation import mtp_weights, tokens_per_step
from configurator.estimation.throughput import speed
from configurator.estimation.types import Supply, Workload
from tests.configurator.estimation.builds import US_15A, make_build
from tests.configurator.estimation.memory_cases import model

SUPPLY = Supply(None, US_15A)
QWEN = replace(model("qwen3.5-27b"), mtp_layers=1)  # the shape of Qwen3.6 and Qwen3.8 27B


def ask(drafted: int, **settings: object) -> Workload:
    return replace(Workload(QWEN), speculative_tokens=drafted, **settings)  # type: ignore[arg-type]


def test_one_draft_at_an_acceptance_of_73_percent_gives_1_73_tokens_a_round() -> None:
    """1Cat-vLLM's own count of a round with one draft."""
    assert tokens_per_step(1, 0.73) == pytest.approx(1.73)


@given(st.integers(0, 8), st.floats(0.01, 0.99))
def test_a_step_yields_what_the_closed_form_says(tokens: int, accepted: float) -> None:
    assert tokens_per_step(tokens, accepted) == pytest.approx((1 - accepted ** (tokens + 1)) / (1 - accepted))


def test_the_draft_layer_is_loaded_only_for_drafting() -> None:
    build = make_build()
    plain, drafting = (ask(n, split="layer", pipeline_parallel=4) for n in (0, 2))
    before, after = memory(build, plain).per_gpu, memory(build, drafting).per_gpu
    blocks_mib = mtp_weights(QWEN, "Q4_K_M").blocks / 2**20
    assert blocks_mib > 100
    assert after[-1].weights_mib - before[-1].weights_mib == pytest.approx(blocks_mib)
    assert after[-1].kv_mib > before[-1].kv_mib
    assert after[:-1] == before[:-1]


def test_drafting_is_labelled_and_plain_decoding_stays_visible() -> None:
    build = make_build()
    plain = ask(0, split="tensor", tensor_parallel=4)
    drafting = replace(plain, speculative_tokens=3)
    without = speed(build, plain, SUPPLY, memory(build, plain))
    drafted = speed(build, drafting, SUPPLY, memory(build, drafting))
    assert without.speculation is None
    assert drafted.speculation is not None
    assert drafted.speculation.plain_decode_tok_s.mid == pytest.approx(without.decode_tok_s.mid)
    assert drafted.decode_ms.total == pytest.approx(1000 / drafted.decode_tok_s.mid)
    assert drafted.decode_tok_s.low < without.decode_tok_s.mid < drafted.decode_tok_s.high


@pytest.mark.parametrize(("drafts", "measured"), [(1, 93.0), (3, 114.4)])
def test_published_runs_with_drafts_lie_in_the_range(drafts: int, measured: float) -> None:
    """Qwen3.8-27B in NVFP4 on four V100, 1Cat-vLLM."""
    workload = ask(drafts, quant="NVFP4", runtime="1cat-vllm", split="tensor", tensor_parallel=4)
    found = speed(make_build(), workload, SUPPLY, memory(make_build(), workload))
    assert found.decode_tok_s.low < measured < found.decode_tok_s.high
    assert found.decode_tok_s.mid == pytest.approx(measured, rel=0.2)
