"""Listings read anew: what was observed of them follows, and so do the rollups of those days."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.models import Part
from sourcing import rollups
from sourcing.listing_models import DailyPrice, Listing, PriceObservation
from sourcing.matching.types import ListingText, Match, Reason
from sourcing.rematching import correct, rematch

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def reads_as(part: str | None, quantity: int = 1) -> Match:
    return Match(part, quantity, part is not None, Reason.OK if part else Reason.FOR_PARTS, (), 0.9)


@pytest.fixture
def listing() -> Listing:
    """Taken for one card for 400 on two days, by older rules; it is a lot of four."""
    part = Part.objects.get(slug="v100-sxm2-16gb")
    row = Listing.objects.create(
        marketplace="demo", external_id="v1|1|0", title="4 cards", href="https://demo.example/1", found_by=part,
        part=part, accepted=True, reason="ok", matched_by="old", price=400, currency="USD",
        first_seen=NOW, last_seen=NOW,
    )  # fmt: skip
    for day in (NOW - timedelta(days=1), NOW):
        PriceObservation.objects.create(
            listing=row, part=part, marketplace="demo", quantity=1, observed_at=day, price=400, currency="USD"
        )
        rollups.refresh(part.pk, day.date())
    return row


def lowest(slug: str) -> list[Decimal]:
    return list(DailyPrice.objects.filter(part__slug=slug).order_by("day").values_list("lowest_usd", flat=True))


def test_new_rules_correct_the_quantity_of_past_prices_and_their_rollups(listing: Listing) -> None:
    done = rematch(lambda text: reads_as("v100-sxm2-16gb", 4), "new")
    assert (done.read, done.changed, done.more) == (1, 1, False)
    assert lowest("v100-sxm2-16gb") == [Decimal(100), Decimal(100)]


@pytest.mark.parametrize(
    ("sells", "is_believed"),
    [(("v100-sxm2-16gb", 1), True), (("v100-sxm2-16gb", 4), False), (("v100-sxm2-32gb", 1), False)],
)
def test_what_is_now_another_thing_has_been_seen_once(
    listing: Listing, sells: tuple[str, int], is_believed: bool
) -> None:
    part, quantity = Part.objects.get(slug=sells[0]), sells[1]
    for read in (
        lambda: rematch(lambda text: reads_as(*sells), "new"),
        lambda: correct(listing, part, quantity, "ok", NOW),
    ):
        Listing.objects.update(
            priced_at=NOW - timedelta(hours=3), quantity=1, part=Part.objects.get(slug="v100-sxm2-16gb"),
            matched_by="old", corrected_at=None,
        )  # fmt: skip
        listing.refresh_from_db()
        read()
        listing.refresh_from_db()
        assert listing.read_twice is is_believed


def test_new_rules_move_past_prices_to_the_part_it_is(listing: Listing) -> None:
    rematch(lambda text: reads_as("v100-sxm2-32gb"), "new")
    assert lowest("v100-sxm2-16gb") == []
    assert lowest("v100-sxm2-32gb") == [Decimal(400), Decimal(400)]


def test_what_new_rules_refuse_leaves_no_price_behind(listing: Listing) -> None:
    rematch(lambda text: reads_as(None), "new")
    assert not PriceObservation.objects.counted().exists()
    assert lowest("v100-sxm2-16gb") == []


def test_rules_that_were_wrong_cost_no_history(listing: Listing) -> None:
    rematch(lambda text: reads_as(None), "wrong")
    rematch(lambda text: reads_as("v100-sxm2-16gb", 4), "right")
    assert lowest("v100-sxm2-16gb") == [Decimal(100), Decimal(100)]


def test_a_correction_that_is_taken_back_costs_no_history(listing: Listing) -> None:
    part = listing.part
    correct(listing, part, 1, "for-parts", NOW)
    assert lowest("v100-sxm2-16gb") == []
    correct(listing, part, 1, "ok", NOW)
    assert lowest("v100-sxm2-16gb") == [Decimal(400), Decimal(400)]


def test_where_no_history_may_be_kept_a_refusal_leaves_none(listing: Listing) -> None:
    Listing.objects.update(marketplace="ebay")
    PriceObservation.objects.update(marketplace="ebay")
    rematch(lambda text: reads_as(None), "new")
    assert not PriceObservation.objects.exists()


def test_what_the_same_rules_have_read_is_not_read_again(listing: Listing) -> None:
    def refuses(text: ListingText) -> Match:
        raise AssertionError("read again")

    assert rematch(refuses, "old").read == 0


def test_a_correction_stands_before_new_rules_and_takes_its_prices_along(listing: Listing) -> None:
    correct(listing, listing.part, 4, "ok", NOW)
    assert lowest("v100-sxm2-16gb") == [Decimal(100), Decimal(100)]
    rematch(lambda text: reads_as(None), "new")
    assert Listing.objects.get().accepted


def test_a_refusal_by_hand_takes_the_listing_off_offer(listing: Listing) -> None:
    correct(listing, None, 1, "box-or-manual-only", NOW)
    assert not Listing.objects.accepted().exists()
    assert not DailyPrice.objects.exists()
