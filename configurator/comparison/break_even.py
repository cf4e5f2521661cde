"""When a machine of one's own has cost no more than renting, and what both have cost by then. Pure.

Money is Decimal in US dollars; a month is 30 days, as everywhere in Voltaic. With h hours a day,

    owned, after m months    landed + m × 30 × h × power ÷ 1000 × price per kWh
    rented, after m months   m × 30 × h × GPUs × rent per GPU-hour

The machine is switched off for the rest of the day, and both run for the same hours: what a faster one does more in
them is not counted here.
"""

from dataclasses import dataclass
from decimal import Decimal

from sourcing.renting import BreakEven, Renting, break_even

DAYS_A_MONTH = 30
WATTS_A_KW = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Owned:
    """A machine to buy. ``at_least``: something in it has no price, so it is later than said."""

    name: str
    landed_usd: Decimal
    at_least: bool
    power_w: Decimal  # at the wall while computing
    electricity_usd_per_kwh: Decimal

    def usd_a_month(self, hours_per_day: Decimal) -> Decimal:
        return DAYS_A_MONTH * hours_per_day * self.power_w / WATTS_A_KW * self.electricity_usd_per_kwh


@dataclass(frozen=True, slots=True)
class Rented:
    """GPUs by the hour, from the least to the most that is asked for one."""

    name: str
    gpus: int
    low_usd: Decimal
    high_usd: Decimal

    @property
    def mid_usd(self) -> Decimal:
        return (self.low_usd + self.high_usd) / 2

    def usd_a_month(self, hours_per_day: Decimal, usd_per_gpu_hour: Decimal) -> Decimal:
        return DAYS_A_MONTH * hours_per_day * self.gpus * usd_per_gpu_hour


@dataclass(frozen=True, slots=True)
class PaysOff:
    """One machine against one rent, at the most that is asked (soonest) and at the least (latest)."""

    owned: Owned
    rented: Rented
    soonest: BreakEven
    latest: BreakEven

    @property
    def months(self) -> tuple[Decimal | None, Decimal | None]:
        """Soonest and latest, in months of 30 days; None = never."""
        soonest, latest = self.soonest.days_to_break_even, self.latest.days_to_break_even
        return (
            None if soonest is None else soonest / DAYS_A_MONTH,
            None if latest is None else latest / DAYS_A_MONTH,
        )


def pays_off(owned: Owned, rented: Rented, hours_per_day: Decimal) -> PaysOff:
    """Break-even of a machine against a rent.

    Raises:
        ValueError: where there is nothing to compare: a machine without any price, or no hours a day.
    """

    def at(usd_per_gpu_hour: Decimal) -> BreakEven:
        return break_even(
            Renting(
                purchase_usd=owned.landed_usd,
                gpus=rented.gpus,
                rent_usd_per_gpu_hour=usd_per_gpu_hour,
                hours_per_day=hours_per_day,
                power_w=owned.power_w,
                electricity_usd_per_kwh=owned.electricity_usd_per_kwh,
            )
        )

    return PaysOff(owned, rented, soonest=at(rented.high_usd), latest=at(rented.low_usd))
