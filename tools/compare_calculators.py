"""Asks other calculators what we are measured by; ``configurator/data/other_calculators.json`` keeps their answers.

    python tools/compare_calculators.py --python /tmp/calculators/bin/python --llmfit /tmp/calculators/llmfit

``--python`` is an interpreter with whichllm and llm-analysis installed, ``--llmfit`` its program; both live outside the
project, which never needs them. Every calculator gets what it takes: those that read a file's size are told the true
one, those that know models by name are asked by the name. What a calculator cannot say, or refuses, is null. Our own
figures are not stored: the page computes them. The cases are rows of ``configurator/data/measurements``: every plan of
llama.cpp for one GPU, every file size known to the byte, and every decode speed of one stream on V100s that our
constants may be fitted to. The others count what the driver keeps for a process and llama.cpp's plan does not, so that
much is added to the plan.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import floor
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "configurator/data/other_calculators.json"
LONGEST_WAIT_S = 600
MIB = 2**20
Case = dict[str, Any]
Answers = list[float | None]
# The V100's own bandwidth and peak, as this calculator describes a machine.
LLMFIT_PROFILE = {
    "name": "v100-sxm2",
    "schema_version": 1,
    "match": {"gpu_name_contains": "V100"},
    "hardware": {
        "total_ram_gb": 128,
        "unified_memory": False,
        "gpu_memory_bandwidth_gbps": 900,
        "ddr_bandwidth_gbps": 50,
        "gpu_compute_tflops_fp16": 125,
    },
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="interpreter with whichllm and llm-analysis")
    parser.add_argument("--llmfit", required=True, help="the program llmfit")
    options = parser.parse_args()
    document = json.loads(DATA.read_text())
    cases = measured_cases()
    told = [described(case) for case in cases]
    ask: dict[str, Callable[[], Answers]] = {
        "text-generation-webui": lambda: [text_generation_webui(case) for case in told],
        "whichllm": lambda: asked(options.python, "ask_whichllm.py", told),
        "llm-analysis": lambda: asked(options.python, "ask_llm_analysis.py", told),
        "llmfit": lambda: llmfit(options.llmfit, told),
    }
    for calculator in document["calculators"]:
        name = calculator["name"]
        for case, answer in zip(cases, ask[name](), strict=True):
            case["figures"][name] = None if answer is None else float(f"{answer:.6g}")
        calculator["version"] = version(name, options.python, options.llmfit)
    head = {"run_on": datetime.now(tz=UTC).date().isoformat(), "calculators": document["calculators"]}
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    DATA.write_text(f'{json.dumps(head, indent=1, ensure_ascii=False)[:-2]},\n "cases": [\n{lines}\n]}}\n')


def measured_cases() -> list[Case]:
    """The cases, without answers."""
    from configurator.accuracy import errors
    from configurator.accuracy.measurements import SizeRow, SpeedRow
    from configurator.estimation.llama_cpp_plan import CUDA_CONTEXT_MIB

    memory = [p for p in errors.predict_memory() if p.row.question["gpu_count"] == 1]
    files = [p for p in errors.predict_sizes() if isinstance(p.row, SizeRow) and not p.row.half_step_bytes]
    speeds = [
        p
        for p in errors.predict_speed()
        if isinstance(p.row, SpeedRow)
        and (p.group["metric"], p.group["gpu_class"], p.row.not_fitted) == ("decode_tok_s", "V100", "")
    ]
    return [
        *(case("memory", p, p.measured + CUDA_CONTEXT_MIB, "MiB") for p in memory),
        *(case("file", p, p.measured, "bytes") for p in files),
        *(case("decode", p, p.measured, "tok/s") for p in speeds),
    ]


def case(measure: str, prediction: Any, truth: float, unit: str) -> Case:
    """One case as the file keeps it."""
    question = dict(prediction.row.question)
    depth, cache, ubatch = (question.get(key) for key in ("depth_tokens", "kv_dtype", "ubatch"))
    what = prediction.label.replace(", GPU 0 of 1", "")
    what += f", {depth:,} tokens deep" if depth else ""
    if measure == "memory":
        what += f", {cache} cache" + (f", ubatch {ubatch:,}" if ubatch != 512 else "")
    truth = float(f"{truth:.12g}")
    return {"measure": measure, "question": question, "truth": truth, "unit": unit, "what": what, "figures": {}}


def described(case: Case) -> Case:
    """What calculators ask for: the question in full, and the model by the catalog's own figures."""
    from catalog import snapshot
    from configurator.choice import parse
    from configurator.estimates import specs
    from configurator.estimation.weights import file_weights

    build, workload, _ = specs(parse(case["question"]), snapshot.current(), None)
    spec = workload.model
    window, moe = spec.window, spec.moe
    model = {
        "hf_repo": spec.hf_repo,
        "name": spec.name,
        "params_total": spec.params_total,
        "params_active": spec.params_active,
        "n_layers": spec.n_layers,
        "hidden_size": spec.hidden_size,
        "n_heads": spec.n_heads,
        "n_kv_heads": spec.n_kv_heads,
        "vocab_size": spec.vocab_size,
        "intermediate_size": spec.intermediate_size,
        "max_context_tokens": spec.max_context_tokens,
        "experts": moe.n_experts if moe else None,
        "experts_used": moe.n_experts_per_token if moe else None,
        "expert_size": moe.expert_intermediate_size if moe else None,
        "mla": spec.mla is not None,
        "window_tokens": window.window_tokens if window else None,
        "global_layer_share": 1 / window.period if window else None,
    }
    return {
        "measure": case["measure"],
        "model": model,
        "quant": workload.quant,
        "context_tokens": workload.context_tokens,
        "depth_tokens": workload.depth_tokens,
        "kv_dtype": workload.kv_dtype,
        "gpu_count": build.gpu_count,
        "split": workload.split,
        "file_bytes": file_weights(spec, workload.quant).file,
    }


