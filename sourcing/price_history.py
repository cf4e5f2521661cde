"""What a part has cost, day by day, and the picture of it. Gaps in what was seen are gaps in the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from catalog.models import Part
from catalog.specs import PriceBand
from sourcing import prices
from sourcing.listing_models import DailyPrice
from sourcing.marketplaces import MARKETPLACES, policy

SHOWN_DAYS, LEAST_DAYS = 180, 30
"""The axis holds what there is to show, within these."""
MOST_STEPS = 5
_LABEL_FITS = 86.0  # percent of the width, so that a month's name ends on a phone too


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row: points of a line in a box of 100 by 100; a single day is a dot."""

    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)

    @property
    def is_dot(self) -> bool:
        return len(self.points) == 1


@dataclass(frozen=True, slots=True)
class MarketHistory:
    """One marketplace's prices of a part. ``band_y`` and ``band_height`` place the published band; None = there is
    none. ``top`` is in dollars; the bottom is zero. ``steps`` are round amounts with their heights."""

    marketplace: str
    days: tuple[DailyPrice, ...]
    runs: tuple[Run, ...]
    band: PriceBand | None
    band_y: float | None
    band_height: float
    top: Decimal
    steps: tuple[tuple[float, Decimal], ...]
    months: tuple[tuple[float, date], ...]
    first: date
    last: date

    @property
    def newest_first(self) -> tuple[DailyPrice, ...]:
        return tuple(reversed(self.days))

    @property
    def band_end(self) -> float | None:
        """Where the band's low end lies."""
        return None if self.band_y is None else round(self.band_y + self.band_height, 2)

    @property
    def lowest(self) -> DailyPrice:
        """The newest of the days on which it cost least."""
        return min(self.newest_first, key=lambda day: day.lowest_usd)

    @property
    def highest(self) -> DailyPrice:
        """The newest of the days on which it cost most."""
        return max(self.newest_first, key=lambda day: day.lowest_usd)


def history_of(part: Part, today: date) -> tuple[MarketHistory, ...]:
    """The history of each marketplace whose prices may be kept; a marketplace without any is left out."""
    band = prices.band_lines([part.slug]).get(part.slug)
    rows = list(DailyPrice.objects.chart(part, today - timedelta(days=SHOWN_DAYS - 1)))
    first = min((row.day for row in rows), default=today)
    first = min(first, today - timedelta(days=LEAST_DAYS - 1))
    return tuple(
        picture(MARKETPLACES[slug].name, list(days), band, first, today)
        for slug, days in groupby(rows, key=lambda row: row.marketplace)
        if slug in MARKETPLACES and policy(slug).keep_history
    )


def picture(
    marketplace: str, days: Sequence[DailyPrice], band: PriceBand | None, first: date, last: date
) -> MarketHistory:
    """Days with prices, oldest first, as lines. The scale holds every price and the band, and begins at zero."""
    amounts = [day.lowest_usd for day in days] + ([band.high] if band is not None else [])
    top = max(amounts) * Decimal("1.05")
    span = Decimal((last - first).days or 1)

    def y(amount: Decimal) -> float:
        return round(float(100 - 100 * amount / top), 2)

    def x(day: date) -> float:
        return round(float(100 * Decimal((day - first).days) / span), 2)

    return MarketHistory(
        marketplace=marketplace,
        days=tuple(days),
        runs=tuple(Run(tuple((x(day.day), y(day.lowest_usd)) for day in run)) for run in _in_a_row(days)),
        band=band,
        band_y=None if band is None else y(band.high),
        band_height=0.0 if band is None else round(y(band.low) - y(band.high), 2),
        top=top,
        steps=tuple((y(amount), amount) for amount in round_steps(top)),
        months=tuple((x(day), day) for day in _months(first, last) if x(day) < _LABEL_FITS),
        first=first,
        last=last,
    )


def round_steps(top: Decimal) -> list[Decimal]:
    """From zero in steps of 1, 2 or 5, or ten times that and so on, not more than five of them."""
    power = Decimal(1).scaleb((top / MOST_STEPS).adjusted())
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * MOST_STEPS >= top)
    return [step * number for number in range(int(top / step) + 1)]


def _months(first: date, last: date) -> list[date]:
    """The first days of months within a span of days."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.day == 1]


def _in_a_row(days: Sequence[DailyPrice]) -> list[list[DailyPrice]]:
    runs: list[list[DailyPrice]] = []
    for day in days:
        if runs and day.day - runs[-1][-1].day == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
