"""The wall: circuits, mains voltage, and what the electricity costs. Pure."""

import math

from configurator.estimation.power import (
    DAYS_PER_MONTH,
    cords_on_fullest,
    has_own_supply,
    mains_cords,
    share_of_fullest,
    usd_per_month,
)
from configurator.estimation.rules import sources
from configurator.estimation.rules.power import limit_changes
from configurator.estimation.rules.rule import Facts, Rule, Verdict, blocker, caution, note, ok, unknown

DGX_2_W = 10_000
DEFAULT_USD_PER_KWH = 0.12
RENTAL_USD_PER_GPU_HOUR = 0.02  # the guide's figure for one rented V100, unverified
EFFICIENCY_LOST_AT_LOW_LOAD = 0.03
LOW_LINE_V = 200  # below it, mains is 100-127 V


def fullest_share(facts: Facts) -> float:
    """Part of the wall load on the fullest circuit. Supplies share the load evenly; where their number is not known
    the load is spread as evenly as circuits allow."""
    return share_of_fullest(mains_cords(facts.build), facts.supply.circuit_count)


def circuits_needed(facts: Facts, wall_w: float) -> int | None:
    """The fewest circuits that carry the load; None where it cannot be cut so small."""
    each_w, cords = facts.supply.circuit.continuous_w, mains_cords(facts.build)
    if cords is None:
        return max(1, math.ceil(wall_w / each_w))
    return next(
        (count for count in range(1, cords + 1) if wall_w * cords_on_fullest(cords, count) / cords <= each_w), None
    )


def _on_fullest(facts: Facts, wall_w: float) -> str:
    """The load of the fullest circuit in words."""
    supply = facts.supply
    cords = mains_cords(facts.build)
    load_w = wall_w * fullest_share(facts)
    amps = f"{load_w / supply.circuit.voltage_v:.1f} A"
    if supply.circuit_count == 1:
        return f"{wall_w:,.0f} W at the wall, {amps}"
    if cords is None:
        return f"{wall_w:,.0f} W at the wall, {load_w:,.0f} W ({amps}) on each of {supply.circuit_count} circuits"
    full = cords_on_fullest(cords, supply.circuit_count)
    return (
        f"{wall_w:,.0f} W at the wall through {cords} {'supply' if cords == 1 else 'supplies'}, {load_w:,.0f} W "
        f"({amps}) on the circuit that feeds {full} of them"
    )


def wall_over_circuit(facts: Facts) -> Verdict | None:
    power, supply = facts.power, facts.supply
    circuit = supply.circuit
    share = fullest_share(facts)
    load = f"{_on_fullest(facts, power.wall_w)}; {circuit.name} carries {circuit.continuous_w:,.0f} W for hours on end"
    percent = 100 * power.wall_w * share / circuit.continuous_w
    if power.wall_w * share <= circuit.continuous_w:
        return ok("The circuit carries the load", f"{load} ({percent:.0f} %).")
    # A supply may be less efficient at the lower load, by no more than the curve loses from half to a fifth of it.
    dc_share = (power.gpu_w + power.host_w) / power.wall_w - EFFICIENCY_LOST_AT_LOW_LOAD
    fitting_w = (circuit.continuous_w / share * dc_share - power.host_w) / facts.build.gpu_count
    limit = limit_changes(facts, fitting_w)
    lower = ", or lower the power limit" if limit else ""
    cords, needed = mains_cords(facts.build), circuits_needed(facts, power.wall_w)
    if needed is None:
        return blocker(
            "Too much for the circuit",
            f"{load}. More circuits do not help: each supply hangs on one, and one of {cords} draws "
            f"{power.wall_w / (cords or 1):,.0f} W.",
            f"Choose a larger circuit, or share the load among more supplies on circuits of their own{lower}.",
            limit,
            starts=True,
        )
    return blocker(
        "Too much for the circuit",
        f"{load}. {needed} such circuits are needed.",
        f"Spread the supplies over that many circuits, or choose a larger circuit{lower}.",
        limit or ((("circuit_count", str(needed)),) if cords is not None else ()),
        starts=True,
    )


def more_circuits_than_cords(facts: Facts) -> Verdict | None:
    circuits, cords = facts.supply.circuit_count, mains_cords(facts.build)
    if circuits < 2:
        return None
    if cords is None:
        return unknown(
            "Whether the load can be spread is not known",
            f"{circuits} circuits are chosen; a circuit feeds whole power supplies, and how many there are is not "
            "known. An even spread is reckoned.",
            "Choose the power supplies, or look up how many the server has.",
        )
    each_w, one_w = facts.power.wall_w / cords, facts.supply.circuit.continuous_w
    if circuits <= cords:
        return ok(
            "The supplies can be spread over the circuits",
            f"{cords} supplies on {circuits} circuits, {cords_on_fullest(cords, circuits)} on the fullest.",
        )
    return caution(
        "More circuits than power supplies",
        f"{circuits} circuits are chosen and there {'is 1 cord' if cords == 1 else f'are {cords} cords'}: a supply "
        f"cannot hang on two circuits. Each draws {each_w:,.0f} W, one circuit carries {one_w:,.0f} W.",
        f"Use {cords} of the circuits, or take more supplies.",
        (("circuit_count", str(cords)),),
    )


