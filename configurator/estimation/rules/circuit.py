"""The wall: circuits, mains voltage, and what the electricity costs. Pure."""

from configurator.estimation.power import DAYS_PER_MONTH, has_own_supply, usd_per_month
from configurator.estimation.rules import sources
from configurator.estimation.rules.power import limit_changes
from configurator.estimation.rules.rule import Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.types import CircuitLoad

DGX_2_W = 10_000
DEFAULT_USD_PER_KWH = 0.12
RENTAL_USD_PER_GPU_HOUR = 0.02  # the guide's figure for one rented V100, unverified
EFFICIENCY_LOST_AT_LOW_LOAD = 0.03
LOW_LINE_V = 200  # below it, mains is 100-127 V


def wall_over_circuit(facts: Facts) -> Verdict | None:
    power = facts.power
    circuit = power.circuit
    if circuit.fits:
        return ok(
            "The circuit carries the load",
            f"{power.wall_w:,.0f} W at the wall, {circuit.amps:.1f} A{_each(circuit)}; {circuit.name} carries "
            f"{circuit.continuous_w:,.0f} W for hours on end ({circuit.load_percent:.0f} %).",
        )
    # A supply may be less efficient at the lower load, by no more than the curve loses from half to a fifth of it.
    dc_share = (power.gpu_w + power.host_w) / power.wall_w - EFFICIENCY_LOST_AT_LOW_LOAD
    fitting_w = (circuit.continuous_w * dc_share - power.host_w) / facts.build.gpu_count
    return blocker(
        "Too much for the circuit",
        f"{power.wall_w:,.0f} W at the wall, {circuit.amps:.1f} A{_each(circuit)}; {circuit.name} carries "
        f"{circuit.continuous_w:,.0f} W for hours on end. {circuit.circuits_needed} such circuits are needed.",
        "Spread the supplies over that many circuits, choose a larger circuit, or lower the power limit.",
        limit_changes(facts, fitting_w) or (("circuit_count", str(circuit.circuits_needed)),),
    )


def _each(circuit: CircuitLoad) -> str:
    return "" if circuit.count == 1 else " on each circuit"


def wall_over_circuit_after_restart(facts: Facts) -> Verdict | None:
    power = facts.power
    circuit = power.circuit
    if not circuit.fits:
        return None
    if circuit.fits_unlimited:
        return ok(
            "The circuit holds without a power limit",
            f"{power.wall_w_unlimited:,.0f} W at default limits, {circuit.continuous_w:,.0f} W allowed.",
        )
    return caution(
        "The circuit holds only while the limit does",
        f"{power.wall_w:,.0f} W at the limit, but {power.wall_w_unlimited:,.0f} W after a restart, when the limit "
        f"is back at {facts.build.gpu.default_power_w} W; {circuit.name} carries {circuit.continuous_w:,.0f} W.",
        "Set the limit by a service at boot, before anything uses the GPUs.",
    )


def loss_of_one_circuit(facts: Facts) -> Verdict | None:
    carrier, circuit = facts.build.carrier, facts.power.circuit
    if carrier is None or not has_own_supply(facts.build) or circuit.voltage_v >= LOW_LINE_V:
        return None
    if carrier.psu_count is None:
        return unknown("Number of supplies not known", f"How many power supplies {carrier.name} has is not known.")
    if carrier.psu_count < 4:
        return None
    count = max(circuit.count, circuit.circuits_needed)
    total_a = circuit.amps * circuit.count
    if count < 2:
        return ok(
            "One circuit carries the server",
            f"{circuit.amps:.1f} A on {circuit.name}: losing half of the {carrier.psu_count} supplies overloads none.",
        )
    left_a = total_a / (count - 1)
    if left_a * circuit.voltage_v <= facts.supply.circuit.continuous_w:
        return ok(
            "The circuits can stand in for each other",
            f"{facts.power.wall_w:,.0f} W over {count} circuits; if one trips, each other carries {left_a:.1f} A.",
        )
    ends = "and trips too" if left_a > circuit.breaker_a else "which it must not carry for hours"
    return caution(
        "The circuits are no redundancy for each other",
        f"{facts.power.wall_w:,.0f} W over {count} circuits is {total_a / count:.1f} A each. If one trips, each "
        f"of the others carries {left_a:.1f} A on a {circuit.breaker_a:g} A breaker, {ends}.",
        "Use a 240 V circuit, or a lower power limit.",
    )


