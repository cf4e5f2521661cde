"""A poll stores what a marketplace says, once, and changes nothing where the marketplace says nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from catalog.models import Part
from sourcing import asking, polling
from sourcing.listing_models import Listing, Poll, PriceObservation
from sourcing.marketplaces.errors import Broken, Throttled
from sourcing.marketplaces.offers import Found, Offer
from sourcing.marketplaces.policies import policy
from sourcing.matching.types import ListingText, Match, Reason

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read_title(text: ListingText) -> Match:
    """A matcher for tests: two words decide."""
    quantity = 2 if "LOT OF 2" in text.title else 1
    accept = "V100" in text.title and "heatsink" not in text.title
    part = "v100-sxm2-16gb" if accept else None
    reason = Reason.OK if accept else Reason.ACCESSORY_ONLY
    return Match(part, quantity, accept, reason, (text.title[:5],), 1.0)


def offer(number: int = 1, price: str | None = "100.00", **changes: Any) -> Offer:
    given = Offer(
        marketplace="demo",
        external_id=f"v1|{number}|0",
        title="Tesla V100 SXM2 16GB",
        href=f"https://demo.example/itm/{number}",
        price=None if price is None else Decimal(price),
        currency="USD",
        shipping=Decimal(0),
        shipping_currency="USD",
        country="US",
    )
    return replace(given, **changes)


def found(*offers: Offer, complete: bool = True) -> Found:
    return Found(offers, {}, complete, (), 1)


@pytest.fixture
def due() -> Poll:
    part = Part.objects.get(slug="v100-sxm2-16gb")
    return Poll.objects.create(marketplace="demo", part=part, due_at=NOW, interval_s=3 * 3600)


def ask(row: Poll, result: Found | Exception, now: datetime = NOW, marketplace: str = "demo") -> polling.Polled | None:
    """One poll at a moment at which it is due; None where it could not be claimed."""
    Poll.objects.filter(pk=row.pk).update(due_at=now)
    claimed = polling.claim(row.pk, now)
    if claimed is None:
        return None

    def search() -> Found:
        if isinstance(result, Exception):
            raise result
        return result

    return polling.poll(claimed, search, read_title, policy(marketplace), "rules-1", now)


def prices() -> list[tuple[str, str]]:
    rows = PriceObservation.objects.order_by("observed_at", "listing__external_id")
    return [(row.listing.external_id, str(row.price)) for row in rows]


def test_what_is_offered_is_stored_with_what_it_was_read_as(due: Poll) -> None:
    done = ask(due, found(offer(1), offer(2, title="V100 heatsink", price="20")))
    assert done == polling.Polled(
        found=2, accepted=1, changed=2, gone=0, parts=(due.part_id,), looked_at=(due.part_id,)
    )
    good, refused = Listing.objects.order_by("external_id")
    assert (good.part, good.accepted, good.reason, good.unit_price) == (due.part, True, "ok", Decimal(100))
    assert (refused.part, refused.accepted, refused.reason) == (None, False, "accessory-only")
    assert prices() == [("v1|1|0", "100.00")]


def test_a_price_is_written_when_it_changes_and_once_a_day_when_it_does_not(due: Poll) -> None:
    ask(due, found(offer()))
    ask(due, found(offer()), NOW + HOUR)
    assert len(prices()) == 1
    ask(due, found(offer(price="90")), NOW + 2 * HOUR)
    ask(due, found(offer(price="90")), NOW + timedelta(days=1))
    assert [price for _, price in prices()] == ["100.00", "90.00", "90.00"]
    assert Listing.objects.get().last_seen == NOW + timedelta(days=1)


def test_a_price_is_read_twice_when_a_second_poll_finds_it_unchanged(due: Poll) -> None:
    ask(due, found(offer()))
    assert not Listing.objects.get().read_twice
    ask(due, found(offer()), NOW + HOUR)
    assert Listing.objects.get().read_twice
    ask(due, found(offer(shipping=Decimal(9))), NOW + 2 * HOUR)
    assert not Listing.objects.get().read_twice


def test_the_same_poll_twice_stores_nothing_twice(due: Poll) -> None:
    ask(due, found(offer()))
    Poll.objects.update(last_started=NOW)
    row = Poll.objects.select_related("part").get()
    polling.poll(row, lambda: found(offer()), read_title, policy("demo"), "rules-1", NOW)
    assert (Listing.objects.count(), len(prices())) == (1, 1)


@pytest.mark.parametrize("error", [Broken("cut off"), Throttled("too often", 900.0)])
def test_a_failure_changes_no_listing_and_no_price(due: Poll, error: Exception) -> None:
    ask(due, found(offer()))
    before = list(Listing.objects.values()), prices()
    with pytest.raises(type(error)):
        ask(due, error, NOW + HOUR)
    assert (list(Listing.objects.values()), prices()) == before
    row = Poll.objects.get()
    assert (row.failures, row.last_error, row.claimed_until) == (1, str(error), None)
    assert row.last_succeeded == NOW


def test_a_marketplace_that_says_when_is_asked_no_sooner(due: Poll) -> None:
    with pytest.raises(Throttled):
        ask(due, Throttled("too often", 7200.0))
    assert Poll.objects.get().due_at >= NOW + timedelta(seconds=7200)


def test_failures_are_asked_again_later_and_later(due: Poll) -> None:
    waits = []
    for _ in range(9):
        with pytest.raises(Broken):
            ask(due, Broken("down"))
        waits.append((Poll.objects.get().due_at - NOW) / timedelta(minutes=1))
    assert waits[0] < 6
    assert waits[4] > waits[1] * 3
    assert waits[-1] < 6.7 * 60


def test_a_poll_is_claimed_by_one_worker_only(due: Poll) -> None:
    assert polling.claim(due.pk, NOW) is not None
    assert polling.claim(due.pk, NOW + timedelta(minutes=9)) is None


def test_a_claim_whose_worker_died_runs_out(due: Poll) -> None:
    assert polling.claim(due.pk, NOW) is not None
    assert polling.claim(due.pk, NOW + timedelta(minutes=11)) is not None


def test_a_worker_whose_claim_ran_out_writes_nothing(due: Poll) -> None:
    slow = polling.claim(due.pk, NOW)
    assert slow is not None
    assert polling.claim(due.pk, NOW + timedelta(minutes=11)) is not None
    done = polling.poll(slow, lambda: found(offer()), read_title, policy("demo"), "rules-1", NOW)
    assert done == polling.Polled(0, 0, 0, 0, ())
    assert not Listing.objects.exists()


def test_what_is_gone_is_deleted_where_the_policy_says_so(due: Poll) -> None:
    ask(due, found(offer(1), offer(2)))
    done = ask(due, found(offer(1)), NOW + HOUR)
    assert done is not None
    assert (done.gone, list(Listing.objects.values_list("external_id", flat=True))) == (1, ["v1|1|0"])


def test_what_is_missing_from_a_search_that_was_not_read_to_its_end_is_not_gone(due: Poll) -> None:
    ask(due, found(offer(1), offer(2)))
    ask(due, found(offer(1), complete=False), NOW + HOUR)
    assert Listing.objects.on_offer().count() == 2


def test_what_is_there_and_could_not_be_read_is_not_gone(due: Poll) -> None:
    ask(due, found(offer(1), offer(2)))
    ask(due, replace(found(offer(1)), seen=frozenset({"v1|1|0", "v1|2|0"})), NOW + HOUR)
    assert Listing.objects.on_offer().count() == 2


def test_a_price_that_rounds_to_nothing_keeps_no_other_from_being_stored(due: Poll) -> None:
    ask(due, found(offer(1, "0.004"), offer(2)))
    assert prices() == [("v1|2|0", "100.00")]


def test_rows_are_written_in_one_order_whatever_the_marketplaces(due: Poll) -> None:
    ask(due, found(offer(3), offer(1), offer(2)))
    assert list(Listing.objects.order_by("pk").values_list("external_id", flat=True)) == ["v1|1|0", "v1|2|0", "v1|3|0"]


def test_what_breaks_while_it_is_stored_is_noted_and_not_tried_again_at_once(
    due: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "search", lambda *given: found(offer()))
    monkeypatch.setattr(polling, "_store", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        asking.ask(due.pk, NOW)
    due.refresh_from_db()
    assert (due.failures, due.claimed_until, due.last_error) == (1, None, "It could not be stored.")
    assert due.due_at > NOW + timedelta(minutes=4)


def test_what_another_search_still_finds_is_not_gone(due: Poll) -> None:
    other = Poll.objects.create(
        marketplace="demo", part=Part.objects.get(slug="v100-sxm2-32gb"), due_at=NOW, interval_s=3600
    )
    ask(due, found(offer()))
    ask(other, found(offer()), NOW + HOUR)
    ask(due, found(), NOW + 2 * HOUR)
    assert Listing.objects.count() == 1
    ask(other, found(), NOW + 3 * HOUR)
    assert Listing.objects.count() == 0


@pytest.mark.parametrize(("marketplace", "kept"), [("demo", 1), ("ebay", 0)])
def test_prices_of_what_is_gone_stay_where_history_may_be_kept(marketplace: str, kept: int, due: Poll) -> None:
    Poll.objects.update(marketplace=marketplace)
    ask(due, found(offer()), NOW, marketplace)
    ask(due, found(), NOW + HOUR, marketplace)
    assert (Listing.objects.count(), PriceObservation.objects.count()) == (0, kept)


def test_prices_of_a_refused_listing_go_with_it_and_never_count(due: Poll) -> None:
    ask(due, found(offer()))
    Listing.objects.update(accepted=False, reason="for-parts", corrected_at=NOW)
    assert not PriceObservation.objects.counted().exists()
    ask(due, found(), NOW + HOUR)
    assert not PriceObservation.objects.exists()


def test_a_day_whose_prices_stood_still_is_summed_up_too(due: Poll) -> None:
    ask(due, found(offer()))
    done = ask(due, found(offer()), NOW + timedelta(days=1))
    assert done is not None
    assert (done.changed, done.parts) == (0, (due.part_id,))


def test_the_bid_of_an_auction_is_shown_and_never_becomes_a_price(due: Poll) -> None:
    ask(due, found(offer(buying="auction", price="12.00")))
    assert Listing.objects.get().price == Decimal(12)
    assert prices() == []


def test_an_empty_answer_is_an_answer(due: Poll) -> None:
    ask(due, found(offer()))
    done = ask(due, found(), NOW + HOUR)
    assert done is not None
    assert (done.found, done.gone) == (0, 1)


def test_a_listing_without_a_price_is_not_stored_and_not_gone(due: Poll) -> None:
    ask(due, found(offer()))
    ask(due, found(offer(price=None)), NOW + HOUR)
    assert [price for _, price in prices()] == ["100.00"]
    assert Listing.objects.on_offer().count() == 1


def test_shipping_that_is_not_told_stays_unknown_and_is_never_zero(due: Poll) -> None:
    ask(due, found(offer(1, shipping=None, shipping_currency=""), offer(2, shipping_currency="CNY")))
    assert list(Listing.objects.values_list("shipping", flat=True)) == [None, None]


def test_a_correction_by_hand_survives_every_new_reading(due: Poll) -> None:
    ask(due, found(offer(title="V100 heatsink")))
    Listing.objects.update(part=due.part, quantity=3, accepted=True, reason="ok", corrected_at=NOW)
    ask(due, found(offer(title="V100 heatsink, now blue", price="30")), NOW + HOUR)
    row = Listing.objects.get()
    assert (row.accepted, row.quantity, row.title) == (True, 3, "V100 heatsink, now blue")


def test_moving_prices_are_asked_for_sooner_and_still_ones_later(due: Poll) -> None:
    ask(due, found(offer()))
    moving = Poll.objects.get().interval_s
    for hours in range(1, 6):
        ask(due, found(offer()), NOW + hours * HOUR)
    assert moving < 3 * 3600 < Poll.objects.get().interval_s <= 5 * 3600


def test_queries_do_not_grow_with_offers(due: Poll, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ask(due, found(offer(0)))

    def count(offers: int, now: datetime) -> int:
        before = len(connection.queries_log)
        ask(due, found(*(offer(number) for number in range(offers))), now)
        return len(connection.queries_log) - before

    connection.force_debug_cursor = True
    try:
        assert count(5, NOW + HOUR) == count(20, NOW + 2 * HOUR)
    finally:
        connection.force_debug_cursor = False


steps = st.lists(
    st.one_of(
        st.just("fails"),
        st.dictionaries(st.integers(1, 4), st.integers(1, 300).map(lambda cents: f"{cents}.00"), max_size=4),
    ),
    min_size=1,
    max_size=12,
)


@given(steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_after_any_run_of_polls_the_listings_are_those_of_the_last_answer(given_steps: list[Any]) -> None:
    PriceObservation.objects.all().delete()
    Listing.objects.all().delete()
    Poll.objects.all().delete()
    part = Part.objects.get(slug="v100-sxm2-16gb")
    row = Poll.objects.create(marketplace="demo", part=part, due_at=NOW, interval_s=3600)
    truth: dict[int, str] = {}
    for step, answer in enumerate(given_steps):
        now = NOW + step * timedelta(minutes=10)
        if answer == "fails":
            with pytest.raises(Broken):
                ask(row, Broken("down"), now)
            continue
        truth = answer
        ask(row, found(*(offer(number, price) for number, price in answer.items())), now)
    stored = {listing.external_id: str(listing.price) for listing in Listing.objects.on_offer()}
    assert stored == {f"v1|{number}|0": price for number, price in truth.items()}
    assert not PriceObservation.objects.filter(price__lte=0).exists()
