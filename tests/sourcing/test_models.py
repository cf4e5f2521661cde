from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError

from sourcing.models import Listing, PriceBand


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"low": "-1", "high": "1"}, "low_not_negative"),
        ({"low": "2", "high": "1"}, "high_not_below_low"),
        ({"low": "1", "high": "2", "currency": "XXX"}, "currency_is_known"),
        ({"low": "1", "high": "2", "market": "bazaar"}, "market_is_known"),
        ({"low": "1", "high": "2", "verdict": "fine"}, "verdict_is_known"),
    ],
)
def test_the_database_refuses_a_band_that_cannot_be(
    make_part: Any, make_band: Any, values: dict[str, str], constraint: str
) -> None:
    part = make_part("fin")
    with pytest.raises(IntegrityError, match=constraint):
        make_band(part, **values)


def test_a_part_has_one_band_in_each_position(make_part: Any, make_band: Any) -> None:
    part = make_part("fin")
    make_band(part, "1", "2")
    with pytest.raises(IntegrityError):
        make_band(part, "3", "4")


def test_a_band_becomes_plain_data_in_its_own_currency(make_part: Any, make_band: Any) -> None:
    make_band(make_part("fin"), "56.00", "99.00", currency="CNY", market="taobao")
    spec = PriceBand.objects.select_related("part").get(part__slug="fin").spec()
    assert (spec.part, spec.low, spec.high, spec.mid) == ("fin", Decimal(56), Decimal(99), Decimal("77.5"))
    assert (spec.currency, spec.market, spec.as_of) == ("CNY", "taobao", "2026-03-01")


def test_keys_of_alerts_from_before_are_those_of_the_same_listings_now() -> None:
    hashed = import_module("sourcing.migrations.0008_watch_parts_that_leave").hashed
    key = Listing(marketplace="demo", external_id="A").key
    assert hashed("demo|A") == hashed(key) == key
    assert key != Listing(marketplace="ebay", external_id="A").key
    assert hashed("all:1f").startswith("all:")
