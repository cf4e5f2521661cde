"""Which price a line counts at: a person's own, their quote, the best fresh offer, or the published band."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog import snapshot
from catalog.models import Part
from sourcing.landed.types import Destination, Money
from sourcing.line_prices import NOTHING_TOLD, ORDER, LinePrices, Told, WantedLine, price_lines, told_to
from sourcing.offer_prices import MOST_LISTINGS
from sourcing.quotes import FreshQuote
from tests.sourcing.test_offers import list_one

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = date(2026, 11, 25)
TEXAS = Destination("US", "TX")
OFFERS = Told((), NOW)
QUOTE = FreshQuote("fin", 1, Decimal(90), "USD", TODAY)


@pytest.fixture
def fin(make_part: Any, make_band: Any) -> Part:
    """A part whose published band is 100 to 200 dollars."""
    part: Part = make_part("fin", hts_code="8473.30.5100", origin_country="CN", weight_kg=0.4, imported=True)
    make_band(part, "100", "200")
    return part


def priced(told: Told = OFFERS, *, quantity: int = 1, own: str | None = None, source: str = "best") -> LinePrices:
    wanted = WantedLine("fin", quantity, None if own is None else Decimal(own), source)
    (found,) = price_lines([wanted], TEXAS, TODAY, told)
    return found


def unit(found: LinePrices) -> Money:
    assert found.line.unit is not None
    return found.line.unit


@pytest.mark.parametrize(
    ("told", "own", "used"),
    [
        (Told((QUOTE,), NOW), "80", "own"),
        (Told((QUOTE,), NOW), None, "quote"),
        (Told((), NOW), None, "offer"),
        (NOTHING_TOLD, None, "band"),
    ],
)
def test_the_best_is_ones_own_price_then_the_quote_then_the_offer_then_the_band(
    told: Told, own: str | None, used: str, fin: Part
) -> None:
    list_one(fin, "120")
    assert priced(told, own=own).used == used


@pytest.mark.parametrize("source", ORDER[1:])
def test_a_person_can_switch_to_any_price_there_is(source: str, fin: Part) -> None:
    list_one(fin, "120")
    found = priced(Told((QUOTE,), NOW), source=source)
    assert found.used == source
    assert unit(found).mid == {"quote": 90, "offer": 120, "band": 150}[source]


@pytest.mark.parametrize("source", ORDER[1:])
def test_a_typed_price_counts_whatever_was_switched_to_before(source: str, fin: Part) -> None:
    list_one(fin, "120")
    assert priced(Told((QUOTE,), NOW), own="80", source=source).used == "own"


def test_a_price_that_is_not_there_gives_way_and_the_wish_is_kept(fin: Part) -> None:
    found = priced(source="offer")
    assert (found.used, found.wanted) == ("band", "offer")


def test_a_quote_in_yuan_counts_in_dollars_of_its_day_and_says_at_which_rate(fin: Part) -> None:
    found = priced(Told((FreshQuote("fin", 1, Decimal(1000), "CNY", TODAY),), None))
    # 0.150311 dollars a yuan is the newest rate that comes bundled.
    assert Decimal(149) < unit(found).mid < Decimal(152)
    assert "CNY" in found.line.conversion


def test_the_cheapest_of_several_quotes_counts(fin: Part) -> None:
    cheap = FreshQuote("fin", 1, Decimal(70), "USD", TODAY)
    assert unit(priced(Told((cheap, QUOTE), None))).mid == 70


def test_a_quote_for_more_pieces_than_are_needed_does_not_count(fin: Part) -> None:
    many = FreshQuote("fin", 100, Decimal(50), "USD", TODAY)
    assert unit(priced(Told((many, QUOTE), None), quantity=4)).mid == 90
    assert unit(priced(Told((many, QUOTE), None), quantity=100)).mid == 50


def test_so_many_pieces_cost_what_the_cheapest_listings_ask_for_them(fin: Part) -> None:
    list_one(fin, "120")
    list_one(fin, "130")
    list_one(fin, "400", quantity=2)
    found = priced(quantity=2)
    assert unit(found) == Money(Decimal(125), Decimal(125), Decimal(125))
    assert found.note == ""


def test_what_is_not_on_offer_counts_at_the_published_price_and_is_said(fin: Part) -> None:
    list_one(fin, "120")
    found = priced(quantity=4)
    assert unit(found) == Money(Decimal(105), Decimal("142.5"), Decimal(180))
    assert "1 of 4 on offer" in found.note


def test_a_lot_that_fits_is_not_missed_for_a_cheaper_single(fin: Part) -> None:
    list_one(fin, "100")
    list_one(fin, "420", quantity=4)
    assert unit(priced(quantity=4)).mid == 105


def test_a_lot_of_more_than_is_needed_counts_as_a_whole_where_it_is_cheapest(fin: Part) -> None:
    list_one(fin, "320", quantity=5)
    list_one(fin, "480", quantity=4)
    found = priced(quantity=4)
    assert unit(found).mid == 80
    assert "5 pieces for the 4 needed" in found.note


def test_a_lot_of_far_more_than_is_needed_does_not_count(fin: Part) -> None:
    list_one(fin, "1000", quantity=10)
    assert priced(quantity=2).used == "band"


def test_offers_dearer_than_the_band_count_as_long_as_they_are_what_there_is(fin: Part) -> None:
    list_one(fin, "260")
    list_one(fin, "280")
    assert unit(priced(quantity=2)).mid == 270


def test_a_piece_at_an_absurd_price_is_waited_for(fin: Part) -> None:
    list_one(fin, "110")
    list_one(fin, "5000")
    found = priced(quantity=2)
    assert unit(found).mid == 130
    assert "1 of 2 on offer" in found.note


def test_many_listings_that_cannot_count_hide_none_that_can(fin: Part) -> None:
    for number in range(MOST_LISTINGS + 1):
        list_one(fin, "600", quantity=10, external_id=f"lot-{number}")
        list_one(fin, "40", external_id=f"trap-{number}")
    list_one(fin, "110")
    assert unit(priced()).mid == 110


@pytest.mark.parametrize(
    "changes",
    [
        {"buying": "auction"},
        {"price": Decimal(20)},
        {"shipping": None},
        {"accepted": False},
        {"gone_at": NOW},
        {"last_seen": NOW - timedelta(hours=6, seconds=1)},
        {"currency": "XAU"},
    ],
    ids=["auction", "suspiciously low", "shipping not told", "refused", "gone", "too old", "no exchange rate"],
)
def test_an_offer_that_cannot_be_compared_does_not_count(changes: dict[str, Any], fin: Part) -> None:
    list_one(fin, **changes)
    assert priced().used == "band"


def test_bought_at_home_nothing_is_imported_and_shipping_is_in_the_price(fin: Part) -> None:
    list_one(fin, "120", shipping=Decimal(15))
    found = priced()
    assert unit(found).mid == 135
    assert not found.line.imported


def test_from_abroad_freight_is_left_to_the_order(fin: Part) -> None:
    list_one(fin, "120", shipping=Decimal(15), country="CN")
    found = priced()
    assert unit(found).mid == 120
    assert found.line.imported


def test_what_is_cheaper_at_the_door_counts_not_what_is_cheaper_there(fin: Part) -> None:
    list_one(fin, "118", country="CN")
    list_one(fin, "120")
    assert unit(priced()).mid == 120


def test_offers_for_all_lines_are_one_query(fin: Part, make_part: Any, django_assert_num_queries: Any) -> None:
    other = make_part("bolt")
    for part in (fin, fin, other, other):
        list_one(part, "120")
    wanted = [WantedLine(slug, 1, None, "best") for slug in ("fin", "bolt")]
    with snapshot.one_state():
        price_lines(wanted, TEXAS, TODAY, NOTHING_TOLD)
    with snapshot.one_state(), django_assert_num_queries(1):
        price_lines(wanted, TEXAS, TODAY, OFFERS)


def test_where_nothing_is_on_offer_nobody_is_told_of_offers(fin: Part) -> None:
    assert told_to("", NOW) == NOTHING_TOLD
    list_one(fin, "120")
    assert told_to("", NOW) == Told((), NOW)


def test_within_a_customs_union_nothing_is_imported(fin: Part) -> None:
    list_one(fin, "110", shipping=Decimal(10), country="FR")
    (found,) = price_lines([WantedLine("fin", 1, None, "best")], Destination("DE"), TODAY, OFFERS)
    assert unit(found).mid == 120
    assert not found.line.imported
