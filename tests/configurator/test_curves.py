"""Speeds over one setting: the same engine as for the build itself, and nothing where it does not run."""

from dataclasses import replace
from itertools import pairwise

from configurator.curves import curves
from configurator.estimation.estimate import estimate
from configurator.estimation.types import Build, Supply, Workload
from tests.configurator.estimation.builds import LLAMA_70B, QUAD_BOARD, US_15A, V100_16

QUAD = Build(V100_16, 4, QUAD_BOARD, 1)
WORKLOAD = Workload(LLAMA_70B, depth_tokens=5000, pipeline_parallel=4)
SUPPLY = Supply(200, US_15A)


def test_each_curve_passes_through_the_estimate_of_the_build_itself() -> None:
    answer = estimate(QUAD, WORKLOAD, SUPPLY)
    assert answer.speed is not None
    found = curves(QUAD, WORKLOAD, SUPPLY)
    assert found.power is not None
    for curve, chosen in ((found.depth, 5000), (found.power, 200), (found.streams, 1)):
        assert curve.chosen == chosen
        (here,) = [point for point in curve.points if point.value == chosen]
        assert here.speed == here.each == answer.speed.decode_tok_s
        assert [point.value for point in curve.points] == sorted({point.value for point in curve.points})
        assert 6 <= len(curve.points) <= 12


def test_depth_ends_where_memory_does_and_speed_falls_until_there() -> None:
    depth = curves(QUAD, WORKLOAD, SUPPLY).depth
    limit = estimate(QUAD, WORKLOAD, SUPPLY).memory.max_context_tokens
    assert limit is not None
    assert depth.limit == limit < 131_072  # the model's own end
    assert limit in [point.value for point in depth.points]
    mids = [point.speed.mid for point in depth.points if point.speed]
    assert all(deeper < shallower for shallower, deeper in pairwise(mids))
    for point in depth.points:
        assert (point.speed is None) == (point.value > limit)
        assert (point.why == "does not fit") == (point.value > limit)
    # A choice that asks for more context than there is room for has a curve as well, up to where there is.
    asked = curves(QUAD, replace(WORKLOAD, context_tokens=131072), SUPPLY)
    assert asked.depth.points == depth.points
    assert asked.power is not None
    assert not asked.power.runs_somewhere


def test_power_goes_from_the_lowest_limit_to_the_default() -> None:
    power = curves(QUAD, WORKLOAD, SUPPLY).power
    assert power is not None
    assert [point.value for point in power.points] == [150, 175, 200, 225, 250, 275, 300]
    unlimited = replace(QUAD, gpu=replace(V100_16, power_limit_min_w=None, power_limit_max_w=None))
    assert curves(unlimited, WORKLOAD, SUPPLY).power is None


def test_streams_end_where_their_caches_no_longer_fit() -> None:
    streams = curves(QUAD, replace(WORKLOAD, context_tokens=16384), SUPPLY).streams
    assert streams.limit is not None
    for point in streams.points:
        fits = estimate(QUAD, replace(WORKLOAD, context_tokens=16384, streams=int(point.value)), SUPPLY).memory.fits
        assert (point.speed is not None) == fits == (point.value <= streams.limit)
    assert curves(QUAD, replace(WORKLOAD, streams=40), SUPPLY).streams.points[-1].value == 40


def test_what_the_runtime_refuses_has_no_speed_but_a_reason() -> None:
    # llama.cpp knows no pipelines of tensor groups.
    refused = replace(WORKLOAD, split="tensor", tensor_parallel=2, pipeline_parallel=2)
    depth = curves(QUAD, refused, SUPPLY).depth
    assert not depth.runs_somewhere
    assert all(point.why for point in depth.points)
