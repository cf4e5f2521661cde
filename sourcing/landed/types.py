"""What a landed cost is made of. Pure: no Django, no clock, no I/O. Money is Decimal, in US dollars."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.provenance import Source


@dataclass(frozen=True, slots=True)
class Money:
    """A range of money. All three are equal where the amount is exact."""

    low: Decimal
    mid: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line to buy. ``unit`` None = nobody has told us a price; ``hts`` and ``weight_kg`` None = not known."""

    part: str
    name: str
    quantity: int
    unit: Money | None
    basis: str  # band, quote, none
    as_of: date | None
    hts: str | None  # ten digits with dots, for duty
    origin: str | None  # ISO country of manufacture
    weight_kg: Decimal | None
    source: Source | None
    imported: bool  # False for lines bought at home (a PSU, a frame): no freight, no duty


@dataclass(frozen=True, slots=True)
class Destination:
    country: str  # ISO


@dataclass(frozen=True, slots=True)
class CostRow:
    """One row of the breakdown. ``amount`` None = not known: it is then missing from the total, and said so."""

    key: str  # goods, domestic_freight, agent_fee, international_freight, insurance, duty, mpf, ..., tax
    label: str
    amount: Money | None
    formula: str  # with this order's numbers in it
    source: Source | None
    note: str


@dataclass(frozen=True, slots=True)
class LandedCost:
    currency: str
    rows: tuple[CostRow, ...]
    total: Money  # sum of the known rows
    unknown: tuple[str, ...]  # labels of rows and lines without an amount
    warnings: tuple[str, ...]
