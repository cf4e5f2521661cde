"""The configurator's door to prices."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import CatalogRevision
from catalog.snapshot import UnknownSlug
from sourcing import prices
from sourcing.landed.cost import Order
from sourcing.landed.types import Destination, Money
from sourcing.models import PriceBand

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def test_a_line_takes_its_price_from_the_first_band_and_its_trade_facts_from_the_catalog(
    make_part: Any, make_band: Any
) -> None:
    part = make_part("fin", hts_code="8473.30.5100", origin_country="CN", weight_kg=0.4, imported=True)
    make_band(part, "1000", "2000", position=1)
    make_band(part, "20", "30")
    (line,) = prices.priced_lines([("fin", 4, None)], TODAY)
    assert (line.name, line.quantity, line.basis) == ("Fin", 4, "band")
    assert line.unit == Money(Decimal("20.00"), Decimal("25.00"), Decimal("30.00"))
    assert line.as_of == date(2026, 3, 1)
    assert (line.hts, line.origin, line.weight_kg, line.imported) == ("8473.30.5100", "CN", Decimal("0.4"), True)
    assert line.source is not None
    assert line.source.title == "A guide"


def test_a_persons_own_price_beats_the_band(make_part: Any, make_band: Any) -> None:
    make_band(make_part("fin"), "20", "30")
    (line,) = prices.priced_lines([("fin", 1, Decimal("12.50"))], TODAY)
    assert line.unit == Money(Decimal("12.50"), Decimal("12.50"), Decimal("12.50"))
    assert (line.basis, line.as_of) == ("quote", TODAY)


def test_an_own_price_of_zero_is_a_price(make_part: Any, make_band: Any) -> None:
    make_band(make_part("fin"), "20", "30")
    (line,) = prices.priced_lines([("fin", 1, Decimal(0))], TODAY)
    assert (line.basis, line.unit) == ("quote", Money(Decimal(0), Decimal(0), Decimal(0)))


def test_a_part_without_a_band_has_no_price_and_not_zero(make_part: Any) -> None:
    make_part("fin")
    (line,) = prices.priced_lines([("fin", 1, None)], TODAY)
    assert (line.unit, line.basis, line.as_of, line.source) == (None, "none", None, None)


def test_what_is_not_known_to_be_bought_at_home_counts_as_imported(make_part: Any) -> None:
    make_part("fin")
    make_part("frame", imported=False)
    lines = prices.priced_lines([("fin", 1, None), ("frame", 1, None)], TODAY)
    assert [line.imported for line in lines] == [True, False]


def test_a_price_in_yuan_is_converted_and_says_so(make_part: Any, make_band: Any) -> None:
    # 7.4326 CNY and 1.1172 USD a euro: 665.29 CNY are 100.00 USD, 1330.58 CNY 200.00 USD.
    make_band(make_part("fin"), "665.29", "1330.58", currency="CNY", market="taobao")
    band = prices.band_lines(["fin"])["fin"]
    assert (band.low, band.high, band.currency) == (Decimal("100.00"), Decimal("200.00"), "USD")
    assert "665.29 to 1330.58 CNY at 1 CNY = 0.150311 USD (2026-10-30 European Central Bank" in band.note.replace(
        ",", ""
    )
    (line,) = prices.priced_lines([("fin", 1, None)], TODAY)
    assert line.unit == Money(Decimal(100), Decimal(150), Decimal(200))
    assert line.source is not None
    assert "0.150311" in line.source.title


def test_a_price_in_pounds_is_converted_at_the_rate_of_the_day_asked_for(make_part: Any, make_band: Any) -> None:
    make_band(make_part("fin"), "100", "100", currency="GBP")
    now, then = (prices.priced_lines([("fin", 1, None)], day)[0].unit for day in (TODAY, date(2022, 9, 28)))
    # 1 GBP was 1.34 USD on 2026-10-30 and 1.06 USD on 2022-09-28 by the bank's rates.
    assert now == Money(Decimal("133.99"), Decimal("133.99"), Decimal("133.99"))
    assert then is not None
    assert Decimal(105) < then.mid < Decimal(107)


def test_bands_are_read_once_until_the_catalog_changes(
    make_part: Any, make_band: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    band = make_band(make_part("fin"), "20", "30")
    prices.band_lines(["fin"])
    with django_assert_num_queries(1):
        prices.band_lines(["fin"])
    PriceBand.objects.filter(pk=band.pk).update(high=Decimal(40))
    CatalogRevision.objects.bump()
    assert prices.band_lines(["fin"])["fin"].high == Decimal(40)


def _order(agent: str = "", freight_usd: Decimal | None = None, day: date = TODAY) -> Order:
    lines = prices.priced_lines([("v100-sxm2-16gb", 4, Decimal("77.50"))], TODAY)
    return prices.order_of(
        lines, Destination("US", "OR"), entry_date=day, rates_of=TODAY, agent=agent, freight_usd=freight_usd
    )


def test_four_v100_through_an_agent_come_to_the_hand_worked_sum() -> None:
    # 310 + 1.50 (10 CNY) + 6 % 18.60 + 80 + 77.50 + 2.77 + 4 % of 410.10 = 16.40
    cost = prices.landed(_order("cssbuy", Decimal(80)))
    assert cost.total.mid == Decimal("506.77")


def test_the_other_day_is_the_last_before_the_duty_changed() -> None:
    order = _order(freight_usd=Decimal(80))
    cost = prices.landed(order)
    other = prices.other_day(order, cost, None)
    assert other is not None
    assert (other.entry_date, other.chosen) == (date(2026, 11, 9), False)
    assert (other.difference, other.is_less) == (Decimal("77.50"), True)


def test_a_chosen_other_day_is_taken() -> None:
    order = _order(freight_usd=Decimal(80))
    other = prices.other_day(order, prices.landed(order), date(2026, 11, 20))
    assert other is not None
    assert (other.chosen, other.difference) == (True, Decimal(0))


def test_there_is_no_other_day_where_the_duty_never_changed() -> None:
    lines = prices.priced_lines([("v100-sxm2-16gb", 4, Decimal("77.50"))], TODAY)
    order = prices.order_of(lines, Destination("DE"), entry_date=TODAY, rates_of=TODAY)
    assert prices.other_day(order, prices.landed(order), None) is None


def test_an_unknown_agent_is_refused_by_name() -> None:
    with pytest.raises(UnknownSlug, match="unknown agent 'superbye'; did you mean superbuy"):
        prices.agent_named("superbye")


def test_pandabuy_is_refused_with_the_reason() -> None:
    with pytest.raises(prices.RefusedAgent, match=r"PandaBuy cannot be chosen\. Police raided"):
        prices.agent_named("pandabuy")


def test_agents_are_offered_with_their_fees() -> None:
    assert prices.agent_choices() == [
        ("basetao", "Basetao (fee 5 %)"),
        ("cssbuy", "CSSBuy (fee 6 %)"),
        ("superbuy", "Superbuy (fee 0 %)"),
    ]


def test_every_country_is_offered_by_name_and_regions_by_country() -> None:
    names = prices.country_names()
    assert len(names) == 31
    assert (names["US"], names["DE"], names["GB"]) == ("United States", "Germany", "United Kingdom")
    assert prices.region_names("CA")["ON"] == "Ontario"
    assert prices.region_names("DE") == {}
