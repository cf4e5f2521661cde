"""What the estimator says of every published row, and how far off it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import Any

from catalog import snapshot
from catalog.hf_config import model_spec_from_config
from configurator.accuracy import measurements
from configurator.accuracy.measurements import CacheRow, MemoryRow, SizeRow, SpeedRow
from configurator.choice import InvalidChoice, parse
from configurator.estimates import specs
from configurator.estimation.memory import CannotEstimate, memory, smallest_offload
from configurator.estimation.throughput import speed
from configurator.estimation.types import Build, MemoryEstimate, Supply, Workload
from configurator.estimation.weights import file_weights

MIB = 2**20
SAME = 1e-6  # figures that differ by less are the same
Row = SpeedRow | MemoryRow | SizeRow | CacheRow


@dataclass(frozen=True)
class Prediction:
    """One row and our answer. ``low`` and ``high`` are the range given with it, None where a figure has none."""

    row: Row
    label: str
    measured: float
    predicted: float
    low: float | None = None
    high: float | None = None
    group: Mapping[str, str] = field(default_factory=dict)
    half_step: float = 0.0

    @property
    def error(self) -> float:
        """(predicted - measured) / measured."""
        return self.predicted / self.measured - 1

    @property
    def remark(self) -> str:
        """Why the row is not counted among the errors; empty where it is."""
        return next(
            (text for name in ("not_fitted", "holds_more", "unlike") if (text := getattr(self.row, name, ""))), ""
        )

    @property
    def error_beyond_rounding(self) -> float:
        """The same, but zero where the published figure may be rounded from ours."""
        off = max(0.0, abs(self.predicted - self.measured) - self.half_step)
        return off / self.measured

    @property
    def covered(self) -> bool | None:
        """Whether the measured value lies in the range; None where no range is given."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.measured <= self.high


@dataclass(frozen=True)
class ErrorTable:
    """Errors of a group of predictions, as fractions."""

    group: str
    count: int
    median: float
    p90: float
    p95: float
    worst: float
    within_30: float
    coverage: float | None  # None where no ranges are given
    low: int  # predictions below what was measured, beyond its rounding
    furthest_low: float  # by how much at most


def error_table(group: str, predictions: Sequence[Prediction], *, beyond_rounding: bool = False) -> ErrorTable:
    """The errors of these predictions. A quantile is the smallest error that so many rows do not exceed.

    Raises ValueError without predictions.
    """
    if not predictions:
        raise ValueError("There are no predictions to sum up.")
    errors = sorted(p.error_beyond_rounding if beyond_rounding else abs(p.error) for p in predictions)
    covered = [p.covered for p in predictions if p.covered is not None]
    low = [p.error_beyond_rounding for p in predictions if p.error < 0 and p.error_beyond_rounding > SAME]

    def quantile(part: float) -> float:
        return errors[ceil(part * len(errors)) - 1]

    return ErrorTable(
        group=group,
        count=len(errors),
        median=median(errors),
        p90=quantile(0.90),
        p95=quantile(0.95),
        worst=errors[-1],
        within_30=sum(error <= 0.30 for error in errors) / len(errors),
        coverage=sum(covered) / len(covered) if covered else None,
        low=len(low),
        furthest_low=max(low, default=0.0),
    )


def error_tables(by: str, predictions: Iterable[Prediction]) -> tuple[ErrorTable, ...]:
    """One table for each value of a group (runtime, split, model_class, gpu_class, metric)."""
    sorted_out: dict[str, list[Prediction]] = {}
    for prediction in predictions:
        sorted_out.setdefault(prediction.group.get(by, ""), []).append(prediction)
    return tuple(error_table(group, sorted_out[group]) for group in sorted(sorted_out))


def _asked(question: Mapping[str, Any]) -> tuple[Build, Workload, Supply, MemoryEstimate]:
    """Build, workload, supply and memory of a question. ``architecture`` stands for a model the catalog lacks."""
    settings = {name: value for name, value in question.items() if name != "architecture"}
    model = model_spec_from_config(question["architecture"], "custom") if "architecture" in question else None
    build, workload, supply = specs(parse(settings), snapshot.current(), model)
    return build, workload, supply, memory(build, workload)


