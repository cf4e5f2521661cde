"""What must come out for the builds people ask about. Expected figures are published sizes and arithmetic on them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from configurator.choice import InvalidChoice, parse
from configurator.estimates import EstimateResult, estimate_choice

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
QUAD = {"gpu": "v100-sxm2-16gb", "gpu_count": 4, "carrier": "quad-board-taq-sxm2-4p5a5"}
TWO_QUADS = {**QUAD, "gpu_count": 8, "carrier_count": 2}


def ask(**settings: Any) -> EstimateResult:
    return estimate_choice(parse(settings), as_of=TODAY)


def severities(result: EstimateResult) -> dict[str, str]:
    return {finding.id: finding.severity for finding in result.estimate.findings}


def words(result: EstimateResult, severity: str) -> str:
    return " ".join(f"{f.title} {f.why}" for f in result.estimate.findings if f.severity == severity)


def test_70b_at_q4_k_m_fits_a_quad_board_at_one_gpus_speed() -> None:
    result = ask(model="llama-3.1-70b", quant="Q4_K_M", context_tokens=8192, split="layer", **QUAD)
    memory, speed = result.estimate.memory, result.estimate.speed
    assert memory.fits
    # The published file has 42,520,395,584 bytes; the guide says 37 GB.
    assert memory.weights_bytes_total / 1e9 == pytest.approx(42.52, abs=0.1)
    assert len(memory.per_gpu) == 4
    assert speed is not None
    # 900 GB/s over 42 GB is 21 tok/s at the very most; four GPUs together would be 85.
    assert 10 < speed.decode_tok_s.mid < 20
    assert speed.bound_by == "bandwidth"


def test_deepseek_v3_does_not_fit_and_the_guides_55_gb_is_named_as_wrong() -> None:
    result = ask(model="deepseek-v3", quant="Q4_K_M", **QUAD)
    assert not result.estimate.memory.fits
    assert result.estimate.memory.weights_bytes_total / 1e9 == pytest.approx(404, rel=0.005)
    assert result.estimate.memory.max_context_tokens is None
    assert result.estimate.offload is not None
    assert result.estimate.offload.assumed
    named = [f for f in result.estimate.findings if "55 GB" in f.title + f.why]
    assert named
    assert named[0].severity in ("blocker", "caution")


def test_405b_at_q4_does_not_fit_eight_16_gb_modules() -> None:
    assert not ask(model="llama-3.1-405b", **TWO_QUADS).estimate.memory.fits


def test_two_quad_boards_are_two_islands_for_tensor_parallelism() -> None:
    result = ask(model="llama-3.1-70b", quant="AWQ", runtime="1cat-vllm", tensor_parallel=8, **TWO_QUADS)
    text = words(result, "caution")
    assert "island" in text


def test_sxm2_modules_in_a_dgx_2_are_a_blocker() -> None:
    result = ask(model="llama-3.1-70b", gpu="v100-sxm2-32gb", gpu_count=16, carrier="server-dgx-2")
    assert "SXM3" in words(result, "blocker")


def test_850_w_for_a_quad_at_default_limits_is_a_caution_with_figures() -> None:
    result = ask(model="llama-3.1-70b", psu="psu-atx-850w", power_limit_w=150, **QUAD)
    text = words(result, "caution")
    assert "850" in text
    assert "300 W" in text


def test_an_unknown_slug_is_named_with_its_neighbours() -> None:
    with pytest.raises(InvalidChoice) as refused:
        ask(model="llama-3.1-70", gpu="v100-sxm2-16gb", carrier="quad")
    messages = {error.field: error.message for error in refused.value.errors}
    assert "llama-3.1-70b" in messages["model"]
    assert "carrier" in messages


def test_a_model_that_was_never_released_is_refused_with_the_reason() -> None:
    with pytest.raises(InvalidChoice, match="nothing to size"):
        ask(model="llama-4-behemoth", **QUAD)


def test_a_part_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(InvalidChoice, match="not a psu"):
        ask(model="llama-3.1-70b", psu="fan-120mm", **QUAD)


def test_the_cost_says_what_it_does_not_know() -> None:
    result = ask(model="llama-3.1-70b", io_card="plx8749-card", psu="psu-atx-850w", **QUAD)
    priced = {line.slot: line for line in result.lines}
    assert priced["gpu"].subtotal is not None
    # The guide's band for 16 GB modules is 56 to 99 dollars.
    assert (priced["gpu"].subtotal.low, priced["gpu"].subtotal.high) == (Decimal(4 * 56), Decimal(4 * 99))
    assert priced["psu"].priced.unit is None
    assert any("850" in name for name in result.cost.unknown)


def test_a_persons_own_price_beats_the_band() -> None:
    result = ask(model="llama-3.1-70b", gpu_price="120", **QUAD)
    line = next(line for line in result.lines if line.slot == "gpu")
    assert line.priced.basis == "quote"
    assert line.subtotal is not None
    assert line.subtotal.mid == 480


def test_the_number_of_queries_does_not_grow_with_the_build(django_assert_max_num_queries: Any) -> None:
    ask(model="llama-3.1-70b", **QUAD)  # the catalog is read once a process
    with django_assert_max_num_queries(3):
        ask(model="llama-3.1-70b", **QUAD)
    with django_assert_max_num_queries(3):
        ask(
            model="llama-3.1-70b",
            io_card="plx8749-card",
            cable="sff-8654-8i-cable-75cm",
            cooler="heatsink-a100-passive",
            psu="psu-atx-850w",
            frame="frame-mining-open",
            host="existing-pc",
            **QUAD,
        )


def test_severities_are_counted_and_the_worst_is_known() -> None:
    result = ask(model="llama-3.1-405b", **QUAD)
    assert result.worst == "blocker"
    assert result.severity_counts["blocker"] == sum(s == "blocker" for s in severities(result).values())


def test_the_duty_caution_names_the_parts_it_concerns_and_no_others() -> None:
    quad = ask(model="llama-3.1-70b", io_card="plx8749-card", **QUAD)
    caution = next(f for f in quad.estimate.findings if f.id == "duty-exclusions")
    assert caution.severity == "caution"
    assert "V100" in caution.why
    # Boards and PLX cards were never excluded; what the guide says of them is another matter.
    assert "TAQ" not in caution.why
    early = ask(model="llama-3.1-70b", entry_date="2026-11-01", **QUAD)
    assert severities(early)["duty-exclusions"] == "ok"
    at_home = ask(model="llama-3.1-8b", gpu="strix-halo-128gb")
    assert "duty-exclusions" not in severities(at_home)


def test_sglang_refuses_a_v100_and_starts_on_an_a100_with_nothing_measured() -> None:
    refused = ask(model="qwen3-8b", quant="AWQ", gpu="v100-sxm2-16gb", runtime="sglang")
    assert refused.cannot_run
    assert severities(refused)["sglang-on-gpu"] == "blocker"
    assert not refused.launch.commands
    runs = ask(model="qwen3-8b", quant="AWQ", gpu="a100-sxm4-40gb", runtime="sglang")
    assert severities(runs)["sglang-on-gpu"] == "ok"
    assert runs.estimate.speed is not None
    assert runs.estimate.speed.basis == "extrapolated"
    assert any("sglang.launch_server" in command.text for command in runs.launch.commands)


LLAMA_ON_QUAD = {"model": "llama-3.1-8b", "gpu": "v100-sxm2-32gb", "gpu_count": 4}
LLAMA_ON_QUAD["carrier"] = "quad-board-taq-sxm2-4p5a5"
FOUR_LAYERED = {**LLAMA_ON_QUAD, "split": "layer"}


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        ("cache-format", {**FOUR_LAYERED, "runtime": "ollama", "kv_dtype": "fp8"}),
        ("cache-format", {**LLAMA_ON_QUAD, "runtime": "1cat-vllm", "quant": "AWQ", "kv_dtype": "q8_0"}),
        ("quantised-cache", {**FOUR_LAYERED, "flash_attention": False, "kv_dtype": "q8_0"}),
        ("ollama-split", {**LLAMA_ON_QUAD, "runtime": "ollama", "split": "tensor"}),
        ("tensor-and-pipeline", {**LLAMA_ON_QUAD, "split": "tensor", "tensor_parallel": 2}),
        ("tensor-split-flash-attention", {**LLAMA_ON_QUAD, "split": "tensor", "flash_attention": False}),
        ("tensor-split-architecture", {**LLAMA_ON_QUAD, "split": "tensor", "model": "deepseek-v2-lite"}),
        ("row-split", {**LLAMA_ON_QUAD, "split": "row", "model": "qwen3-30b-a3b"}),
        ("kv-heads-per-rank", {**LLAMA_ON_QUAD, "gpu_count": 3, "runtime": "1cat-vllm", "quant": "AWQ"}),
        ("context-over-maximum", {**LLAMA_ON_QUAD, "runtime": "1cat-vllm", "quant": "AWQ", "context_tokens": 200_000}),
        ("bf16-weights", {**LLAMA_ON_QUAD, "runtime": "1cat-vllm", "quant": "BF16"}),
        ("float-formats", {**LLAMA_ON_QUAD, "runtime": "sglang", "quant": "FP8"}),
        ("quant-format", {**FOUR_LAYERED, "quant": "AWQ"}),
        ("runtime-on-gpu", {**LLAMA_ON_QUAD, "runtime": "vllm", "quant": "GPTQ-Int4"}),
        ("awq-in-vllm", {**LLAMA_ON_QUAD, "runtime": "vllm", "quant": "AWQ"}),
        ("split-of-checkpoint-runtime", {**FOUR_LAYERED, "runtime": "lmdeploy", "quant": "F16"}),
        (
            "split-of-checkpoint-runtime",
            {**LLAMA_ON_QUAD, "runtime": "lmdeploy", "quant": "AWQ", "tensor_parallel": 2, "pipeline_parallel": 2},
        ),
        ("split-of-checkpoint-runtime", {**LLAMA_ON_QUAD, "runtime": "1cat-vllm", "quant": "AWQ", "split": "row"}),
        ("device-cap", {**FOUR_LAYERED, "gpu_count": 16, "carrier_count": 4}),
        ("too-many-gpus", {**FOUR_LAYERED, "gpu_count": 5}),
        ("form-factor-mismatch", {**FOUR_LAYERED, "gpu": "v100-sxm3-32gb"}),
    ],
)
def test_nobody_is_shown_a_command_for_what_a_finding_rules_out(rule: str, settings: dict[str, Any]) -> None:
    result = ask(**settings)
    found = next(finding for finding in result.estimate.findings if finding.id == rule)
    assert (found.severity, found.starts) == ("blocker", False)
    assert result.cannot_run
    assert not result.launch.commands
    assert any(found.title in refusal for refusal in result.launch.refusals)


def test_a_part_that_is_missing_withholds_no_command() -> None:
    bare = ask(**FOUR_LAYERED)
    assert bare.severity_counts["blocker"]
    assert not bare.cannot_run
    assert bare.launch.commands


def test_a_limit_that_the_card_refuses_is_not_set_at_every_start() -> None:
    refused, allowed = (ask(**FOUR_LAYERED, power_limit_w=limit) for limit in (100, 175))
    assert severities(refused)["power-limit-out-of-range"] == "blocker"
    assert [command.slug for command in refused.launch.commands if command.slug == "power-limit"] == []
    assert any("-pl 175" in command.text for command in allowed.launch.commands)


@pytest.mark.parametrize(
    "settings",
    [
        {**FOUR_LAYERED, "runtime": "lmdeploy", "quant": "F16"},
        {**LLAMA_ON_QUAD, "runtime": "lmdeploy", "quant": "AWQ", "tensor_parallel": 2, "pipeline_parallel": 2},
        {**LLAMA_ON_QUAD, "runtime": "1cat-vllm", "quant": "AWQ", "split": "row"},
        {**LLAMA_ON_QUAD, "runtime": "ollama", "split": "tensor"},
        {**LLAMA_ON_QUAD, "split": "tensor", "tensor_parallel": 2},
    ],
)
def test_a_split_that_the_runtime_does_not_have_has_no_speed_and_a_mend_that_has(settings: dict[str, Any]) -> None:
    result = ask(**settings)
    assert result.estimate.speed is None
    assert result.estimate.memory.fits
    changes = next(f.fix.changes for f in result.estimate.findings if not f.starts and f.fix and f.fix.changes)
    mended = estimate_choice(result.choice.replacing(dict(changes)), as_of=TODAY)
    assert mended.estimate.speed is not None
    assert not mended.cannot_run


def test_deepseek_v4_may_be_split_by_tensor_with_llama_cpp() -> None:
    result = ask(model="deepseek-v4-flash", quant="MXFP4_MOE", gpu="v100-sxm2-32gb", gpu_count=8,
                 carrier="server-4029gp-tvrt", split="tensor")  # fmt: skip
    assert severities(result)["tensor-split-architecture"] == "ok"
    assert result.launch.commands