def mains_voltage(facts: Facts) -> Verdict | None:
    build = facts.build
    voltage_v = facts.power.circuit.voltage_v
    carrier = build.carrier
    minimums: list[tuple[str, float | None]] = []
    if carrier is not None and has_own_supply(build):
        minimums.append((carrier.name, carrier.psu_min_voltage))
    else:
        minimums.extend((line.part.name, line.part.number("min_voltage_v")) for line in build.of_kind("psu"))
    if not minimums:
        return None
    for name, minimum in minimums:
        if minimum is not None and voltage_v < minimum:
            return blocker(
                "The supply does not start on this voltage",
                f"{name} needs {minimum:.0f} V or more; {facts.power.circuit.name} gives {voltage_v} V.",
                "Use a 240 V circuit or another supply.",
            )
    for name, minimum in minimums:
        if minimum is None:
            return unknown("Mains voltage not settled", f"The lowest mains voltage of {name} is not known.")
    return ok("The supply runs on this voltage", f"{minimums[0][0]} runs on {voltage_v} V.{_derating(facts)}")


def _derating(facts: Facts) -> str:
    carrier = facts.build.carrier
    if carrier is None or facts.power.circuit.voltage_v >= LOW_LINE_V or carrier.psu_rated_120v_w is None:
        return ""
    rated = f" of {carrier.psu_rated_w:,} W" if carrier.psu_rated_w else ""
    return f" Below {LOW_LINE_V} V each of its supplies gives {carrier.psu_rated_120v_w:,} W{rated}."


def dgx_2_circuit(facts: Facts) -> Verdict | None:
    carrier, circuit = facts.build.carrier, facts.power.circuit
    if carrier is None or carrier.slug != "server-dgx-2":
        return None
    if circuit.continuous_w >= DGX_2_W:
        return ok(
            "The circuit carries a DGX-2", f"Rated {DGX_2_W:,} W, {circuit.name} carries {circuit.continuous_w:,.0f} W."
        )
    return blocker(
        "One circuit is not enough for a DGX-2",
        f"It is rated {DGX_2_W:,} W; {circuit.name} carries {circuit.continuous_w:,.0f} W for hours on end. "
        "The guide's single 240 V, 50 A outlet carries 9,600 W.",
        "Give it several circuits, as its several cords expect.",
    )


def electricity_price_default(facts: Facts) -> Verdict | None:
    price = facts.supply.electricity_usd_per_kwh
    if price != DEFAULT_USD_PER_KWH:
        return ok("Electricity price given", f"${price:g} per kWh, ${facts.power.usd_per_month:,.0f} a month.")
    return note(
        "Is this your electricity price?",
        f"${price:g} per kWh is the guide's figure; US households pay more on average, British and German ones two to "
        f"three times as much. At twice the price the month costs ${2 * facts.power.usd_per_month:,.0f}.",
        "Enter the price from your bill.",
    )


def renting_is_cheaper(facts: Facts) -> Verdict | None:
    build = facts.build
    if build.gpu.architecture != "volta":
        return None
    rental = RENTAL_USD_PER_GPU_HOUR * build.gpu_count
    own = facts.power.wall_w / 1000 * facts.supply.electricity_usd_per_kwh
    sums = (
        f"Electricity is ${own:.3f} an hour; renting {build.gpu_count} GPUs at the guide's "
        f"${RENTAL_USD_PER_GPU_HOUR:.2f}, itself unverified, is ${rental:.2f}."
    )
    if rental < own:
        return note(
            "At the guide's rental price owning never pays",
            f"{sums} The price of the machine comes on top.",
            "Look up today's rental price before you reckon with a break-even.",
        )
    return ok("Electricity is cheaper than renting", sums)


def idle_cost(facts: Facts) -> Verdict | None:
    build, power = facts.build, facts.power
    if build.gpu.idle_power_w is None:
        return unknown("Idle draw not known", f"Nobody has published the idle draw of {build.gpu.name}.")
    month = usd_per_month(power.idle_w, facts.supply.electricity_usd_per_kwh)
    return note(
        "Waiting costs money too",
        f"{build.gpu_count} GPUs draw {build.gpu.idle_power_w:g} W each when idle, {power.idle_w:,.0f} W at the wall "
        f"with the host: ${month:,.0f} for {DAYS_PER_MONTH} days of doing nothing.",
    )


RULES = (
    Rule("wall-over-circuit", 19, "every build", sources.GENERAL_KNOWLEDGE, wall_over_circuit),
    Rule(
        "wall-over-circuit-after-restart",
        20,
        "builds within their circuit at the limit",
        sources.ARITHMETIC,
        wall_over_circuit_after_restart,
    ),
    Rule(
        "loss-of-one-circuit",
        21,
        "servers with four supplies or more, 100-127 V",
        sources.ARITHMETIC,
        loss_of_one_circuit,
    ),
    Rule("mains-voltage", 22, "builds with a supply", sources.BLBADGER, mains_voltage),
    Rule("dgx-2-circuit", 23, "DGX-2", sources.DGX_2, dgx_2_circuit),
    Rule("electricity-price-default", 64, "every build", sources.GENERAL_KNOWLEDGE, electricity_price_default),
    Rule("renting-is-cheaper", 65, "V100", sources.GUIDE, renting_is_cheaper),
    Rule("idle-cost", 66, "every build", sources.UNKNOWN_REPOSITORY, idle_cost),
)
