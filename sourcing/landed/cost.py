"""What an order costs at the buyer's door, row by row. Pure: no Django, no clock, no I/O.

Money is Decimal in US dollars, each row rounded to cents, so that the total is the sum of the rows as shown.
The rows, in order: goods, domestic freight, agent fee, international freight, insurance, duty, customs fees (mpf, hmf),
brokerage, payment fee, tax. A row that does not concern an order (no agent, nothing imported, no such fee in the
country) is left out; a row that does and has no figure stays, with ``amount`` None, is named under ``unknown`` and not
counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sourcing.landed.agents import (
    Agent,
    OwnFigures,
    agent_row,
    domestic_row,
    insurance_row,
    payment_row,
)
from sourcing.landed.currency import Rates
from sourcing.landed.duty import DutyResult, duty
from sourcing.landed.entry import (
    DE_MINIMIS,
    Brokerage,
    CustomsArea,
    EntryFee,
    FreeUpTo,
    ValueBasis,
    area_of,
    brokerage_row,
    fee_rows,
    kind_of_entry,
)
from sourcing.landed.freight import Freight, FreightLine, freight_row, weights_of
from sourcing.landed.money import NOTHING, cents, exactly, shared, times, total, written, written_exactly
from sourcing.landed.shares import part_costs
from sourcing.landed.tariffs import Tariff
from sourcing.landed.taxes import TAX_KEY, TaxBasis, TaxedAmounts, TaxRate, not_counted, tax_basis, tax_row
from sourcing.landed.types import CURRENCY, CostRow, Destination, LandedCost, Money, Parcel, PricedLine


@dataclass(frozen=True, slots=True)
class Measures:
    """Every dated rule on record."""

    duties: Tariff
    entry_fees: tuple[EntryFee, ...]
    taxes: tuple[TaxRate, ...]
    areas: tuple[CustomsArea, ...]
    free_up_to: tuple[FreeUpTo, ...]
    brokerages: tuple[Brokerage, ...]
    freight_lines: Mapping[str, FreightLine]
    parcels: Mapping[str, Parcel]


@dataclass(frozen=True, slots=True)
class Order:
    """What is bought, where it goes, how, and on which day it enters customs.

    ``entry`` asks for a formal or informal entry; None = as the value decides. ``exclusions_extended`` takes duty
    exclusions that may have been renewed as renewed. ``rates`` convert limits in foreign money and figures of agents.
    """

    lines: tuple[PricedLine, ...]
    destination: Destination
    entry_date: date
    freight: Freight
    rates: Rates = field(default_factory=lambda: Rates({}))
    agent: Agent | None = None
    own: OwnFigures = field(default_factory=OwnFigures)
    entry: str | None = None
    insured: bool = False
    exclusions_extended: bool = False
    remarks: tuple[str, ...] = ()  # what the reading of the order has to say, before the rest

    @property
    def imported(self) -> tuple[PricedLine, ...]:
        return tuple(line for line in self.lines if line.imported)


def landed_cost(order: Order, measures: Measures) -> LandedCost:
    """The breakdown of one order shipped at once."""
    imported = order.imported
    goods_row = _goods_row(order.lines)
    if not imported:
        return _of_rows(order, measures, [goods_row, *_tax_at_home(order, measures)])
    goods = goods_of(imported)
    rows = [goods_row, *_on_the_way(order, measures, goods)]
    by_key = {row.key: row.amount for row in rows}
    way = _Way(by_key.get("domestic_freight"), by_key.get("international_freight"), by_key.get("insurance"))
    values = _customs_values(order, measures, way)
    value = total(one for one in values if one is not None) if goods is not None else None
    free = _free(order, measures)
    duties = duty(
        imported,
        values,
        order.destination.country,
        order.entry_date,
        measures.duties,
        extended=order.exclusions_extended,
        free=free,
        rates=order.rates,
    )
    rows.append(duties.row)
    country = order.destination.country
    fees_free = free is not None and free.frees_fees
    kind = kind_of_entry(
        measures.entry_fees, country, value.mid if value else Decimal(0), order.entry, order.entry_date
    )
    entry = (DE_MINIMIS if kind else "") if free is not None else kind
    if not fees_free:
        rows += fee_rows(measures.entry_fees, country, order.entry_date, value, order.freight.line.id, order.entry)
    rows.append(brokerage_row(measures.brokerages, country, order.own, duties.row.amount, entry))
    if order.agent is not None or order.own.payment_rate is not None:
        rows.append(payment_row(order.agent, order.own, _paid_to_agent(goods, rows)))
    rows.append(_tax(order, measures, goods, way, duties, free))
    return _of_rows(order, measures, rows, value=value, entry=entry, duties=duties)


@dataclass(frozen=True, slots=True)
class _Way:
    """What the goods cost on the way. None = no such row, or not known."""

    domestic: Money | None
    freight: Money | None
    insurance: Money | None


def _on_the_way(order: Order, measures: Measures, goods: Money | None) -> list[CostRow]:
    """Domestic freight, agent's fee, freight and insurance: what is paid before customs."""
    rows = []
    if order.agent is not None or order.own.domestic_freight_usd is not None:
        rows.append(domestic_row(order.agent, order.own, order.rates))
    if order.agent is not None:
        rows.append(agent_row(order.agent, goods))
    freight = freight_row(order.lines, order.freight, measures.parcels)
    if freight is not None:
        rows.append(freight)
    insurance = insurance_row(order.agent, order.own, goods, freight.amount if freight else None, wanted=order.insured)
    return [*rows, insurance] if insurance is not None else rows


