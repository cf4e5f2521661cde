"""Asks whichllm for memory, file sizes and decode speeds.

Run by ``compare_calculators.py`` with the interpreter that has the calculator installed: a list of cases comes as JSON
on standard input, the list of its answers goes to standard output, null where it cannot say. Its command line detects
this machine's cards; its own functions take any card, so they are asked. Memory is given the true file size, as it
would read it from the model's page; speed and size are given the parameter counts only.
"""

import json
import sys
from importlib import import_module
from typing import Any

MIB = 2**20


def answer(case: dict[str, Any]) -> float | None:
    types, constants = import_module("whichllm.models.types"), import_module("whichllm.constants")
    spec, quant = case["model"], case["quant"]
    bytes_per_weight = constants.QUANT_BYTES_PER_WEIGHT.get(quant)
    experts = bool(spec["experts"])
    model = types.ModelInfo(
        id=spec["hf_repo"],
        family_id=spec["hf_repo"],
        name=spec["name"],
        parameter_count=spec["params_total"],
        parameter_count_active=spec["params_active"] if experts else None,
        is_moe=experts,
        context_length=spec["max_context_tokens"],
        sliding_window=spec["window_tokens"],
        sliding_window_global_ratio=spec["global_layer_share"],
    )
    if case["measure"] == "memory":
        variant = types.GGUFVariant("model.gguf", quant, case["file_bytes"])
        return float(import_module("whichllm.engine.vram").estimate_vram(model, variant, case["context_tokens"]) / MIB)
    if bytes_per_weight is None:
        return None
    size = int(model.parameter_count * bytes_per_weight)
    if case["measure"] == "file":
        return float(size)
    hardware, performance = import_module("whichllm.hardware.types"), import_module("whichllm.engine.performance")
    card = hardware.GPUInfo("V100", "nvidia", 32 * 2**30, memory_bandwidth_gbps=900.0)
    return float(performance.estimate_tok_per_sec(model, types.GGUFVariant("model.gguf", quant, size), card))


def main() -> None:
    json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
