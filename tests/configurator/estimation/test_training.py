"""Memory, scaling and checks of training. Expected numbers are published ones, or worked by hand from the equation."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.estimation.topology import topology
from configurator.estimation.training import (
    METHODS,
    SHARDINGS,
    TARGETS,
    TrainingRun,
    activations,
    adapter_params,
    layer_activation_bytes,
    nf4_bytes,
    sharded,
    states,
    training_memory,
)
from configurator.estimation.training_rules import training_findings
from configurator.estimation.training_speed import bus_gb_s, exchanged_bytes, flops_per_step, scaling
from configurator.estimation.types import Build, Range
from tests.configurator.estimation.catalog_files import carrier, gpu, model

QUAD = "quad-board-taq-sxm2-4p5a5"
LLAMA_2_70B, LLAMA_8B, FALCON = model("llama-2-70b"), model("llama-3.1-8b"), model("falcon-7b")


def with_params(params: float) -> TrainingRun:
    return TrainingRun(replace(LLAMA_8B, params_total=int(params)), "full")


@pytest.mark.parametrize(("params", "gigabytes"), [(7e9, 112), (70e9, 1120), (405e9, 6480)])
def test_a_full_fine_tune_with_adam_takes_sixteen_bytes_a_parameter(params: float, gigabytes: float) -> None:
    assert states(with_params(params)).total == gigabytes * 1e9


def test_sharding_divides_as_in_the_zero_papers_example_of_7_5_b_on_64_gpus() -> None:
    whole = states(with_params(7.5e9))
    found = [sharded(whole, sharding, 64).total / 1e9 for sharding in SHARDINGS]
    assert [round(size, 1) for size in found] == [120.0, 31.4, 16.6, 1.9]
    with pytest.raises(ValueError, match="known are ddp"):
        sharded(whole, "zero9", 4)
    with pytest.raises(ValueError, match="known are full"):
        states(TrainingRun(LLAMA_8B, "sideways"))


def test_qlora_of_a_70b_holds_36_gb_of_weights_and_fits_the_papers_card_of_48_gb() -> None:
    # 80 x (2 x 8192^2 + 2 x 8192 x 1024 + 3 x 8192 x 28672) = 68.451 B in matrices at 4.126953 bits = 35.312 GB,
    # 0.5256 B of embedding, head and norms at 2 bytes = 1.051 GB. The guide says 315 GB.
    assert nf4_bytes(LLAMA_2_70B, double_quantised=True) == pytest.approx(36.363e9, rel=1e-4)
    # 4.5 bits without double quantisation: 38.504 + 1.051.
    assert nf4_bytes(LLAMA_2_70B, double_quantised=False) == pytest.approx(39.555e9, rel=1e-4)
    card = replace(gpu("rtx-a6000"), memory_mib=48 * 1024)
    whole = training_memory(TrainingRun(LLAMA_2_70B, "qlora", sequence_tokens=512, lora_rank=64), card, 1, "ddp")
    assert 40e9 < whole.total < 48 * 2**30
    assert whole.verdict != "blocker"


def test_adapters_of_a_70b_at_rank_8_are_the_16_m_and_103_m_that_llama_factory_printed() -> None:
    # LLaMA-Factory issue 2156: query and value 16 M, all linear layers 103 M.
    assert adapter_params(LLAMA_2_70B, 8, "query-value") == 16_384_000
    assert adapter_params(LLAMA_2_70B, 8, "all-linear") == 103_546_880
    # DeepSeek V3, attention, rank 1, each of 61 layers: 7168 + 1536, 1536 + 128 x 192, 7168 + 576, 512 + 128 x 256,
    # 128 x 128 + 7168.
    assert adapter_params(model("deepseek-v3"), 1, "attention") == 61 * (8704 + 26112 + 7744 + 33280 + 23552)
    # Latent attention has no matrices of that name, experts lie in one tensor: neither breaks, neither counts experts.
    for slug in ("deepseek-v3", "mixtral-8x7b", "qwen3-next-80b-a3b", "phi-4"):
        counts = [adapter_params(model(slug), 8, targets) for targets in TARGETS]
        assert 0 < counts[0] <= counts[1] <= counts[2] < 1e9, slug


def test_a_plain_layer_keeps_s_b_h_times_34_plus_5_a_s_over_h_bytes() -> None:
    # Korthikanti et al., equation 2, for a feed-forward of 4 h: Falcon 7B has h = 4544, a = 71, f = 18176.
    run = TrainingRun(FALCON, "full", sequence_tokens=2048, batch=3, scores_kept=True)
    assert layer_activation_bytes(run, 0) == 2048 * 3 * 4544 * (34 + 5 * 71 * 2048 / 4544)
    assert layer_activation_bytes(replace(run, scores_kept=False), 0) == 2048 * 3 * 4544 * 34
    plain = activations(replace(run, checkpointing=False))
    assert plain.layers == 32 * layer_activation_bytes(run, 0)
    assert plain.recomputed == 0
    kept = activations(run)
    assert kept.layers == 32 * 2 * 2048 * 3 * 4544
    assert kept.recomputed == layer_activation_bytes(run, 0)
    assert kept.logits == 2 * 4 * 2048 * 3 * FALCON.vocab_size


@settings(deadline=None, max_examples=50)
@given(
    method=st.sampled_from(METHODS),
    sharding=st.sampled_from(SHARDINGS),
    gpus=st.integers(1, 64),
    batch=st.integers(1, 16),
    tokens=st.integers(1, 8192),
    checkpointing=st.booleans(),
    scores=st.booleans(),
)
def test_memory_grows_with_the_task_shrinks_with_sharding_and_nothing_is_lost(
    method: str, sharding: str, gpus: int, batch: int, tokens: int, checkpointing: bool, scores: bool
) -> None:
    run = TrainingRun(LLAMA_8B, method, batch, tokens, checkpointing=checkpointing, scores_kept=scores)
    card = gpu("v100-sxm2-32gb")
    here = training_memory(run, card, gpus, sharding).total
    assert training_memory(replace(run, batch=batch + 1), card, gpus, sharding).total > here
    assert training_memory(replace(run, sequence_tokens=tokens + 1), card, gpus, sharding).total > here
    assert training_memory(replace(run, model=LLAMA_2_70B), card, gpus, sharding).total > here
    whole = states(run).total
    assert gpus * training_memory(run, card, gpus, "zero3").states.total >= whole * (1 - 1e-12)
    sizes = [training_memory(run, card, gpus, each).states.total for each in SHARDINGS]
    assert all(more >= less for more, less in pairwise(sizes))
    assert activations(replace(run, checkpointing=False)).total >= activations(replace(run, checkpointing=True)).layers


def test_each_gpu_fits_is_tight_or_is_short_by_what_is_missing() -> None:
    run = TrainingRun(LLAMA_8B, "qlora")
    total = training_memory(run, gpu(), 1, "ddp").total_mib
    for capacity, verdict in ((total * 1.2, "ok"), (total * 1.05, "caution"), (total - 100, "blocker")):
        found = training_memory(run, replace(gpu(), memory_mib=int(capacity)), 1, "ddp")
        assert found.verdict == verdict
        assert found.short_mib == pytest.approx(max(0.0, total - int(capacity)))


@pytest.mark.parametrize(
    ("board", "boards", "gpus", "card", "expected"),
    [
        # Six links of 25 GB/s a GPU, of which 0.8 to all are reached: dual, quad, cube mesh and switch alike.
        ("dual-board-tns-2sxm2-4p54", 1, 2, "v100-sxm2-32gb", (120.0, 135.0, 150.0)),
        (QUAD, 1, 4, "v100-sxm2-32gb", (120.0, 135.0, 150.0)),
        ("server-nf5288m5", 1, 8, "v100-sxm2-32gb", (120.0, 135.0, 150.0)),
        ("server-nf5488m5", 1, 8, "v100-sxm3-32gb", (120.0, 135.0, 150.0)),
        # Between two boards a ring goes over PCIe: half of x8 between peers, a whole x16 at best.
        (QUAD, 2, 8, "v100-sxm2-32gb", (3.2, 6.4, 12.8)),
        # Two servers: 10 Gb Ethernet.
        ("server-nf5288m5", 2, 16, "v100-sxm2-32gb", (0.5, 1.0, 1.18)),
    ],
)
def test_a_ring_is_as_fast_as_the_slowest_thing_it_must_cross(
    board: str, boards: int, gpus: int, card: str, expected: tuple[float, float, float]
) -> None:
    found = bus_gb_s(topology(Build(gpu(card), gpus, carrier(board), boards)), gpu(card))
    assert found is not None
    assert (found.low, found.mid, found.high) == pytest.approx(expected)


def test_a_step_is_six_operations_a_parameter_and_token_and_eight_with_checkpointing() -> None:
    run = TrainingRun(LLAMA_8B, "full", checkpointing=False, sequence_tokens=1000)
    at_work = 8_030_261_248 - 128_256 * 4096  # the input embedding is looked up, not multiplied
    assert flops_per_step(run) == 6 * at_work * 1000
    assert flops_per_step(replace(run, checkpointing=True, accumulation_steps=4)) == 8 * at_work * 4000
    assert flops_per_step(replace(run, method="lora")) == 4 * at_work * 1000
    mixture = replace(run, model=model("mixtral-8x7b"))
    assert flops_per_step(mixture) == 6 * (model("mixtral-8x7b").params_active or 0) * 1000


def test_gradients_of_an_8b_over_eight_gpus_are_28_gb_a_step_and_half_as_much_again_with_zero_3() -> None:
    run = with_params(8e9)
    assert exchanged_bytes(run, 8, "ddp") == 2 * 7 / 8 * 16e9
    assert exchanged_bytes(run, 8, "zero2") == exchanged_bytes(run, 8, "ddp")
    assert exchanged_bytes(run, 8, "zero3") == 3 * 7 / 8 * 16e9  # ZeRO, section 7.2: 3 instead of 2
    assert exchanged_bytes(run, 1, "ddp") == 0
    # Four batches a step: DDP sends once, ZeRO-2 scatters four times and gathers once, ZeRO-3 does all four times.
    four = replace(run, accumulation_steps=4)
    assert exchanged_bytes(four, 8, "ddp") == 2 * 7 / 8 * 16e9
    assert exchanged_bytes(four, 8, "zero2") == 5 * 7 / 8 * 16e9
    assert exchanged_bytes(four, 8, "zero3") == 12 * 7 / 8 * 16e9


def test_nvlink_scales_a_full_fine_tune_two_boards_depend_on_overlap_and_adapters_scale_anywhere() -> None:
    card = gpu("v100-sxm2-32gb")
    mesh = topology(Build(card, 8, carrier("server-nf5288m5"), 1))
    boards = topology(Build(card, 8, carrier(QUAD), 2))
    full = TrainingRun(LLAMA_8B, "full")
    near, far = scaling(full, card, mesh, "zero2"), scaling(full, card, boards, "zero2")
    assert near.verdict == "ok"
    assert far.verdict == "caution"
    assert near.speedup is not None
    assert far.speedup is not None
    # By hand: 7.505 B x 2048 x 8 = 122.96 TFLOP at 48 % of 125 = 2.049 s; 28.1 GB at 3.2 GB/s = 8.78 s, none hidden.
    assert far.speedup.low == pytest.approx(8 * 2.049 / (2.049 + 8.783), rel=1e-3)
    assert far.speedup.high == 8.0
    adapters = scaling(TrainingRun(LLAMA_8B, "qlora"), card, boards, "ddp")
    assert adapters.verdict == "ok"
    alone = scaling(full, card, topology(Build(card, 1, carrier(QUAD), 1)), "ddp")
    assert alone.speedup == Range(1.0, 1.0, 1.0)
    unwired = topology(Build(gpu(), 4, replace(carrier(QUAD), topology="unknown", links=((0,) * 4,) * 4), 1))
    assert scaling(full, gpu(), unwired, "ddp").verdict == "unknown"
    assert scaling(full, replace(card, fp16_tflops=None), mesh, "ddp").verdict == "unknown"


@settings(deadline=None, max_examples=50)
@given(
    method=st.sampled_from(METHODS),
    sharding=st.sampled_from(SHARDINGS),
    steps=st.integers(1, 64),
    tokens=st.integers(16, 8192),
    board=st.sampled_from([(QUAD, 2), ("server-nf5288m5", 1), ("server-nf5288m5", 2)]),
)
def test_no_machine_is_worth_more_than_its_gpus(
    method: str, sharding: str, steps: int, tokens: int, board: tuple[str, int]
) -> None:
    card = gpu("v100-sxm2-32gb")
    wiring = topology(Build(card, 8 * board[1] if board[0] != QUAD else 8, carrier(board[0]), board[1]))
    run = TrainingRun(LLAMA_8B, method, 1, tokens, steps)
    found = scaling(run, card, wiring, sharding)
    assert found.efficiency is not None
    assert 0 < found.efficiency.low <= found.efficiency.mid <= found.efficiency.high <= 1


def test_a_v100_is_told_of_bf16_flash_attention_and_software_and_an_a100_is_not() -> None:
    run = TrainingRun(LLAMA_8B, "qlora")
    volta = {finding.id: finding for finding in training_findings(run, gpu(), 4, "ddp")}
    assert {name: finding.severity for name, finding in volta.items()} == {
        "training-bf16": "caution",
        "training-attention": "caution",
        "training-pytorch": "caution",
        "training-int8": "note",
        "training-casts": "note",
        "training-nf4": "ok",
    }
    assert all(finding.source.href for finding in volta.values())
    # Embedding and head of 128,256 x 4,096 each, two bytes more: 2.1 GB.
    assert "2.1 GB more" in volta["training-casts"].why
    ampere = training_findings(run, gpu("a100-sxm4-40gb"), 4, "ddp")
    assert {finding.severity for finding in ampere} == {"ok", "note"}
    old = {finding.id: finding for finding in training_findings(run, replace(gpu(), compute_capability=5.2), 1, "ddp")}
    assert old["training-nf4"].severity == "blocker"
    unknown = {f.id: f for f in training_findings(run, gpu("strix-halo-128gb"), 1, "ddp")}
    assert unknown["training-nf4"].severity == unknown["training-attention"].severity == "unknown"
    scores = training_findings(replace(run, scores_kept=True), gpu("a100-sxm4-40gb"), 4, "ddp")
    assert [finding.id for finding in scores if finding.severity == "caution"] == ["training-attention"]


def test_experts_sharded_nf4_and_unusual_layers_are_named_where_they_apply() -> None:
    def ids(slug: str, method: str, sharding: str) -> set[str]:
        return {f.id for f in training_findings(TrainingRun(model(slug), method), gpu(), 8, sharding)}

    assert "training-experts" in ids("mixtral-8x7b", "qlora", "ddp")
    assert "training-experts" not in ids("mixtral-8x7b", "lora", "ddp")
    assert "training-sharded-nf4" in ids("llama-3.1-8b", "qlora", "zero3")
    assert "training-sharded-nf4" not in ids("llama-3.1-8b", "qlora", "zero2")
    assert "training-activations" in ids("deepseek-v3", "full", "zero3")
    assert "training-activations" not in ids("llama-3.1-8b", "full", "zero3")


def test_a_model_of_every_kind_gets_an_answer() -> None:
    for slug in ("deepseek-v3", "qwen3-next-80b-a3b", "gemma-3-27b", "mixtral-8x7b", "nemotron-3-nano-30b-a3b"):
        for method in METHODS:
            plans = [training_memory(TrainingRun(model(slug), method), gpu(), 8, sharding) for sharding in SHARDINGS]
            assert all(plan.states.total > 0 and plan.activations.total > 0 for plan in plans), slug
