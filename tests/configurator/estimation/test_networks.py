"""What crosses a network between two hosts, worked by hand for a model of 80 layers and a width of 8,192."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.estimation.networks import (
    Network,
    pipeline_bytes,
    pipeline_crossing,
    prompt_seconds,
    tensor_bytes,
    tensor_crossing,
)
from configurator.estimation.types import DecodeMs
from configurator.network_list import networks

# A 70B at four bits on four V100 with tensor parallelism: some 22 ms a token.
STEP = DecodeMs(weights=14.0, kv=0.0, launch=3.8, all_reduce=3.5, hops=0.4, host=0.3)
BY_SLUG = {network.slug: network for network in networks()}


def test_a_token_crosses_as_one_activation_by_pipeline_and_160_times_by_tensor() -> None:
    assert pipeline_bytes(8192) == 16_384
    # 2 all-reduces x 80 layers, each 2 (n - 1) / n = 1 times 16,384 bytes.
    assert tensor_bytes(8192, 80) == 2_621_440
    assert pipeline_bytes(8192, streams=4) == 65_536


def test_ten_gigabit_is_fine_for_a_pipeline_and_no_ethernet_is_for_tensor_parallelism() -> None:
    ten = pipeline_crossing(BY_SLUG["ethernet-10"], 8192, STEP)
    # 0.116 ms of handing over, 25 to 150 us of latency, 16,384 bytes at 1.18 GB/s = 0.0139 ms.
    assert ten.added_ms.low == pytest.approx(0.116 + 0.025 + 0.0139, abs=1e-4)
    assert ten.added_ms.high == pytest.approx(0.116 + 0.150 + 0.0139, abs=1e-4)
    assert ten.verdict == "ok"
    across = {slug: tensor_crossing(network, 8192, 80, STEP) for slug, network in BY_SLUG.items()}
    # 160 all-reduces x two steps x 25 us = 8 ms at the least, where half of 14 ms can be saved.
    assert across["ethernet-10"].added_ms.low == pytest.approx(8 + 2.2216, abs=1e-3)
    assert {across[f"ethernet-{rate}"].verdict for rate in (1, 10, 25, 100)} == {"blocker"}
    assert across["infiniband-qdr"].verdict == "caution"
    assert across["infiniband-fdr"].verdict == "ok"
    assert across["ethernet-10"].saved_ms == 7.0


def test_a_prompt_of_2048_tokens_takes_28_ms_over_ten_gigabit() -> None:
    assert prompt_seconds(BY_SLUG["ethernet-10"], 8192, 2048) == pytest.approx(0.02844, abs=1e-4)


def test_every_network_of_the_list_has_a_rate_latencies_and_sources() -> None:
    assert [network.name for network in networks()] == [
        *("1 GbE", "10 GbE", "25 GbE", "100 GbE", "InfiniBand QDR, 40 Gb", "InfiniBand FDR, 56 Gb"),
    ]
    for network in networks():
        assert network.gb_s > 0
        assert 0 < network.latency_us_low <= network.latency_us_high
        assert network.rate_source.title
        assert network.latency_source.title


@settings(deadline=None, max_examples=50)
@given(st.floats(0.05, 25.0), st.floats(0.5, 300.0), st.integers(256, 16_384), st.integers(1, 64))
def test_a_better_network_never_costs_more(gb_s: float, latency_us: float, hidden: int, streams: int) -> None:
    slow = BY_SLUG["ethernet-10"]
    worse = Network("a", "a", gb_s, latency_us, 2 * latency_us, slow.rate_source, slow.latency_source, "")
    better = Network("b", "b", 2 * gb_s, latency_us / 2, latency_us, slow.rate_source, slow.latency_source, "")
    for crossed in (pipeline_crossing, lambda *given: tensor_crossing(given[0], given[1], 32, given[2], given[3])):
        before, after = crossed(worse, hidden, STEP, streams), crossed(better, hidden, STEP, streams)
        assert after.added_ms.high <= before.added_ms.high
        assert after.added_ms.low <= after.added_ms.mid <= after.added_ms.high
