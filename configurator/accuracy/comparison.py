"""Other calculators on the same cases, from the answers kept in ``configurator/data/other_calculators.json``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import median
from typing import Any

from catalog import snapshot
from configurator.accuracy.leave_out import left_out_rows
from configurator.accuracy.measurements import DATA
from configurator.choice import parse
from configurator.estimates import specs
from configurator.estimation.llama_cpp_plan import CUDA_CONTEXT_MIB
from configurator.estimation.memory import memory
from configurator.estimation.throughput import speed

OURS = "Voltaic"
OURS_LEFT_OUT = "Voltaic, without the row's source"
MEASURES = {
    "memory": "Memory on one GPU, against llama.cpp's own plan with the driver's context",
    "file": "Size of the file, against published files",
    "decode": "Decode speed on V100, against published runs",
}
DRIVER_CONTEXT_MIB = CUDA_CONTEXT_MIB  # added to llama.cpp's plan, which leaves it out; calculators count it


@dataclass(frozen=True)
class Calculator:
    """Somebody's calculator. ``how`` says how it was asked."""

    name: str
    version: str
    href: str
    how: str


@dataclass(frozen=True)
class Score:
    """How a calculator did on one measure. ``too_little`` counts answers below nine tenths of the truth: memory or
    a file so underestimated is a purchase that does not fit."""

    calculator: str
    answered: int
    asked: int
    median_error: float | None
    worst_error: float | None
    too_little: int
    is_ours: bool = False


@dataclass(frozen=True)
class Comparison:
    run_on: date
    calculators: tuple[Calculator, ...]
    scores: tuple[tuple[str, tuple[Score, ...]], ...]  # by measure, in words; those who answered something
    silent: Mapping[str, tuple[str, ...]]  # measure in words -> calculators that say nothing about it


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / "other_calculators.json").read_text())
    return document


def compare() -> Comparison:
    """Every calculator's errors beside ours, which are computed now."""
    document = _document()
    calculators = tuple(Calculator(**entry) for entry in document["calculators"])
    cases: list[Mapping[str, Any]] = document["cases"]
    scores = []
    silent: dict[str, tuple[str, ...]] = {}
    for measure, words in MEASURES.items():
        of_measure = [case for case in cases if case["measure"] == measure]
        truths = [float(case["truth"]) for case in of_measure]
        answers: dict[str, list[float | None]] = {OURS: [our_figure(case) for case in of_measure]}
        if measure == "decode":  # the only measure to whose sources anything is fitted
            answers = {OURS_LEFT_OUT: without_source(of_measure)} | answers
        for calculator in calculators:
            answers[calculator.name] = [case["figures"].get(calculator.name) for case in of_measure]
        all_scores = [score(name, truths, told) for name, told in answers.items()]
        scores.append((words, tuple(each for each in all_scores if each.answered)))
        silent[words] = tuple(each.calculator for each in all_scores if not each.answered)
    return Comparison(date.fromisoformat(document["run_on"]), calculators, tuple(scores), silent)


def our_figure(case: Mapping[str, Any]) -> float:
    """What the estimator says to a case, in the case's unit."""
    build, workload, supply = specs(parse(case["question"]), snapshot.current(), None)
    planned = memory(build, workload)
    if case["measure"] == "file":
        return float(planned.weights_bytes_total)
    if case["measure"] == "memory":
        (gpu,) = planned.per_gpu
        return gpu.weights_mib + gpu.kv_mib + gpu.compute_mib + DRIVER_CONTEXT_MIB
    return speed(build, workload, supply, planned).decode_tok_s.mid


def without_source(cases: Sequence[Mapping[str, Any]]) -> list[float | None]:
    """Our decode speeds by constants that never saw each case's source; None where a row is not among those kept."""
    kept = {_key(p.row.question, p.measured): p.predicted for p in left_out_rows()}
    return [kept.get(_key(case["question"], float(case["truth"]))) for case in cases]


def _key(question: Mapping[str, Any], measured: float) -> tuple[str, str]:
    stated = {key: value for key, value in question.items() if value is not None}
    return json.dumps(stated, sort_keys=True), f"{measured:.6g}"


def score(name: str, truths: Sequence[float], answers: Sequence[float | None]) -> Score:
    """The errors of one calculator; what it cannot say is not an error, but counted as not answered."""
    errors = [told / truth - 1 for truth, told in zip(truths, answers, strict=True) if told is not None]
    sizes = [abs(error) for error in errors]
    return Score(
        calculator=name,
        answered=len(errors),
        asked=len(truths),
        median_error=median(sizes) if sizes else None,
        worst_error=max(sizes, default=None),
        too_little=sum(error < -0.1 for error in errors),
        is_ours=name in (OURS, OURS_LEFT_OUT),
    )
