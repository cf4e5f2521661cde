"""Checkpoints that are not GGUF: what stays at 16 bits, and what TurboMind holds beside them."""

from dataclasses import replace

import pytest

from catalog.hf_quantization import checkpoint_quant, checkpoint_spec
from catalog.specs import ModelSpec
from configurator.estimation.checkpoint import checkpoint_range, tower_bytes
from configurator.estimation.memory import memory
from configurator.estimation.types import Workload
from configurator.estimation.weights import file_weights, sized_tensors
from tests.configurator.estimation.memory_cases import build, model

GIB = 2**30
QWEN_27B = replace(model("qwen3.5-27b"), mtp_layers=1)
QWEN_35B = model("qwen3.6-35b-a3b")
GEMMA_31B = model("gemma-4-31b")


@pytest.mark.parametrize(
    ("spec", "quant", "gigabytes", "within"),
    [
        # Hugging Face lists the shards
        (model("llama-2-70b"), "AWQ", 36.61, 0.001),
        # ollama.com, library/qwen3.5 and gemma4: tags of the blobs with their towers, to half a gigabyte
        (model("qwen3.5-27b"), "NVFP4", 20.0, 0.025),
        (QWEN_35B, "NVFP4", 22.0, 0.025),
        (GEMMA_31B, "NVFP4", 20.0, 0.025),
        # github.com/1CatAI/1Cat-vLLM/issues/75 and btbtyler09/Qwen3.6-27B-GPTQ-8bit: whole gigabytes
        (QWEN_27B, "AWQ", 21.0, 0.05),
        (QWEN_27B, "GPTQ-Int8", 32.0, 0.02),
        # LibertAIDAI/Qwen3.6-27B-W4A16-G128 says 19 GiB, and 29 GiB for the FP8 one
        (QWEN_27B, "GPTQ-Int4", 19 * GIB / 1e9, 0.05),
        (QWEN_27B, "FP8", 29 * GIB / 1e9, 0.02),
    ],
)
def test_a_checkpoint_is_as_large_as_published(spec: ModelSpec, quant: str, gigabytes: float, within: float) -> None:
    assert file_weights(spec, quant).file / 1e9 == pytest.approx(gigabytes, rel=within)


@pytest.mark.parametrize(
    ("spec", "quant", "ranks", "gib"),
    [
        # 1Cat-vLLM, sm70_v100_migration_control.md and sm70_fp8_long_prefill_exact_dense.md: model loading a rank
        (QWEN_27B, "AWQ", 4, 6.59),
        (QWEN_27B, "NVFP4", 2, 10.97),
        (QWEN_27B, "FP8", 2, 14.28),
        (QWEN_27B, "FP8", 4, 7.57),
        (QWEN_35B, "AWQ", 2, 11.04),
        (GEMMA_31B, "NVFP4", 2, 11.76),
    ],
)
def test_the_weights_of_a_rank_are_those_1cat_vllm_logs_on_v100(
    spec: ModelSpec, quant: str, ranks: int, gib: float
) -> None:
    workload = Workload(model=spec, quant=quant, runtime="1cat-vllm", split="tensor", tensor_parallel=ranks)
    gpu = memory(build(gpu_count=ranks), workload).per_gpu[0]
    assert gpu.weights_mib / 1024 == pytest.approx(gib, rel=0.08)


def test_the_usual_awq_checkpoint_of_qwen_leaves_queries_keys_values_and_the_first_block_at_16_bits() -> None:
    bits = {tensor.name: 8 * size / tensor.elements for tensor, size in sized_tensors(QWEN_27B, "AWQ")}
    assert bits["blk.3.attn_q.weight"] == bits["blk.3.attn_k.weight"] == bits["blk.0.ffn_up.weight"] == 16
    assert bits["blk.64.ffn_up.weight"] == 16  # drafting
    assert bits["blk.3.attn_output.weight"] == bits["blk.1.attn_qkv.weight"] == pytest.approx(4.156, abs=0.001)


def test_a_tower_for_pictures_counts_for_checkpoints_and_not_for_gguf() -> None:
    # Qwen3.6-27B's repository holds 27.78 billion parameters: 26.90 of language, 0.42 of drafting, the rest the tower.
    assert tower_bytes(QWEN_27B) / 2e9 == pytest.approx(27.78 - 26.896 - 0.4247, abs=0.005)
    assert tower_bytes(model("llama-3.1-8b")) == 0
    listed = sum(size for _, size in sized_tensors(QWEN_27B, "FP8"))
    assert file_weights(QWEN_27B, "FP8").file == listed + tower_bytes(QWEN_27B)
    assert file_weights(QWEN_27B, "Q8_0").file == sum(size for _, size in sized_tensors(QWEN_27B, "Q8_0"))


