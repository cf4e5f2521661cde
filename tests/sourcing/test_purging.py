"""What may not be kept is not kept: each clause of each marketplace's policy."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from catalog.models import Part
from sourcing import purging
from sourcing.listing_models import DailyPrice, Listing, PriceObservation, Quote

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def seen(marketplace: str, ago: timedelta) -> Listing:
    part = Part.objects.get(slug="v100-sxm2-16gb")
    at = NOW - ago
    listing = Listing.objects.create(
        marketplace=marketplace,
        external_id=f"{marketplace}-{ago}",
        title="V100",
        href="https://demo.example/",
        found_by=part,
        part=part,
        accepted=True,
        reason="ok",
        matched_by="r",
        price=Decimal(100),
        currency="USD",
        first_seen=at,
        last_seen=at,
    )
    PriceObservation.objects.create(
        listing=listing, part=part, marketplace=marketplace, quantity=1, observed_at=at, price=100, currency="USD"
    )
    return listing


def test_ebays_rows_live_six_hours() -> None:
    seen("ebay", 6 * HOUR - timedelta(seconds=1))
    seen("ebay", 6 * HOUR + timedelta(seconds=1))
    assert purging.purge(NOW).listings == 1
    assert (Listing.objects.count(), PriceObservation.objects.count()) == (1, 1)


def test_old_prices_of_an_ebay_listing_that_is_still_there_go_too() -> None:
    listing = seen("ebay", HOUR)
    assert listing.part is not None
    PriceObservation.objects.create(
        listing=listing,
        part=listing.part,
        marketplace="ebay",
        quantity=1,
        observed_at=NOW - 7 * HOUR,
        price=90,
        currency="USD",
    )
    purging.purge(NOW)
    assert [row.price for row in PriceObservation.objects.all()] == [100]


def test_with_the_clause_named_ebays_prices_stay(settings: Any) -> None:
    settings.EBAY_HISTORY_CLAUSE = "8.1(d)"
    seen("ebay", 7 * HOUR)
    purging.purge(NOW)
    assert PriceObservation.objects.counted().count() == 1


@pytest.mark.parametrize("marketplace", ["ebay", "demo"])
def test_what_a_listing_says_lives_six_hours_even_where_its_price_may_stay(marketplace: str, settings: Any) -> None:
    settings.EBAY_HISTORY_CLAUSE = "8.1(d)"
    seen(marketplace, 7 * HOUR)
    kept = seen(marketplace, 5 * HOUR)
    purging.purge(NOW)
    assert list(Listing.objects.all()) == [kept]
    assert PriceObservation.objects.count() == 2


def test_with_the_clause_taken_back_ebays_daily_prices_go(settings: Any) -> None:
    part = Part.objects.get(slug="v100-sxm2-16gb")
    for marketplace in ("ebay", "demo"):
        DailyPrice.objects.create(
            part=part,
            marketplace=marketplace,
            day=(NOW - timedelta(days=2)).date(),
            lowest_usd=1,
            low_three_usd=1,
            count=1,
        )
    settings.EBAY_HISTORY_CLAUSE = "8.1(d)"
    purging.purge(NOW)
    assert DailyPrice.objects.count() == 2
    settings.EBAY_HISTORY_CLAUSE = ""
    purging.purge(NOW)
    assert [row.marketplace for row in DailyPrice.objects.all()] == ["demo"]


def test_prices_of_a_refused_listing_go_with_it() -> None:
    seen("demo", 7 * HOUR)
    Listing.objects.update(accepted=False)
    purging.purge(NOW)
    assert not PriceObservation.objects.exists()


def test_no_title_of_a_listing_stays_in_the_admins_log(admin_client: Client) -> None:
    listing = seen("ebay", HOUR)
    Listing.objects.update(title="SXM2 card of a seller")
    page = {"part": listing.part_id, "quantity": 1, "reason": "for-parts"}
    assert admin_client.post(f"/admin/sourcing/listing/{listing.pk}/change/", page).status_code == 302
    Listing.objects.all().delete()
    (entry,) = LogEntry.objects.all()
    assert (entry.object_repr, "SXM2" in entry.change_message) == (f"ebay {listing.external_id}", False)


def test_purging_twice_is_purging_once() -> None:
    seen("ebay", 7 * HOUR)
    purging.purge(NOW)
    assert purging.purge(NOW) == purging.Purged(0, 0, 0)


def test_quotes_are_forgotten_after_their_time() -> None:
    part = Part.objects.get(slug="v100-sxm2-16gb")
    for days in (399, 401):
        Quote.objects.create(
            part=part,
            owner_key="s",
            price=Decimal(500),
            currency="CNY",
            how="typed",
            quoted_at=NOW - timedelta(days=days),
        )
    assert purging.purge(NOW).quotes == 1
