"""Experts and layers in host memory: against llama.cpp's plan and published runs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.estimation.estimate import estimate
from configurator.estimation.memory import memory, smallest_offload
from configurator.estimation.offload import expert_bytes, host_share
from configurator.estimation.throughput import speed
from configurator.estimation.types import Supply, Workload
from tests.configurator.estimation.builds import LLAMA_70B, MOE_235B, US_15A, make_build, make_gpu, make_part
from tests.configurator.estimation.memory_cases import build, model

SUPPLY = Supply(None, US_15A)


@pytest.mark.parametrize(
    ("slug", "quant", "gpu_mib", "host_mib"),
    [("deepseek-v3", "Q4_K_M", 10_504, 376_229), ("qwen3-235b-a22b", "Q4_K_M", 6_105, 131_265)],
)
def test_all_experts_in_host_memory_leave_what_llama_cpp_plans(
    slug: str, quant: str, gpu_mib: int, host_mib: int
) -> None:
    """llama-fit-params with -ncmoe 999 and no repacking, one device, 8,192 tokens."""
    plan = memory(build(), Workload(model=model(slug), quant=quant, split="none", expert_layers_in_ram=999))
    gpu = plan.per_gpu[0]
    assert gpu.weights_mib + gpu.kv_mib + gpu.compute_mib == pytest.approx(gpu_mib, rel=0.01)
    assert plan.host_mib == pytest.approx(host_mib, rel=0.01)


def test_layers_in_host_memory_take_their_cache_along() -> None:
    whole = Workload(LLAMA_70B, split="none")
    half = replace(whole, gpu_layers=41)  # 40 of 80 layers and the output
    on_gpu, split = memory(build(), whole).per_gpu[0], memory(build(), half).per_gpu[0]
    assert split.kv_mib == on_gpu.kv_mib / 2
    assert memory(build(), half).host_mib > memory(build(), whole).host_mib + 0.45 * on_gpu.weights_mib


def test_asking_for_as_many_gpu_layers_as_there_are_moves_nothing() -> None:
    whole = Workload(LLAMA_70B, split="layer", pipeline_parallel=4)
    build_ = make_build()
    assert memory(build_, replace(whole, gpu_layers=81)) == memory(build_, whole)
    assert host_share(replace(whole, gpu_layers=81), "Q4_K_M").layers == 0


def test_the_smallest_offload_fits_and_one_less_does_not() -> None:
    workload = Workload(MOE_235B, split="layer", pipeline_parallel=4)
    helped = smallest_offload(make_build(), workload)
    assert helped is not None
    assert memory(make_build(), helped).fits
    fewer = replace(helped, expert_layers_in_ram=helped.expert_layers_in_ram - 1)
    assert not memory(make_build(), fewer).fits


def test_a_dense_model_moves_whole_layers() -> None:
    helped = smallest_offload(make_build(gpu_count=1), Workload(LLAMA_70B, split="none"))
    assert helped is not None
    assert helped.expert_layers_in_ram == 0
    assert helped.gpu_layers is not None
    more = replace(helped, gpu_layers=helped.gpu_layers + 1)
    assert memory(make_build(gpu_count=1), helped).fits
    assert not memory(make_build(gpu_count=1), more).fits


def test_known_and_too_small_host_memory_helps_nothing() -> None:
    small = make_build(parts=(make_part("ram", capacity_gib=16),))
    large = make_build(parts=(make_part("ram", capacity_gib=256),))
    workload = Workload(MOE_235B, split="layer", pipeline_parallel=4)
    assert estimate(small, workload, SUPPLY).speed is None
    assert estimate(large, workload, SUPPLY).speed is not None


def test_decoding_follows_the_hosts_memory() -> None:
    workload = Workload(MOE_235B, split="none", expert_layers_in_ram=94)
    slow = make_build(gpu_count=1, parts=(make_part("host", ram_bandwidth_gb_s=51.2),))
    fast = make_build(gpu_count=1, parts=(make_part("host", ram_bandwidth_gb_s=204.8),))
    plan = memory(slow, workload)
    assert plan.fits
    slowly, quickly = (speed(each, workload, SUPPLY, plan) for each in (slow, fast))
    assert slowly.bound_by == "host"
    assert 1.5 < quickly.decode_tok_s.mid / slowly.decode_tok_s.mid < 4
    # 8 of 128 experts of 94 layers, 132 GB at Q4_K_M: no less than 8.3 GB are read for a token.
    assert slowly.decode_tok_s.mid < 51.2 / 8.2


def test_the_processor_hands_over_for_every_layer_of_experts() -> None:
    """54.5 tok/s of a 35B with three billion active on one V100 of 16 GB, part of its experts in DDR4 of a Zen 2."""
    qwen = replace(model("qwen3.5-35b-a3b"), params_total=34_660_000_000)
    workload = Workload(qwen, quant="IQ4_XS", runtime="ik_llama.cpp", split="none")
    answer = estimate(make_build(gpu_count=1), workload, SUPPLY)
    assert answer.offload is not None
    assert answer.offload.assumed
    assert answer.speed is not None
    assert answer.speed.decode_tok_s.low < 54.5 < answer.speed.decode_tok_s.high


def test_fewer_experts_in_host_memory_are_never_slower() -> None:
    gpu = make_gpu(memory_mib=200_000)
    speeds = []
    for layers in (0, 20, 60, 94):
        workload = Workload(MOE_235B, split="none", expert_layers_in_ram=layers)
        host = make_build(gpu, gpu_count=1, parts=(make_part("host", ram_bandwidth_gb_s=100.0),))
        speeds.append(speed(host, workload, SUPPLY, memory(host, workload)).decode_tok_s.mid)
    assert speeds == sorted(speeds, reverse=True)


MOVED = st.integers(0, 130)
QUANTS = st.sampled_from(["Q4_K_M", "Q8_0", "IQ3_XXS"])


@given(gpus=st.integers(1, 8), fewer=MOVED, more=MOVED, quant=QUANTS, context=st.integers(1, 100_000))
def test_moving_more_experts_never_needs_more_gpu_memory(
    gpus: int, fewer: int, more: int, quant: str, context: int
) -> None:
    fewer, more = sorted((fewer, more))
    split = "layer" if gpus > 1 else "none"
    whole = Workload(MOE_235B, quant, split=split, pipeline_parallel=gpus, context_tokens=context)
    before, after = (
        memory(build(gpu_count=gpus), replace(whole, expert_layers_in_ram=moved)) for moved in (fewer, more)
    )
    pairs = list(zip(before.per_gpu, after.per_gpu, strict=True))
    assert all(late.weights_mib <= early.weights_mib for early, late in pairs)
    assert after.host_mib >= before.host_mib
    assert not (before.fits and not after.fits)


@given(gpus=st.integers(1, 8), fewer=st.integers(1, 97), more=st.integers(1, 97), quant=QUANTS)
def test_the_gpus_and_the_host_hold_the_same_file_whatever_is_moved(
    gpus: int, fewer: int, more: int, quant: str
) -> None:
    split = "layer" if gpus > 1 else "none"
    whole = Workload(MOE_235B, quant, split=split, pipeline_parallel=gpus)
    held = []
    for moved in (fewer, more):
        plan = memory(build(gpu_count=gpus), replace(whole, expert_layers_in_ram=moved))
        on_host = sum(expert_bytes(MOE_235B, quant)[:moved]) / 2**20
        held.append(sum(gpu.weights_mib for gpu in plan.per_gpu) + on_host)
    assert held[0] == pytest.approx(held[1], abs=0.01)
