"""A day's prices of one part, recomputed from its observations: running it again gives the same rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from statistics import median

from django.db import transaction

from sourcing import exchange
from sourcing.landed.currency import Rates
from sourcing.landed.money import cents
from sourcing.listing_models import DailyPrice, PriceObservation
from sourcing.marketplaces.policies import policy

LOWEST = 3


def refresh(part_id: int, day: date) -> int:
    """Make the rollups of a part and a day anew, one for each marketplace whose prices may be kept.

    Returns how many there are. The last price of a listing on the day counts, in dollars of that day, per piece.
    """
    start = datetime.combine(day, time.min, UTC)
    rows = PriceObservation.objects.of_day(part_id, start, start + timedelta(days=1)).counted().order_by("observed_at")
    summed = summed_up(rows.iterator(), exchange.rates_on(day))
    with transaction.atomic():
        DailyPrice.objects.filter(part_id=part_id, day=day).exclude(marketplace__in=summed).delete()
        for marketplace, figures in summed.items():
            DailyPrice.objects.update_or_create(part_id=part_id, marketplace=marketplace, day=day, defaults=figures)
    return len(summed)


def summed_up(rows: Iterable[PriceObservation], rates: Rates) -> dict[str, dict[str, Decimal | int]]:
    """A DailyPrice's figures by marketplace, from one part's observations of one day, the oldest first."""
    last: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for row in rows:
        unit = _unit_usd(row, rates)
        if unit is not None and policy(row.marketplace).keep_history:
            last[row.marketplace][row.listing_id] = unit
    return {marketplace: _figures(units.values()) for marketplace, units in last.items()}


def _unit_usd(row: PriceObservation, rates: Rates) -> Decimal | None:
    """Price of one piece with shipping where it is told; None in a currency without a rate."""
    if row.currency not in rates.known:
        return None
    return rates.usd((row.price + (row.shipping or Decimal(0))) / row.quantity, row.currency)


def _figures(units: Iterable[Decimal]) -> dict[str, Decimal | int]:
    ordered = sorted(units)
    return {
        "lowest_usd": cents(ordered[0]),
        "low_three_usd": cents(median(ordered[:LOWEST])),
        "count": len(ordered),
    }
