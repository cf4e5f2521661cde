"""What a watch would do now, which targets make sense, and why a watch was silent."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Part
from sourcing import alert_outbox, alerts
from sourcing.landed.types import Destination
from sourcing.models import DailyPrice, Listing, PriceObservation
from sourcing.watch_preview import preview, suggested_targets
from tests.sourcing.watches import PART, confirmed_watch, list_one, wish

pytestmark = pytest.mark.django_db
OREGON = Destination("US", "OR")


@pytest.fixture(autouse=True)
def _demo_marketplace(settings: Settings) -> None:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"


def test_a_preview_says_yes_or_no_and_because_of_what() -> None:
    list_one("90")
    now = timezone.now()
    no = preview(wish(), now)
    assert (no.fires, no.limit) == (False, Decimal(80))
    assert no.words == (
        "No: the lowest price that is known, 90.00 USD, is above your target of 80.00 USD at your door."
    )
    yes = preview(wish(target=Decimal(90)), now)
    assert yes.fires
    assert yes.words == "Yes: a piece at 90.00 USD meets your target of 90.00 USD at your door."


def test_a_preview_says_what_nobody_knows() -> None:
    list_one("40", country="CN")
    said = preview(wish(), timezone.now())
    assert not said.fires
    assert "nobody knows: Customs clearance" in said.words
    assert preview(wish(clearance_usd=Decimal(0)), timezone.now()).fires


def test_targets_are_suggested_from_band_history_and_offers() -> None:
    list_one("90")
    part, today = Part.objects.get(slug=PART), timezone.now().date()
    DailyPrice.objects.bulk_create(
        DailyPrice(part=part, marketplace="demo", day=today - timedelta(days=day), lowest_usd=60 + day,
                   low_three_usd=80, count=3)
        for day in range(1, 11)
    )  # fmt: skip
    suggested = suggested_targets(part, OREGON, "USD", timezone.now())
    assert [(str(one.amount), one.why.split(",")[0]) for one in suggested] == [
        ("56.00", "the floor of the published band"),
        ("61.00", "its lowest price of the last 30 days"),
        ("80.00", "its level of the last 30 days"),
        ("90.00", "the lowest offer at your door now"),
    ]


def test_targets_of_what_nobody_has_seen_are_the_bands() -> None:
    suggested = suggested_targets(Part.objects.get(slug=PART), OREGON, "USD", timezone.now())
    assert [one.amount for one in suggested] == [Decimal("56.00")]


def explained(watch_id: int) -> str:
    said = io.StringIO()
    call_command("alerts", "explain", str(watch_id), stdout=said)
    return said.getvalue()


def test_explain_plays_the_history_through_and_shows_alerts_and_offers() -> None:
    now = timezone.now()
    listing, part = list_one("70"), Part.objects.get(slug=PART)
    watch = confirmed_watch(confirmed_at=now - timedelta(days=3))
    for hours, price in ((48, "90"), (24, "78"), (2, "70")):
        PriceObservation.objects.create(
            listing=listing, part=part, marketplace="demo", quantity=1, price=Decimal(price), currency="USD",
            shipping=Decimal(0), observed_at=now - timedelta(hours=hours),
        )  # fmt: skip
    (pk,) = alerts.check_watch(watch.pk, now).alerts
    alert_outbox.send("alert", pk, now)
    said = explained(watch.pk)
    assert "No: the lowest price that is known, 90.00 USD, is above your target of 80.00 USD" in said
    assert "Yes: a piece at 78.00 USD meets" in said
    assert "Yes: a piece at 70.00 USD meets" in said
    assert "demo A  70.00 USD: sent after 1 attempts." in said
    assert "demo A  70.00 USD: told" in said
    assert Listing.objects.count() == 1


def test_explain_says_why_a_watch_is_silent() -> None:
    watch = confirmed_watch(confirmed_at=None)
    assert "its owner has not confirmed it" in explained(watch.pk)
    assert "nothing is on offer as far as is known" in explained(watch.pk)


def test_explain_says_which_part_left_the_catalog() -> None:
    watch = confirmed_watch()
    Part.objects.get(slug=PART).delete()
    assert "No: NVIDIA Tesla V100 SXM2 16 GB has left the catalog." in explained(watch.pk)


def test_explain_of_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="no watch 7"):
        explained(7)
