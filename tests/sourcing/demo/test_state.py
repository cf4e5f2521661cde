"""The demo marketplace's truth."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog.models import Part
from sourcing.demo.goods import AGENT_GOODS, GOODS
from sourcing.demo.state import STEP_S, State, state

START = datetime(2026, 11, 25, tzinfo=UTC)


def days(count: int) -> list[State]:
    """The market every six hours."""
    return [state(START + timedelta(hours=6 * step)) for step in range(4 * count)]


def test_the_same_moment_and_seed_have_the_same_market() -> None:
    assert state(START, seed=3) == state(START, seed=3)
    assert state(START, seed=3).listings != state(START, seed=4).listings


def test_nothing_changes_within_a_step() -> None:
    assert state(START).listings == state(START + timedelta(seconds=STEP_S - 1)).listings


def test_prices_move_and_stay_near_where_they_were() -> None:
    first, later = state(START), state(START + timedelta(hours=5))
    before = {one.id: one for one in first.listings if not one.good.auction}
    both = [(before[one.id].price, one.price) for one in later.listings if one.id in before]
    assert sum(old != new for old, new in both) > len(both) / 2
    assert all(abs(new / old - 1) < Decimal("0.15") for old, new in both)


def test_bids_only_rise() -> None:
    highest: dict[str, Decimal] = {}
    for moment in days(4):
        for one in moment.listings:
            if one.good.auction:
                assert one.price >= highest.get(one.id, one.opening_price)
                highest[one.id] = one.price
    assert len(highest) > 3


def test_listings_appear_and_vanish_and_an_id_is_never_used_again() -> None:
    gone: set[str] = set()
    before: set[str] = set()
    for moment in days(8):
        now = {one.id for one in moment.listings}
        assert len(now) == len(moment.listings) > 50
        assert not now & gone
        gone |= before - now
        before = now
    assert len(gone) > 100


def test_a_listing_is_there_from_its_beginning_to_its_end() -> None:
    one = state(START).listings[0]
    assert one.began_at <= START < one.ends_at
    assert state(one.began_at).listing(one.item_id) is not None
    assert state(one.began_at - timedelta(seconds=1)).listing(one.item_id) is None
    assert state(one.ends_at - timedelta(seconds=1)).listing(one.item_id) is not None
    assert state(one.ends_at).listing(one.item_id) is None


def test_every_price_is_more_than_zero_in_whole_cents() -> None:
    for moment in days(2):
        for one in moment.listings:
            for price in (one.price, *(choice.price for choice in one.variations)):
                assert price > 0
                assert price == price.quantize(Decimal("0.01"))


def test_the_parts_are_the_catalogs(db: None) -> None:
    known = set(Part.objects.values_list("slug", flat=True))
    named = {good.part for good in GOODS} | {good.part for good in AGENT_GOODS}
    assert named - {None} <= known
    assert len({good.slug for good in GOODS}) == len(GOODS)


def test_there_is_something_of_every_kind() -> None:
    assert {good.shipping for good in GOODS} == {"free", "paid", "calculated", "none"}
    assert any(good.auction for good in GOODS)
    assert any(good.variations for good in GOODS)
    assert any(good.quantity > 1 for good in GOODS)
    assert {"ok", "for-parts", "variation-group", "bundle", "accessory-only"} <= {good.reason for good in GOODS}
