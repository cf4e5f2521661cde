"""What others take on the way: the agent, customs for the entry, the tax office. Pure: no Django, no clock, no I/O.

Each rule is dated data with a source; a rule without a rate says that the figure is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.provenance import Source
from sourcing.landed.money import cents, percent, times, total, written
from sourcing.landed.types import CostRow, Destination, Money

AGENT_KEY = "agent_fee"
MPF_KEY = "mpf"
TAX_KEY = "tax"


@dataclass(frozen=True, slots=True)
class Agent:
    """A purchasing agent in China. ``fee_rate`` is a fraction of the goods' price; None = not known."""

    slug: str
    name: str
    href: str
    fee_rate: Decimal | None
    verdict: str  # what our audit says of the fee: confirmed, misleading, unverifiable
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class EntryFee:
    """A customs fee on entries of a value above ``over_usd`` and up to ``up_to_usd`` (None = no bound).

    Either ``flat_usd``, or ``rate`` (a fraction of the value) between ``minimum_usd`` and ``maximum_usd``.
    Both dates are inclusive.
    """

    id: str
    destination: str
    label: str
    entry: str  # formal, informal
    over_usd: Decimal | None
    up_to_usd: Decimal | None
    flat_usd: Decimal | None
    rate: Decimal | None
    minimum_usd: Decimal | None
    maximum_usd: Decimal | None
    valid_from: date
    valid_to: date | None
    note: str
    source: Source

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def takes(self, value_usd: Decimal) -> bool:
        """Whether an entry of this value falls under this fee."""
        return (self.over_usd is None or value_usd > self.over_usd) and (
            self.up_to_usd is None or value_usd <= self.up_to_usd
        )

    def on(self, value_usd: Decimal) -> Decimal:
        """The fee on an entry of this value."""
        if self.flat_usd is not None:
            return cents(self.flat_usd)
        fee = cents(value_usd * (self.rate or Decimal(0)))
        if self.minimum_usd is not None:
            fee = max(fee, self.minimum_usd)
        if self.maximum_usd is not None:
            fee = min(fee, self.maximum_usd)
        return fee

    def formula(self, value_usd: Decimal) -> str:
        if self.flat_usd is not None:
            return f"{self.entry} entry, flat {written(self.flat_usd)}"
        bounds = [
            f"{word} {written(bound)}"
            for word, bound in (("at least", self.minimum_usd), ("at most", self.maximum_usd))
            if bound is not None
        ]
        product = f"{written(value_usd)} × {percent(self.rate or Decimal(0))}"
        return ", ".join([f"{self.entry} entry, {product}", *bounds]) + f" = {written(self.on(value_usd))}"


@dataclass(frozen=True, slots=True)
class ImportTax:
    """VAT, GST or sales tax. ``rate`` is a fraction; None = it exists, and we do not know it.

    ``not_included`` names a further tax that this rule leaves out. Both dates are inclusive.
    """

    id: str
    destination: str
    label: str
    rate: Decimal | None
    on_freight: bool
    on_duty: bool
    not_included: str
    valid_from: date | None
    valid_to: date | None
    note: str
    source: Source

    def applies(self, to: Destination, on: date) -> bool:
        return (
            self.destination == to.country
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )


def agent_row(agent: Agent, goods: Money | None) -> CostRow:
    """The agent's fee on imported goods."""
    label = f"Agent fee, {agent.name}"
    if agent.fee_rate is None:
        return CostRow(AGENT_KEY, label, None, "", agent.source, agent.note or "The fee is not known.")
    if goods is None:
        return CostRow(AGENT_KEY, label, None, "", agent.source, "No imported line has a price.")
    fee = times(goods, agent.fee_rate)
    formula = f"{written(goods.mid)} × {percent(agent.fee_rate)} = {written(fee.mid)}"
    return CostRow(AGENT_KEY, label, fee, formula, agent.source, agent.note)


def entry_fee_row(fees: Iterable[EntryFee], country: str, on: date, value: Money | None) -> CostRow | None:
    """The customs fee for the entry, each end of the range by its own value; None where a country has no such fee."""
    of_country = [fee for fee in fees if fee.destination == country]
    if not of_country:
        return None
    label = of_country[0].label
    if value is None:
        return CostRow(MPF_KEY, label, None, "", None, "No imported line has a price.")
    today = [fee for fee in of_country if fee.in_force(on)]
    found = [next((fee for fee in today if fee.takes(v)), None) for v in (value.low, value.mid, value.high)]
    low, mid, high = found
    if low is None or mid is None or high is None:
        return CostRow(MPF_KEY, label, None, "", None, f"No fee on record for {on.isoformat()}.")
    amount = Money(low.on(value.low), mid.on(value.mid), high.on(value.high))
    return CostRow(MPF_KEY, label, amount, mid.formula(value.mid), mid.source, mid.note)


def tax_of(taxes: Iterable[ImportTax], to: Destination, on: date) -> ImportTax | None:
    """The rule for a destination on a day; None where none is on record."""
    return next((tax for tax in taxes if tax.applies(to, on)), None)


def tax_row(
    tax: ImportTax | None,
    to: Destination,
    goods: Money | None,
    freight: Money | None,
    duty: Money | None,
    *,
    duty_is_whole: bool,
) -> CostRow:
    """Tax at import on goods, and on freight and duty where the rule says so. Unknown parts are left out and named."""
    if tax is None:
        return CostRow(TAX_KEY, "Tax", None, "", None, f"No tax rule on record for {to.country} on this day.")
    if tax.rate is None:
        return CostRow(TAX_KEY, tax.label, None, "", tax.source, tax.note)
    if goods is None:
        return CostRow(TAX_KEY, tax.label, None, "", tax.source, "No imported line has a price.")
    wanted = [("goods", goods)]
    missing = []
    for name, counts, amount in (("freight", tax.on_freight, freight), ("duty", tax.on_duty, duty)):
        if counts and amount is not None:
            wanted.append((name, amount))
        elif counts:
            missing.append(name)
    base = total(amount for _, amount in wanted)
    amount = times(base, tax.rate)
    parts = " + ".join(f"{name} {written(part.mid)}" for name, part in wanted)
    notes = [tax.note] if tax.note else []
    notes += [f"Tax on {name} is missing, because {name} is not known." for name in missing]
    if tax.on_duty and duty is not None and not duty_is_whole:
        notes.append("Tax on the part of the duty that is not known is missing.")
    return CostRow(
        TAX_KEY,
        tax.label,
        amount,
        f"({parts}) × {percent(tax.rate)} = {written(amount.mid)}",
        tax.source,
        " ".join(notes),
    )
