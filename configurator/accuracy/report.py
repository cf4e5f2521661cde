"""Everything the accuracy page shows: goals, what was measured of them, and every row."""

from dataclasses import dataclass
from datetime import date

from catalog import snapshot
from configurator.accuracy import errors, measurements
from configurator.accuracy.comparison import Comparison, compare
from configurator.accuracy.errors import ErrorTable, Prediction, error_table
from configurator.accuracy.leave_out import left_out
from configurator.accuracy.measurements import NotAsked
from configurator.estimation.estimate import ENGINE_VERSION

GROUPS = (
    ("runtime", "Runtime"),
    ("split", "Split"),
    ("model_class", "Model class"),
    ("gpu_class", "Card"),
    ("metric", "What"),
)


@dataclass(frozen=True)
class Goal:
    """One line of what we want to reach. ``left_out`` are the errors where the source was not fitted to; None where
    nothing is fitted, so that leaving out changes nothing."""

    what: str
    wanted: str
    in_sample: ErrorTable
    left_out: ErrorTable | None
    reached: bool


@dataclass(frozen=True)
class Report:
    goals: tuple[Goal, ...]
    speed: tuple[Prediction, ...]
    speed_left_out: tuple[Prediction, ...]
    left_out_on: date
    not_asked: tuple[tuple[str, tuple[NotAsked, ...]], ...]  # published speeds left out, by reason
    collected: int  # published speeds, asked or not
    by_group: tuple[tuple[str, tuple[ErrorTable, ...]], ...]
    memory: tuple[Prediction, ...]
    sizes: tuple[Prediction, ...]
    cache: tuple[Prediction, ...]
    comparison: Comparison
    engine_version: str


def _of(predictions: tuple[Prediction, ...], metric: str, v100: bool | None = None) -> list[Prediction]:
    return [
        prediction
        for prediction in predictions
        if prediction.group["metric"] == metric and (v100 is None or (prediction.group["gpu_class"] == "V100") == v100)
    ]


def _by_reason(rows: tuple[NotAsked, ...]) -> tuple[tuple[str, tuple[NotAsked, ...]], ...]:
    reasons = dict.fromkeys(row.reason for row in rows)
    return tuple((reason, tuple(row for row in rows if row.reason == reason)) for reason in reasons)


@snapshot.kept
def report() -> Report:
    """The report for the catalog as it stands; computed once."""
    speed = tuple(prediction for prediction in errors.predict_speed())
    fitted = tuple(prediction for prediction in speed if not getattr(prediction.row, "not_fitted", ""))
    kept = left_out()
    memory, sizes, cache = errors.predict_memory(), errors.predict_sizes(), errors.predict_kv()
    standard = [prediction for prediction in sizes if prediction.group["mix"] == "standard"]
    dynamic = [prediction for prediction in sizes if prediction.group["mix"] == "dynamic"]

    of_memory = error_table("memory", memory)
    of_sizes = error_table("sizes", standard, beyond_rounding=True)
    of_dynamic = error_table("dynamic", dynamic, beyond_rounding=True)
    like = [prediction for prediction in cache if not prediction.remark]
    of_cache = error_table("cache", like)
    near = sum(abs(prediction.error) <= 0.005 for prediction in like) / len(like)
    goals = [
        Goal(
            "Memory of each GPU, against llama.cpp's plan",
            "median ≤ 0.5 %, 95 % of rows ≤ 2 %",
            of_memory,
            None,
            of_memory.median <= 0.005 and of_memory.p95 <= 0.02,
        ),
        Goal(
            "Size of GGUF files of the standard mixes, beyond rounding",
            "median ≤ 0.5 %, 95 % of rows ≤ 2.5 %",
            of_sizes,
            None,
            of_sizes.median <= 0.005 and of_sizes.p95 <= 0.025,
        ),
        Goal(
            "Size of GGUF files of dynamic mixes (UD-…), by their base type",
            "median ≤ 0.5 %, 95 % of rows ≤ 2.5 %",
            of_dynamic,
            None,
            of_dynamic.median <= 0.005 and of_dynamic.p95 <= 0.025,
        ),
        Goal("Cache, against runtime logs", "99 % of rows ≤ 0.5 %", of_cache, None, near >= 0.99),
    ]
    for what, wanted, metric, v100, most, coverage in (
        ("Decode on V100", "median ≤ 12 %, 90 % of rows ≤ 30 %, range holds ≥ 80 %", "decode_tok_s", True, 0.12, 0.8),
        ("Decode on other cards", "median ≤ 20 %", "decode_tok_s", False, 0.20, 0.0),
        ("Prompts", "median ≤ 35 %, range holds ≥ 80 %", "prefill_tok_s", None, 0.35, 0.8),
    ):
        inside = error_table(what, _of(fitted, metric, v100))
        outside = error_table(what, _of(kept.predictions, metric, v100))
        reached = outside.median <= most and (outside.coverage or 0) >= coverage
        goals.append(Goal(what, wanted, inside, outside, reached))
    return Report(
        goals=tuple(goals),
        speed=speed,
        speed_left_out=kept.predictions,
        left_out_on=kept.made_on,
        not_asked=_by_reason(measurements.not_asked()),
        collected=len(speed) + len(measurements.not_asked()),
        by_group=tuple((words, errors.error_tables(group, kept.predictions)) for group, words in GROUPS),
        memory=memory,
        sizes=sizes,
        cache=cache,
        comparison=compare(),
        engine_version=ENGINE_VERSION,
    )
