"""Runtimes, formats and what Volta can do."""

import pytest

from configurator.estimation.findings import Facts
from tests.configurator.estimation.builds import (
    SERVER,
    finding,
    make_build,
    make_facts,
    make_gpu,
    severity,
)

AMPERE = make_gpu(architecture="ampere", compute_capability=8.6, form_factor="pcie", bf16=True)
PASCAL = make_gpu(architecture="pascal", compute_capability=6.0)
KEPLER = make_gpu(architecture="kepler", compute_capability=3.5)
APU = make_gpu(architecture="rdna3.5", compute_capability=None, form_factor="apu", bf16=True)
EIGHT = make_build(gpu_count=8, carrier=SERVER)


def runs(runtime: str, quant: str = "Q4_K_M", gpu: object = None, **settings: object) -> Facts:
    build = make_build() if gpu is None else make_build(gpu, 1, None)  # type: ignore[arg-type]
    return make_facts(build, **{"runtime": runtime, "quant": quant, **settings})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        # upstream vLLM wants 7.5; a V100 has 7.0
        ("runtime-on-gpu", runs("vllm"), "blocker"),
        ("runtime-on-gpu", runs("vllm", gpu=AMPERE), "ok"),
        ("runtime-on-gpu", runs("vllm", gpu=APU), "unknown"),
        ("runtime-on-gpu", runs("1cat-vllm"), "ok"),
        ("runtime-on-gpu", runs("1cat-vllm", gpu=AMPERE), "unknown"),
        ("runtime-on-gpu", runs("1cat-vllm", gpu=PASCAL), "blocker"),
        ("runtime-on-gpu", runs("lmdeploy"), "ok"),
        ("runtime-on-gpu", runs("lmdeploy", gpu=PASCAL), "unknown"),
        ("runtime-on-gpu", runs("llama.cpp"), "ok"),
        ("runtime-on-gpu", runs("llama.cpp", gpu=APU), "ok"),
        ("runtime-on-gpu", runs("ollama", gpu=PASCAL), "ok"),
        ("runtime-on-gpu", runs("ollama", gpu=KEPLER), "blocker"),
        ("runtime-on-gpu", runs("ik_llama.cpp"), None),
        ("awq-in-vllm", runs("vllm", "AWQ"), "blocker"),
        ("awq-in-vllm", runs("vllm", "AWQ", AMPERE), "ok"),
        ("awq-in-vllm", runs("1cat-vllm", "AWQ"), None),
        ("sglang-on-gpu", runs("sglang", "AWQ"), "blocker"),
        ("sglang-on-gpu", runs("sglang", "AWQ", AMPERE), "ok"),
        ("sglang-on-gpu", runs("sglang", "AWQ", APU), "unknown"),
        ("quant-format", runs("sglang", "Q4_K_M", AMPERE), "caution"),
        ("quant-format", runs("sglang", "AWQ", AMPERE), "ok"),
        ("sglang-on-gpu", runs("vllm"), None),
        ("bf16-weights", runs("llama.cpp", "BF16"), "caution"),
        ("bf16-weights", runs("1cat-vllm", "BF16"), "blocker"),
        ("bf16-weights", runs("llama.cpp", "F16"), "ok"),
        ("bf16-weights", runs("vllm", "BF16", AMPERE), "ok"),
        ("quant-format", runs("llama.cpp", "AWQ"), "blocker"),
        ("quant-format", runs("ollama", "FP8"), "blocker"),
        ("quant-format", runs("llama.cpp"), "ok"),
        ("quant-format", runs("lmdeploy"), "blocker"),
        ("quant-format", runs("1cat-vllm"), "caution"),
        ("quant-format", runs("vllm"), "caution"),
        ("quant-format", runs("1cat-vllm", "AWQ"), "ok"),
        ("quant-format", runs("lmdeploy", "F16"), "ok"),
        # old GPUs and float formats: float-formats answers, and only it
        ("quant-format", runs("lmdeploy", "MXFP4_MOE"), None),
        ("quant-format", runs("lmdeploy", "FP8"), None),
        ("quant-format", runs("1cat-vllm", "NVFP4"), None),
        ("quant-format", runs("vllm", "AWQ"), None),
        ("quant-format", runs("lmdeploy", "MXFP4_MOE", AMPERE), "ok"),
        ("quant-format", runs("lmdeploy", "FP8", AMPERE), "unknown"),
        ("quant-format", runs("lmdeploy", "GPTQ-Int8"), "unknown"),
        ("quant-format", runs("lmdeploy", "GPTQ-Int4"), "ok"),
        ("quant-format", runs("vllm", "NVFP4", AMPERE), "unknown"),
        ("float-formats", runs("1cat-vllm", "FP8"), "caution"),
        ("float-formats", runs("lmdeploy", "MXFP4_MOE"), "caution"),
        ("float-formats", runs("lmdeploy", "NVFP4"), "unknown"),
        ("float-formats", runs("vllm", "FP8"), "blocker"),
        ("float-formats", runs("llama.cpp", "MXFP4_MOE"), "ok"),
        ("float-formats", runs("1cat-vllm", "AWQ"), None),
        ("float-formats", runs("vllm", "FP8", AMPERE), None),
        ("unofficial-runtime", runs("ik_llama.cpp"), "caution"),
        ("unofficial-runtime", runs("ik_llama.cpp", gpu=AMPERE), "ok"),
        ("unofficial-runtime", runs("ik_llama.cpp", gpu=APU), "unknown"),
        ("unofficial-runtime", runs("llama.cpp"), None),
        ("deadlock-at-many-streams", make_facts(EIGHT, runtime="1cat-vllm", tensor_parallel=8, streams=16), "caution"),
        ("deadlock-at-many-streams", make_facts(EIGHT, runtime="1cat-vllm", tensor_parallel=8, streams=8), "ok"),
        ("deadlock-at-many-streams", make_facts(EIGHT, runtime="1cat-vllm", tensor_parallel=4, streams=16), None),
        ("cache-format", runs("llama.cpp", kv_dtype="fp8"), "blocker"),
        ("cache-format", runs("llama.cpp", kv_dtype="q8_0"), "ok"),
        ("cache-format", runs("1cat-vllm", "AWQ", kv_dtype="q8_0"), "blocker"),
        ("cache-format", runs("1cat-vllm", "AWQ", kv_dtype="fp8"), "unknown"),
        ("cache-format", runs("lmdeploy", "AWQ", kv_dtype="q4_0"), "ok"),
        ("cache-format", runs("llama.cpp"), "ok"),
        # 27B: 36.2 tok/s at UD-Q2_K_XL, 33 to 34 at Q4_K_M
        ("low-bits-on-volta", runs("llama.cpp", "Q2_K"), "note"),
        ("low-bits-on-volta", runs("llama.cpp", "IQ3_XXS"), "note"),
        ("low-bits-on-volta", runs("llama.cpp", "IQ4_XS"), "ok"),
        ("low-bits-on-volta", runs("llama.cpp"), "ok"),
        ("low-bits-on-volta", runs("llama.cpp", "F16"), None),
        ("low-bits-on-volta", runs("llama.cpp", "Q2_K", AMPERE), None),
    ],
)
def test_software(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


@pytest.mark.parametrize(("gpu", "runtime"), [(None, "1cat-vllm"), (PASCAL, "llama.cpp")])
def test_instead_of_vllm_a_runtime_is_offered_that_supports_the_gpu(gpu: object, runtime: str) -> None:
    found = finding("runtime-on-gpu", runs("vllm", gpu=gpu))
    assert found
    assert found.fix
    assert found.fix.changes == (("runtime", runtime),)


def test_instead_of_awq_on_a_p100_llama_cpp_comes_with_a_file_it_reads() -> None:
    found = finding("runtime-on-gpu", runs("1cat-vllm", "AWQ", PASCAL))
    assert found
    assert found.fix
    assert found.fix.changes == (("runtime", "llama.cpp"), ("quant", "Q4_K_M"))


def test_few_bits_are_said_to_save_little_time() -> None:
    found = finding("low-bits-on-volta", runs("llama.cpp", "IQ1_S"))
    assert found
    assert "little time" in found.title
    assert "36 tokens a second" in found.why


def test_a_gguf_runtime_is_offered_a_gguf_type() -> None:
    found = finding("quant-format", runs("llama.cpp", "AWQ"))
    assert found
    assert found.fix
    assert found.fix.changes == (("quant", "Q4_K_M"),)
