"""Refitting the speed constants to the published rows, and asking how good they are where they were not fitted.

Least squares on ln(measured / estimated) with a soft loss, so that one odd report does not pull everything. Each
constant is also drawn to its prior (``calibration.PRIORS``) with a standard deviation of a fifth: there are nearly as
many constants as rows, and a constant that few rows tell anything about should stay where it is.

Needs SciPy, which the project has for development only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log

from configurator.accuracy.errors import Prediction, asked_for_speed, predict_asked
from configurator.accuracy.measurements import SpeedRow
from configurator.estimation.calibration import PRIORS, VALUES, trial
from configurator.estimation.throughput import speed
from configurator.estimation.types import Build, MemoryEstimate, Supply, Workload

ROW_DEVIATION = 0.10  # of ln(measured / estimated), what a good report scatters by
PRIOR_DEVIATION = 0.20  # of ln(constant / its prior)
MOST_OF_BANDWIDTH = 0.97  # 869 of 900 GB/s is the most anybody has read from a V100
FRACTIONS = frozenset({"link_efficiency", "row_link_efficiency", "staged_reduce_efficiency"})
SMALLEST_EFFECT = 0.002  # change of any row's ln by a tenth more of a constant, below which it cannot be told


class FitNotPossible(RuntimeError):
    """Something that fitting needs is missing; the message says what."""


@dataclass(frozen=True)
class Case:
    """A row with its question read once, so that many trials are quick."""

    row: SpeedRow
    build: Build
    workload: Workload
    supply: Supply
    planned: MemoryEstimate

    @property
    def log_error(self) -> float:
        """ln(measured / estimated) with the constants of the moment."""
        answer = getattr(speed(self.build, self.workload, self.supply, self.planned), self.row.metric)
        return log(self.row.measured / float(answer.mid))

    @property
    def prediction(self) -> Prediction:
        return predict_asked(self.row, self.build, self.workload, self.supply, self.planned)


def cases(rows: Iterable[SpeedRow]) -> tuple[Case, ...]:
    """The rows with their questions read."""
    return tuple(Case(row, *asked_for_speed(row)) for row in rows)


def fit(rows: Sequence[Case]) -> dict[str, float]:
    """The constants with which the estimates come closest to these rows. Those the rows cannot tell keep their value.

    Raises FitNotPossible without SciPy.
    """
    try:
        from scipy.optimize import least_squares
    except ImportError:
        raise FitNotPossible(
            "Refitting needs SciPy, which comes with the development tools: run make test once, or install scipy."
        ) from None
    names = _told_by(rows)
    priors = [log(PRIORS[name]) for name in names]

    def residuals(logs: Sequence[float]) -> list[float]:
        with trial({name: exp(value) for name, value in zip(names, logs, strict=True)}):
            off = [row.log_error / ROW_DEVIATION for row in rows]
        return off + [(value - begun) / PRIOR_DEVIATION for value, begun in zip(logs, priors, strict=True)]

    ceilings = [_ceiling(name) for name in names]
    found = least_squares(
        residuals, priors, bounds=(-inf, ceilings), loss="soft_l1", diff_step=0.01, max_nfev=12, xtol=1e-4, ftol=1e-4
    )
    return {name: exp(value) for name, value in zip(names, found.x, strict=True)}


def _ceiling(name: str) -> float:
    if name.startswith("memory_efficiency."):
        return log(MOST_OF_BANDWIDTH)
    return 0.0 if name in FRACTIONS else inf


def _told_by(rows: Sequence[Case]) -> list[str]:
    """The fitted constants that move any of these rows."""
    before = [row.log_error for row in rows]
    told = []
    for name in PRIORS:
        with trial({name: VALUES[name] * 1.1}):
            if any(abs(row.log_error - was) > SMALLEST_EFFECT for row, was in zip(rows, before, strict=True)):
                told.append(name)
    return told


def leave_sources_out(rows: Sequence[Case]) -> tuple[Prediction, ...]:
    """Every row as predicted by a fit without its whole source. The spread of the ranges stays as it is."""
    found: list[Prediction] = []
    for title in sorted({case.row.source.title for case in rows}):
        outside = [case for case in rows if case.row.source.title == title]
        with trial(fit([case for case in rows if case.row.source.title != title])):
            found += [case.prediction for case in outside]
    return tuple(found)


def changed(values: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """Name, value now and value fitted, to three digits, of the constants that a fit moved."""
    rounded = {name: float(f"{value:.3g}") for name, value in values.items()}
    return [(name, VALUES[name], value) for name, value in rounded.items() if value != VALUES[name]]