def test_makers_agree_on_a_plain_dense_model_and_not_on_a_hybrid_one() -> None:
    assert checkpoint_range(model("llama-3.1-70b"), "AWQ") is None
    low, high = checkpoint_range(QWEN_27B, "AWQ") or (0, 0)
    assert low < file_weights(QWEN_27B, "AWQ").file < high
    # vrfai/Qwen3.6-27B-FP8, which leaves more at 16 bits, loads 33.66 GiB
    assert (checkpoint_range(QWEN_27B, "FP8") or (0, 0))[1] > 33.66 * GIB


@pytest.mark.parametrize("quant", ["AWQ", "GPTQ-Int4", "GPTQ-Int8", "FP8", "NVFP4"])
@pytest.mark.parametrize("slug", ["qwen3-30b-a3b", "kimi-k2", "gemma-4-31b", "qwen3.6-35b-a3b", "qwen3-next-80b-a3b"])
def test_the_computed_size_lies_between_those_of_the_makers(slug: str, quant: str) -> None:
    sizes = checkpoint_range(model(slug), quant)
    assert sizes is not None
    assert sizes[0] <= file_weights(model(slug), quant).file <= sizes[1]


AWQ_CONFIG = {
    "quantization_config": {
        "quant_method": "awq",
        "bits": 4,
        "group_size": 32,
        "modules_to_not_convert": ["linear_attn", "model.layers.0.", "visual", "mtp"],
    }
}


def test_what_a_config_says_of_its_own_quantisation_holds() -> None:
    spec = replace(QWEN_27B, checkpoint=checkpoint_spec(AWQ_CONFIG))
    bits = {tensor.name: 8 * size / tensor.elements for tensor, size in sized_tensors(spec, "AWQ")}
    assert bits["blk.1.attn_qkv.weight"] == bits["blk.1.ssm_out.weight"] == bits["blk.0.ffn_up.weight"] == 16
    # 4 bits, and a scale of 16 and a zero of 4 for 32 weights
    assert bits["blk.3.attn_q.weight"] == bits["blk.1.ffn_up.weight"] == 4 + 20 / 32
    assert checkpoint_range(spec, "AWQ") is None
    assert file_weights(spec, "FP8") == file_weights(QWEN_27B, "FP8")


def test_modules_are_listed_by_part_by_name_or_as_plain_expressions() -> None:
    spec = checkpoint_spec(
        {
            "quantization_config": {
                "quant_method": "compressed-tensors",
                "format": "nvfp4-pack-quantized",
                "ignore": [
                    "lm_head",
                    "re:.*linear_attn.*",
                    "model.language_model.layers.3.self_attn.q_proj",
                    "re:a(b+)+$",
                ],
            }
        }
    )
    assert spec is not None
    assert (spec.quant, spec.group_size) == ("NVFP4", None)
    assert spec.keeps(7, "linear_attn.out_proj")
    assert spec.keeps(3, "self_attn.q_proj")
    assert not spec.keeps(4, "self_attn.q_proj")
    assert not spec.keeps(3, "mlp.up_proj")


@pytest.mark.parametrize(
    "described",
    [
        None,
        "awq",
        {"quant_method": "bitsandbytes", "bits": 4, "group_size": 64},
        {"quant_method": "awq", "bits": 4},
        {"quant_method": "awq", "bits": 4, "modules_to_not_convert": ["x"] * 5000},
        {"quant_method": "awq", "bits": 4, "modules_to_not_convert": [f"word{i}" for i in range(100)]},
    ],
)
def test_a_quantisation_that_says_nothing_of_use_or_too_much_is_left_out(described: object) -> None:
    assert checkpoint_spec({"quantization_config": described}) is None


def test_a_hostile_group_size_is_not_taken() -> None:
    for size in (True, -1, 0, 10**12, "128", 1.5):
        assert checkpoint_spec({"quantization_config": {"quant_method": "gptq", "bits": 4, "group_size": size}}) is None
    assert checkpoint_quant({"quant_method": "gptq", "bits": 4}) == "GPTQ-Int4"
