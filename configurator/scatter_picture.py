"""Geometry of a scatter: what was measured against what is predicted, both on one logarithmic scale.

Pure: no Django, no clock, no I/O. A point on the diagonal is exact; the band about it is a given share of the measured
value. Units are those of the drawing's own box, ``width`` by ``height``. Many points are drawn as one path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from statistics import median

from configurator.plot import Plot, Tick

_WIDTH = 420.0
_HEIGHT = 400.0
_LEFT = 52.0  # room for the labels of the upright axis
_RIGHT = 12.0
_TOP = 10.0
_BOTTOM = 46.0
_DIAMOND = 3.4  # half the diagonal of a point outside the band
_CAP = 2.0  # half the width of a whisker's end
_MOST_WHISKERS = 250  # more would hide the points
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Mark:
    """One measured case. All four share one unit; ``low`` and ``high`` are the range given with the prediction."""

    measured: float
    predicted: float
    low: float | None = None
    high: float | None = None

    @property
    def error(self) -> float:
        """(predicted - measured) / measured: 0.1 is ten percent too much."""
        return self.predicted / self.measured - 1


@dataclass(frozen=True, slots=True)
class ScatterPicture(Plot):
    """``within``, ``beyond``, ``whiskers``, ``diagonal`` and ``band`` are data of SVG paths. Points within the band
    are zero-length strokes (round caps make them dots), points beyond it are diamonds."""

    unit: str
    band_percent: int
    diagonal: str
    band: str
    within: str
    beyond: str
    whiskers: str
    description: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """Powers of ten on both axes: the same range on each, so that the diagonal runs from corner to corner."""

    low: float  # log10
    high: float

    def x(self, value: float) -> float:
        return _LEFT + self._share(value) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - self._share(value) * (_HEIGHT - _TOP - _BOTTOM)

    def _share(self, value: float) -> float:
        return min(1.0, max(0.0, (log10(value) - self.low) / (self.high - self.low)))


def scatter_picture(marks: Iterable[Mark], unit: str, band_percent: int = 30) -> ScatterPicture | None:
    """Draws the cases whose measured and predicted values are both above zero; None where there are none."""
    drawn = [mark for mark in marks if mark.measured > 0 and mark.predicted > 0]
    if not drawn:
        return None
    scale = _scale(drawn)
    share = band_percent / 100
    within = [mark for mark in drawn if abs(mark.error) <= share]
    beyond = [mark for mark in drawn if abs(mark.error) > share]
    first, last = 10**scale.low, 10**scale.high
    ticks = _ticks(scale)
    return ScatterPicture(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_WIDTH - _RIGHT,
        top=_TOP,
        bottom=_HEIGHT - _BOTTOM,
        unit=unit,
        band_percent=band_percent,
        diagonal=_polyline(scale, ((first, first), (last, last))),
        band=_band(scale, share),
        within="".join(f"M{_number(scale.x(mark.measured))} {_number(scale.y(mark.predicted))}h0" for mark in within),
        beyond="".join(_diamond(scale.x(mark.measured), scale.y(mark.predicted)) for mark in beyond),
        whiskers="".join(_whisker(scale, mark) for mark in drawn) if len(drawn) <= _MOST_WHISKERS else "",
        x_ticks=tuple(Tick(round(scale.x(value), 1), value) for value in ticks),
        y_ticks=tuple(Tick(round(scale.y(value), 1), value) for value in ticks),
        description=_description(drawn, within, unit, band_percent),
    )


def _scale(marks: Sequence[Mark]) -> _Scale:
    values = [value for mark in marks for value in (mark.measured, mark.predicted)]
    low, high = log10(min(values)), log10(max(values))
    margin = max(0.04 * (high - low), 0.02)
    return _Scale(low - margin, high + margin)


def _ticks(scale: _Scale) -> list[float]:
    """1, 2 and 5 of each power of ten in sight; powers of ten alone where that would be crowded."""
    steps = _STEPS if scale.high - scale.low < 2.5 else (1,)
    candidates = [
        step * 10.0**power for power in range(floor(scale.low), ceil(scale.high) + 1) for step in steps
    ]  # not exact below one, which no label shows
    return [value for value in candidates if scale.low <= log10(value) <= scale.high]


def _band(scale: _Scale, share: float) -> str:
    """The band about the diagonal as a closed shape, cut off at the frame. Its edges are straight on this scale."""
    first, last = 10**scale.low, 10**scale.high
    upper = ((first, first * (1 + share)), (last / (1 + share), last), (last, last))
    lower = ((last, last * (1 - share)), (first / (1 - share), first), (first, first))
    return _polyline(scale, (*upper, *lower)) + "Z"


def _polyline(scale: _Scale, points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_number(scale.x(x))} {_number(scale.y(y))}" for x, y in points)


def _diamond(x: float, y: float) -> str:
    side = f"{_DIAMOND:g}"
    return f"M{_number(x)} {_number(y - _DIAMOND)}l{side} {side}l-{side} {side}l-{side} -{side}z"


def _whisker(scale: _Scale, mark: Mark) -> str:
    if mark.low is None or mark.high is None or mark.low <= 0 or mark.high <= mark.low:
        return ""
    x, low, high = scale.x(mark.measured), _number(scale.y(mark.low)), _number(scale.y(mark.high))
    left = _number(x - _CAP)
    return f"M{left} {low}h{2 * _CAP:g}M{_number(x)} {low}V{high}M{left} {high}h{2 * _CAP:g}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _read(value: float) -> str:
    """A value for reading: whole from a thousand on, four figures below."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _description(drawn: Sequence[Mark], within: Sequence[Mark], unit: str, band_percent: int) -> str:
    """The picture in words: how many points, between which values, how near the diagonal."""
    measured = [mark.measured for mark in drawn]
    half = median(abs(mark.error) for mark in drawn)
    noun = "point" if len(drawn) == 1 else "points"
    ranged = [mark for mark in drawn if mark.low is not None and mark.high is not None]
    inside = sum(1 for mark in ranged if mark.low is not None and mark.low <= mark.measured <= (mark.high or 0))
    sentences = [
        f"{len(drawn):,} {noun}, measured {_read(min(measured))} to {_read(max(measured))} {unit}.",
        f"{len(within):,} of them lie within {band_percent} % of the measured value; "
        f"half are off by less than {max(0.01, 100 * half):.2g} %.",
    ]
    if ranged:
        sentences.append(f"For {inside:,} of {len(ranged):,} the measured value lies inside the range given.")
    return " ".join(sentences)
