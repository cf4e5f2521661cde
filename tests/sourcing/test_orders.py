"""A landed-cost question, from anywhere, as an order: what it means, and what is said of mistakes."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.field_errors import InvalidFields
from sourcing.landed.types import Money
from sourcing.landed_answers import answer
from sourcing.orders import read_order

TODAY = date(2026, 11, 25)
V100 = {"part": "v100-sxm2-16gb", "quantity": 4, "unit_price": "77.50", "currency": "USD", "origin": "CN"}
QUESTION: dict[str, Any] = {
    "lines": [V100],
    "destination": {"country": "US", "region": "OR"},
    "entry_date": "2026-11-15",
    "freight": {"mode": "air", "price": "100"},
}
pytestmark = pytest.mark.django_db


def ask(**changes: Any) -> dict[str, Any]:
    return answer({**QUESTION, **changes}, as_of=TODAY)


def refused(**changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidFields) as raised:
        read_order({**QUESTION, **changes}, TODAY)
    return {error.field: error.message for error in raised.value.errors}


def test_four_v100_after_the_exclusion_ended() -> None:
    # 310 + 100 + 25 % 77.50 + 2.77
    found = ask()
    assert (found["goods"], found["duty"], found["mpf"], found["tax"]) == ("310.00", "77.50", "2.77", "0.00")
    assert (found["total"], found["customs_value"], found["entry"]) == ("490.27", "310.00", "informal")
    assert (found["brokerage"], found["at_least"]) == (None, True)
    assert (found["agent_fee"], found["hmf"], found["insurance"]) == ("0.00", "0.00", "0.00")


def test_the_rows_add_up_to_the_total() -> None:
    found = ask(agent="cssbuy", insured=True)
    known = [Decimal(row["amount"]) for row in found["rows"] if row["amount"] is not None]
    assert sum(known) == Decimal(found["total"])
    assert Decimal(found["total_range"]["low"]) <= Decimal(found["total"]) <= Decimal(found["total_range"]["high"])


def test_the_measures_of_each_line_stand_with_rate_amount_and_days() -> None:
    (line,) = ask()["duty_lines"]
    list3 = next(measure for measure in line["measures"] if measure["id"] == "s301-list3")
    assert (list3["rate_pct"], list3["amount"]) == ("25", "77.50")
    assert (list3["valid_from"], list3["valid_to"]) == ("2019-05-10", None)
    assert sum(Decimal(measure["amount"]) for measure in line["measures"]) == Decimal(line["amount"])


def test_a_price_in_yuan_is_converted_as_a_whole_and_not_piece_by_piece() -> None:
    # 4 × 560 × 0.150311 = 336.6966..., where four rounded pieces would be 336.68.
    found = ask(lines=[{**V100, "unit_price": "560", "currency": "CNY"}], fx={"CNYUSD": "0.150311"})
    assert found["goods"] == "336.70"
    assert found["fx"]["CNYUSD"]["rate"] == "0.15031100"


def test_the_inverse_pair_is_understood() -> None:
    assert ask(lines=[{**V100, "unit_price": 100, "currency": "CNY"}], fx={"USDCNY": 8})["goods"] == "50.00"


def test_rates_older_than_five_days_are_remarked_on() -> None:
    found = ask(lines=[{**V100, "currency": "CNY"}], entry_date="2026-11-25")
    assert "The exchange rate of CNY is 26 days old (2026-10-30)." in found["warnings"]
    assert not any("exchange rate" in warning for warning in ask()["warnings"])


def test_without_a_price_the_published_range_of_the_part_counts() -> None:
    order = read_order({**QUESTION, "lines": [{"part": "v100-sxm2-16gb", "quantity": 4}]}, TODAY)
    (line,) = order.lines
    assert line.unit == Money(Decimal("56.00"), Decimal("77.50"), Decimal("99.00"))
    assert (line.hts, line.origin, line.imported) == ("8473.30.1180", "CN", True)


def test_origin_and_tariff_code_are_the_persons_to_change() -> None:
    assert ask(lines=[{**V100, "origin": "tw"}])["duty"] == "0.00"
    assert ask(lines=[{**V100, "hts": "8544429090", "metal_percent": 10}])["duty"] == "124.31"  # 40.1 %


def test_something_that_is_not_in_the_catalog_needs_its_tariff_code() -> None:
    found = ask(lines=[{**V100, "part": "mystery-board", "hts": "8473.30.5100"}])
    assert found["duty_lines"][0]["part"] == "mystery-board"
    assert "tariff code (hts)" in refused(lines=[{**V100, "part": "mystery-board"}])["lines[0].part"]


def test_the_state_may_be_named_in_full_and_uk_is_understood() -> None:
    assert ask(destination={"country": "us", "region": "oregon"})["tax"] == "0.00"
    assert ask(destination={"country": "UK"})["tax"] == "82.00"


def test_a_region_where_taxes_have_none_is_said_not_to_count() -> None:
    found = ask(destination={"country": "DE", "region": "Bavaria"})
    assert "Taxes of Germany do not differ by region: 'Bavaria' is not used." in found["warnings"]


def test_the_limit_of_a_small_consignment_survives_the_way_through_dollars() -> None:
    # 135 pounds are 180.89 dollars, of which 135.004 pounds would be made again.
    cable = {"part": "sff-8654-8i-cable-75cm", "unit_price": 135, "currency": "GBP"}
    assert ask(lines=[cable], destination={"country": "GB"})["duty"] == "0.00"
    above = {**cable, "unit_price": "135.01"}
    assert ask(lines=[above], destination={"country": "GB"})["duty"] is None


def test_own_figures_count_without_an_agent_too() -> None:
    found = ask(own={"domestic_freight_usd": 50, "payment_percent": 5})
    # 5 % of 310 + 50 + 100
    assert (found["domestic_freight"], found["payment_fee"]) == ("50.00", "23.00")


def test_the_rates_of_the_day_of_entry_count_for_bands_as_for_own_prices() -> None:
    order = read_order({**QUESTION, "entry_date": "2025-06-02", "lines": [{"part": "single-adapter-sxm2-pcie"}]}, TODAY)
    assert order.rates.by_currency["CNY"].as_of == date(2025, 6, 2)
    assert "(2025-06-02, European Central Bank" in order.lines[0].conversion
    assert order.remarks == ()


def test_a_freight_quote_in_foreign_money_says_its_rate() -> None:
    found = ask(freight={"price": "600", "currency": "CNY"}, fx={"CNYUSD": "0.15"})
    row = next(row for row in found["rows"] if row["key"] == "international_freight")
    assert (row["amount"], row["note"]) == ("90.00", "600 CNY; 1 CNY = 0.150000 USD (2026-11-25, Your own rate).")


def test_no_date_is_today() -> None:
    assert ask(entry_date=None)["entry_date"] == "2026-11-25"


def test_formal_entry_is_paid_where_it_is_asked_for() -> None:
    assert ask(entry="formal")["mpf"] == "34.58"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"lines": [{**V100, "hts": "9999.99.99"}]}, "lines[0].hts", "is not on record; known are 7419.80"),
        ({"lines": [{**V100, "hts": "12"}]}, "lines[0].hts", "give six to ten digits"),
        ({"lines": [{**V100, "origin": "CHINA"}]}, "lines[0].origin", "give a code of two letters"),
        ({"lines": [{**V100, "currency": "TWD"}]}, "lines[0].currency", "known are USD, AUD"),
        ({"lines": [{**V100, "quantity": 0}]}, "lines[0].quantity", "give a whole number from 1 to 10,000"),
        ({"lines": [{**V100, "quantity": 1.5}]}, "lines[0].quantity", "is not a count"),
        ({"lines": [{**V100, "unit_price": "-1"}]}, "lines[0].unit_price", "is out of range"),
        ({"lines": [{**V100, "unit_price": "1e999999"}]}, "lines[0].unit_price", "is out of range"),
        ({"lines": [{**V100, "unit_price": float("nan")}]}, "lines[0].unit_price", "is not a number"),
        ({"lines": [{**V100, "unit_price": "1_000"}]}, "lines[0].unit_price", "is not a number"),
        ({"lines": [{**V100, "unit_price": "１２"}]}, "lines[0].unit_price", "is not a number"),
        ({"lines": [{**V100, "unit_price": True}]}, "lines[0].unit_price", "is not a number"),
        ({"lines": [{**V100, "price": 1}]}, "lines[0].price", "is not a key; keys are part"),
        ({"lines": [{**V100, "part": "v100-sxm2-16g"}]}, "lines[0].part", "did you mean v100-sxm2-16gb"),
        ({"lines": [{**V100, "weight_kg": 0}]}, "lines[0].weight_kg", "from 0.001 to 5,000 kg"),
        ({"lines": []}, "lines", "give a list of at least one line"),
        ({"lines": [V100] * 51}, "lines", "give at most 50"),
        ({"lines": ["v100"]}, "lines[0]", "give an object with part"),
        ({"destination": {"country": "ZZ"}}, "destination.country", "known are AU, CA"),
        (
            {"destination": {"country": "US", "region": "ON"}},
            "destination.region",
            "is not of United States; known are",
        ),
        ({"destination": None}, "destination", "is missing; give an object with country, one of AU, CA"),
        ({"entry_date": "2026-13-15"}, "entry_date", "give one such as 2026-11-23"),
        ({"entry_date": "1066-10-14"}, "entry_date", "out of range"),
        ({"entry_date": 20261115}, "entry_date", "is not a date"),
        ({"agent": "pandabuy"}, "agent", "PandaBuy cannot be chosen"),
        ({"agent": "superbye"}, "agent", "did you mean superbuy"),
        ({"freight": {"mode": "drone"}}, "freight.mode", "give one of express, air, sea"),
        ({"freight": {"price": "x"}}, "freight.price", "is not a number"),
        ({"freight": {"divisor": 5}}, "freight.divisor", "from 1,000 to 20,000"),
        ({"freight": {"price": 1, "currency": "XAU"}}, "freight.currency", "known are USD"),
        ({"fx": {"CNYUSD": 6.65}}, "fx.CNYUSD", "cannot be right; CNYUSD is how many dollars one CNY buys"),
        ({"fx": {"CNYEUR": 0.13}}, "fx.CNYEUR", "give one with the dollar"),
        ({"fx": {"CNYUSD": 0}}, "fx.CNYUSD", "out of range"),
        ({"fx": [1]}, "fx", "give exchange rates as an object"),
        ({"entry": "secret"}, "entry", "give one of formal, informal"),
        ({"exclusions_extended": "maybe"}, "exclusions_extended", "give true or false"),
        ({"own": {"payment_percent": 90}}, "own.payment_percent", "from 0 to 50 %"),
        ({"colour": "red"}, "colour", "is not a key; keys are lines, destination"),
    ],
)
def test_a_mistake_is_named_by_field_with_what_is_allowed(changes: dict[str, Any], field: str, says: str) -> None:
    errors = refused(**changes)
    assert list(errors) == [field]
    assert says in errors[field]


def test_an_informal_entry_above_its_limit_is_refused() -> None:
    error = refused(lines=[{**V100, "unit_price": "625.01"}], entry="informal")["entry"]
    assert "up to 2,500.00 USD, and these are 2,500.04" in error
    assert ask(lines=[{**V100, "unit_price": "625"}], entry="informal")["mpf"] == "2.77"


def test_every_mistake_is_reported_at_once() -> None:
    assert set(refused(agent="pandabuy", entry_date="soon", lines=[{**V100, "origin": "?"}])) == {
        "agent",
        "entry_date",
        "lines[0].origin",
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
spoiled = st.fixed_dictionaries(
    {},
    optional={
        "lines": json_values
        | st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(V100, json_values)), max_size=3),
        "destination": json_values,
        "entry_date": json_values,
        "agent": json_values,
        "freight": json_values,
        "fx": json_values,
        "own": json_values,
        "entry": json_values,
    },
)


@given(spoiled)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_whatever_is_asked_is_answered_or_refused_in_json(changes: dict[str, Any]) -> None:
    try:
        found = answer({**QUESTION, **changes}, as_of=TODAY)
    except InvalidFields as refusal:
        json.dumps([[error.field, error.message] for error in refusal.errors])
        return
    json.dumps(found, allow_nan=False)
    assert Decimal(found["total"]) >= 0
