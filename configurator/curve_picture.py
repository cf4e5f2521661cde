"""Geometry of a small line picture: speed against one setting, its range as a band. Pure: no Django, no clock, no I/O.

Units are those of the drawing's own box. Where there is no speed the band is broken: a gap is not a zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log2

from configurator.curves import Curve, Curves, Point
from configurator.estimation.types import Range
from configurator.plot import Plot, Tick, round_above

WIDTH, HEIGHT = 320.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 300.0, 20.0, 154.0
_MOST_X_TICKS = 5
_WORDS_WIDTH = 80.0  # of the present choice's speed, and of the words at the end of memory


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where the present choice stands. ``speed`` is None, and ``y`` the axis, where it does not run."""

    x: float
    y: float
    label_y: float
    is_end: bool
    value: float
    speed: Range | None


@dataclass(frozen=True, slots=True)
class CurvePicture(Plot):
    """``band``, ``line`` and ``dots`` are the data of SVG paths; ``dots`` are speeds with a gap on either side.
    ``limit_x`` is where memory ends, None where it does not."""

    band: str
    line: str
    dots: str
    chosen: Chosen
    limit: float | None
    limit_x: float | None
    limit_is_end: bool
    first: Point | None
    last: Point | None
    points: tuple[Point, ...]

    @property
    def beyond_width(self) -> float:
        """From where memory ends to the end of the axis."""
        return round(self.right - self.limit_x, 1) if self.limit_x is not None else 0.0

    @property
    def limit_label_x(self) -> float:
        return round((self.limit_x or 0.0) + (-5 if self.limit_is_end else 5), 1)

    @property
    def chosen_label_x(self) -> float:
        return round(self.chosen.x + (4 if self.chosen.is_end else -4), 1)

    @property
    def limit_label_y(self) -> float:
        return self.bottom - 7


@dataclass(frozen=True, slots=True)
class CurvePictures:
    """``power`` is None for a module that takes no limit."""

    depth: CurvePicture
    power: CurvePicture | None
    streams: CurvePicture


def curve_pictures(curves: Curves) -> CurvePictures:
    """The three pictures of a build."""
    return CurvePictures(
        depth=curve_picture(curves.depth),
        power=curve_picture(curves.power, from_zero=False) if curves.power else None,
        streams=curve_picture(curves.streams, doubling=True, from_zero=False),
    )


def curve_picture(curve: Curve, *, doubling: bool = False, from_zero: bool = True) -> CurvePicture:
    """Draws a curve. ``doubling`` gives each doubling of the setting the same length; ``from_zero`` begins the axis at
    zero instead of at the first point. Speeds always count from zero."""
    values = [point.value for point in curve.points]
    low, high = (0.0 if from_zero else min(values)), max(values)

    def x(value: float) -> float:
        if high <= low:
            return LEFT
        share = log2(value / low) / log2(high / low) if doubling else (value - low) / (high - low)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    fastest = max((point.speed.high for point in curve.points if point.speed), default=0.0)
    y_top = round_above(fastest)

    def y(speed: float) -> float:
        return round(BOTTOM - speed / y_top * (BOTTOM - TOP), 1)

    runs = [list(run) for runs, run in groupby(curve.points, key=lambda point: point.speed is not None) if runs]
    lines = [[(x(point.value), point.speed) for point in run if point.speed] for run in runs if len(run) > 1]
    dots = [(x(point.value), point.speed) for run in runs if len(run) == 1 for point in run if point.speed]
    running = [point for run in runs for point in run]
    edge = [(x(point.value), y(point.speed.high), y(point.speed.mid)) for point in running if point.speed]
    limit_x = x(curve.limit) if curve.limit is not None else None
    return CurvePicture(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=BOTTOM,
        band="".join(
            _path([(at, y(speed.high)) for at, speed in run] + [(at, y(speed.low)) for at, speed in reversed(run)])
            + "Z"
            for run in lines
        ),
        line="".join(_path([(at, y(speed.mid)) for at, speed in run]) for run in lines),
        dots="".join(f"M{at:g} {y(speed.low):g}V{y(speed.high):g}M{at:g} {y(speed.mid):g}h0" for at, speed in dots),
        x_ticks=tuple(Tick(x(value), value) for value in _x_ticks(curve.points, low, high, doubling=doubling)),
        y_ticks=tuple(Tick(y(value), value) for value in (0.0, y_top / 2, y_top)),
        chosen=_chosen(curve, x(curve.chosen), edge),
        limit=curve.limit,
        limit_x=limit_x,
        limit_is_end=limit_x is not None and limit_x > RIGHT - 1.2 * _WORDS_WIDTH,
        first=running[0] if running else None,
        last=running[-1] if running else None,
        points=curve.points,
    )


def _chosen(curve: Curve, x: float, edge: Sequence[tuple[float, float, float]]) -> Chosen:
    """``edge`` is (x, y of the high end, y of the middle) of every speed: the words stand above the band they cross."""
    speed = next((point.speed for point in curve.points if point.value == curve.chosen), None)
    is_end = x <= (LEFT + RIGHT) / 2
    first, last = (x, x + _WORDS_WIDTH) if is_end else (x - _WORDS_WIDTH, x)
    crossed = [high for at, high, _ in edge if first <= at <= last] if speed else []
    return Chosen(
        x=x,
        y=next((middle for at, _, middle in edge if at == x), BOTTOM) if speed else BOTTOM,
        label_y=round(max(TOP - 4, min(crossed, default=TOP + 15) - 5), 1),
        is_end=is_end,
        value=curve.chosen,
        speed=speed,
    )


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _x_ticks(points: Sequence[Point], low: float, high: float, *, doubling: bool) -> list[float]:
    """A few round values: powers of two where each doubling is as long, else multiples of a round step."""
    if doubling:
        doubled = [point.value for point in points if log2(point.value).is_integer()]
        return doubled[:: -(-len(doubled) // (_MOST_X_TICKS + 2))]
    # Of tokens, steps of powers of two are round; of watts, of fives.
    step = 1024.0 if high > 4096 else 5.0
    factors = (2.0,) if high > 4096 else (2.0, 2.5, 2.0)
    turn = 0
    while (high - low) / step > _MOST_X_TICKS - 1:
        step *= factors[turn % len(factors)]
        turn += 1
    first = -(-low // step) * step
    return [first + step * number for number in range(int((high - first) // step) + 1)]
