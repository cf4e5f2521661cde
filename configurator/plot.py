"""What every picture with two axes has: a frame, ticks on its axes, and where their labels stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where it stands on its axis and the value it marks."""

    at: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A drawing of ``width`` by ``height`` in units of its own box, and the frame within it."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]

    @property
    def x_label_y(self) -> float:
        return self.bottom + 16

    @property
    def x_title_y(self) -> float:
        return self.bottom + 33

    @property
    def y_label_x(self) -> float:
        return self.left - 6

    @property
    def middle_x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def middle_y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def plot_height(self) -> float:
        return self.bottom - self.top


def round_above(value: float, steps: Sequence[float] = (1, 2, 2.5, 5, 10)) -> float:
    """The smallest of ``steps``, which go from 1 to 10, times a power of ten that is at least ``value``; 1 for
    nothing."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(step * power for step in steps if step * power >= value)