def _customs_values(order: Order, measures: Measures, way: _Way) -> tuple[Money | None, ...]:
    """The customs value of each imported line, in the same order; None where it has no price.

    What a country takes besides the price of the goods follows its value basis. Shares go by the lines' prices. A
    buying agent's fee belongs to it nowhere.
    """
    area = area_of(measures.areas, order.destination.country)
    basis = area.value_basis if area is not None else ValueBasis.EXW
    added = {
        ValueBasis.EXW: [],
        ValueBasis.FOB: [way.domestic],
        ValueBasis.CIF: [way.domestic, way.freight, way.insurance],
    }[basis]
    extra = total(amount for amount in added if amount is not None)
    priced = [line_value(line) for line in order.imported if line.unit is not None]
    lows = shared(extra.low, [one.low for one in priced])
    mids = shared(extra.mid, [one.mid for one in priced])
    highs = shared(extra.high, [one.high for one in priced])
    grown = iter(
        Money(one.low + low, one.mid + mid, one.high + high)
        for one, low, mid, high in zip(priced, lows, mids, highs, strict=True)
    )
    return tuple(next(grown) if line.unit is not None else None for line in order.imported)


def _free(order: Order, measures: Measures) -> FreeUpTo | None:
    """The rule for small consignments that this order falls under; None where none, where a limit's currency is not
    known, or where a kind of entry was asked for. The price of the goods alone decides, in the middle of its range."""
    if order.entry is not None or any(line.unit is None for line in order.imported):
        return None
    origins = [line.origin for line in order.imported]
    # Not from the rounded rows: a price of 135.00 pounds must still be 135.00 after a way through dollars.
    goods = sum((line.unit.mid * line.quantity for line in order.imported if line.unit), Decimal(0))
    for rule in measures.free_up_to:
        if rule.currency not in order.rates.known:
            continue
        in_its_money = cents(goods / order.rates.usd(Decimal(1), rule.currency))
        if rule.holds(order.destination.country, origins, in_its_money, order.entry_date):
            return rule
    return None


def _paid_to_agent(goods: Money | None, rows: Iterable[CostRow]) -> Money | None:
    """All that goes through the agent's hands; None where the goods it buys have no price."""
    if goods is None:
        return None
    return total([goods, *(row.amount for row in rows if row.key in _THROUGH_THE_AGENT and row.amount is not None)])


_THROUGH_THE_AGENT = ("domestic_freight", "agent_fee", "international_freight", "insurance")


