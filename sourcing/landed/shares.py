"""What each line comes to at the door: its price, its duty, and its share of what the order pays in common.

Pure: no Django, no clock, no I/O. Shares add up to the rows to the cent: freight goes by weight, everything else by
price. A line without a price has no share, for nobody knows it.
"""

from collections.abc import Sequence
from decimal import Decimal

from sourcing.landed.money import cents, each, shared, times
from sourcing.landed.taxes import TAX_KEY
from sourcing.landed.types import CostRow, DutyLine, Money, PartCost, PricedLine


def part_costs(
    lines: Sequence[PricedLine],
    rows: Sequence[CostRow],
    duty_lines: Sequence[DutyLine],
    freight_weights: Sequence[Decimal],
    *,
    tax_on_all: bool,
) -> tuple[PartCost, ...]:
    """The landed cost of each line. The lines' totals add up to the order's, where every line has a price.

    Args:
        lines: the order's lines.
        rows: the order's rows.
        duty_lines: the duty of each imported line, in the order of the lines.
        freight_weights: kilograms each line's share of the freight goes by.
        tax_on_all: the tax is on lines bought at home too; else they have no share in it.
    """
    priced = [index for index, line in enumerate(lines) if line.unit is not None]
    duties = iter(duty_lines)
    duty_of = [next(duties).amount if line.imported and duty_lines else None for line in lines]
    sums = [[Decimal(0)] * 3 for _ in lines]
    values = [times(line.unit, line.quantity) if line.unit is not None else None for line in lines]
    for row in rows:
        if row.amount is None:
            continue
        if row.key == "goods":
            shares = values
        elif row.key == "duty":
            shares = duty_of
        else:
            shares = _shares(row, row.amount, lines, priced, values, freight_weights, tax_on_all=tax_on_all)
        for index, share in enumerate(shares):
            if share is not None:
                for place, amount in enumerate((share.low, share.mid, share.high)):
                    sums[index][place] += amount
    return tuple(_part_cost(line, Money(*sums[index])) for index, line in enumerate(lines))


def _part_cost(line: PricedLine, whole: Money) -> PartCost:
    if line.unit is None:
        return PartCost(line.part, line.name, line.quantity, None, None)
    piece = each(lambda amount: cents(amount / line.quantity), whole)
    return PartCost(line.part, line.name, line.quantity, whole, piece)


def _shares(
    row: CostRow,
    amount: Money,
    lines: Sequence[PricedLine],
    priced: Sequence[int],
    values: Sequence[Money | None],
    freight_weights: Sequence[Decimal],
    *,
    tax_on_all: bool,
) -> list[Money | None]:
    """The share of each line in one common row; None for lines that have none."""
    sharing = [index for index in priced if lines[index].imported or (tax_on_all and row.key == TAX_KEY)]
    # One set of weights for all three ends, so that no line's range turns round.
    weights = [
        freight_weights[index] if row.key == "international_freight" else _mid(values[index]) for index in sharing
    ]
    parts = zip(*(shared(one, weights) for one in (amount.low, amount.mid, amount.high)), strict=True)
    found = {index: Money(*part) for index, part in zip(sharing, parts, strict=True)}
    return [found.get(index) for index in range(len(lines))]


def _mid(value: Money | None) -> Decimal:
    return value.mid if value is not None else Decimal(0)
