"""When a machine of one's own has paid for itself against rented GPUs. Pure: no Django, no clock, no I/O.

Money is Decimal in US dollars, power in watts at the wall. With h hours of computing a day:

    rent an hour         R = GPUs × rent per GPU-hour
    electricity an hour  E = power ÷ 1000 × price per kWh
    idle a day           I = idle power ÷ 1000 × (24 − h) × price per kWh
    saved a day          S = h × (R − E) − I
    days to break even     = (purchase − resale) ÷ S, never where S is zero or less
    hours of computing     = days × h

The rate of rent, the price of electricity and the resale value are taken as they are today for the whole time. Repairs,
cooling and one's own time are not counted, nor is interest: each would put the day off.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

HOURS_A_DAY = Decimal(24)
WATTS_A_KW = Decimal(1000)
DAYS_A_YEAR = Decimal(365)


@dataclass(frozen=True, slots=True)
class Renting:
    """What is compared. Raises ValueError naming the field and what is allowed."""

    purchase_usd: Decimal
    gpus: int
    rent_usd_per_gpu_hour: Decimal
    hours_per_day: Decimal  # of computing, for which one would otherwise rent
    power_w: Decimal  # the whole machine at the wall while computing
    electricity_usd_per_kwh: Decimal
    idle_w: Decimal = Decimal(0)  # at the wall for the rest of the day; 0 = switched off
    resale_usd: Decimal = Decimal(0)  # what the machine still fetches in the end

    def __post_init__(self) -> None:
        # Zero is nonsense for what is bought, rented or computed, and fine for what may be free. The upper ends are
        # far beyond any machine at home: they keep the arithmetic and its texts within bounds.
        _check("purchase_usd", self.purchase_usd, Decimal("0.01"), Decimal(100_000_000))
        _check("gpus", Decimal(self.gpus), Decimal(1), Decimal(10_000))
        _check("rent_usd_per_gpu_hour", self.rent_usd_per_gpu_hour, Decimal("0.0001"), Decimal(10_000))
        _check("hours_per_day", self.hours_per_day, Decimal("0.01"), HOURS_A_DAY)
        _check("power_w", self.power_w, Decimal(1), Decimal(10_000_000))
        _check("electricity_usd_per_kwh", self.electricity_usd_per_kwh, Decimal(0), Decimal(100))
        _check("idle_w", self.idle_w, Decimal(0), self.power_w, "power_w")
        _check("resale_usd", self.resale_usd, Decimal(0), self.purchase_usd, "purchase_usd")


@dataclass(frozen=True, slots=True)
class BreakEven:
    """When owning has cost no more than renting would have. Amounts are exact; only the texts round."""

    rent_usd_per_hour: Decimal
    electricity_usd_per_hour: Decimal  # while computing
    idle_usd_per_day: Decimal
    saved_usd_per_day: Decimal  # negative where owning costs more
    hours_to_break_even: Decimal | None  # of computing; None = never
    days_to_break_even: Decimal | None  # None = never
    never: bool
    verdict: str
    formula: tuple[str, ...]  # the module's equations with this case's numbers


def break_even(renting: Renting) -> BreakEven:
    """When owning has paid for itself; the module's text has the equations.

    ``never`` is True exactly where ``saved_usd_per_day`` is zero or less, whatever the machine costs.
    """
    hours, price = renting.hours_per_day, renting.electricity_usd_per_kwh
    rent = renting.gpus * renting.rent_usd_per_gpu_hour
    electricity = renting.power_w / WATTS_A_KW * price
    idle = renting.idle_w / WATTS_A_KW * (HOURS_A_DAY - hours) * price
    saved = hours * (rent - electricity) - idle
    days = (renting.purchase_usd - renting.resale_usd) / saved if saved > 0 else None
    result = BreakEven(
        rent_usd_per_hour=rent,
        electricity_usd_per_hour=electricity,
        idle_usd_per_day=idle,
        saved_usd_per_day=saved,
        hours_to_break_even=days * hours if days is not None else None,
        days_to_break_even=days,
        never=days is None,
        verdict="",
        formula=(),
    )
    return replace(result, verdict=_verdict(renting, result), formula=_formula(renting, result))


def _verdict(renting: Renting, result: BreakEven) -> str:
    rent, electricity = _usd(result.rent_usd_per_hour), _usd(result.electricity_usd_per_hour)
    rates = f"an hour of renting costs {rent}, an hour of your own electricity {electricity}"
    idle = f", and idling {_usd(result.idle_usd_per_day)} a day" if result.idle_usd_per_day else ""
    days, hours = result.days_to_break_even, result.hours_to_break_even
    if days is None or hours is None:
        loss = -result.saved_usd_per_day
        more = f"costs {_usd(loss)} a day more than renting" if loss else "saves nothing"
        return f"Owning never pays for itself: {rates}{idle}, so that owning {more} even once the machine is paid."
    years = f", {_number(days / DAYS_A_YEAR)} years" if days > DAYS_A_YEAR else ""
    return (
        f"Owning pays for itself after {_number(days)} days of {_number(renting.hours_per_day)} hours "
        f"({_number(hours)} hours of computing{years}): {rates}{idle}, which saves "
        f"{_usd(result.saved_usd_per_day)} a day."
    )


def _formula(renting: Renting, result: BreakEven) -> tuple[str, ...]:
    hours, price = _exact(renting.hours_per_day), f"{_usd(renting.electricity_usd_per_kwh)} per kWh"
    rent, electricity = _usd(result.rent_usd_per_hour), _usd(result.electricity_usd_per_hour)
    idle, saved = _usd(result.idle_usd_per_day), _usd(result.saved_usd_per_day)
    lines = [
        f"Rent: {renting.gpus} GPUs × {_usd(renting.rent_usd_per_gpu_hour)} = {rent} an hour",
        f"Electricity: {_exact(renting.power_w)} W ÷ 1,000 × {price} = {electricity} an hour",
        f"Idle: {_exact(renting.idle_w)} W ÷ 1,000 × {_exact(HOURS_A_DAY - renting.hours_per_day)} h × {price} "
        f"= {idle} a day",
        f"Saved: {hours} h × ({rent} − {electricity}) − {idle} = {saved} a day",
    ]
    days, computing = result.days_to_break_even, result.hours_to_break_even
    if days is None or computing is None:
        return (*lines, "Break-even: never, as nothing is saved")
    cost = f"({_usd(renting.purchase_usd)} − {_usd(renting.resale_usd)})"
    return (
        *lines,
        f"Break-even: {cost} ÷ {saved} = {_number(days)} days",
        f"Computing: {_number(days)} days × {hours} h = {_number(computing)} hours",
    )


def _check(field: str, given: Decimal, lowest: Decimal, highest: Decimal, highest_is: str = "") -> None:
    if not given.is_finite() or not lowest <= given <= highest:
        most = f"{highest_is} ({highest:,f})" if highest_is else f"{highest:,f}"
        raise ValueError(f"{field} must be from {lowest:f} to {most}")


def _usd(amount: Decimal) -> str:
    """Dollars with two decimals, or as many as four where an hour's cents need them."""
    rounded = abs(amount).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    whole, _, decimals = f"{rounded:,f}".partition(".")
    sign = "−" if amount < 0 and rounded else ""
    return f"{sign}${whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"


def _number(count: Decimal) -> str:
    """One decimal, none where it is nought; "less than 0.1" for what would round to nothing."""
    if 0 < count < Decimal("0.05"):
        return "less than 0.1"
    return f"{count.quantize(Decimal('0.1'), ROUND_HALF_UP):,f}".removesuffix(".0")


def _exact(figure: Decimal) -> str:
    """As given, without trailing noughts."""
    text = f"{figure:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
