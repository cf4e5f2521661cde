"""A landed cost as the JSON of the API and the command line. Money is decimal strings."""

from datetime import date
from decimal import Decimal
from typing import Any

from catalog.provenance import Source
from sourcing import measures
from sourcing.landed.agents import AGENT_KEY, DOMESTIC_KEY, INSURANCE_KEY, PAYMENT_KEY
from sourcing.landed.cost import landed_cost
from sourcing.landed.entry import BROKERAGE_KEY, HMF_KEY, MPF_KEY
from sourcing.landed.taxes import TAX_KEY
from sourcing.landed.types import CostRow, DutyLine, LandedCost, Money
from sourcing.orders import read_order

_FIGURES = (
    "goods",
    DOMESTIC_KEY,
    AGENT_KEY,
    "international_freight",
    INSURANCE_KEY,
    "duty",
    MPF_KEY,
    HMF_KEY,
    BROKERAGE_KEY,
    PAYMENT_KEY,
    TAX_KEY,
)


def answer(question: Any, *, as_of: date) -> dict[str, Any]:
    """The answer to one question of the landed-cost schema. Raises InvalidOrder."""
    order = read_order(question, as_of)
    cost = landed_cost(order, measures.measures())
    return {
        "currency": cost.currency,
        **{key: _figure(cost, key) for key in _FIGURES},
        "customs_value": None if cost.customs_value is None else str(cost.customs_value.mid),
        "entry": cost.entry or None,
        "entry_date": order.entry_date.isoformat(),
        "duty_lines": [_duty_line(line) for line in cost.duty_lines],
        "total": str(cost.total.mid),
        "total_range": _range(cost.total),
        "at_least": cost.at_least,
        "unknown": list(cost.unknown),
        "rows": [_row(row) for row in cost.rows],
        "parts": [
            {
                "part": part.part,
                "quantity": part.quantity,
                "landed": _range(part.total),
                "landed_each": _range(part.unit),
            }
            for part in cost.parts
        ],
        "warnings": list(cost.warnings),
        "fx": {
            f"{rate.currency}{cost.currency}": {
                "rate": f"{rate.usd:.8f}",
                "as_of": rate.as_of.isoformat(),
                "source": rate.source.title,
            }
            for rate in order.rates.by_currency.values()
        },
        "as_of": as_of.isoformat(),
    }


def _figure(cost: LandedCost, key: str) -> str | None:
    """A row's amount; nothing to pay where the row does not concern the order, null where it is not known."""
    row = cost.row.get(key)
    if row is None:
        return str(Decimal("0.00"))
    return None if row.amount is None else str(row.amount.mid)


def _range(money: Money | None) -> dict[str, str] | None:
    return None if money is None else {bound: str(getattr(money, bound)) for bound in ("low", "mid", "high")}


def _row(row: CostRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "amount": None if row.amount is None else str(row.amount.mid),
        "range": _range(row.amount),
        "formula": row.formula,
        "note": row.note,
        "source": _source(row.source),
    }


def _source(source: Source | None) -> dict[str, str] | None:
    if source is None:
        return None
    return {
        "title": source.title,
        "href": source.href,
        "checked_on": source.checked_on.isoformat(),
        "confidence": str(source.confidence),
    }


def _duty_line(line: DutyLine) -> dict[str, Any]:
    return {
        "part": line.part,
        "hts": line.hts,
        "origin": line.origin,
        "customs_value": None if line.customs_value is None else str(line.customs_value.mid),
        "amount": None if line.amount is None else str(line.amount.mid),
        "range": _range(line.amount),
        "measures": [
            {
                "id": one.id,
                "program": one.program,
                "heading": one.heading,
                "rate_pct": f"{(one.rate * 100).normalize():f}",
                "amount": str(one.amount.mid),
                "valid_from": one.valid_from.isoformat() if one.valid_from else None,
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
                "lifts": list(one.lifts),
            }
            for one in line.measures
        ],
        "unknown": list(line.unknown),
    }
