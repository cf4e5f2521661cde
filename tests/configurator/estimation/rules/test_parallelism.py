"""Splits, NVLink islands and groups."""

from dataclasses import replace
from typing import Any

import pytest

from catalog.specs import MlaSpec, ModelSpec
from configurator.estimation.findings import Facts
from configurator.estimation.types import Build
from tests.configurator.estimation.builds import (
    LLAMA_70B,
    MOE_235B,
    NVSWITCH_SERVER,
    SERVER,
    finding,
    make_build,
    make_carrier,
    make_facts,
    make_gpu,
    make_memory,
    severity,
)

PCIE = make_gpu(form_factor="pcie", nvlink_links=0, nvlink_gb_s_per_link=None)
SXM3 = make_gpu(form_factor="sxm3")
APU = make_gpu(form_factor="apu", architecture="rdna3.5", compute_capability=None, nvlink_links=0)
TWO_SERVERS = make_build(gpu_count=16, carrier=SERVER, carrier_count=2)
TWO_QUADS = make_build(gpu_count=8, carrier_count=2)
EIGHT = make_build(gpu_count=8, carrier=SERVER)
UNPUBLISHED = make_carrier(links_verified=False)
UNDOCUMENTED = make_carrier(topology="unknown", links=(), links_verified=False)
LATENT = replace(
    MOE_235B, name="DeepSeek V3", architecture="DeepseekV3ForCausalLM", mla=MlaSpec(512, 1536, 64, 128, 128)
)
# DGX-1 numbering: the first four are no quad
OTHER_NUMBERS = make_carrier(
    SERVER,
    links=tuple(tuple(SERVER.links[i][j] for j in (0, 1, 4, 5, 2, 3, 6, 7)) for i in (0, 1, 4, 5, 2, 3, 6, 7)),
)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("layer-split-one-gpu", make_facts(), "note"),
        ("layer-split-one-gpu", make_facts(TWO_QUADS, tensor_parallel=4), "note"),
        ("layer-split-one-gpu", make_facts(tensor_parallel=4), "ok"),
        ("layer-split-one-gpu", make_facts(make_build(gpu_count=1)), None),
        ("moe-all-reduce-bound", make_facts(EIGHT, model=MOE_235B, tensor_parallel=8), "caution"),
        ("moe-all-reduce-bound", make_facts(EIGHT, model=MOE_235B, tensor_parallel=4), "ok"),
        ("moe-all-reduce-bound", make_facts(EIGHT, tensor_parallel=8), None),
        ("moe-all-reduce-bound", make_facts(EIGHT, model=MOE_235B), None),
        ("group-spans-islands", make_facts(TWO_QUADS, tensor_parallel=8), "caution"),
        ("group-spans-islands", make_facts(make_build(PCIE, 2, None), tensor_parallel=2), "caution"),
        ("group-spans-islands", make_facts(TWO_QUADS, tensor_parallel=4), "ok"),
        ("group-spans-islands", make_facts(EIGHT, tensor_parallel=8), "ok"),
        ("group-spans-islands", make_facts(make_build(SXM3, 16, NVSWITCH_SERVER), tensor_parallel=16), "ok"),
        ("group-spans-islands", make_facts(make_build(carrier=UNPUBLISHED), tensor_parallel=4), "unknown"),
        ("group-spans-islands", make_facts(make_build(carrier=UNDOCUMENTED), tensor_parallel=4), "unknown"),
        ("group-spans-islands", make_facts(make_build(carrier=None), tensor_parallel=4), "unknown"),
        ("group-spans-islands", make_facts(), None),
        ("group-leaves-quad", make_facts(EIGHT, tensor_parallel=8), "caution"),
        ("group-leaves-quad", make_facts(EIGHT, tensor_parallel=4), "ok"),
        (
            "group-leaves-quad",
            make_facts(make_build(gpu_count=8, carrier=OTHER_NUMBERS), tensor_parallel=4),
            "note",
        ),
        ("group-leaves-quad", make_facts(TWO_QUADS, tensor_parallel=4), None),
        ("group-leaves-quad", make_facts(EIGHT), None),
        ("fits-one-gpu", make_facts(memory=make_memory(weights_mib=3_000)), "note"),
        ("fits-one-gpu", make_facts(memory=make_memory(weights_mib=3_000), tensor_parallel=4), "note"),
        (
            "fits-one-gpu",
            make_facts(memory=make_memory(weights_mib=3_000), tensor_parallel=4, runtime="1cat-vllm"),
            "ok",
        ),
        (
            "fits-one-gpu",
            make_facts(memory=make_memory(weights_mib=500), tensor_parallel=4, runtime="1cat-vllm"),
            "note",
        ),
        ("fits-one-gpu", make_facts(memory=make_memory(weights_mib=10_000)), "ok"),
        ("fits-one-gpu", make_facts(make_build(gpu_count=1)), None),
        ("kv-heads-per-rank", make_facts(make_build(gpu_count=3), tensor_parallel=3, runtime="1cat-vllm"), "blocker"),
        ("kv-heads-per-rank", make_facts(make_build(gpu_count=3), tensor_parallel=3), "unknown"),
        ("kv-heads-per-rank", make_facts(tensor_parallel=4), "ok"),
        ("kv-heads-per-rank", make_facts(tensor_parallel=4, runtime="1cat-vllm"), "ok"),
        ("kv-heads-per-rank", make_facts(EIGHT, model=MOE_235B, tensor_parallel=8, runtime="1cat-vllm"), "note"),
        ("kv-heads-per-rank", make_facts(model=LATENT, tensor_parallel=4, runtime="1cat-vllm"), "note"),
        ("kv-heads-per-rank", make_facts(), None),
        ("two-islands", make_facts(TWO_QUADS), "note"),
        ("two-islands", make_facts(), None),
        ("two-islands", make_facts(EIGHT), None),
        ("two-islands", make_facts(TWO_SERVERS), None),
        ("group-spans-islands", make_facts(TWO_SERVERS, tensor_parallel=16, runtime="1cat-vllm"), "caution"),
        ("group-spans-islands", make_facts(TWO_SERVERS, tensor_parallel=8, runtime="1cat-vllm"), "ok"),
        ("network-between-computers", make_facts(TWO_SERVERS), "caution"),
        ("network-between-computers", make_facts(TWO_SERVERS, split="row", tensor_parallel=16), "blocker"),
        ("network-between-computers", make_facts(TWO_SERVERS, split="tensor", tensor_parallel=16), "unknown"),
        ("network-between-computers", make_facts(TWO_SERVERS, runtime="ollama"), "blocker"),
        ("network-between-computers", make_facts(TWO_SERVERS, runtime="1cat-vllm", split="tensor"), "caution"),
        ("network-between-computers", make_facts(make_build(APU, 2, None)), "caution"),
        ("network-between-computers", make_facts(make_build(APU, 2, None), split="none", pipeline_parallel=1), "note"),
        ("network-between-computers", make_facts(make_build(APU, 1, None)), None),
        ("network-between-computers", make_facts(EIGHT), None),
        ("network-between-computers", make_facts(TWO_QUADS), None),
    ],
)
def test_parallelism(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_a_layer_split_names_one_gpus_bandwidth_and_the_sum_it_is_not() -> None:
    found = finding("layer-split-one-gpu", make_facts(memory=make_memory(weights_mib=10_000)))
    assert found
    assert "900 GB/s at any moment" in found.why
    assert "3,600 GB/s" in found.why
    assert found.fix
    assert ("split", "tensor") in found.fix.changes
    assert "may be faster" in found.fix.text


@pytest.mark.parametrize(
    "facts",
    [
        make_facts(model=LATENT),
        make_facts(model=MOE_235B),
        make_facts(model=replace(LLAMA_70B, n_kv_heads=6)),
        make_facts(model=replace(LLAMA_70B, architecture="olmo2")),
        make_facts(memory=make_memory(weights_mib=3_000)),
        make_facts(make_build(gpu_count=3)),
        make_facts(TWO_QUADS),
        make_facts(EIGHT),
        make_facts(flash_attention=False),
        make_facts(runtime="ollama"),
        make_facts(runtime="ik_llama.cpp"),
    ],
    ids=lambda facts: f"{facts.workload.model.name} {facts.build.gpu_count} {facts.workload.runtime}",
)
def test_no_tensor_split_is_offered_where_it_is_impossible_or_slower(facts: Facts) -> None:
    found = finding("layer-split-one-gpu", facts)
    assert found
    assert found.fix
    assert found.fix.changes == ()


def test_the_mend_for_a_group_over_two_boards_keeps_it_on_one() -> None:
    found = finding("group-spans-islands", make_facts(TWO_QUADS, tensor_parallel=8, runtime="1cat-vllm"))
    assert found
    assert found.fix
    assert found.fix.changes == (("split", "tensor"), ("tensor_parallel", "4"), ("pipeline_parallel", "2"))


@pytest.mark.parametrize(
    ("rule", "build", "model"),
    [
        ("group-spans-islands", TWO_QUADS, LLAMA_70B),
        ("group-leaves-quad", EIGHT, LLAMA_70B),
        ("moe-all-reduce-bound", EIGHT, MOE_235B),
    ],
)
def test_llama_cpp_is_sent_to_the_layer_split_and_not_back(rule: str, build: Build, model: ModelSpec) -> None:
    found = finding(rule, make_facts(build, model=model, tensor_parallel=8))
    assert found
    assert found.fix
    assert ("split", "layer") in found.fix.changes
    back = finding("layer-split-one-gpu", make_facts(build, model=model))
    assert back
    assert back.fix
    assert back.fix.changes == ()


def test_several_servers_are_joined_by_a_network_and_not_by_pcie() -> None:
    facts = make_facts(TWO_SERVERS, tensor_parallel=16, runtime="1cat-vllm")
    for rule in ("group-spans-islands", "network-between-computers"):
        found = finding(rule, facts)
        assert found
        assert "network" in found.why
        assert "8 + 8" in found.why
        assert "crosses PCIe" not in found.why


def test_between_boards_it_is_pcie_and_not_a_twentieth() -> None:
    # two links per pair are 50 GB/s each way
    found = finding("two-islands", make_facts(TWO_QUADS))
    assert found
    assert "50 GB/s" in found.why
    assert "4 + 4" in found.why


def test_one_gpu_instead_of_four_is_one_click() -> None:
    found = finding("fits-one-gpu", make_facts(memory=make_memory(weights_mib=3_000)))
    assert found
    assert found.fix
    assert ("gpu_count", "1") in found.fix.changes


def test_a_model_of_another_shape_changes_nothing_for_one_gpu() -> None:
    assert severity("kv-heads-per-rank", make_facts(model=replace(LLAMA_70B, n_kv_heads=3))) is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"runtime": "lmdeploy", "split": "layer", "tensor_parallel": 1, "pipeline_parallel": 4}, "blocker"),
        ({"runtime": "lmdeploy", "split": "tensor", "tensor_parallel": 2, "pipeline_parallel": 2}, "blocker"),
        ({"runtime": "lmdeploy", "split": "tensor", "tensor_parallel": 4}, "ok"),
        ({"runtime": "1cat-vllm", "split": "row", "tensor_parallel": 4}, "blocker"),
        ({"runtime": "sglang", "split": "row", "tensor_parallel": 4}, "blocker"),
        ({"runtime": "1cat-vllm", "split": "tensor", "tensor_parallel": 2, "pipeline_parallel": 2}, "ok"),
        ({"runtime": "vllm", "split": "layer", "tensor_parallel": 1, "pipeline_parallel": 4}, "ok"),
        ({"runtime": "llama.cpp", "split": "row", "tensor_parallel": 4}, None),
        ({"runtime": "lmdeploy", "split": "none", "tensor_parallel": 1, "pipeline_parallel": 1}, None),
    ],
)
def test_vllms_family_has_tensor_groups_and_all_but_lmdeploy_stages(
    settings: dict[str, Any], expected: str | None
) -> None:
    """LMDeploy's TurbomindEngineConfig has tp, dp, cp and ep, and nothing for pipeline stages."""
    found = finding("split-of-checkpoint-runtime", make_facts(**settings))
    assert (found.severity if found else None) == expected
    if found and expected == "blocker":
        assert not found.starts
        assert found.fix
        assert ("split", "tensor") in found.fix.changes


def test_lmdeploy_is_not_told_to_make_stages() -> None:
    build = make_build(gpu_count=8, carrier_count=2)
    found = finding("group-spans-islands", make_facts(build, runtime="lmdeploy", tensor_parallel=8))
    assert found
    assert found.fix
    assert "no pipeline stages" in found.fix.text
    assert not found.fix.changes
