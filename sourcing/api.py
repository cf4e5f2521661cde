"""JSON: the landed cost of an order, the same as page and command line."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from catalog.field_errors import InvalidFields, refusal
from catalog.json_questions import ErrorAnswer, body_of
from sourcing.landed_answers import answer

router = Router(tags=["landed cost"])


class AmountRange(Schema):
    """Money as decimal strings."""

    low: str
    mid: str
    high: str


class SourceOut(Schema):
    title: str
    href: str
    checked_on: str
    confidence: str


class CostRowOut(Schema):
    """``amount`` null: not known, and not counted in the total."""

    key: str
    label: str
    amount: str | None
    range: AmountRange | None
    formula: str
    note: str
    source: SourceOut | None


class MeasureOut(Schema):
    id: str
    program: str
    heading: str
    rate_pct: str
    amount: str
    valid_from: str | None
    valid_to: str | None
    lifts: list[str]


class DutyLineOut(Schema):
    part: str
    hts: str | None
    origin: str | None
    customs_value: str | None
    amount: str | None
    range: AmountRange | None
    measures: list[MeasureOut]
    unknown: list[str]


class PartOut(Schema):
    part: str
    quantity: int
    landed: AmountRange | None
    landed_each: AmountRange | None


class RateOut(Schema):
    rate: str
    as_of: str
    source: str


class LandedCostAnswer(Schema):
    """Rows that do not concern the order are "0.00"; null is what nobody has told us."""

    currency: str
    goods: str | None
    domestic_freight: str | None
    agent_fee: str | None
    international_freight: str | None
    insurance: str | None
    duty: str | None
    mpf: str | None
    hmf: str | None
    brokerage: str | None
    payment_fee: str | None
    tax: str | None
    customs_value: str | None
    entry: str | None
    entry_date: str
    duty_lines: list[DutyLineOut]
    total: str
    total_range: AmountRange
    at_least: bool
    unknown: list[str]
    rows: list[CostRowOut]
    parts: list[PartOut]
    warnings: list[str]
    fx: dict[str, RateOut]
    as_of: str


_DECIMAL: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "number"}]}
_LINE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "part": {"type": "string", "description": "A slug of the catalog; anything else needs hts as well."},
        "quantity": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1},
        "unit_price": {**_DECIMAL, "description": "Price of one; left out: the published range of the part."},
        "currency": {"type": "string", "default": "USD"},
        "origin": {"type": "string", "description": "ISO country where it was made; left out: as on record."},
        "hts": {"type": "string", "description": "Tariff code, six to ten digits; left out: as on record."},
        "weight_kg": {**_DECIMAL, "description": "Of one, packed; left out: the range on record."},
        "metal_percent": {**_DECIMAL, "description": "Share of copper in the weight of a cable."},
        "imported": {"type": "boolean", "default": True},
    },
}
QUESTION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["lines", "destination"],
    "properties": {
        "lines": {"type": "array", "items": _LINE, "minItems": 1, "maxItems": 50},
        "destination": {
            "type": "object",
            "additionalProperties": False,
            "required": ["country"],
            "properties": {
                "country": {"type": "string", "description": "US, CA, GB, AU or a member of the European Union."},
                "region": {"type": ["string", "null"], "description": "State or province, where taxes differ by it."},
            },
        },
        "entry_date": {"type": "string", "format": "date", "description": "Day of entry into customs; else today."},
        "agent": {"type": ["string", "null"]},
        "freight": {
            "type": ["object", "null"],
            "additionalProperties": False,
            "properties": {
                "mode": {"type": "string", "enum": ["express", "air", "sea"], "default": "express"},
                "price": {**_DECIMAL, "description": "A quote for the whole order."},
                "currency": {"type": "string", "default": "USD"},
                "divisor": {**_DECIMAL, "description": "Cubic centimetres a kilogram of volumetric weight."},
            },
        },
        "fx": {"type": "object", "description": 'Your own exchange rates, such as {"CNYUSD": "0.1503"}.'},
        "exclusions_extended": {"type": "boolean", "default": False},
        "entry": {"type": ["string", "null"], "enum": ["formal", "informal", None]},
        "insured": {"type": "boolean", "default": False},
        "own": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "domestic_freight_usd": _DECIMAL,
                "insurance_usd": _DECIMAL,
                "brokerage_usd": _DECIMAL,
                "payment_percent": _DECIMAL,
            },
        },
    },
    "example": {
        "lines": [{"part": "v100-sxm2-16gb", "quantity": 4, "unit_price": "85.00", "currency": "USD", "origin": "CN"}],
        "destination": {"country": "US", "region": "OR"},
        "entry_date": "2026-11-25",
    },
}


@router.post(
    "/landed-cost",
    response={200: LandedCostAnswer, 422: ErrorAnswer},
    summary="What an order costs at the door, row by row, on the day it enters",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": QUESTION_SCHEMA}}}},
)
def landed_cost(request: HttpRequest) -> Status[dict[str, Any]]:
    """Reads the body itself, so that every field is checked as page and command line check it."""
    try:
        return Status(200, answer(body_of(request, Decimal), as_of=timezone.localdate()))
    except InvalidFields as refused:
        return Status(422, refusal(refused))
