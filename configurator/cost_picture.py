"""Geometry of what machines and rents have cost as months go by. Pure: no Django, no clock, no I/O.

A machine begins at its landed cost and rises with its electricity, a rent begins at nothing and rises faster; where two
lines cross, both have cost the same. Units are those of the drawing's own box, ``width`` by ``height``. Lines that
leave the frame at its top are cut there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from configurator.plot import Plot, Tick, round_above

_WIDTH = 500.0
_HEIGHT = 300.0
_LEFT = 60.0  # room for dollars
_RIGHT = 172.0  # room for names
_TOP = 14.0
_BOTTOM = 42.0
_LINE = 15.0  # between two names
_HEADROOM = 1.25  # over the dearest machine, so that rents are cut before they press everything down
_STEPS = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)  # a quarter of each reads well
HORIZONS = (6, 12, 24, 36, 60, 120)  # months
USUAL_HORIZON = 36


@dataclass(frozen=True, slots=True)
class CostLine:
    """One machine or rent: dollars at the start, and what a month adds, from the least to the most."""

    name: str
    is_rented: bool
    start_usd: float
    low_usd_a_month: float
    high_usd_a_month: float

    @property
    def usd_a_month(self) -> float:
        return (self.low_usd_a_month + self.high_usd_a_month) / 2

    def after(self, months: float) -> float:
        """Dollars spent by then."""
        return self.start_usd + months * self.usd_a_month


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """``path`` and ``band`` are data of SVG paths; ``leaves`` = it costs more than the picture is high."""

    name: str
    is_rented: bool
    number: int  # which pattern of dashes
    path: str
    band: str
    label_x: float
    label_y: float
    leaves: bool


@dataclass(frozen=True, slots=True)
class CostPicture(Plot):
    months: int
    lines: tuple[DrawnLine, ...]
    crossings: tuple[tuple[float, float], ...]
    description: str


def crossing_months(owned: CostLine, rented: CostLine) -> float | None:
    """Months until both have cost the same, at the middle of the rent; None = never."""
    saved = rented.usd_a_month - owned.usd_a_month
    return (owned.start_usd - rented.start_usd) / saved if saved > 0 else None


def horizon(months: Iterable[float | None]) -> int:
    """How many months to draw: the shortest span that shows every crossing but those beyond ten years."""
    within = [each for each in months if each is not None and each <= HORIZONS[-1]]
    if not within:
        return USUAL_HORIZON
    return next(span for span in HORIZONS if span >= max(within))


def cost_picture(lines: Sequence[CostLine]) -> CostPicture | None:
    """Draws machines and rents; None where one of the two is missing."""
    owned, rented = [line for line in lines if not line.is_rented], [line for line in lines if line.is_rented]
    if not owned or not rented:
        return None
    pairs = [(one, other, crossing_months(one, other)) for one in owned for other in rented]
    months = horizon(crossing for _, _, crossing in pairs)
    highest = round_above(max(line.after(months) for line in owned) * _HEADROOM, _STEPS)
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x(month: float) -> float:
        return round(_LEFT + month / months * (right - _LEFT), 1)

    def y(usd: float) -> float:
        return round(bottom - min(1.0, usd / highest) * (bottom - _TOP), 1)

    def end_of(start_usd: float, usd_a_month: float) -> tuple[float, float]:
        """Where a line ends: at the last month, or where it leaves the frame."""
        last = start_usd + months * usd_a_month
        if last <= highest:
            return x(months), y(last)
        return x((highest - start_usd) / usd_a_month), _TOP

    drawn: list[DrawnLine] = []
    for number, line in enumerate(lines):
        end_x, end_y = end_of(line.start_usd, line.usd_a_month)
        start = f"M{x(0):g} {y(line.start_usd):g}"
        low, high = end_of(line.start_usd, line.low_usd_a_month), end_of(line.start_usd, line.high_usd_a_month)
        corner = f"L{low[0]:g} {_TOP:g}" if low[1] > _TOP >= high[1] else ""
        band = "" if low == high else f"{start}L{high[0]:g} {high[1]:g}{corner}L{low[0]:g} {low[1]:g}Z"
        drawn.append(
            DrawnLine(
                name=line.name,
                is_rented=line.is_rented,
                number=number,
                path=f"{start}L{end_x:g} {end_y:g}",
                band=band,
                label_x=right + 8,
                label_y=end_y,
                leaves=line.after(months) > highest,
            )
        )
    crossings = [(x(at), y(one.after(at))) for one, _, at in pairs if at is not None and 0 <= at <= months]
    return CostPicture(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=right,
        top=_TOP,
        bottom=bottom,
        months=months,
        lines=tuple(_apart(drawn, bottom)),
        crossings=tuple(crossings),
        x_ticks=tuple(Tick(x(months * part / 4), months * part / 4) for part in range(5)),
        y_ticks=tuple(Tick(y(highest * part / 4), highest * part / 4) for part in range(5)),
        description=_description(pairs, months),
    )


def _apart(lines: Sequence[DrawnLine], bottom: float) -> list[DrawnLine]:
    """The names moved apart, each as near to the end of its line as its neighbours allow."""
    order = sorted(range(len(lines)), key=lambda index: (lines[index].label_y, not lines[index].leaves))
    places: dict[int, float] = {}
    free_from = _TOP
    for index in order:
        places[index] = max(lines[index].label_y, free_from)
        free_from = places[index] + _LINE
    allowed = bottom
    for index in reversed(order):
        places[index] = min(places[index], allowed)
        allowed = places[index] - _LINE
    return [_at(line, places[index]) for index, line in enumerate(lines)]


def _at(line: DrawnLine, label_y: float) -> DrawnLine:
    return DrawnLine(
        line.name, line.is_rented, line.number, line.path, line.band, line.label_x, round(label_y, 1), line.leaves
    )


def _description(pairs: Sequence[tuple[CostLine, CostLine, float | None]], months: int) -> str:
    """The picture in words: who meets whom, and when."""
    sentences = [
        f"{owned.name} has cost as much as {rented.name[:1].lower()}{rented.name[1:]} "
        + ("at no time." if at is None else f"after {at:,.1f} months{' (beyond the picture)' if at > months else ''}.")
        for owned, rented, at in pairs
    ]
    return f"Dollars spent over {months} months. " + " ".join(sentences)
