"""Geometry of bars and gauges: what is drawn is in proportion, and nothing leaves its picture."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.estimation.types import (
    CircuitLoad,
    DecodeMs,
    DeviceMemory,
    MemoryEstimate,
    PowerEstimate,
    Range,
    SpeedEstimate,
)
from configurator.pictures import circuit_gauge, memory_bars, range_bar, speed_bars


def device(
    weights: float, kv: float = 0, compute: float = 0, runtime: float = 0, capacity: float = 16145
) -> DeviceMemory:
    total = weights + kv + compute + runtime
    return DeviceMemory(weights, kv, compute, runtime, total, capacity, total <= capacity)


def plan(*devices: DeviceMemory) -> MemoryEstimate:
    return MemoryEstimate(all(gpu.fits for gpu in devices), 42_520_395_552, 820, 8192, devices)


def draw_of(
    wall_w: float, unlimited_w: float, *, voltage_v: int = 120, breaker_a: float = 15, count: int = 1
) -> PowerEstimate:
    continuous_w = voltage_v * breaker_a * 0.8 * count
    load = CircuitLoad(
        slug="us-120v-15a",
        name="US 120 V, 15 A",
        count=count,
        voltage_v=voltage_v,
        breaker_a=breaker_a,
        continuous_w=continuous_w,
        load_percent=100 * wall_w / continuous_w,
        load_percent_unlimited=100 * unlimited_w / continuous_w,
        amps=wall_w / voltage_v / count,
        circuits_needed=1,
        fits=wall_w <= continuous_w,
        fits_unlimited=unlimited_w <= continuous_w,
    )
    return PowerEstimate(620, 160, 83, wall_w, unlimited_w, wall_w * 0.6, 240, load, 74.56, 1.35, 2945)


def test_a_gpu_that_is_half_full_is_drawn_half_full() -> None:
    bar = memory_bars(plan(device(8072.5))).bars[0]
    assert bar.segments[0].width == 50
    assert bar.capacity_x == 100
    assert bar.free_mib == 8072.5


def test_segments_stand_end_to_end_in_the_order_of_the_key() -> None:
    bar = memory_bars(plan(device(10000, 2560, 584, 620))).bars[0]
    assert [segment.kind for segment in bar.segments] == ["weights", "kv", "buffers", "runtime"]
    for before, after in pairwise(bar.segments):
        assert before.x + before.width == pytest.approx(after.x, abs=0.01)


def test_a_gpu_that_overflows_passes_its_own_capacity_mark() -> None:
    bar = memory_bars(plan(device(16000, 2000), device(8000))).bars[0]
    assert bar.capacity_x == pytest.approx(100 * 16145 / 18000, abs=0.01)
    assert bar.segments[1].x + bar.segments[1].width == pytest.approx(100)
    assert bar.short_mib == 1855
    assert not bar.fits


def test_the_tightest_gpu_is_the_one_with_the_least_room() -> None:
    picture = memory_bars(plan(device(10000), device(12000), device(9000)))
    assert picture.tightest is not None
    assert picture.tightest.index == 1
    assert picture.total_mib == 31000
    assert picture.capacity_mib == 3 * 16145


def test_without_gpus_nothing_is_drawn_and_nothing_breaks() -> None:
    picture = memory_bars(plan())
    assert picture.bars == ()
    assert picture.tightest is None


@given(
    st.lists(
        st.builds(device, *[st.floats(0, 40000)] * 4, capacity=st.floats(1000, 100_000)),
        min_size=1,
        max_size=16,
    )
)
def test_no_bar_leaves_its_picture(devices: list[DeviceMemory]) -> None:
    for bar in memory_bars(plan(*devices)).bars:
        assert 0 <= bar.capacity_x <= 100
        assert bar.segments[-1].x + bar.segments[-1].width <= 100.01
        assert all(segment.width >= 0 for segment in bar.segments)


def test_a_range_lies_on_an_axis_that_ends_at_a_round_number() -> None:
    bar = range_bar(Range(12, 14, 16))
    assert bar.top == 20
    assert (bar.low_x, bar.mid_x, bar.width) == (60, 70, 20)


@pytest.mark.parametrize(("high", "top"), [(16, 20), (20, 20), (21, 25), (26, 50), (452, 500), (0.7, 1), (0.3, 0.5)])
def test_axes_end_at_one_two_two_and_a_half_or_five(high: float, top: float) -> None:
    assert range_bar(Range(0, 0, high)).top == pytest.approx(top)


@given(st.floats(0.001, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_a_range_stays_on_its_axis(high: float, a: float, b: float) -> None:
    low, mid = sorted((a * high, b * high))
    bar = range_bar(Range(low, mid, high))
    assert 0 <= bar.low_x <= bar.mid_x + 0.01
    assert bar.low_x + bar.width <= 100.01


def test_the_causes_of_a_decode_step_fill_the_whole_bar() -> None:
    spread = Range(12, 14, 16)
    causes = DecodeMs(weights=60, kv=20, launch=10, all_reduce=5, hops=3, host=2)
    steps = speed_bars(SpeedEstimate(spread, spread, spread, spread, "bandwidth", causes, "modelled")).steps
    assert [step.width for step in steps] == [60, 20, 10, 5, 3, 2]
    assert steps[-1].x + steps[-1].width == pytest.approx(100)


def test_the_gauge_marks_the_breaker_and_four_fifths_of_it() -> None:
    gauge = circuit_gauge(draw_of(863, 1480))
    assert gauge.breaker_w == 1800
    assert gauge.continuous_x == pytest.approx(0.8 * gauge.breaker_x, abs=0.02)
    assert gauge.limit_x == pytest.approx(gauge.breaker_x * 863 / 1800, abs=0.02)
    assert gauge.idle_x < gauge.decode_x < gauge.limit_x < gauge.unlimited_x


def test_a_draw_beyond_the_breaker_stretches_the_axis() -> None:
    gauge = circuit_gauge(draw_of(863, 3600))
    assert gauge.unlimited_x <= 100
    assert gauge.breaker_x == pytest.approx(gauge.unlimited_x / 2, abs=0.02)


def test_two_circuits_carry_twice_as_much() -> None:
    assert circuit_gauge(draw_of(2000, 3000, count=2)).breaker_w == 3600
