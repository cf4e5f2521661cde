"""What llama.cpp and its relatives refuse."""

from dataclasses import replace

import pytest

from configurator.estimation.findings import Facts
from tests.configurator.estimation.builds import (
    LLAMA_70B,
    MOE_235B,
    finding,
    make_build,
    make_facts,
    severity,
)

SIXTEEN = make_build(gpu_count=16, carrier_count=4)
EIGHT = make_build(gpu_count=8, carrier_count=2)
FIFTEEN = make_build(gpu_count=15, carrier_count=4)


def tensor(**settings: object) -> Facts:
    return make_facts(**{"tensor_parallel": 4, **settings})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("row-split", make_facts(split="row", model=MOE_235B), "blocker"),
        ("row-split", make_facts(split="row"), "note"),
        ("row-split", make_facts(), None),
        *(
            ("tensor-split-architecture", tensor(model=replace(LLAMA_70B, architecture=name)), "blocker")
            for name in (
                "DeepseekV3ForCausalLM",
                "GlmMoeDsaForCausalLM",
                "MiniMaxM2ForCausalLM",
                "KimiK25ForConditionalGeneration",
                "deepseek2",
            )
        ),
        ("tensor-split-architecture", tensor(), "ok"),
        ("tensor-split-architecture", make_facts(), None),
        ("tensor-split-architecture", tensor(runtime="1cat-vllm"), None),
        ("tensor-split-flash-attention", tensor(flash_attention=False), "blocker"),
        ("tensor-split-flash-attention", tensor(kv_dtype="q8_0"), "caution"),
        ("tensor-split-flash-attention", tensor(), "ok"),
        ("tensor-split-flash-attention", make_facts(), None),
        ("tensor-split-architecture", tensor(model=replace(LLAMA_70B, architecture="olmo2")), "blocker"),
        ("tensor-split-architecture", tensor(runtime="ik_llama.cpp"), "unknown"),
        ("tensor-split-architecture", tensor(runtime="ollama"), None),
        ("tensor-split-flash-attention", tensor(runtime="ik_llama.cpp", flash_attention=False), "blocker"),
        ("tensor-and-pipeline", make_facts(EIGHT, tensor_parallel=4), "blocker"),
        ("tensor-and-pipeline", make_facts(EIGHT, tensor_parallel=4, runtime="ollama"), "blocker"),
        ("tensor-and-pipeline", make_facts(EIGHT, split="row", pipeline_parallel=8), "blocker"),
        ("tensor-and-pipeline", make_facts(EIGHT, tensor_parallel=8), "ok"),
        ("tensor-and-pipeline", make_facts(EIGHT), "ok"),
        ("tensor-and-pipeline", make_facts(EIGHT, tensor_parallel=4, runtime="1cat-vllm"), None),
        ("tensor-and-pipeline", make_facts(make_build(gpu_count=1)), None),
        ("device-cap", make_facts(SIXTEEN), "blocker"),
        ("device-cap", make_facts(SIXTEEN, runtime="ollama"), "blocker"),
        ("device-cap", make_facts(SIXTEEN, runtime="ik_llama.cpp"), "unknown"),
        ("device-cap", make_facts(FIFTEEN), "ok"),
        ("device-cap", make_facts(SIXTEEN, runtime="1cat-vllm"), None),
        ("ollama-split", tensor(runtime="ollama"), "blocker"),
        ("ollama-split", make_facts(runtime="ollama"), "ok"),
        ("ollama-split", make_facts(), None),
        ("quantised-cache", make_facts(kv_dtype="q8_0", flash_attention=False), "blocker"),
        ("quantised-cache", make_facts(kv_dtype="q8_0"), "ok"),
        ("quantised-cache", make_facts(), None),
    ],
)
def test_llama_cpp(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_the_mend_also_clears_settings_that_would_contradict_it() -> None:
    found = finding("row-split", make_facts(split="row", model=MOE_235B))
    assert found
    assert found.fix
    assert found.fix.changes == (("split", "layer"), ("tensor_parallel", ""), ("pipeline_parallel", ""))


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("DeepseekV4ForCausalLM", True),  # since August 2026 (llama.cpp, pull request 26490)
        ("Lfm2MoeForCausalLM", True),
        ("Gemma3nForConditionalGeneration", False),
        ("FalconH1ForCausalLM", False),
        ("GraniteMoeHybridForCausalLM", False),
        ("Olmo3ForCausalLM", False),
        ("MiniMaxM3ForCausalLM", False),
        ("KimiK3ForConditionalGeneration", False),
        ("KimiLinearForCausalLM", False),
        ("NemotronHForCausalLM", False),
        ("Qwen3MoeForCausalLM", True),
        ("Gemma4ForConditionalGeneration", True),
    ],
)
def test_tensor_split_follows_llama_cpps_own_list(name: str, takes: bool) -> None:
    """llm_arch_supports_sm_tensor in its src/llama-arch.cpp, version 0.5.0."""
    found = finding("tensor-split-architecture", tensor(model=replace(LLAMA_70B, architecture=name)))
    assert found
    assert found.severity == ("ok" if takes else "blocker")
    assert "25 November 2026" in found.why
