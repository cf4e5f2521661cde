"""What an order and its landed cost are made of. Pure: no Django, no clock, no I/O. Money is Decimal, in US dollars."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from catalog.provenance import Source

CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Money:
    """A range of money. All three are equal where the amount is exact."""

    low: Decimal
    mid: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Kilograms:
    """A range of weight. All three are equal where it was weighed."""

    low: Decimal
    mid: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Parcel:
    """One piece as it is packed: weight in kg, box in cubic centimetres (None = not known)."""

    weight_kg: Kilograms
    volume_cm3: Decimal | None
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line to buy.

    ``unit`` is the price of one piece, not rounded where it was converted; None = nobody has told us a price.
    ``hts``, ``origin`` and ``weight_kg`` None = not known. ``weight_kg`` is somebody's own figure for one packed piece
    and stands before the record's. ``metal_percent`` is the share of copper (or aluminium) in the weight, which
    decides some duties; None = not known.
    """

    part: str
    name: str
    quantity: int
    unit: Money | None
    basis: str  # band, quote, offer, none
    as_of: date | None
    hts: str | None  # up to ten digits with dots, for duty
    origin: str | None  # ISO country of manufacture, not of dispatch
    weight_kg: Decimal | None
    source: Source | None
    imported: bool  # False for lines bought at home (a PSU, a frame): no freight, no duty
    metal_percent: Decimal | None = None
    conversion: str = ""  # how the price became dollars, in words; empty where it was in dollars
    currency: str = CURRENCY  # what the price was in


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the order goes: ISO country, and state or province where taxes differ by it (empty = not told)."""

    country: str
    region: str = ""


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
class LineMeasure:
    """One rule as it bears on one line. ``rate`` is a fraction; ``lifts`` names the rules it takes away."""

    id: str
    program: str
    heading: str
    rate: Decimal
    amount: Money
    valid_from: date | None
    valid_to: date | None
    lifts: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class DutyLine:
    """The duty of one imported line. ``amount`` None = not known, and ``unknown`` says why."""

    part: str
    name: str
    hts: str | None
    origin: str | None
    customs_value: Money | None
    amount: Money | None
    measures: tuple[LineMeasure, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartCost:
    """What one line comes to at the door, its share of the common rows included. None = it has no price."""

    part: str
    name: str
    quantity: int
    total: Money | None
    unit: Money | None


@dataclass(frozen=True)
class LandedCost:
    """The breakdown of one order. ``total`` is the sum of the rows that have an amount."""

    currency: str
    rows: tuple[CostRow, ...]
    total: Money
    unknown: tuple[str, ...]  # labels of rows and lines without an amount, and of what a row leaves out
    warnings: tuple[str, ...]
    customs_value: Money | None = None  # None where nothing is imported or nothing has a price
    entry: str = ""  # formal, informal, de minimis; empty where the country knows no such thing
    value_note: str = ""  # what the country takes as customs value
    value_source: Source | None = None
    duty_lines: tuple[DutyLine, ...] = ()
    parts: tuple[PartCost, ...] = field(default=())

    @property
    def at_least(self) -> bool:
        """True where something is missing from the total."""
        return bool(self.unknown)

    @cached_property
    def row(self) -> dict[str, CostRow]:
        """The rows by key."""
        return {row.key: row for row in self.rows}
