"""Landed cost against cases worked by hand (cases/*.yaml), and what must hold for every order."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sourcing import measures
from sourcing.landed.cost import landed_cost
from sourcing.landed.types import Destination, LandedCost, Money, PricedLine

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def _money(amounts: list[str] | None) -> Money | None:
    return None if amounts is None else Money(*(Decimal(amount) for amount in amounts))


def _line(given: dict[str, Any]) -> PricedLine:
    return PricedLine(
        part=given["part"],
        name=given["name"],
        quantity=given["quantity"],
        unit=_money(given["unit"]),
        basis="band",
        as_of=date(2026, 3, 1),
        hts=given["hts"],
        origin=given["origin"],
        weight_kg=None,
        source=None,
        imported=given.get("imported", True),
    )


def _cost(case: dict[str, Any]) -> LandedCost:
    return landed_cost(
        tuple(_line(line) for line in case["lines"]),
        Destination(case["country"]),
        date.fromisoformat(case["entry_date"]),
        measures.agents()[case["agent"]] if case["agent"] else None,
        _money(case["freight_usd"]),
        measures.measures(),
        case["exclusions_extended"],
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_order_costs_what_was_worked_out_by_hand(path: Path) -> None:
    case = yaml.safe_load(path.read_text())
    cost = _cost(case)
    assert [(row.key, row.amount) for row in cost.rows] == [(r["key"], _money(r["amount"])) for r in case["rows"]]
    assert cost.total == _money(case["total"])
    assert sorted(cost.unknown) == sorted(case["unknown"])
    warnings = " ".join(cost.warnings)
    assert [words for words in case["warnings_with"] if words not in warnings] == []
    assert [words for words in case["warnings_without"] if words in warnings] == []


def test_a_formula_holds_the_numbers_of_this_order() -> None:
    case = yaml.safe_load((Path(__file__).parent / "cases" / "v100_china_after_exclusion_end.yaml").read_text())
    rows = {row.key: row for row in _cost(case).rows}
    assert rows["goods"].formula == "4 × 77.50 = 310.00"
    assert rows["duty"].formula == "V100 310.00 × 25 % = 77.50"
    assert "weight not used" in rows["international_freight"].note
    assert rows["duty"].source is not None
    assert rows["duty"].source.title.startswith("Harmonized Tariff Schedule")


def test_an_empty_order_costs_nothing() -> None:
    cost = landed_cost((), Destination("GB"), date(2026, 11, 23), None, None, measures.measures(), False)
    assert cost.total == Money(Decimal(0), Decimal(0), Decimal(0))
    assert cost.unknown == ()


cent_amounts = st.integers(0, 3_000_000).map(lambda cents: Decimal(cents) / 100)
units = st.none() | st.tuples(cent_amounts, cent_amounts, cent_amounts).map(lambda three: Money(*sorted(three)))
lines = st.builds(
    PricedLine,
    part=st.sampled_from(["v100-sxm2-16gb", "quad-board-taq-sxm2-4p5a5", "cable"]),
    name=st.sampled_from(["V100", "Board", "Cable"]),
    quantity=st.integers(1, 20),
    unit=units,
    basis=st.just("band"),
    as_of=st.none(),
    hts=st.sampled_from([None, "8473.30.1180", "8473.30.5100", "8544.42.9090", "8471.50.0150", "8517.62.0090"]),
    origin=st.sampled_from([None, "CN", "HK", "TW", "MX", "US"]),
    weight_kg=st.none(),
    source=st.none(),
    imported=st.booleans(),
)
orders = st.fixed_dictionaries(
    {
        "lines": st.lists(lines, max_size=4).map(tuple),
        "destination": st.sampled_from(["US", "GB", "DE", "CA", "AU", "JP"]).map(lambda code: Destination(code)),
        "entry_date": st.dates(date(2018, 1, 1), date(2028, 12, 31)),
        "agent": st.none() | st.sampled_from(list(measures.agents().values())),
        "freight_usd": units,
        "measures": st.just(measures.measures()),
        "exclusions_extended": st.booleans(),
    }
)


@given(orders)
def test_the_total_is_the_sum_of_the_known_rows(order: dict[str, Any]) -> None:
    cost = landed_cost(**order)
    known = [row.amount for row in cost.rows if row.amount is not None]
    for bound in ("low", "mid", "high"):
        assert getattr(cost.total, bound) == sum(getattr(amount, bound) for amount in known)


@given(orders)
def test_what_has_no_figure_is_named(order: dict[str, Any]) -> None:
    cost = landed_cost(**order)
    named = set(cost.unknown)
    assert {row.label for row in cost.rows if row.amount is None} <= named
    assert {line.name for line in order["lines"] if line.unit is None} <= named


@given(orders)
def test_ranges_are_in_order_and_money_is_decimal(order: dict[str, Any]) -> None:
    cost = landed_cost(**order)
    for amount in (cost.total, *(row.amount for row in cost.rows if row.amount is not None)):
        assert 0 <= amount.low <= amount.mid <= amount.high
    assert "float" not in _types(cost)


@given(orders, st.data())
def test_one_more_piece_never_costs_less(order: dict[str, Any], data: st.DataObject) -> None:
    if not order["lines"]:
        return
    index = data.draw(st.integers(0, len(order["lines"]) - 1))
    more = [*order["lines"]]
    more[index] = replace(more[index], quantity=more[index].quantity + 1)
    before, after = landed_cost(**order).total, landed_cost(**order | {"lines": tuple(more)}).total
    assert before.low <= after.low
    assert before.mid <= after.mid
    assert before.high <= after.high


@given(orders, st.decimals(Decimal(0), Decimal("0.5"), places=3))
def test_a_higher_rate_never_costs_less(order: dict[str, Any], extra: Decimal) -> None:
    rules = order["measures"]
    raised = replace(
        rules,
        duties=tuple(m if m.rate is None else replace(m, rate=m.rate + extra) for m in rules.duties),
        taxes=tuple(tax if tax.rate is None else replace(tax, rate=tax.rate + extra) for tax in rules.taxes),
    )
    before, after = landed_cost(**order).total, landed_cost(**order | {"measures": raised}).total
    assert before.low <= after.low
    assert before.mid <= after.mid
    assert before.high <= after.high


def _types(value: object) -> set[str]:
    """The names of all types in a value and in what it holds."""
    found = {type(value).__name__}
    if is_dataclass(value):
        return found.union(*(_types(getattr(value, field.name)) for field in fields(value)))
    if isinstance(value, tuple):
        return found.union(*(_types(one) for one in value))
    return found