def asked_for_speed(row: SpeedRow) -> tuple[Build, Workload, Supply, MemoryEstimate]:
    """The same for a published speed; with a part in host memory where it only then fits."""
    build, workload, supply, planned = _asked(row.question)
    helped = None if planned.fits else smallest_offload(build, workload)
    return (build, workload, supply, planned) if helped is None else (build, helped, supply, memory(build, helped))


def predict_speed_row(row: SpeedRow) -> Prediction:
    """Our speed for one published one."""
    return predict_asked(row, *asked_for_speed(row))


def predict_asked(
    row: SpeedRow, build: Build, workload: Workload, supply: Supply, planned: MemoryEstimate
) -> Prediction:
    """The same for a row whose question was read before."""
    answer = getattr(speed(build, workload, supply, planned), row.metric)
    group = {
        "runtime": workload.runtime,
        "split": workload.split,
        "model_class": workload.model.arch_class,
        "gpu_class": "V100" if build.gpu.slug.startswith("v100") else build.gpu.name,
        "metric": row.metric,
    }
    label = f"{workload.model.name} {workload.quant}, {build.gpu_count} × {build.gpu.name}, {workload.runtime}"
    return Prediction(row, label, row.measured, answer.mid, answer.low, answer.high, group)


def predict_speed() -> tuple[Prediction, ...]:
    """Every published speed with ours, constants as they stand."""
    return tuple(predict_speed_row(row) for row in measurements.speed_rows())


def _memory_predictions(row: MemoryRow) -> list[Prediction]:
    _, workload, _, planned = _asked(row.question)
    count = len(planned.per_gpu)
    return [
        Prediction(
            row,
            f"{workload.model.name} {workload.quant}, GPU {gpu} of {count}, {workload.context_tokens:,} tokens",
            sum(told),
            ours.weights_mib + ours.kv_mib + ours.compute_mib,
            group={"model_class": workload.model.arch_class, "split": workload.split, "model": workload.model.slug},
        )
        for gpu, (told, ours) in enumerate(zip(row.per_gpu_mib, planned.per_gpu, strict=True))
    ]


def predict_memory() -> tuple[Prediction, ...]:
    """Every GPU's total in llama.cpp's plans with ours, MiB."""
    return tuple(each for row in measurements.memory_rows() for each in _answered(row, _memory_predictions))


def _size_predictions(row: SizeRow) -> list[Prediction]:
    _, workload, _, _ = _asked(row.question)
    size = file_weights(workload.model, workload.quant).file
    mix = "dynamic" if row.question["quant"].startswith("UD-") else "standard"
    label = f"{workload.model.name} {row.question['quant']}"
    group = {
        "model": workload.model.slug,
        "mix": "holds more" if row.holds_more else mix,
        "exact": "" if row.half_step_bytes else "exact",
    }
    return [Prediction(row, label, row.measured_bytes, size, group=group, half_step=row.half_step_bytes)]


def predict_sizes() -> tuple[Prediction, ...]:
    """Every published file size with ours, bytes."""
    return tuple(each for row in measurements.size_rows() for each in _answered(row, _size_predictions))


def _cache_predictions(row: CacheRow) -> list[Prediction]:
    _, workload, _, planned = _asked(row.question)
    label = f"{workload.model.name}, {workload.context_tokens:,} tokens × {workload.streams}, {workload.kv_dtype}"
    group = {"runtime": workload.runtime, "model_class": workload.model.arch_class}
    return [Prediction(row, label, row.measured_mib, sum(gpu.kv_mib for gpu in planned.per_gpu), group=group)]


def predict_kv() -> tuple[Prediction, ...]:
    """Every logged cache with ours, MiB."""
    return tuple(each for row in measurements.kv_rows() for each in _answered(row, _cache_predictions))


def _answered(row: Any, predict: Callable[[Any], list[Prediction]]) -> list[Prediction]:
    """Nothing for a row whose model or quantisation the catalog does not have."""
    try:
        return predict(row)
    except (InvalidChoice, CannotEstimate):
        return []
