"""Geometry of the trade-off: what builds cost landed against how fast they decode. Pure: no Django, no clock, no I/O.

Units are those of the drawing's own box. Points are numbered in the order given, and the table behind the picture
lists them by number, so that names cannot collide; the numbers themselves are placed where none is in another's way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from configurator.estimation.types import Range
from configurator.plot import Plot, Tick
from sourcing.landed.types import Money

WIDTH, HEIGHT = 400.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 374.0, 24.0, 274.0
MOST_TICKS = 6
_NUMBER_HEIGHT = 12.0
_DIGIT_WIDTH = 7.0
_APART = 2.0  # to each side of a number: two side by side must not read as one
_DOT = 5.0  # half the width of a point, which numbers keep clear of
# Where a number may stand, as steps right and down from its point: near first, above before below.
_PLACES = ((0, -1), (1, -1), (1, 0), (-1, -1), (-1, 0), (1, 1), (0, 1), (-1, 1))
_DISTANCES = (12.0, 20.0, 30.0, 42.0, 56.0)


@dataclass(frozen=True, slots=True)
class TradeOffPoint:
    """One build. ``landed`` in US dollars and ``decode_tok_s`` in tokens a second are None where nobody knows them;
    ``is_front`` True: no other build is both cheaper and faster."""

    landed: Money | None
    decode_tok_s: Range | None
    label: str
    address: str
    is_front: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawn point: where it stands, where its number stands, and the point itself. ``leader`` is the data of an
    SVG path from a number that had to move away; empty where it stands beside its point."""

    number: int
    point: TradeOffPoint
    x: float
    y: float
    number_x: float
    number_y: float
    leader: str


@dataclass(frozen=True, slots=True)
class TradeOffPicture(Plot):
    """``whiskers`` (ranges of both) and ``front`` (a step line) are the data of SVG paths; ``rows`` are all points by
    number, those that could not be drawn too."""

    whiskers: str
    front: str
    marks: tuple[Mark, ...]
    rows: tuple[tuple[int, TradeOffPoint], ...]

    @property
    def not_drawn(self) -> int:
        return len(self.rows) - len(self.marks)


_Box = tuple[float, float, float, float]  # left, top, right, bottom


def trade_off_picture(points: Iterable[TradeOffPoint]) -> TradeOffPicture:
    """Draws every point whose cost and speed are both known. Cost begins at a round amount below the lowest, speed at
    zero."""
    rows = tuple(enumerate(points, start=1))
    known = [(number, point, point.landed, point.decode_tok_s) for number, point in rows]
    drawn = [(number, point, cost, speed) for number, point, cost, speed in known if cost and speed]
    x_steps = _steps([float(end) for _, _, cost, _ in drawn for end in (cost.low, cost.high)])
    y_steps = _steps([0.0, *(speed.high for _, _, _, speed in drawn)])

    def x(usd: float) -> float:
        return round(LEFT + (usd - x_steps[0]) / (x_steps[-1] - x_steps[0]) * (RIGHT - LEFT), 1)

    def y(tok_s: float) -> float:
        return round(BOTTOM - tok_s / y_steps[-1] * (BOTTOM - TOP), 1)

    at = {number: (x(float(cost.mid)), y(speed.mid)) for number, _, cost, speed in drawn}
    numbers = _place_numbers(at)
    return TradeOffPicture(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=BOTTOM,
        x_ticks=tuple(Tick(x(value), value) for value in x_steps),
        y_ticks=tuple(Tick(y(value), value) for value in y_steps),
        whiskers="".join(
            f"M{x(float(cost.low)):g} {at[number][1]:g}H{x(float(cost.high)):g}"
            f"M{at[number][0]:g} {y(speed.low):g}V{y(speed.high):g}"
            for number, _, cost, speed in drawn
        ),
        front=_step_line(sorted(at[number] for number, point, _, _ in drawn if point.is_front)),
        marks=tuple(_mark(number, point, at[number], numbers[number]) for number, point, _, _ in drawn),
        rows=rows,
    )


def _mark(number: int, point: TradeOffPoint, at: tuple[float, float], its_number: tuple[float, float, str]) -> Mark:
    number_x, number_y, leader = its_number
    return Mark(number, point, *at, number_x, number_y, leader)


def _steps(values: Sequence[float]) -> list[float]:
    """Multiples of a round step (1, 2, 2.5 or 5 times a power of ten) from below the lowest value to above the
    highest."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high <= low:
        high = low + max(abs(low), 1.0)
    step = next(step for step in _round_steps() if _end(high, step) - low // step <= MOST_TICKS - 1)
    first = low // step
    return [step * (first + number) for number in range(int(_end(high, step) - first) + 1)]


def _end(high: float, step: float) -> float:
    return -(-high // step)


def _round_steps() -> Iterator[float]:
    power = 0.1
    while True:
        yield from (power, 2 * power, 2.5 * power, 5 * power)
        power *= 10


def _step_line(points: Sequence[tuple[float, float]]) -> str:
    """The speed to be had for a cost stays until the next build is paid for."""
    if not points:
        return ""
    first_x, first_y = points[0]
    return f"M{first_x:g} {first_y:g}" + "".join(f"H{x:g}V{y:g}" for _, (x, y) in pairwise(points))


def _place_numbers(at: dict[int, tuple[float, float]]) -> dict[int, tuple[float, float, str]]:
    """For each number its place and its leader. A number without a free place stands on its nearest one."""
    taken: list[_Box] = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in at.values()]
    placed: dict[int, tuple[float, float, str]] = {}
    for number, (x, y) in at.items():
        half = _DIGIT_WIDTH * len(str(number)) / 2 + _APART
        places = [(x + right * distance, y + down * distance) for distance in _DISTANCES for right, down in _PLACES]
        free = [place for place in places if _is_free(_box(place, half), taken)]
        number_x, number_y = free[0] if free else places[0]
        taken.append(_box((number_x, number_y), half))
        is_near = max(abs(number_x - x), abs(number_y - y)) <= _DISTANCES[0]
        leader = "" if is_near else f"M{x:g} {y:g}L{number_x:g} {number_y:g}"
        placed[number] = (round(number_x, 1), round(number_y, 1), leader)
    return placed


def _box(middle: tuple[float, float], half: float) -> _Box:
    x, y = middle
    return (x - half, y - _NUMBER_HEIGHT / 2, x + half, y + _NUMBER_HEIGHT / 2)


def _is_free(box: _Box, taken: Iterable[_Box]) -> bool:
    left, top, right, bottom = box
    if left < LEFT or right > RIGHT or top < TOP - _NUMBER_HEIGHT or bottom > BOTTOM:
        return False
    return all(right <= other[0] or left >= other[2] or bottom <= other[1] or top >= other[3] for other in taken)
