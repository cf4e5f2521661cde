"""Published measurements of a machine and a model, to stand beside our estimate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from catalog.provenance import Source
from catalog.specs import ModelSpec
from configurator.accuracy.measurements import SpeedRow, speed_rows
from configurator.estimation.quantization import canonical_quant
from configurator.estimation.types import Build, Workload


@dataclass(frozen=True, slots=True)
class Measured:
    """One published speed, tokens a second, and how it was measured where that differs from what is asked."""

    metric: str  # decode_tok_s, aggregate_tok_s, prefill_tok_s
    tok_s: float
    how: str
    source: Source


def published(build: Build, workload: Workload, models: Mapping[str, ModelSpec]) -> tuple[Measured, ...]:
    """What was measured on as many of the same GPU with a model of the same shape, in as many bits and streams."""
    return tuple(
        Measured(row.metric, row.measured, _how(row, workload, models), row.source)
        for row in _rows_of(build.gpu.slug, build.gpu_count)
        if _is_alike(row, workload, models)
    )


@cache
def _rows_of(gpu: str, count: int) -> tuple[SpeedRow, ...]:
    return tuple(
        row for row in speed_rows() if row.question["gpu"] == gpu and row.question.get("gpu_count", 1) == count
    )


def _is_alike(row: SpeedRow, workload: Workload, models: Mapping[str, ModelSpec]) -> bool:
    asked = row.question
    model = models.get(asked.get("model", ""))
    if model is None or asked.get("speculative_tokens", 0) != workload.speculative_tokens:
        return False
    if row.metric != "prefill_tok_s" and asked.get("streams", 1) != workload.streams:
        return False
    alike = shape(model) == shape(workload.model)
    return alike and bit_class(asked.get("quant", "Q4_K_M")) == bit_class(workload.quant)


def shape(model: ModelSpec) -> ModelSpec:
    """The model without its name: fine-tunes and newer versions of one architecture are equally fast."""
    nameless = replace(model, slug="", name="", hf_repo="", architecture="", max_context_tokens=None)
    return replace(nameless, refusal=None, file=None, checkpoint=None)


def bit_class(quant: str) -> str:
    """How many bits a weight has, roughly: 4 for Q4_K_M, IQ4_XS, AWQ and GPTQ-Int4; 16 for F16 and BF16."""
    name = canonical_quant(quant)
    named = {"AWQ": "4", "NVFP4": "4", "MXFP4_MOE": "4", "FP8": "8"}
    return named.get(name) or "".join(c for c in name.partition("_")[0] if c.isdigit())


def _how(row: SpeedRow, workload: Workload, models: Mapping[str, ModelSpec]) -> str:
    """Runtime, split and what else tells this measurement from the question, in words."""
    asked = row.question
    words = [str(asked.get("runtime", "llama.cpp"))]
    if asked["model"] != workload.model.slug:
        words.append(models[asked["model"]].name)
    split = asked.get("split", "none")
    if split != "none":
        words.append(f"split by {split}")
    if asked.get("quant", "Q4_K_M") != workload.quant:
        words.append(str(asked["quant"]))
    if row.metric == "prefill_tok_s":
        words.append(f"prompt of {asked.get('prompt_tokens', 2048):,}")
    elif asked.get("depth_tokens", 0) != workload.depth_tokens:
        words.append(f"{asked.get('depth_tokens', 0):,} tokens deep")
    if limit := asked.get("power_limit_w"):
        words.append(f"at {limit} W")
    if row.not_fitted:
        words.append(row.not_fitted.partition(".")[0])
    return ", ".join(words)
