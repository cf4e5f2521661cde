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

SHOWN_DAYS = 180


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
    none. ``top`` is in dollars; the bottom is zero."""

    marketplace: str
    days: tuple[DailyPrice, ...]
    runs: tuple[Run, ...]
    band_y: float | None
    band_height: float
    top: Decimal
    first: date
    last: date

    @property
    def newest_first(self) -> tuple[DailyPrice, ...]:
        return tuple(reversed(self.days))


def history_of(part: Part, today: date) -> tuple[MarketHistory, ...]:
    """The history of each marketplace whose prices may be kept; a marketplace without any is left out."""
    first = today - timedelta(days=SHOWN_DAYS - 1)
    band = prices.band_lines([part.slug]).get(part.slug)
    rows = list(DailyPrice.objects.chart(part, first))
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
        band_y=None if band is None else y(band.high),
        band_height=0.0 if band is None else round(y(band.low) - y(band.high), 2),
        top=top,
        first=first,
        last=last,
    )


def _in_a_row(days: Sequence[DailyPrice]) -> list[list[DailyPrice]]:
    runs: list[list[DailyPrice]] = []
    for day in days:
        if runs and day.day - runs[-1][-1].day == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
