"""Does it fit, and do people reckon it rightly?"""

from dataclasses import replace

import pytest

from configurator.estimation.findings import Facts
from configurator.estimation.memory import memory as plan_memory
from configurator.estimation.types import DeviceMemory, MemoryEstimate
from tests.configurator.estimation.builds import (
    LLAMA_70B,
    MOE_235B,
    finding,
    make_build,
    make_facts,
    make_gpu,
    make_memory,
    severity,
)
from tests.configurator.estimation.memory_cases import model

NOT_PLANNED = MemoryEstimate(False, 0, 0, None, ())
V100_32 = make_gpu(slug="v100-sxm2-32gb", memory_mib=32494)
DEEPSEEK_V3 = replace(
    MOE_235B,
    name="DeepSeek V3.2",
    architecture="DeepseekV32ForCausalLM",
    params_total=671_026_404_352,
    params_active=37_000_000_000,
)


def planned(weights_mib: float = 10_000, **facts: object) -> Facts:
    return make_facts(memory=make_memory(weights_mib=weights_mib), **facts)  # type: ignore[arg-type]


def on_one_of_four(weights_mib: float, **facts: object) -> Facts:
    """Split none: one of four GPUs works, the others are idle."""
    one = make_memory(1, weights_mib)
    memory = replace(one, per_gpu=one.per_gpu + (DeviceMemory(0, 0, 0, 0, 0, 16_145, True),) * 3)
    return make_facts(memory=memory, split="none", pipeline_parallel=1, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("depth-beyond-context", make_facts(depth_tokens=9000), "caution"),
        ("depth-beyond-context", make_facts(), None),
        ("does-not-fit", planned(16_000), "blocker"),
        ("does-not-fit", planned(15_000), "caution"),  # 93 % of 16,145 MiB
        ("does-not-fit", planned(10_000), "ok"),
        ("does-not-fit", make_facts(memory=NOT_PLANNED), "unknown"),
        ("moe-stores-all-experts", planned(33_000, model=MOE_235B), "blocker"),
        ("moe-stores-all-experts", planned(33_000, model=replace(MOE_235B, params_active=None)), "blocker"),
        ("moe-stores-all-experts", planned(10_000, model=MOE_235B), "ok"),
        ("moe-stores-all-experts", planned(), None),
        ("weights-size", planned(), "ok"),
        ("weights-size", planned(8_410, weights_bytes=35_276_853_248), "caution"),  # 70.55 B x 4.0 bits
        ("weights-size", planned(10_140, weights_bytes=42_520_395_000), "ok"),  # Q4_K_M: 42.5 GB
        ("weights-size", planned(weights_bytes=20_000_000_000), "caution"),  # less than half
        ("weights-size", planned(weights_bytes=45_000_000_000), "ok"),
        ("moe-stores-all-experts", on_one_of_four(10_000, model=MOE_235B), "ok"),
        ("moe-stores-all-experts", on_one_of_four(30_000, model=MOE_235B), "blocker"),
        ("does-not-fit", on_one_of_four(30_000), "blocker"),
        ("does-not-fit", on_one_of_four(15_000), "caution"),
        ("does-not-fit", on_one_of_four(10_000), "ok"),
        ("separate-devices", on_one_of_four(10_000), None),
        ("context-over-maximum", planned(context_tokens=200_000), "caution"),
        ("context-over-maximum", planned(context_tokens=200_000, runtime="1cat-vllm"), "blocker"),
        ("context-over-maximum", planned(context_tokens=200_000, runtime="lmdeploy"), "caution"),
        ("context-over-maximum", planned(context_tokens=131_072), "ok"),
        ("context-over-maximum", planned(model=replace(LLAMA_70B, max_context_tokens=None)), "unknown"),
        ("separate-devices", planned(), "note"),
        ("separate-devices", make_facts(make_build(gpu_count=1), memory=make_memory(1)), None),
    ],
)
def test_memory(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_the_gpu_that_is_short_is_named_with_the_missing_gigabytes() -> None:
    even = make_memory(weights_mib=14_000)
    full = make_memory(gpus=1, weights_mib=16_000).per_gpu[0]
    memory = replace(even, fits=False, per_gpu=(even.per_gpu[0], even.per_gpu[1], full, even.per_gpu[3]))
    found = finding("does-not-fit", make_facts(memory=memory))
    assert found
    # 16,000 + 1,120 - 16,145 MiB = 975 MiB = 0.95 GiB
    assert "GPU 2 needs 16.7 GiB and exposes 15.8 GiB: 1.0 GiB short" in found.why


def test_a_shorter_context_is_offered_where_it_is_enough() -> None:
    memory = make_memory(weights_mib=16_000, max_context_tokens=4096)
    found = finding("does-not-fit", make_facts(memory=memory, context_tokens=8192))
    assert found
    assert found.fix
    assert found.fix.changes == (("context_tokens", "4096"),)


def test_larger_modules_are_offered_where_they_are_enough() -> None:
    memory = make_memory(weights_mib=18_000, max_context_tokens=None)
    found = finding("does-not-fit", make_facts(memory=memory))
    assert found
    assert found.fix
    assert found.fix.changes == (("gpu", "v100-sxm2-32gb"),)


def test_more_gpus_are_counted_where_larger_modules_do_not_help() -> None:
    build = make_build(gpu=V100_32, gpu_count=8, carrier_count=2)
    memory = make_memory(8, weights_mib=48_000, capacity_mib=32_494, max_context_tokens=None)
    found = finding("does-not-fit", make_facts(build, memory))
    assert found
    assert found.fix
    # 402.7 GB over 0.9 x 34.07 GB
    assert "about 14 of these GPUs" in found.fix.text


def test_one_working_gpu_of_four_is_mended_by_a_split() -> None:
    found = finding("does-not-fit", on_one_of_four(18_000))
    assert found
    assert found.fix
    assert ("split", "layer") in found.fix.changes


def test_more_gpus_than_llama_cpp_takes_are_not_proposed_to_it() -> None:
    memory = make_memory(4, weights_mib=96_560, max_context_tokens=None)
    found = finding("does-not-fit", make_facts(memory=memory))
    assert found
    assert found.fix
    assert "llama.cpp takes 15" in found.fix.text
    found = finding("does-not-fit", make_facts(memory=memory, runtime="1cat-vllm"))
    assert found
    assert found.fix
    assert "takes 15" not in found.fix.text


def test_both_sizes_are_named_where_the_given_one_is_not_this_model() -> None:
    # Q4_K_M of a 70B is 42.5 GB
    found = finding("weights-size", planned(weights_bytes=20_000_000_000))
    assert found
    assert "cannot be this model" in found.title
    assert "20.0 GB is given" in found.why
    assert "42.5 GB" in found.why


def test_the_guides_55_gb_of_deepseek_is_answered() -> None:
    # 405 GB at Q4 on a quad of 16 GB modules
    found = finding("moe-stores-all-experts", planned(96_560, model=DEEPSEEK_V3))
    assert found
    assert found.severity == "blocker"
    assert "405.0 GB" in found.why
    assert "reads 22.3 GB" in found.why
    assert "55 GB" in found.why


def awq_on(gpus: int, weights_bytes: int | None = None) -> Facts:
    """Qwen3.5 27B as AWQ under 1Cat-vLLM."""
    asked = make_facts(
        build=make_build(gpu=V100_32, gpu_count=gpus),
        model=replace(model("qwen3.5-27b"), params_total=26_900_000_000),
        quant="AWQ",
        runtime="1cat-vllm",
        split="tensor",
        tensor_parallel=gpus,
        pipeline_parallel=1,
        weights_bytes=weights_bytes,
    )
    return replace(asked, memory=plan_memory(asked.build, asked.workload))


def test_near_the_limit_an_unknown_checkpoint_is_never_simply_fine() -> None:
    tight = awq_on(1)
    assert tight.memory.fits
    assert severity("does-not-fit", tight) == "caution"
    assert severity("weights-size", tight) == "caution"
    found = finding("weights-size", tight)
    assert found is not None
    assert "from 17.7 to 30.4 GB" in found.why


def test_with_room_to_spare_the_range_of_checkpoints_is_told() -> None:
    assert severity("does-not-fit", awq_on(4)) == "ok"
    assert severity("weights-size", awq_on(4)) == "note"


def test_a_checkpoint_of_known_size_is_taken_at_its_word() -> None:
    assert severity("does-not-fit", awq_on(1, weights_bytes=21_000_000_000)) == "ok"
