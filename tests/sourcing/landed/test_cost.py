"""Landed cost against cases worked by hand (cases/*.yaml), and what must hold for every order."""

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sourcing import measures
from sourcing.landed.cost import Order, landed_cost
from sourcing.landed.money import exactly
from sourcing.landed.tariffs import Tariff
from sourcing.landed.types import Destination, LandedCost, Money
from tests.sourcing.landed import orders
from tests.sourcing.landed.orders import money

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
RULES = measures.measures()


def _case(name: str) -> dict[str, Any]:
    case: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / f"{name}.yaml").read_text())
    return case


def _cost(order: Order) -> LandedCost:
    return landed_cost(order, RULES)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_order_costs_what_was_worked_out_by_hand(path: Path) -> None:
    case = _case(path.stem)
    cost = _cost(orders.order(case))
    assert [(row.key, row.amount) for row in cost.rows] == [(r["key"], money(r["amount"])) for r in case["rows"]]
    assert cost.total == money(case["total"])
    assert sorted(cost.unknown) == sorted(case["unknown"])
    if "parts_each" in case:
        assert [part.unit for part in cost.parts] == [money(each) for each in case["parts_each"]]
    warnings = " ".join(cost.warnings)
    assert [words for words in case["warnings_with"] if words not in warnings] == []
    assert [words for words in case["warnings_without"] if words in warnings] == []


def test_a_formula_holds_the_numbers_of_this_order() -> None:
    cost = _cost(orders.order(_case("v100_china_after_exclusion_end")))
    assert cost.row["goods"].formula == "4 × 77.50 = 310.00"
    assert cost.row["duty"].formula == "V100 310.00 × 25 % = 77.50"
    assert cost.row["international_freight"].formula == "your quote for the whole order"
    assert cost.row["duty"].source is not None
    assert cost.row["duty"].source.title.startswith("Harmonized Tariff Schedule")


def test_the_measures_of_a_line_say_which_rule_took_which_away() -> None:
    (line,) = _cost(orders.order(_case("v100_china_before_exclusion_end"))).duty_lines
    assert {measure.id: (measure.rate, measure.lifts) for measure in line.measures} == {
        "mfn-8473.30": (Decimal(0), ()),
        "s301-excl-47-48": (Decimal(0), ("s301-list3",)),
        "s301-forced-labor-exempt": (Decimal(0), ("s301-forced-labor-cn",)),
    }


def test_customs_value_follows_the_country() -> None:
    values = {name: _cost(orders.order(_case(name))).customs_value for name in ("germany", "ontario", "oregon")}
    # Freight of 100 belongs to it in the Union, not in Canada and not in the United States.
    assert {name: value.mid for name, value in values.items() if value} == {
        "germany": Decimal("410.00"),
        "ontario": Decimal("310.00"),
        "oregon": Decimal("310.00"),
    }


def _parts(country: str) -> dict[str, Money | None]:
    order = orders.order(_case("lines_at_home_and_without_price"))
    cost = _cost(replace(order, lines=order.lines[:2], destination=Destination(country)))
    return {part.name: part.total for part in cost.parts}


def test_tax_at_the_border_is_shared_by_what_crosses_it() -> None:
    # 19 % of 310 + 100 is 77.90, none of it on the supply bought at home.
    assert _parts("DE") == {"V100": exactly(Decimal("487.90")), "Power supply": exactly(Decimal(120))}


def test_the_surcharge_for_paying_the_agent_is_on_what_the_agent_is_paid() -> None:
    order = orders.order(_case("all_figures_of_ones_own"))
    at_home = replace(order.lines[0], imported=False, unit=exactly(Decimal(1000)))
    cost = _cost(replace(order, lines=(*order.lines, at_home)))
    assert cost.row["payment_fee"].amount == exactly(Decimal("8.91"))


def test_the_oldest_text_that_decides_is_named() -> None:
    warnings = _cost(orders.order(_case("cables_above_15_percent_copper"))).warnings
    assert any("rests on is of 2026-04-23" in warning for warning in warnings)
    assert any("Proclamation 11032" in warning for warning in warnings)


