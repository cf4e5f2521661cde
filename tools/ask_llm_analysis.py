"""Asks llm-analysis (llm_analysis, a roofline of the V100 among others) for decode speeds.

Run by ``compare_calculators.py`` with the interpreter that has the calculator installed: a list of cases comes as JSON
on standard input, the list of its answers goes to standard output, null where it cannot say. Its weights have 4, 8 or
16 bits; there is no such setting for other formats, and none for layer split that keeps one stream's speed.
"""

import json
import logging
import sys
from importlib import import_module
from typing import Any

WEIGHT_BITS = {"Q4_0": 4, "Q4_K_M": 4, "AWQ": 4, "Q8_0": 8, "FP8": 8, "BF16": 16, "F16": 16}
V100 = {
    "name": "v100-sxm-32gb",
    "hbm_bandwidth_in_GB_per_sec": 900,
    "intra_node_bandwidth_in_GB_per_sec": 150,
    "intra_node_min_message_latency": 8e-06,
    "peak_fp16_TFLOPS": 125,
}  # its own figures of the V100; memory is left open, because the question is the speed


def decode_tok_s(case: dict[str, Any]) -> float | None:
    analysis, config = import_module("llm_analysis.analysis"), import_module("llm_analysis.config")
    bits = WEIGHT_BITS.get(case["quant"])
    model = case["model"]
    if case["measure"] != "decode" or bits is None or case["split"] not in ("none", "tensor") or model["mla"]:
        return None
    try:
        answer = analysis.LLMAnalysis(
            config.ModelConfig(
                name=model["hf_repo"],
                num_layers=model["n_layers"],
                n_head=model["n_heads"],
                hidden_dim=model["hidden_size"],
                vocab_size=model["vocab_size"],
                num_key_value_heads=model["n_kv_heads"],
                ffn_embed_dim=model["expert_size"] or model["intermediate_size"],
                expansion_ratio=1,
                moe_num_experts=model["experts"] or 1,
                moe_top_k=model["experts_used"] or 1,
            ),
            config.GPUConfig(mem_per_GPU_in_GB=1000, **V100),
            config.DtypeConfig(weight_bits=bits, activation_bits=16, embedding_bits=16),
            config.ParallelismConfig(tp_size=case["gpu_count"]),
        ).inference(batch_size_per_gpu=1, seq_len=max(1, case["depth_tokens"]), num_tokens_to_generate=1)
    except (AssertionError, ValueError, ZeroDivisionError):
        return None
    return float(answer["decode_tokens_per_sec"])


def main() -> None:
    logging.disable(logging.CRITICAL)
    json.dump([decode_tok_s(case) for case in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
