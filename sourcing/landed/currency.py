"""Foreign money in US dollars. Pure: no Django, no clock, no I/O; the rates are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.provenance import Source
from sourcing.landed.types import CURRENCY

STALE_AFTER_DAYS = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """How many US dollars one unit of a currency buys, on a day."""

    currency: str
    usd: Decimal
    as_of: date
    source: Source

    @property
    def in_words(self) -> str:
        """Currency, rate, day and source, as in 1 CNY = 0.150311 USD (2026-10-30, European Central Bank).

        Six decimals are for reading; sums use the whole number.
        """
        return f"1 {self.currency} = {self.usd:.6f} USD ({self.as_of.isoformat()}, {self.source.title})"


@dataclass(frozen=True, slots=True)
class Rates:
    """The exchange rates of one computation. US dollars need none."""

    by_currency: Mapping[str, Rate]

    @property
    def known(self) -> tuple[str, ...]:
        """Every currency that can be converted, dollars first."""
        return (CURRENCY, *sorted(self.by_currency))

    def usd(self, amount: Decimal, currency: str) -> Decimal:
        """The amount in dollars, not rounded. Raises KeyError where there is no rate."""
        return amount if currency == CURRENCY else amount * self.by_currency[currency].usd

    def in_words(self, currency: str) -> str:
        """How the currency was converted; empty for dollars. Raises KeyError where there is no rate."""
        return "" if currency == CURRENCY else self.by_currency[currency].in_words

    def stale(self, currency: str, on: date) -> str:
        """A warning where the rate is more than five days older than the day; empty where it is not."""
        if currency == CURRENCY or currency not in self.by_currency:
            return ""
        rate = self.by_currency[currency]
        age = (on - rate.as_of).days
        if age <= STALE_AFTER_DAYS:
            return ""
        return f"The exchange rate of {currency} is {age} days old ({rate.as_of.isoformat()})."