def test_an_empty_order_costs_nothing() -> None:
    cost = _cost(replace(orders.order(_case("germany")), lines=()))
    assert cost.total == Money(Decimal(0), Decimal(0), Decimal(0))
    assert cost.unknown == ()


@given(orders.orders)
def test_the_total_is_the_sum_of_the_known_rows(order: Order) -> None:
    cost = _cost(order)
    known = [row.amount for row in cost.rows if row.amount is not None]
    for bound in ("low", "mid", "high"):
        assert getattr(cost.total, bound) == sum(getattr(amount, bound) for amount in known)


@given(orders.orders)
def test_the_parts_add_up_to_the_total_where_every_line_has_a_price(order: Order) -> None:
    ten = Money(Decimal(10), Decimal(10), Decimal(10))
    order = replace(order, lines=tuple(replace(line, unit=line.unit or ten) for line in order.lines))
    cost = _cost(order)
    for bound in ("low", "mid", "high"):
        whole = sum(getattr(part.total, bound) for part in cost.parts)
        assert whole == (getattr(cost.total, bound) if order.lines else 0)


@given(orders.orders)
def test_what_has_no_figure_is_named(order: Order) -> None:
    cost = _cost(order)
    named = set(cost.unknown)
    assert {row.label for row in cost.rows if row.amount is None} <= named
    assert {line.name for line in order.lines if line.unit is None} <= named
    assert cost.at_least == bool(named)


@given(orders.orders)
def test_ranges_are_in_order_and_money_is_decimal(order: Order) -> None:
    cost = _cost(order)
    parts = [amount for part in cost.parts for amount in (part.total, part.unit) if amount is not None]
    for amount in (cost.total, *parts, *(row.amount for row in cost.rows if row.amount is not None)):
        assert 0 <= amount.low <= amount.mid <= amount.high
    assert "float" not in _types(cost)


@given(orders.orders, st.data())
def test_one_more_piece_never_costs_less(order: Order, data: st.DataObject) -> None:
    if not order.lines:
        return
    index = data.draw(st.integers(0, len(order.lines) - 1))
    more = [*order.lines]
    more[index] = replace(more[index], quantity=more[index].quantity + 1)
    _never_less(order, replace(order, lines=tuple(more)))


@given(orders.orders, st.integers(1, 20_000), st.integers(0, 20_000))
def test_heavier_pieces_never_cost_less(order: Order, grams: int, more: int) -> None:
    light, heavy = (
        replace(order, lines=tuple(replace(line, weight_kg=Decimal(weight) / 1000) for line in order.lines))
        for weight in (grams, grams + more)
    )
    _never_less(light, heavy)


@given(orders.orders, st.decimals(Decimal(0), Decimal("0.5"), places=3))
def test_a_higher_rate_never_costs_less(order: Order, extra: Decimal) -> None:
    raised = replace(
        RULES,
        duties=Tariff(tuple(m if m.rate is None else replace(m, rate=m.rate + extra) for m in RULES.duties)),
        taxes=tuple(replace(tax, rate=tax.rate + extra) for tax in RULES.taxes),
    )
    before, after = _cost(order).total, landed_cost(order, raised).total
    assert (before.low, before.mid, before.high) <= (after.low, after.mid, after.high)
    assert before.mid <= after.mid
    assert before.high <= after.high


def _never_less(order: Order, more: Order) -> None:
    """More of something costs at least as much, except where it takes an order out of what small ones pay: then a
    duty that is not on record takes the place of none."""
    before, after = _cost(order), _cost(more)
    if len(after.unknown) > len(before.unknown):
        return
    assert before.total.low <= after.total.low
    assert before.total.mid <= after.total.mid
    assert before.total.high <= after.total.high


def _types(value: object) -> set[str]:
    """The names of all types in a value and in what it holds."""
    found = {type(value).__name__}
    if is_dataclass(value):
        return found.union(*(_types(getattr(value, field.name)) for field in fields(value)))
    if isinstance(value, tuple):
        return found.union(*(_types(one) for one in value))
    return found
