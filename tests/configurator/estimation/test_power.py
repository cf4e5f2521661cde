"""Power: the guide's own rows come out when its assumptions go in, and sums follow the parts."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalog.figures import carrier_spec
from configurator.estimation.power import (
    circuit_load,
    decode_gpu_w,
    effective_limit_w,
    host_load,
    power,
    psu_efficiency,
    supply_capacity_w,
    usd_per_million_tokens,
    usd_per_month,
    wall_draw,
)
from configurator.estimation.types import DecodeMs, Range, SpeedEstimate, Supply, Workload
from tests.configurator.estimation.builds import (
    LLAMA_70B,
    SERVER,
    US_15A,
    US_20A,
    US_240V_30A,
    US_240V_50A,
    make_build,
    make_carrier,
    make_gpu,
    make_part,
)

CARRIERS = Path(__file__).parents[3] / "catalog" / "data" / "carriers"
ATX_850 = make_part("psu", power_w=850, power_120v_w=850, min_voltage_v=100, efficiency_percent=90, standard="atx")
SERVER_2000_W_240V = make_part("psu", power_w=2000, min_voltage_v=200, efficiency_percent=94, standard="crps")
PLX = make_part("io-card", power_w=7.3)
PC = make_part("host", load_power_w=200)


def layer_split(streams: int = 1, runtime: str = "llama.cpp", stages: int = 4) -> Workload:
    return Workload(LLAMA_70B, runtime=runtime, split="layer", pipeline_parallel=stages, streams=streams)


def tensor_split(over: int, streams: int = 1, stages: int = 1) -> Workload:
    return Workload(
        LLAMA_70B,
        runtime="1cat-vllm",
        split="tensor",
        tensor_parallel=over,
        pipeline_parallel=stages,
        streams=streams,
    )


# The guide, section 7: 200 W of host, 50 W of switch and the rest, once for two boards as it sums them; a server's
# 330 W of CPUs and 200 W of fans. All without the supply's loss.
@pytest.mark.parametrize(
    ("gpus", "limit_w", "beside_w", "total_w"),
    [
        (4, 150, 250, 850),
        (4, 300, 250, 1450),
        (8, 150, 250, 1450),
        (8, 150, 530, 1730),
        (8, 300, 530, 2930),
    ],
)
def test_the_guides_power_rows_come_out_of_its_assumptions(
    gpus: int, limit_w: float, beside_w: float, total_w: float
) -> None:
    draw = wall_draw(gpus, limit_w, beside_w, efficiency=1.0)
    assert draw.dc_w == total_w
    assert draw.wall_w == total_w
    assert draw.psu_loss_w == 0


@pytest.mark.parametrize(
    ("watts", "cheap", "average"), [(850, 18.36, 73.44), (1450, 31.32, 125.28), (1730, 37.37, 149.47)]
)
def test_the_guides_month_costs_come_out_over_720_hours(watts: float, cheap: float, average: float) -> None:
    assert usd_per_month(watts, 0.03) == pytest.approx(cheap, abs=0.005)
    assert usd_per_month(watts, 0.12) == pytest.approx(average, abs=0.005)


def test_a_server_with_the_guides_host_draws_1730_w_before_its_supplies() -> None:
    build = make_build(gpu_count=8, carrier=SERVER)
    estimate = power(build, layer_split(stages=8), Supply(150, US_20A), None)
    assert estimate.gpu_w + estimate.host_w == 1730
    assert estimate.psu_loss_w > 0
    assert estimate.wall_w == pytest.approx(1730 + estimate.psu_loss_w)


def test_a_quad_with_the_guides_parts_draws_about_850_w_before_its_supply() -> None:
    build = make_build(parts=(PC, make_part("io-card", power_w=45)))
    estimate = power(build, layer_split(), Supply(150, US_15A), None)
    assert estimate.gpu_w + estimate.host_w == 850  # 600 of GPUs, 200 host, 45 switch and rest, 5 board
    assert estimate.wall_w == pytest.approx(850 / 0.90)  # no supply chosen: nine tenths


def test_both_figures_are_given_because_a_limit_is_lost_at_boot() -> None:
    build = make_build(parts=(PC, PLX))
    estimate = power(build, layer_split(), Supply(150, US_15A), None)
    assert estimate.wall_w < US_15A.continuous_w < estimate.wall_w_unlimited
    assert estimate.circuit.fits
    assert not estimate.circuit.fits_unlimited


def test_without_a_limit_both_figures_are_the_same() -> None:
    estimate = power(make_build(), layer_split(), Supply(None, US_15A), None)
    assert estimate.wall_w == estimate.wall_w_unlimited


def test_a_limit_the_card_refuses_leaves_the_default() -> None:
    assert effective_limit_w(make_gpu(), 100) == 300
    assert effective_limit_w(make_gpu(), 350) == 300
    assert effective_limit_w(make_gpu(), 150) == 150
    card = make_gpu(form_factor="pcie", power_limit_min_w=None, power_limit_max_w=None)
    assert effective_limit_w(card, 100) == 100  # its range is not written down, which is no refusal


def test_a_module_that_takes_no_limit_stays_at_its_default() -> None:
    """The Ampere module of a car computer: nvidia-smi refuses any limit."""
    module = make_gpu(architecture="ampere", power_limit_min_w=None, power_limit_max_w=None, default_power_w=400)
    assert effective_limit_w(module, 150) == 400


@pytest.mark.parametrize("highest_w", [None, 600])
def test_no_limit_raises_the_draw_above_the_default(highest_w: int | None) -> None:
    card = make_gpu(form_factor="pcie", default_power_w=350, power_limit_min_w=None, power_limit_max_w=highest_w)
    assert effective_limit_w(card, 900) == 350
    assert effective_limit_w(card, 500) == 350


def test_a_dgx_2_draws_its_rated_10_kw_at_the_wall() -> None:
    """NVIDIA rates the whole machine, sixteen modules of 350 W in it, at 10 kW of input."""
    written = yaml.safe_load((CARRIERS / "server-dgx-2.yaml").read_text())
    figures = {name: figure["value"] for name, figure in written["figures"].items()}
    build = make_build(
        make_gpu(form_factor="sxm3", default_power_w=350, power_limit_max_w=350),
        gpu_count=16,
        carrier=carrier_spec(written["slug"], written["name"], figures),
    )
    supply = Supply(None, US_240V_50A, circuit_count=2)
    assert power(build, layer_split(stages=16), supply, None).wall_w == pytest.approx(10_000, rel=0.02)


class TestDecodeDraw:
    """Measured draw of V100 cards while they decode."""

    def test_one_card_draws_230_to_250_w(self) -> None:
        build = make_build(gpu_count=1, carrier=None)
        assert 230 <= decode_gpu_w(build, Workload(LLAMA_70B, split="none"), 300) <= 250

    def test_two_cards_in_a_layer_split_average_about_150_w(self) -> None:
        build = make_build(gpu_count=2)
        assert decode_gpu_w(build, layer_split(stages=2), 300) / 2 == pytest.approx(150, rel=0.05)

    def test_a_layer_split_averages_60_to_150_w_a_card(self) -> None:
        for gpus in (2, 3, 4, 8):
            each = decode_gpu_w(make_build(gpu_count=gpus), layer_split(stages=gpus), 300) / gpus
            assert 60 <= each <= 150

    def test_tensor_parallel_cards_draw_180_to_200_w(self) -> None:
        assert 180 <= decode_gpu_w(make_build(), tensor_split(4), 300) / 4 <= 200

    def test_sixteen_streams_draw_about_230_w(self) -> None:
        assert decode_gpu_w(make_build(), tensor_split(4, streams=16), 300) / 4 == pytest.approx(229.8, rel=0.01)
        assert decode_gpu_w(make_build(), tensor_split(4, streams=64), 300) / 4 == pytest.approx(229.8, rel=0.01)

    def test_no_card_draws_more_than_its_limit(self) -> None:
        assert decode_gpu_w(make_build(), tensor_split(4), 150) == 4 * 150

    def test_a_pipeline_keeps_as_many_stages_busy_as_there_are_streams(self) -> None:
        build = make_build(gpu_count=8, carrier_count=2)
        one, two, many = (decode_gpu_w(build, tensor_split(4, streams, stages=2), 300) for streams in (1, 2, 64))
        assert one < two < many <= 8 * 230

    def test_llama_cpp_works_one_stage_at_a_time_however_many_streams(self) -> None:
        build = make_build()
        assert decode_gpu_w(build, layer_split(streams=16), 300) == decode_gpu_w(build, layer_split(), 300)

    def test_other_cards_count_with_their_default_power(self) -> None:
        card = make_gpu(architecture="ada", form_factor="pcie", default_power_w=450, power_limit_max_w=600)
        build = make_build(gpu=card, gpu_count=1, carrier=None)
        assert decode_gpu_w(build, Workload(LLAMA_70B, split="none"), 450) == 450


class TestEfficiency:
    def test_half_load_has_the_stated_efficiency(self) -> None:
        assert psu_efficiency(0.92, 0.5) == pytest.approx(0.92)

    # 80 PLUS Gold at 115 V: 87 % at 20 %, 90 % at 50 %, 87 % at full load.
    @pytest.mark.parametrize(("fraction", "expected"), [(0.2, 0.87), (0.5, 0.90), (1.0, 0.87)])
    def test_gold_levels_come_out(self, fraction: float, expected: float) -> None:
        assert psu_efficiency(0.90, fraction) == pytest.approx(expected)

    def test_an_unknown_load_has_the_half_load_figure(self) -> None:
        assert psu_efficiency(0.90, None) == 0.90

    def test_overload_is_no_worse_than_full_load(self) -> None:
        assert psu_efficiency(0.90, 1.7) == psu_efficiency(0.90, 1.0)

    def test_a_load_fraction_must_be_a_number(self) -> None:
        with pytest.raises(ValueError, match="load fraction"):
            psu_efficiency(0.9, float("nan"))


class TestSupplyCapacity:
    def test_an_atx_supply_gives_its_rating_at_any_voltage(self) -> None:
        build = make_build(parts=(replace(ATX_850, quantity=2),))
        assert supply_capacity_w(build, 120) == 1700
        assert supply_capacity_w(build, 240) == 1700

    def test_a_server_supply_gives_nothing_at_120_v(self) -> None:
        assert supply_capacity_w(make_build(parts=(SERVER_2000_W_240V,)), 120) == 0
        assert supply_capacity_w(make_build(parts=(SERVER_2000_W_240V,)), 240) == 2000

    def test_a_wide_input_server_supply_without_a_120_v_figure_is_unknown_there(self) -> None:
        wide = make_part("psu", power_w=2000, min_voltage_v=100, standard="crps")
        assert supply_capacity_w(make_build(parts=(wide,)), 120) is None
        assert supply_capacity_w(make_build(parts=(wide,)), 230) == 2000

    def test_a_servers_supplies_derate_at_120_v(self) -> None:
        build = make_build(gpu_count=8, carrier=SERVER)
        assert supply_capacity_w(build, 120) == 4800
        assert supply_capacity_w(build, 240) == 8800

    def test_no_supply_is_not_zero_watts(self) -> None:
        assert supply_capacity_w(make_build(), 120) is None
        assert supply_capacity_w(make_build(gpu_count=8, carrier=make_carrier(SERVER, psu_count=None)), 120) is None


class TestHost:
    def test_a_host_that_is_not_chosen_counts_200_w_and_says_so(self) -> None:
        load = host_load(make_build())
        assert load.load_w == 205
        assert any("200 W" in text for text in load.assumed)

    def test_known_parts_leave_nothing_assumed(self) -> None:
        load = host_load(make_build(parts=(PC, PLX, make_part("fan", 4, power_w=3))))
        assert load.load_w == pytest.approx(200 + 5 + 7.3 + 12)
        assert load.assumed == ()

    def test_parts_without_a_figure_are_assumed_and_named(self) -> None:
        parts = (
            make_part("host", name="Some host"),
            make_part("io-card", name="Some card"),
            make_part("fan", name="Some fan"),
        )
        load = host_load(make_build(carrier=make_carrier(board_power_w=None, name="Some board"), parts=parts))
        for name in ("Some host", "Some card", "Some fan", "Some board"):
            assert any(name in text for text in load.assumed)

    def test_a_server_is_its_own_host(self) -> None:
        load = host_load(make_build(gpu_count=8, carrier=SERVER, parts=(PC,)))
        assert load.load_w == 530
        assert load.assumed == ()

    def test_a_server_without_a_figure_counts_the_guides_530_w_and_says_so(self) -> None:
        load = host_load(make_build(gpu_count=8, carrier=make_carrier(SERVER, host_power_w=None)))
        assert load.load_w == 530
        assert load.assumed

    def test_an_apu_is_its_own_host(self) -> None:
        apu = make_gpu(form_factor="apu", architecture="rdna3.5", default_power_w=120)
        assert host_load(make_build(gpu=apu, gpu_count=1, carrier=None)).load_w == 0


def test_a_circuit_is_loaded_to_four_fifths_at_most() -> None:
    load = circuit_load(US_15A, wall_w=1730 / 0.92, wall_w_unlimited=2930 / 0.92)
    assert load.continuous_w == 1440
    assert load.load_percent == pytest.approx(130.6, abs=0.1)
    assert load.amps == pytest.approx(15.7, abs=0.05)
    assert load.circuits_needed == 2
    assert not load.fits


def test_cost_of_tokens_is_reckoned_at_the_decode_draw() -> None:
    speed = SpeedEstimate(
        Range(9, 10, 11), Range(9, 10, 11), Range(90, 100, 110), Range(1, 2, 3), "bandwidth",
        DecodeMs(90, 2, 5, 0, 1, 2), "modelled",
    )  # fmt: skip
    estimate = power(make_build(), layer_split(), Supply(150, US_15A, 0.12), speed)
    assert estimate.decode_wall_w < estimate.wall_w
    # 10**6 tokens at 10 a second are 27.8 hours
    assert estimate.usd_per_million_tokens == pytest.approx(estimate.decode_wall_w / 1000 * 27.7778 * 0.12, rel=1e-4)
    assert usd_per_million_tokens(1000, 10, 0.12) == pytest.approx(3.3333, rel=1e-4)


def test_without_a_speed_tokens_have_no_cost() -> None:
    assert power(make_build(), layer_split(), Supply(150, US_15A), None).usd_per_million_tokens is None


def test_heat_and_month_follow_from_the_wall() -> None:
    estimate = power(make_build(), layer_split(), Supply(150, US_15A, 0.2, hours_per_day=6), None)
    assert estimate.btu_per_hour == pytest.approx(estimate.wall_w * 3.412142)
    assert estimate.usd_per_month == pytest.approx(estimate.wall_w / 1000 * 180 * 0.2)


def test_idle_cards_draw_their_published_idle_power() -> None:
    estimate = power(make_build(parts=(PC, PLX)), layer_split(), Supply(150, US_15A), None)
    assert 4 * 41 < estimate.idle_w < 400


@given(
    limit_w=st.integers(150, 300),
    gpus=st.integers(1, 16),
    streams=st.integers(1, 64),
    tensor=st.booleans(),
    rating_w=st.integers(200, 5000),
)
def test_draws_stay_in_order(limit_w: int, gpus: int, streams: int, tensor: bool, rating_w: int) -> None:
    supply = make_part("psu", power_w=rating_w, min_voltage_v=100, efficiency_percent=90, standard="atx")
    build = make_build(gpu_count=gpus, carrier_count=4, parts=(supply,))
    workload = tensor_split(gpus, streams) if tensor else layer_split(streams, stages=gpus)
    estimate = power(build, workload, Supply(limit_w, US_240V_30A), None)
    assert estimate.idle_w <= estimate.decode_wall_w <= estimate.wall_w <= estimate.wall_w_unlimited
    assert estimate.wall_w == pytest.approx(estimate.gpu_w + estimate.host_w + estimate.psu_loss_w)
    assert estimate.psu_loss_w > 0


def test_two_circuits_share_the_load() -> None:
    load = circuit_load(US_15A, wall_w=1730 / 0.92, wall_w_unlimited=2930 / 0.92, count=2)
    assert load.fits
    assert load.circuits_needed == 2
    assert load.amps == pytest.approx(1730 / 0.92 / 120 / 2)
    assert load.continuous_w == 2 * 1440


def test_one_supply_hangs_on_one_circuit_however_many_there_are() -> None:
    load = circuit_load(US_15A, wall_w=1600, wall_w_unlimited=1600, count=2, cords=1)
    assert not load.fits
    assert load.amps == pytest.approx(1600 / 120)


def test_three_supplies_on_two_circuits_are_two_and_one() -> None:
    load = circuit_load(US_15A, wall_w=1800, wall_w_unlimited=3000, count=2, cords=3)
    assert load.load_percent == pytest.approx(100 * 1200 / 1440)
    assert load.fits
    assert not load.fits_unlimited
