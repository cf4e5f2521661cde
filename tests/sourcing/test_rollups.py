"""A day's prices are recomputed from what was seen on it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Part
from sourcing import rollups
from sourcing.listing_models import DailyPrice, Listing, PriceObservation

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 28)
NOON = datetime(2026, 10, 28, 12, tzinfo=UTC)


@pytest.fixture
def part() -> Part:
    return Part.objects.get(slug="v100-sxm2-16gb")


def see(part: Part, number: int, price: str, at: datetime = NOON, **changes: Any) -> None:
    """One observation of one listing."""
    values = {"marketplace": "demo", "currency": "USD", "shipping": None, "quantity": 1} | changes
    listing, _ = Listing.objects.get_or_create(
        marketplace=values["marketplace"],
        external_id=str(number),
        defaults={
            "title": "V100",
            "href": "https://demo.example/",
            "found_by": part,
            "part": part,
            "accepted": True,
            "reason": "ok",
            "matched_by": "r",
            "price": Decimal(price),
            "currency": "USD",
            "first_seen": at,
            "last_seen": at,
        },
    )
    PriceObservation.objects.create(listing=listing, part=part, observed_at=at, price=Decimal(price), **values)


def figures(part: Part) -> list[tuple[str, str, str, int]]:
    rows = DailyPrice.objects.filter(part=part, day=DAY)
    return [(row.marketplace, str(row.lowest_usd), str(row.low_three_usd), row.count) for row in rows]


def test_the_lowest_and_the_median_of_the_lowest_three(part: Part) -> None:
    for number, price in enumerate(("100", "90", "400", "95")):
        see(part, number, price)
    rollups.refresh(part.pk, DAY)
    assert figures(part) == [("demo", "90.00", "95.00", 4)]


def test_the_last_price_of_a_listing_on_the_day_counts(part: Part) -> None:
    see(part, 1, "100")
    see(part, 1, "80", NOON + timedelta(hours=3))
    see(part, 1, "10", NOON + timedelta(days=1))
    rollups.refresh(part.pk, DAY)
    assert figures(part) == [("demo", "80.00", "80.00", 1)]


def test_a_lot_counts_by_the_piece_with_its_shipping(part: Part) -> None:
    see(part, 1, "290", quantity=2, shipping=Decimal(10))
    rollups.refresh(part.pk, DAY)
    assert figures(part) == [("demo", "150.00", "150.00", 1)]


def test_foreign_money_counts_in_dollars_of_the_day(part: Part) -> None:
    see(part, 1, "743.26", currency="CNY")
    see(part, 2, "5", currency="XAU")  # no rate: not a price in dollars
    rollups.refresh(part.pk, DAY)
    ((_, lowest, _, count),) = figures(part)
    assert Decimal(110) < Decimal(lowest) < Decimal(120)
    assert count == 1


def test_running_it_again_gives_the_same_rows(part: Part) -> None:
    see(part, 1, "100")
    rollups.refresh(part.pk, DAY)
    rollups.refresh(part.pk, DAY)
    assert figures(part) == [("demo", "100.00", "100.00", 1)]


def test_a_day_whose_observations_went_has_no_row(part: Part) -> None:
    see(part, 1, "100")
    rollups.refresh(part.pk, DAY)
    PriceObservation.objects.all().delete()
    rollups.refresh(part.pk, DAY)
    assert figures(part) == []


def test_ebays_prices_are_not_rolled_up_without_the_clause(part: Part, settings: Any) -> None:
    see(part, 1, "100", marketplace="ebay")
    rollups.refresh(part.pk, DAY)
    assert figures(part) == []
    settings.EBAY_HISTORY_CLAUSE = "8.1(d)"
    rollups.refresh(part.pk, DAY)
    assert figures(part) == [("ebay", "100.00", "100.00", 1)]
