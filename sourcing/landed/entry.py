"""What customs does besides duty: value, kind of entry, fees, and what goes free. Pure: no Django, no clock, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from catalog.provenance import Source
from sourcing.landed.agents import OwnFigures
from sourcing.landed.money import cents, exactly, percent, written
from sourcing.landed.types import CostRow, Money

MPF_KEY = "mpf"
HMF_KEY = "hmf"
BROKERAGE_KEY = "brokerage"
DE_MINIMIS = "de minimis"


class ValueBasis(StrEnum):
    """What a country takes as the customs value."""

    EXW = "exw"  # goods alone: the price paid to the seller
    FOB = "fob"  # and what it takes to get them to the port of dispatch
    CIF = "cif"  # and freight and insurance to the border


@dataclass(frozen=True, slots=True)
class CustomsArea:
    """Countries with one customs law, and what it takes as the value of goods."""

    id: str
    name: str
    countries: tuple[str, ...]
    value_basis: ValueBasis
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class FreeUpTo:
    """Small consignments that pay no duty, or a flat one a tariff line. Both dates are inclusive.

    It holds where every imported good is of a covered origin and the goods' value is not above the limit.
    """

    id: str
    countries: tuple[str, ...]
    origins: tuple[str, ...]  # empty = all
    except_origins: tuple[str, ...]
    limit: Decimal
    currency: str
    flat_per_tariff_line: Decimal | None  # in the same currency; None = free
    frees_fees: bool  # customs fees fall away too
    frees_tax: bool  # and tax at import
    valid_from: date | None
    valid_to: date | None
    note: str
    source: Source

    def holds(self, country: str, origins: Iterable[str | None], value: Decimal, on: date) -> bool:
        """Whether a consignment of this value, in the rule's currency, falls under it."""
        return (
            country in self.countries
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
            and value <= self.limit
            and all(
                origin is not None
                and (not self.origins or origin in self.origins)
                and origin not in self.except_origins
                for origin in origins
            )
        )


@dataclass(frozen=True, slots=True)
class EntryFee:
    """A customs fee on entries of a value above ``over_usd`` and up to ``up_to_usd`` (None = no bound).

    Either ``flat_usd``, or ``rate`` (a fraction of the value) between ``minimum_usd`` and ``maximum_usd``.
    ``modes`` limits it to ways of shipping; empty = all. Both dates are inclusive.
    """

    id: str
    key: str  # mpf, hmf
    destination: str
    label: str
    entry: str  # formal, informal, any
    modes: tuple[str, ...]
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

    def takes(self, value_usd: Decimal, entry: str | None) -> bool:
        """Whether an entry of this value falls under this fee; ``entry`` says which kind was asked for, if any."""
        if entry is not None and self.entry != "any":
            return self.entry == entry
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
        kind = "" if self.entry == "any" else f"{self.entry} entry, "
        if self.flat_usd is not None:
            return f"{kind}flat {written(self.flat_usd)}"
        bounds = [
            f"{word} {written(bound)}"
            for word, bound in (("at least", self.minimum_usd), ("at most", self.maximum_usd))
            if bound is not None
        ]
        product = f"{written(value_usd)} × {percent(self.rate or Decimal(0))}"
        return kind + ", ".join([product, *bounds]) + f" = {written(self.on(value_usd))}"


def area_of(areas: Iterable[CustomsArea], country: str) -> CustomsArea | None:
    return next((area for area in areas if country in area.countries), None)


def kind_of_entry(fees: Iterable[EntryFee], country: str, value_usd: Decimal, entry: str | None, on: date) -> str:
    """formal or informal, as asked or by the value; empty where the country's record knows no such difference."""
    kinds = [fee for fee in fees if fee.destination == country and fee.entry != "any" and fee.key == MPF_KEY]
    if not kinds:
        return ""
    if entry is not None:
        return entry
    dated = [fee for fee in kinds if fee.in_force(on)] or kinds
    return next((fee.entry for fee in dated if fee.takes(value_usd, None)), "")


def informal_limit(fees: Iterable[EntryFee], country: str) -> Decimal | None:
    """The highest value of an informal entry; None where the record knows none."""
    limits = [
        fee.up_to_usd
        for fee in fees
        if fee.destination == country and fee.entry == "informal" and fee.up_to_usd is not None
    ]
    return max(limits, default=None)


def fee_rows(
    fees: Iterable[EntryFee], country: str, on: date, value: Money | None, mode: str, entry: str | None
) -> list[CostRow]:
    """The customs fees of an entry, each end of the range by its own value; none where a country has no such fee."""
    of_country = [fee for fee in fees if fee.destination == country and (not fee.modes or mode in fee.modes)]
    return [
        _fee_row([fee for fee in of_country if fee.key == key], on, value, entry)
        for key in (MPF_KEY, HMF_KEY)
        if any(fee.key == key for fee in of_country)
    ]


def _fee_row(fees: list[EntryFee], on: date, value: Money | None, entry: str | None) -> CostRow:
    key, label = fees[0].key, fees[0].label
    if value is None:
        return CostRow(key, label, None, "", None, "No imported line has a price.")
    today = [fee for fee in fees if fee.in_force(on)]
    found = [next((fee for fee in today if fee.takes(v, entry)), None) for v in (value.low, value.mid, value.high)]
    low, mid, high = found
    if low is None or mid is None or high is None:
        return CostRow(key, label, None, "", None, f"Not known: no fee is on record for {on.isoformat()}.")
    amount = Money(low.on(value.low), mid.on(value.mid), high.on(value.high))
    return CostRow(key, label, amount, mid.formula(value.mid), mid.source, mid.note)


@dataclass(frozen=True, slots=True)
class Brokerage:
    """What one carrier is said to ask for clearing customs: a rate of duty and tax, or a minimum. An example only."""

    carrier: str
    countries: tuple[str, ...]
    rate: Decimal
    minimum_usd: Decimal
    note: str
    source: Source


def brokerage_row(
    examples: Iterable[Brokerage], country: str, own: OwnFigures, duty: Money | None, entry: str
) -> CostRow:
    """The carrier's or broker's charge for clearing customs: the person's own figure, else not known, with examples."""
    label = "Customs clearance by the carrier or a broker"
    if own.brokerage_usd is not None:
        return CostRow(BROKERAGE_KEY, label, exactly(own.brokerage_usd), "your figure", None, "")
    notes = ["Each carrier sets its own; ask before you ship."]
    source = None
    for one in examples:
        if country in one.countries and duty is not None:
            asked = max(one.minimum_usd, cents(duty.mid * one.rate))
            source = one.source
            notes.append(
                f"{one.carrier}, for example: {written(one.minimum_usd)} or {percent(one.rate)} of what it pays for "
                f"you, whichever is more, here {written(asked)}. {one.note}".strip()
            )
    if entry == "formal":
        notes.append("A formal entry also takes a customs bond, usually through a broker.")
    return CostRow(BROKERAGE_KEY, label, None, "", source, " ".join(notes))
