"""Offers as the part page shows them: apart by marketplace, fresh only, with a verdict and a price at the door."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Part
from sourcing.landed.types import Destination
from sourcing.listing_models import Listing
from sourcing.offers import MOST_SHOWN, ShownOffer, offers_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TEXAS = Destination("US", "TX")


@pytest.fixture
def fin(make_part: Any, make_band: Any) -> Part:
    """A part whose published band is 100 to 200 dollars."""
    part: Part = make_part("fin", hts_code="8473.30.5100", origin_country="CN", weight_kg=0.4, imported=True)
    make_band(part, "100", "200")
    return part


def list_one(part: Part, price: str = "150", **changes: Any) -> Listing:
    given: dict[str, Any] = {
        "marketplace": "ebay", "external_id": f"v1|{Listing.objects.count()}|0", "title": "A fin",
        "href": "https://www.ebay.com/itm/1", "country": "US", "found_by": part, "part": part, "accepted": True,
        "reason": "ok", "matched_by": "rules", "price": Decimal(price), "currency": "USD", "shipping": Decimal(0),
        "first_seen": NOW, "last_seen": NOW,
    }  # fmt: skip
    return Listing.objects.create(**given | changes)


def only(part: Part, destination: Destination = TEXAS) -> ShownOffer:
    (market,) = offers_of(part, destination, NOW)
    (offer,) = market.offers
    return offer


@pytest.mark.parametrize(
    ("price", "verdict"),
    [("49.99", "suspicious"), ("50", "below-floor"), ("99.99", "below-floor"), ("100", "in-band"), ("200", "in-band"),
     ("200.01", "above")],
)  # fmt: skip
def test_the_verdict_is_where_one_piece_lies_against_the_band(price: str, verdict: str, fin: Part) -> None:
    list_one(fin, price)
    assert only(fin).verdict == verdict


def test_a_lot_is_shown_by_the_piece_with_its_shipping(fin: Part) -> None:
    list_one(fin, "400", quantity=4, shipping=Decimal(40))
    assert only(fin).unit_usd == Decimal(110)


def test_an_auction_has_no_verdict_and_comes_after_every_price(fin: Part) -> None:
    list_one(fin, "12", buying="auction")
    list_one(fin, "900")
    (market,) = offers_of(fin, TEXAS, NOW)
    assert [offer.verdict for offer in market.offers] == ["above", "auction"]


def test_at_home_the_door_costs_price_shipping_and_sales_tax(fin: Part) -> None:
    list_one(fin, "100", shipping=Decimal(10))
    offer = only(fin)
    assert offer.landed_unit is not None
    # Texas taxes 6.25 % and up to 8.25 % with local taxes, the seller's shipping included.
    assert offer.landed_unit.low >= Decimal("116.87")
    assert offer.landed_unit.high <= Decimal("119.08")


def test_shipping_that_is_not_told_makes_the_door_at_least(fin: Part) -> None:
    list_one(fin, "100", shipping=None)
    assert only(fin).at_least


def test_from_abroad_the_door_costs_duty_too(fin: Part) -> None:
    list_one(fin, "100", country="CN")
    offer = only(fin)
    assert offer.landed is not None
    assert "duty" in offer.landed.row


def test_a_currency_without_a_rate_is_shown_and_not_compared(fin: Part) -> None:
    list_one(fin, "100", currency="XAG")
    offer = only(fin)
    assert (offer.unit_usd, offer.landed_unit, offer.verdict) == (None, None, "no-band")


def test_ebays_rows_are_shown_for_six_hours(fin: Part) -> None:
    list_one(fin, last_seen=NOW - timedelta(hours=6, seconds=1))
    assert offers_of(fin, TEXAS, NOW) == ()


def test_marketplaces_are_never_mixed(fin: Part) -> None:
    list_one(fin, "150")
    list_one(fin, "120", marketplace="demo")
    assert [(market.marketplace.slug, market.total) for market in offers_of(fin, TEXAS, NOW)] == [
        ("ebay", 1),
        ("demo", 1),
    ]


def test_refused_and_gone_listings_are_not_shown(fin: Part) -> None:
    list_one(fin, accepted=False)
    list_one(fin, gone_at=NOW)
    assert offers_of(fin, TEXAS, NOW) == ()


def test_queries_do_not_grow_with_offers_and_the_rest_is_counted(fin: Part) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            offers_of(fin, TEXAS, NOW)
        return len(captured)

    list_one(fin)
    queries()
    one = queries()
    for _ in range(MOST_SHOWN + 2):
        list_one(fin)
    assert queries() == one
    (market,) = offers_of(fin, TEXAS, NOW)
    assert (len(market.offers), market.more) == (MOST_SHOWN, 3)


def test_the_page_shows_an_offer_escaped_and_the_country_can_be_chosen(client: Client, fin: Part) -> None:
    now = timezone.now()
    list_one(fin, title="<script>alert(1)</script> fin", first_seen=now, last_seen=now)
    page = client.get("/parts/fin/prices/", {"country": "DE"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; fin" in page
    assert '<option value="DE" selected>' in page
    assert "In the band" in page


def test_a_country_nobody_knows_is_named_and_the_page_still_answers(client: Client, fin: Part) -> None:
    response = client.get("/parts/fin/prices/", {"country": "ZZ"})
    assert response.status_code == 200
    assert "ZZ is not one of the available choices" in response.content.decode()


def test_without_offers_the_page_says_so_and_links_to_the_status(client: Client, fin: Part) -> None:
    page = client.get("/parts/fin/prices/").content.decode()
    assert "No offer that is fresh enough" in page
    assert "/sourcing/status/" in page
