"""VAT, GST and sales tax. Pure: no Django, no clock, no I/O. Money is Decimal, US dollars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from catalog.provenance import Source
from sourcing.landed.money import cents, percent, total, written
from sourcing.landed.types import CostRow, Destination, Money

TAX_KEY = "tax"


class TaxBasis(StrEnum):
    """What a tax is taken on."""

    PURCHASE = "purchase"  # the price of the goods, wherever they come from
    IMPORT = "import"  # what is imported, at the border


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One tax of one country or region, with its dates, which are inclusive.

    ``rate`` is a fraction. ``local_up_to`` is the highest local rate that may come on top; None = not known.
    """

    country: str
    region: str
    name: str
    kind: str  # of the tax everywhere in the country: "GST, HST or PST"
    label: str  # here: "HST"
    basis: TaxBasis
    rate: Decimal
    local_up_to: Decimal | None
    on_freight: bool
    on_duty: bool
    valid_from: date | None
    valid_to: date | None
    note: str
    source: Source

    def in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


def regions_of(taxes: Iterable[TaxRate], country: str) -> dict[str, str]:
    """Code and name of each state or province that a country's taxes differ by; empty where they do not."""
    return {tax.region: tax.name for tax in taxes if tax.country == country and tax.region}


def tax_basis(taxes: Iterable[TaxRate], country: str) -> TaxBasis | None:
    """What a country's taxes are taken on; None where none is on record."""
    return next((tax.basis for tax in taxes if tax.country == country), None)


def tax_on(taxes: Iterable[TaxRate], to: Destination, on: date) -> TaxRate | None:
    """The tax of a destination on a day; None where none is on record."""
    return next((t for t in taxes if (t.country, t.region) == (to.country, to.region) and t.in_force(on)), None)


@dataclass(frozen=True, slots=True)
class TaxedAmounts:
    """What a tax may be taken on. None = not known."""

    purchase: Money | None  # every line, bought at home or abroad
    imported: Money | None  # the imported lines
    freight: Money | None
    insurance: Money | None
    duty: Money | None
    duty_is_whole: bool


def tax_row(taxes: Iterable[TaxRate], to: Destination, on: date, amounts: TaxedAmounts) -> CostRow:
    """The tax, with what is not known of it left out and named."""
    listed = [tax for tax in taxes if tax.country == to.country]
    if not listed:
        return CostRow(TAX_KEY, "Tax", None, "", None, f"No tax of {to.country} is on record.")
    first = listed[0]
    tax = tax_on(listed, to, on)
    if tax is None:
        place = "state" if to.country == "US" else "province"
        note = (
            f"It depends on the {place}: choose yours."
            if regions_of(listed, to.country) and not to.region
            else f"Not known for {on.isoformat()}."
        )
        return CostRow(TAX_KEY, first.kind, None, "", first.source, note)
    label = f"{tax.label}, {tax.name}"
    goods = amounts.purchase if tax.basis is TaxBasis.PURCHASE else amounts.imported
    if goods is None:
        return CostRow(TAX_KEY, label, None, "", tax.source, "No line it is taken on has a price.")
    wanted, missing = [("goods", goods)], []
    others = (
        ("freight", tax.on_freight, amounts.freight, True),
        ("insurance", tax.on_freight, amounts.insurance, False),
        ("duty", tax.on_duty, amounts.duty, True),
    )
    for name, counts, amount, expected in others:
        if counts and amount is not None:
            wanted.append((name, amount))
        elif counts and expected:
            missing.append(name)
    base = total(amount for _, amount in wanted)
    highest = tax.rate + (tax.local_up_to or Decimal(0))
    taxed = Money(cents(base.low * tax.rate), cents(base.mid * tax.rate), cents(base.high * highest))
    notes = [tax.note] if tax.note else []
    if tax.local_up_to:
        notes.append(f"Local taxes of up to {percent(tax.local_up_to)} may come on top; the high end counts them.")
    elif tax.local_up_to is None:
        notes.append("Local taxes may come on top and are not counted.")
    notes += [f"Tax on {name} is missing, because {name} is not known." for name in missing]
    if tax.on_duty and amounts.duty is not None and not amounts.duty_is_whole:
        notes.append("Tax on the part of the duty that is not known is missing.")
    parts = " + ".join(f"{name} {written(part.mid)}" for name, part in wanted)
    formula = f"({parts}) × {percent(tax.rate)} = {written(taxed.mid)}"
    return CostRow(TAX_KEY, label, taxed, formula, tax.source, " ".join(notes))


def not_counted(taxes: Iterable[TaxRate], to: Destination, on: date) -> str:
    """What the tax row leaves out for want of a figure; empty where nothing."""
    tax = tax_on(taxes, to, on)
    return "Local sales tax" if tax is not None and tax.local_up_to is None else ""
