"""The demo marketplace's past is what polls would have stored, is stored once, and in a demonstration only."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from sourcing import asking, demo_past, purging, rollups
from sourcing.demo.past import looks
from sourcing.demo.state import state
from sourcing.listing_models import DailyPrice, Listing, PriceObservation
from sourcing.marketplaces import NotConfigured
from tests.sourcing.marketplaces.conftest import Demo
from tests.sourcing.marketplaces.conftest import _nothing_kept as _nothing_kept
from tests.sourcing.marketplaces.conftest import demo as demo

pytestmark = pytest.mark.django_db
DAYS = 12
MIDNIGHT = datetime(2026, 11, 25, tzinfo=UTC)
NOW = MIDNIGHT + timedelta(minutes=5)
PARTS = ("quad-board-taq-sxm2-4p5a5", "sff-8654-8i-cable-75cm", "v100-sxm2-16gb", "v100-sxm2-32gb")


@pytest.fixture
def simulated(settings: Any) -> None:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"


def stored() -> list[Any]:
    """All that is stored of marketplaces, but for the numbers of rows."""
    days = DailyPrice.objects.order_by("part", "day").values_list(
        "marketplace", "part__slug", "day", "lowest_usd", "low_three_usd", "count"
    )
    prices = PriceObservation.objects.order_by("part", "observed_at", "listing").values_list(
        "marketplace", "part__slug", "observed_at", "price", "currency", "shipping", "quantity"
    )
    return [*days, *prices]


def poll(demo: Demo, at: datetime) -> None:
    demo.market.set_to = at
    for row in asking.polls_of(PARTS, ["demo"], at):
        for part_id in asking.ask(row.pk, at).parts:
            rollups.refresh(part_id, at.date())


def test_without_a_demo_marketplace_nothing_is_made_up(settings: Any) -> None:
    settings.DEMO_MARKETPLACE_URL = ""
    with pytest.raises(NotConfigured):
        demo_past.store(NOW, DAYS)
    with pytest.raises(CommandError, match="not running"):
        call_command("demo_past")
    assert stored() == []


@pytest.mark.usefixtures("simulated")
def test_it_is_stored_once() -> None:
    assert demo_past.store(NOW, DAYS).observations == PriceObservation.objects.count() > 0
    first = stored()
    assert demo_past.store(NOW + timedelta(days=3), DAYS) == demo_past.Past(0, 0)
    assert stored() == first


def test_where_polls_have_begun_nothing_is_put_before_them(demo: Demo) -> None:
    poll(demo, NOW)
    assert demo_past.store(NOW, DAYS) == demo_past.Past(0, 0)


@pytest.mark.usefixtures("simulated")
def test_every_price_is_one_the_market_really_had() -> None:
    demo_past.store(NOW, 3)
    for at in (at for day in looks(date(2026, 11, 22), date(2026, 11, 25)) for at in day):
        real = {one.price for one in state(at).listings} | {
            choice.price for one in state(at).listings for choice in one.variations
        }
        assert set(PriceObservation.objects.filter(observed_at=at).values_list("price", flat=True)) <= real


def test_a_poll_of_the_last_moment_would_have_stored_the_same(demo: Demo) -> None:
    last = MIDNIGHT - timedelta(minutes=1)
    demo_past.store(NOW, 1)
    rows = PriceObservation.objects.filter(observed_at=last, part__slug__in=PARTS)
    told = ("part__slug", "price", "currency", "shipping", "quantity")
    made_up = sorted(rows.values_list(*told), key=str)
    for model in (PriceObservation, Listing, DailyPrice):
        model.objects.all().delete()
    poll(demo, last)
    assert sorted(PriceObservation.objects.filter(part__slug__in=PARTS).values_list(*told), key=str) == made_up


def test_the_past_joins_what_is_polled_without_a_jump(demo: Demo) -> None:
    demo_past.store(NOW, 1)
    known = set(Listing.objects.values_list("external_id", flat=True))
    poll(demo, NOW)
    again = Listing.objects.accepted().filter(external_id__in=known, last_seen=NOW)
    assert again.count() > 10
    for slug in PARTS:
        before, now = DailyPrice.objects.filter(part__slug=slug).order_by("day")
        assert now.day - before.day == timedelta(days=1)
        assert abs(now.low_three_usd / before.low_three_usd - 1) < Decimal("0.15"), slug


@pytest.mark.usefixtures("simulated")
def test_days_that_were_missed_are_gaps() -> None:
    demo_past.store(NOW, 60)
    seen = {day[0].date() for day in looks(date(2026, 9, 26), date(2026, 11, 25))}
    of_part = set(DailyPrice.objects.filter(part__slug="v100-sxm2-16gb").values_list("day", flat=True))
    assert of_part == seen
    assert 50 < len(seen) < 60


@pytest.mark.usefixtures("simulated")
def test_summing_up_and_purging_leave_it_as_it_is() -> None:
    demo_past.store(NOW, DAYS)
    first = stored()
    for part_id, day in list(DailyPrice.objects.values_list("part", "day")):
        rollups.refresh(part_id, day)
    purging.purge(NOW)
    assert stored() == first


@pytest.mark.usefixtures("simulated")
def test_what_is_gone_is_kept_as_a_price_only_and_its_number_is_not_used_again() -> None:
    demo_past.store(NOW, DAYS)
    assert set(Listing.objects.values_list("last_seen", flat=True)) == {MIDNIGHT - timedelta(minutes=1)}
    listing = Listing.objects.order_by("-pk")[0]
    newest = max(PriceObservation.objects.values_list("listing_id", flat=True))
    listing.pk, listing.external_id, listing._state.adding = None, "v1|1|0", True
    listing.save()
    assert listing.pk > newest


@pytest.mark.usefixtures("simulated")
def test_nothing_is_shown_as_on_offer_before_the_first_poll(client: Client) -> None:
    said = io.StringIO()
    call_command("demo_past", days=2, stdout=said)
    assert "simulated days stored" in said.getvalue()
    assert DailyPrice.objects.filter(day__lt=timezone.localdate()).exists()
    page = client.get("/parts/v100-sxm2-16gb/prices/").content.decode()
    assert "No offer that is fresh enough" in page
    assert "What it has cost" in page
    assert "Demo marketplace (simulated)" in page
    assert "are simulated" in page
