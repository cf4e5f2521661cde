"""International freight as one flat sum. Pure: no Django, no clock, no I/O. Money is Decimal, US dollars."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.provenance import Source
from sourcing.landed.money import times, written
from sourcing.landed.types import CostRow, Money, PricedLine

KEY = "international_freight"
LABEL = "International freight"


@dataclass(frozen=True, slots=True)
class FlatFreight:
    """A range one shipment is said to cost, whatever it weighs."""

    amount: Money
    note: str
    source: Source


def international_freight(lines: Sequence[PricedLine], own: Money | None, flat: FlatFreight) -> CostRow | None:
    """The freight row: the person's own figure where there is one, else the flat range; None where nothing is shipped.

    Weight does not enter. The order is taken as one shipment.
    """
    if not any(line.imported for line in lines):
        return None
    if own is not None:
        return CostRow(KEY, LABEL, times(own, 1), "your figure", None, "Flat, as you gave it; weight not used.")
    amount = times(flat.amount, 1)
    formula = f"{written(amount.low)} to {written(amount.high)} for one shipment"
    return CostRow(KEY, LABEL, amount, formula, flat.source, f"Flat; weight not used. {flat.note}".strip())