def text_generation_webui(case: Case) -> float | None:
    """MiB by the regression that text-generation-webui publishes for GGUF files wholly on one GPU.

    With s = file MiB / layers, b = bits a cached value, c = context, d = embedding width, all layers on the GPU:
    (s - 17.996 + 3.1486e-5 * kv_heads * b * c) * (layers + max(0.96906, b - (floor(50.778 * d / c) + 9.9879)))
    + 1516.52. Source: https://oobabooga.github.io/blog/posts/gguf-vram-formula/
    """
    if case["measure"] != "memory":
        return None
    model, context = case["model"], case["context_tokens"]
    bits = {"q4_0": 4, "q8_0": 8}.get(case["kv_dtype"], 16)
    per_layer = case["file_bytes"] / MIB / model["n_layers"]
    cache = 3.148552680382576e-05 * model["n_kv_heads"] * bits * context
    offset = bits - (floor(50.77817218646521 * model["hidden_size"] / context) + 9.987899908205632)
    layers: float = model["n_layers"] + max(0.9690636483914102, offset)
    return float((per_layer - 17.99552795246051 + cache) * layers + 1516.522943869404)


def asked(python: str, script: str, cases: Sequence[Case]) -> Answers:
    """The answers of a script that stands beside this one, run by another interpreter."""
    answered = subprocess.run(  # noqa: S603 - the developer names the interpreter
        [python, str(Path(__file__).with_name(script))],
        input=json.dumps(list(cases)),
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST_WAIT_S,
    )
    answers: Answers = json.loads(answered.stdout)
    return answers


def llmfit(program: str, cases: Sequence[Case]) -> Answers:
    """llmfit's plan for a V100: least video memory in MiB, disk in bytes, or tokens a second on the GPU."""
    with tempfile.TemporaryDirectory() as directory:
        profile = Path(directory, f"{LLMFIT_PROFILE['name']}.json")
        profile.write_text(json.dumps(LLMFIT_PROFILE))
        return [_llmfit_plan(program, str(profile), case) for case in cases]


def _llmfit_plan(program: str, profile: str, case: Case) -> float | None:
    if not case["model"]["hf_repo"]:
        return None
    command = [program, "--profile", profile, "plan", case["model"]["hf_repo"], "--json"]
    command += ["--context", str(case["context_tokens"]), "--quant", case["quant"]]
    command += ["--kv-quant", {"f16": "fp16"}.get(case["kv_dtype"], case["kv_dtype"])]
    answered = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    if answered.returncode:
        return None  # it does not know the model or the format
    plan = json.loads(answered.stdout)
    if plan["model_name"].lower() != case["model"]["hf_repo"].lower():
        return None  # another model that is called alike
    if case["measure"] == "memory":
        return float(plan["minimum"]["vram_gb"]) * 2**30 / MIB
    if case["measure"] == "file":
        return float(plan["disk_size_gb"]) * 1e9
    return next((float(path["estimated_tps"]) for path in plan["run_paths"] if path["path"] == "gpu"), None)


def version(name: str, python: str, llmfit_program: str) -> str:
    """The version that was asked."""
    if name == "text-generation-webui":
        return "published formula"
    if name == "llmfit":
        command = [llmfit_program, "--version"]
    else:
        command = [python, "-c", f"import importlib.metadata as m; print(m.version('{name}'))"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    return told.stdout.split()[-1]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.base")
    django.setup()
    main()
