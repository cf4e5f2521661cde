"""What an order costs at the buyer's door, row by row. Pure: no Django, no clock, no I/O.

Money is Decimal in US dollars, each row rounded to cents, so that the total is the sum of the rows as shown.
The rows, in order: goods, agent fee, international freight, duty, customs fee, tax. A row that does not concern an
order (no agent, nothing imported, no such fee in the country) is left out; a row that does and has no figure stays,
with ``amount`` None, is named under ``unknown`` and not counted.
"""

from dataclasses import dataclass
from datetime import date

from sourcing.landed.duty import duty, value
from sourcing.landed.fees import Agent, EntryFee, ImportTax, agent_row, entry_fee_row, tax_of, tax_row
from sourcing.landed.freight import FlatFreight, international_freight
from sourcing.landed.money import NOTHING, total, written
from sourcing.landed.tariffs import Measure
from sourcing.landed.types import CostRow, Destination, LandedCost, Money, PricedLine

CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Measures:
    """Every dated rule on record."""

    duties: tuple[Measure, ...]
    entry_fees: tuple[EntryFee, ...]
    taxes: tuple[ImportTax, ...]
    freight: FlatFreight

    @property
    def texts_to(self) -> date:
        """The day of the newest tariff text on record."""
        return max((measure.text_as_of for measure in self.duties), default=date.min)


def landed_cost(
    lines: tuple[PricedLine, ...],
    destination: Destination,
    entry_date: date,
    agent: Agent | None,
    freight_usd: Money | None,
    measures: Measures,
    exclusions_extended: bool,
) -> LandedCost:
    """The breakdown of one order shipped at once.

    Args:
        lines: what is bought; lines without a unit price are named under ``unknown``.
        destination: where it enters; only the United States has full duty rules.
        entry_date: the day it enters customs, which decides duty, fee and tax.
        agent: who buys in China, None for buying directly.
        freight_usd: the person's own freight figure, None for the flat range.
        measures: the dated rules.
        exclusions_extended: take duty exclusions that may have been renewed as renewed.
    """
    imported = [line for line in lines if line.imported]
    imported_goods = _goods(imported)
    rows = [_goods_row(lines)]
    unknown = [line.name for line in lines if line.unit is None]
    warnings: list[str] = []
    freight = duty_amount = None
    duty_is_whole = True
    if imported:
        if agent is not None:
            rows.append(agent_row(agent, imported_goods))
        if (freight_row := international_freight(lines, freight_usd, measures.freight)) is not None:
            rows.append(freight_row)
            freight = freight_row.amount
        duties = duty(lines, destination.country, entry_date, measures.duties, extended=exclusions_extended)
        rows.append(duties.row)
        duty_amount, duty_is_whole = duties.row.amount, not duties.unknown
        unknown += [f"Duty on {name}" for name in duties.unknown]
        warnings += duties.warnings
        if (fee := entry_fee_row(measures.entry_fees, destination.country, entry_date, imported_goods)) is not None:
            rows.append(fee)
        warnings.append("The carrier's own charge for clearing customs is not counted.")
        if entry_date > measures.texts_to:
            warnings.append(
                f"The tariff texts on record end on {measures.texts_to.isoformat()}; later changes are not counted."
            )
    tax = tax_of(measures.taxes, destination, entry_date)
    if imported or (tax is not None and tax.rate is None):
        rows.append(tax_row(tax, destination, imported_goods, freight, duty_amount, duty_is_whole=duty_is_whole))
        if tax is not None and tax.not_included:
            unknown.append(tax.not_included)
    return LandedCost(
        currency=CURRENCY,
        rows=tuple(rows),
        total=total(row.amount for row in rows if row.amount is not None),
        unknown=(*(row.label for row in rows if row.amount is None), *unknown),
        warnings=tuple(warnings),
    )


def _goods(lines: list[PricedLine]) -> Money | None:
    """What the lines with a price cost together; None where none has one."""
    priced = [value(line) for line in lines if line.unit is not None]
    return total(priced) if priced else None


def _goods_row(lines: tuple[PricedLine, ...]) -> CostRow:
    priced = [line for line in lines if line.unit is not None]
    left_out = len(lines) - len(priced)
    amount = _goods(list(lines)) if lines else NOTHING
    terms = " + ".join(f"{line.quantity} × {written(line.unit.mid)}" for line in priced if line.unit is not None)
    formula = f"{terms} = {written(amount.mid)}" if terms and amount is not None else ""
    plural = "line has" if left_out == 1 else "lines have"
    note = f"{left_out} {plural} no price and {'is' if left_out == 1 else 'are'} not counted." if left_out else ""
    return CostRow("goods", "Goods", amount, formula, None, note)