def _tax(
    order: Order,
    measures: Measures,
    goods: Money | None,
    way: _Way,
    duties: DutyResult,
    free: FreeUpTo | None,
) -> CostRow:
    if free is not None and free.frees_tax:
        return CostRow(TAX_KEY, "Tax", exactly(Decimal(0)), "free as a small consignment", free.source, free.note)
    imported = None if goods is None else total(one for one in (goods, way.domestic) if one is not None)
    return tax_row(
        measures.taxes,
        order.destination,
        order.entry_date,
        TaxedAmounts(
            purchase=goods_of(order.lines),
            imported=imported,
            freight=way.freight,
            insurance=way.insurance,
            duty=duties.row.amount,
            duty_is_whole=not duties.unknown,
        ),
    )


def _tax_at_home(order: Order, measures: Measures) -> list[CostRow]:
    """Sales tax on what is bought at home; VAT and the like are in its price already."""
    if not order.lines or order.destination.country != "US":
        return []
    amounts = TaxedAmounts(goods_of(order.lines), None, NOTHING, None, NOTHING, duty_is_whole=True)
    return [tax_row(measures.taxes, order.destination, order.entry_date, amounts)]


def _of_rows(
    order: Order,
    measures: Measures,
    rows: list[CostRow],
    *,
    value: Money | None = None,
    entry: str = "",
    duties: DutyResult | None = None,
) -> LandedCost:
    """The whole answer from its rows."""
    unknown = [row.label for row in rows if row.amount is None]
    unknown += [line.name for line in order.lines if line.unit is None]
    warnings = list(order.remarks)
    if duties is not None:
        unknown += [f"Duty on {name}" for name in duties.unknown]
        warnings += duties.warnings
        warnings += _about_the_record(order, duties)
    if (left_out := not_counted(measures.taxes, order.destination, order.entry_date)) and "tax" in {
        row.key for row in rows
    }:
        unknown.append(left_out)
    freight_weights = weights_of(order.lines, order.freight, measures.parcels)
    area = area_of(measures.areas, order.destination.country)
    duty_lines = duties.lines if duties is not None else ()
    return LandedCost(
        currency=CURRENCY,
        rows=tuple(rows),
        total=total(row.amount for row in rows if row.amount is not None),
        unknown=tuple(dict.fromkeys(unknown)),
        warnings=tuple(dict.fromkeys(warnings)),
        customs_value=value,
        entry=entry,
        value_note=area.note if area is not None else "",
        value_source=area.source if area is not None else None,
        duty_lines=duty_lines,
        parts=part_costs(
            order.lines,
            rows,
            duty_lines,
            freight_weights,
            tax_on_all=tax_basis(measures.taxes, order.destination.country) is TaxBasis.PURCHASE,
        ),
    )


def _about_the_record(order: Order, duties: DutyResult) -> list[str]:
    """How old the texts are that the duty rests on, and for where the freight rates are."""
    said = []
    if duties.text_as_of is not None and order.entry_date > duties.text_as_of:
        day = duties.text_as_of.isoformat()
        said.append(f"The oldest tariff text this duty rests on is of {day}; later changes are not counted.")
    if order.destination.country != "US" and order.freight.price_usd is None:
        said.append("The freight rates on record are for China to the United States; elsewhere they are a rough guide.")
    return said


def line_value(line: PricedLine) -> Money:
    """What the line costs; only lines with a price are asked."""
    if line.unit is None:
        raise ValueError(f"{line.part} has no price")
    return times(line.unit, line.quantity)


def goods_of(lines: Iterable[PricedLine]) -> Money | None:
    """What the lines with a price cost together; None where none has one."""
    priced = [line_value(line) for line in lines if line.unit is not None]
    return total(priced) if priced else None


def _goods_row(lines: tuple[PricedLine, ...]) -> CostRow:
    priced = [line for line in lines if line.unit is not None]
    left_out = len(lines) - len(priced)
    amount = goods_of(lines) if lines else NOTHING
    terms = " + ".join(
        f"{line.quantity} × {written_exactly(line.unit.mid)}" for line in priced if line.unit is not None
    )
    formula = f"{terms} = {written(amount.mid)}" if terms and amount is not None else ""
    notes = list(dict.fromkeys(line.conversion for line in priced if line.conversion))
    if left_out:
        plural = "line has" if left_out == 1 else "lines have"
        notes.append(f"{left_out} {plural} no price and {'is' if left_out == 1 else 'are'} not counted.")
    return CostRow("goods", "Goods", amount, formula, None, " ".join(notes))
