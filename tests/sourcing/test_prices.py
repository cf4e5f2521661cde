"""The configurator's door to prices."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import CatalogRevision
from catalog.snapshot import UnknownSlug
from sourcing import prices
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
    # 665.29 / 6.6529 = 100 and 1330.58 / 6.6529 = 200
    make_band(make_part("fin"), "665.29", "1330.58", currency="CNY", market="taobao")
    band = prices.band_lines(["fin"])["fin"]
    assert (band.low, band.high, band.currency) == (Decimal("100.00"), Decimal("200.00"), "USD")
    assert "665.29 to 1330.58 CNY at 6.6529 CNY a dollar (2026-10-30)" in band.note.replace(",", "")
    (line,) = prices.priced_lines([("fin", 1, None)], TODAY)
    assert line.unit == Money(Decimal(100), Decimal(150), Decimal(200))
    assert line.source is not None
    assert "6.6529" in line.source.title


def test_a_currency_without_a_rate_on_record_gives_no_price(make_part: Any, make_band: Any) -> None:
    make_band(make_part("fin"), "20", "30", currency="GBP")
    assert prices.band_lines(["fin"]) == {}
    assert prices.priced_lines([("fin", 1, None)], TODAY)[0].unit is None


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


def test_four_v100_at_the_guides_price_come_to_the_hand_worked_sum() -> None:
    # 4 x 77.50 + 100 freight + 25 % duty 77.50 + 2.77 processing fee
    lines = prices.priced_lines([("v100-sxm2-16gb", 4, None)], TODAY)
    cost = prices.landed(lines, Destination("US"), entry_date=TODAY)
    assert cost.total.mid == Decimal("490.27")


def test_an_own_freight_figure_and_an_agent_are_taken() -> None:
    # 310 + 6 % agent 18.60 + 80 + 77.50 + 2.77
    lines = prices.priced_lines([("v100-sxm2-16gb", 4, Decimal("77.50"))], TODAY)
    cost = prices.landed(lines, Destination("US"), entry_date=TODAY, agent="cssbuy", freight_usd=Decimal("80"))
    assert cost.total == Money(Decimal("488.87"), Decimal("488.87"), Decimal("488.87"))


def test_an_unknown_agent_is_refused_by_name() -> None:
    with pytest.raises(UnknownSlug, match="unknown agent 'pandabuy'"):
        prices.landed((), Destination("US"), entry_date=TODAY, agent="pandabuy")


def test_agents_are_offered_with_their_fees() -> None:
    assert prices.agent_choices() == [
        ("basetao", "Basetao (fee 5 %)"),
        ("cssbuy", "CSSBuy (fee 6 %)"),
        ("superbuy", "Superbuy (fee 0 %)"),
    ]