def wall_over_circuit_after_restart(facts: Facts) -> Verdict | None:
    power, circuit = facts.power, facts.supply.circuit
    share = fullest_share(facts)
    if power.wall_w * share > circuit.continuous_w:
        return None
    if power.wall_w_unlimited * share <= circuit.continuous_w:
        return ok(
            "The circuit holds without a power limit",
            f"At default limits {_on_fullest(facts, power.wall_w_unlimited)}; {circuit.continuous_w:,.0f} W allowed.",
        )
    return caution(
        "Without the power limit, as after a restart, the circuit is too weak",
        f"{power.wall_w:,.0f} W at the limit; after a restart, when the limit is back at "
        f"{facts.build.gpu.default_power_w} W, {_on_fullest(facts, power.wall_w_unlimited)}. {circuit.name} carries "
        f"{circuit.continuous_w:,.0f} W.",
        "Set the limit by a service at boot, before anything uses the GPUs.",
    )


def loss_of_one_circuit(facts: Facts) -> Verdict | None:
    build, circuit = facts.build, facts.supply.circuit
    carrier, chosen = build.carrier, facts.supply.circuit_count
    if carrier is None or not has_own_supply(build) or (circuit.voltage_v >= LOW_LINE_V and chosen < 2):
        return None
    cords = carrier.psu_count
    if cords is None:
        return unknown("Number of supplies not known", f"How many power supplies {carrier.name} has is not known.")
    if cords < 2 or (cords < 4 and chosen < 2):
        return None
    if build.carrier_count > 1:
        return unknown(
            "Supplies of several servers",
            f"What is left when one circuit trips depends on which of the {cords * build.carrier_count} supplies hang "
            "on it.",
        )
    wall_w = facts.power.wall_w
    count = max(min(chosen, cords), circuits_needed(facts, wall_w) or cords)
    if count < 2:
        return ok(
            "One circuit carries the server",
            f"{wall_w / circuit.voltage_v:.1f} A on {circuit.name}; a second one would only be redundancy.",
        )
    on = [cords // count + (i < cords % count) for i in range(count)]
    left_w = max(wall_w * other / (cords - lost) for i, lost in enumerate(on) for j, other in enumerate(on) if i != j)
    each_w = wall_w * on[0] / cords
    spread = f"{wall_w:,.0f} W over {count} circuits is up to {each_w / circuit.voltage_v:.1f} A each"
    trips = f"If one trips, the fullest of the others carries {left_w / circuit.voltage_v:.1f} A"
    if left_w > circuit.continuous_w:
        ends = (
            "and trips too" if left_w / circuit.voltage_v > circuit.breaker_a else "which it must not carry for hours"
        )
        return caution(
            "The circuits are no redundancy for each other",
            f"{spread}. {trips} on a {circuit.breaker_a:g} A breaker, {ends}.",
            "Use a larger circuit, or a lower power limit.",
        )
    rated_w = carrier.psu_rated_120v_w if circuit.voltage_v < LOW_LINE_V else carrier.psu_rated_w
    supplies, dc_w = cords - on[0], facts.power.gpu_w + facts.power.host_w
    if rated_w is None:
        return unknown(
            "Whether the remaining supplies are enough is not known",
            f"{spread}. {trips}; {supplies} of {cords} supplies are left for {dc_w:,.0f} W, and what one gives at "
            f"{circuit.voltage_v} V is not known.",
        )
    if supplies * rated_w < dc_w:
        return caution(
            "The remaining supplies are too small",
            f"{spread}. If one trips, {supplies} of {cords} supplies are left: {supplies * rated_w:,} W at "
            f"{circuit.voltage_v} V for {dc_w:,.0f} W.",
            "Use a circuit of higher voltage, or a lower power limit.",
        )
    return ok(
        "The circuits can stand in for each other",
        f"{spread}. {trips}, and {supplies} of {cords} supplies give {supplies * rated_w:,} W for {dc_w:,.0f} W.",
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
                starts=True,
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
    carrier, circuit = facts.build.carrier, facts.supply.circuit
    if carrier is None or carrier.slug != "server-dgx-2":
        return None
    count = facts.supply.circuit_count
    load_w = DGX_2_W * fullest_share(facts) * facts.build.carrier_count
    rated = f"It is rated {DGX_2_W:,} W, {load_w:,.0f} W on the fullest of {count} circuits"
    if load_w <= circuit.continuous_w:
        return ok("The circuits carry a DGX-2", f"{rated}; {circuit.name} carries {circuit.continuous_w:,.0f} W.")
    return blocker(
        "Not enough circuits for a DGX-2",
        f"{rated}; {circuit.name} carries {circuit.continuous_w:,.0f} W for hours on end. "
        "The guide's single 240 V, 50 A outlet carries 9,600 W.",
        "Give it several circuits, as its several cords expect.",
        starts=True,
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
    Rule("more-circuits-than-cords", None, "several circuits", sources.ARITHMETIC, more_circuits_than_cords),
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
        "servers on several circuits, or with four supplies on 100-127 V",
        sources.ARITHMETIC,
        loss_of_one_circuit,
    ),
    Rule("mains-voltage", 22, "builds with a supply", sources.BLBADGER, mains_voltage),
    Rule("dgx-2-circuit", 23, "DGX-2", sources.DGX_2, dgx_2_circuit),
    Rule("electricity-price-default", 64, "every build", sources.GENERAL_KNOWLEDGE, electricity_price_default),
    Rule("renting-is-cheaper", 65, "V100", sources.GUIDE, renting_is_cheaper),
    Rule("idle-cost", 66, "every build", sources.UNKNOWN_REPOSITORY, idle_cost),
)
