"""What buying through an agent in China takes: the seller's parcel to the agent, the agent's fee, insurance, paying.

Pure: no Django, no clock, no I/O. Money is Decimal, US dollars. Every figure is dated data; None = not known, and the
row then says so instead of counting nothing.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.provenance import Source
from sourcing.landed.currency import Rates
from sourcing.landed.money import NOTHING, cents, each, exactly, percent, times, total, written, written_range
from sourcing.landed.types import CostRow, Money

AGENT_KEY = "agent_fee"
DOMESTIC_KEY = "domestic_freight"
INSURANCE_KEY = "insurance"
PAYMENT_KEY = "payment_fee"


@dataclass(frozen=True, slots=True)
class Storage:
    """How long an agent keeps what arrived. ``free_days`` None = not known."""

    free_days: int | None
    then: str
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class Agent:
    """A purchasing agent in China. Rates are fractions; None = not known.

    ``refused`` says why it cannot be chosen; empty = it can be.
    """

    slug: str
    name: str
    href: str
    fee_rate: Decimal | None
    payment_rate: tuple[Decimal, Decimal] | None  # of all that is paid to the agent, exchange spread included
    payment_source: Source
    domestic_freight_cny: Money | None  # one seller's parcel to the agent's warehouse
    domestic_source: Source
    insurance_rate: Decimal | None  # of goods and freight, where it is chosen
    storage: Storage | None
    payment: tuple[str, ...]
    best_for: str
    verdict: str  # what our audit says of the fee: confirmed, misleading, unverifiable
    as_of: date
    note: str
    refused: str
    source: Source


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """What a person knows better than the record, for the whole order. None = take the record's."""

    domestic_freight_usd: Decimal | None = None
    insurance_usd: Decimal | None = None
    brokerage_usd: Decimal | None = None
    payment_rate: Decimal | None = None


def domestic_row(agent: Agent | None, own: OwnFigures, rates: Rates) -> CostRow:
    """Freight from the seller to the agent's warehouse, or to the port."""
    label = "Freight within China, to the agent" if agent is not None else "Freight within the country of dispatch"
    if own.domestic_freight_usd is not None:
        return CostRow(DOMESTIC_KEY, label, exactly(own.domestic_freight_usd), "your figure", None, "")
    cny = agent.domestic_freight_cny if agent is not None else None
    source = agent.domestic_source if agent is not None else None
    if cny is None or "CNY" not in rates.known:
        return CostRow(DOMESTIC_KEY, label, None, "", source, "Not known; sellers name it on the item's page.")
    amount = each(lambda yuan: cents(rates.usd(yuan, "CNY")), cny)
    formula = f"{written_range(cny)} CNY = {written_range(amount)}; {rates.in_words('CNY')}"
    return CostRow(DOMESTIC_KEY, label, amount, formula, source, "One parcel of one seller.")


def agent_row(agent: Agent, goods: Money | None) -> CostRow:
    """The agent's fee on the goods it buys."""
    label = f"Agent fee, {agent.name}"
    if agent.fee_rate is None:
        return CostRow(AGENT_KEY, label, None, "", agent.source, agent.note or "The fee is not known.")
    if goods is None:
        return CostRow(AGENT_KEY, label, None, "", agent.source, "No imported line has a price.")
    fee = times(goods, agent.fee_rate)
    formula = f"{written(goods.mid)} × {percent(agent.fee_rate)} = {written(fee.mid)}"
    return CostRow(AGENT_KEY, label, fee, formula, agent.source, agent.note)


def insurance_row(
    agent: Agent | None, own: OwnFigures, goods: Money | None, freight: Money | None, *, wanted: bool
) -> CostRow | None:
    """Insurance of the shipment; None where nobody asked for it."""
    label = "Insurance"
    if own.insurance_usd is not None:
        return CostRow(INSURANCE_KEY, label, exactly(own.insurance_usd), "your figure", None, "")
    if not wanted:
        return None
    if agent is None or agent.insurance_rate is None:
        return CostRow(INSURANCE_KEY, label, None, "", None, "What the carrier asks for it is not known.")
    if goods is None:
        return CostRow(INSURANCE_KEY, label, None, "", agent.source, "No imported line has a price.")
    base = total([goods, freight or NOTHING])
    amount = times(base, agent.insurance_rate)
    formula = f"{written(base.mid)} × {percent(agent.insurance_rate)} = {written(amount.mid)}"
    return CostRow(INSURANCE_KEY, label, amount, formula, agent.source, "On goods and freight.")


def payment_row(agent: Agent | None, own: OwnFigures, paid: Money | None) -> CostRow:
    """The surcharge for paying, its spread on the exchange rate included, on all that is paid to the agent."""
    label = "Payment and exchange surcharge"
    source = agent.payment_source if agent is not None else None
    if paid is None:
        return CostRow(PAYMENT_KEY, label, None, "", source, "No imported line has a price.")
    if own.payment_rate is not None:
        amount = times(paid, own.payment_rate)
        formula = f"{written(paid.mid)} × {percent(own.payment_rate)} = {written(amount.mid)}"
        return CostRow(PAYMENT_KEY, label, amount, formula, None, "Your rate.")
    if agent is None or agent.payment_rate is None:
        return CostRow(PAYMENT_KEY, label, None, "", source, "Not known; the agent shows it before you pay.")
    low, high = agent.payment_rate
    middle = (low + high) / 2
    amount = Money(cents(paid.low * low), cents(paid.mid * middle), cents(paid.high * high))
    formula = (
        f"{written(paid.mid)} × {percent(middle)} = {written(amount.mid)}; "
        f"{percent(low)} of {written(paid.low)} to {percent(high)} of {written(paid.high)}"
    )
    return CostRow(PAYMENT_KEY, label, amount, formula, source, "")
