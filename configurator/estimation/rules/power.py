"""Power limit, supplies and connectors: can the parts deliver what the GPUs draw? Pure."""

import math

from configurator.estimation.power import effective_limit_w, has_own_supply, host_load, supply_capacity_w
from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.rules.sockets import is_drive_a100, populated_sockets

EPS_CONNECTOR_W = 336  # 8-pin EPS: four 12 V pins of 7 A
PCIE_CONNECTOR_W = 150  # 8-pin PCIe
PSU_MARGIN = 1.25
OCP_AMPERES = 80  # into each of three sockets of a 12 V sled
OCP_SOCKETS = 3
COMFORTABLE_LIMIT_W = 175
LIMIT_STEP_W = 5


def dc_load_w(facts: Facts) -> float:
    """Sum of all parts at the chosen limit, before the supply's loss, watts."""
    return facts.power.gpu_w + facts.power.host_w


def default_dc_load_w(facts: Facts) -> float:
    """The same at the cards' default limits, as after a restart."""
    return facts.build.gpu_count * facts.build.gpu.default_power_w + facts.power.host_w


def limit_changes(facts: Facts, watts_per_gpu: float) -> tuple[tuple[str, str], ...]:
    """The change to the highest round limit that is no more than ``watts_per_gpu``; empty where none is allowed."""
    minimum = facts.build.gpu.power_limit_min_w  # None also where a card takes no limit
    limit_w = math.floor(watts_per_gpu / LIMIT_STEP_W) * LIMIT_STEP_W
    if minimum is None or limit_w < minimum or limit_w >= facts.build.gpu.default_power_w:
        return ()
    return (("power_limit_w", str(limit_w)),)


def limit_out_of_range(facts: Facts) -> Verdict | None:
    gpu, limit_w = facts.build.gpu, facts.supply.power_limit_w
    if limit_w is not None and is_drive_a100(gpu):
        return blocker(
            "The card takes no power limit at all",
            f"{limit_w} W is asked of {gpu.name}; it draws {gpu.default_power_w} W or more, and only lower clocks hold "
            "it back.",
            "Leave the limit out and plan for full power.",
            (("power_limit_w", ""),),
            starts=True,
        )
    if limit_w is None:
        return ok("The power limit is allowed", f"None is set: {gpu.name} runs at its default {gpu.default_power_w} W.")
    low, high = gpu.power_limit_min_w, gpu.power_limit_max_w
    if low is not None and limit_w < low:
        nearest = low
    elif high is not None and limit_w > high:
        nearest = high
    elif high is None and limit_w > gpu.default_power_w:
        return unknown(
            "Whether the card goes above its default power is not known",
            f"{limit_w} W is asked, the default of {gpu.name} is {gpu.default_power_w} W and its largest limit is not "
            "published; a driver that refuses leaves it at the default.",
            f"Set {gpu.default_power_w} W or less, or read the range with nvidia-smi -q -d POWER.",
        )
    elif low is None or high is None:
        return unknown(
            "Range of the power limit not known",
            f"{limit_w} W is asked; nobody has published the smallest and largest limit of {gpu.name}.",
            "Read them with nvidia-smi -q -d POWER.",
        )
    else:
        return ok("The power limit is allowed", f"{limit_w} W lies within {low}-{high} W.")
    allowed = f"{'?' if low is None else low}-{'?' if high is None else high} W"
    return blocker(
        "The card refuses this power limit",
        f"{limit_w} W is outside {allowed} of {gpu.name}; the driver then leaves it at {gpu.default_power_w} W.",
        f"Set {nearest} W.",
        (("power_limit_w", str(nearest)),),
        starts=True,
    )


def limit_at_floor(facts: Facts) -> Verdict | None:
    gpu = facts.build.gpu
    if gpu.architecture != "volta":
        return None
    limit_w = effective_limit_w(gpu, facts.supply.power_limit_w)
    if gpu.power_limit_min_w is None:
        if facts.supply.power_limit_w is None:
            return None
        return unknown(
            "Lowest power limit not known", f"{limit_w:.0f} W is asked; the smallest limit of {gpu.name} is not known."
        )
    if limit_w > gpu.power_limit_min_w:
        return ok(
            "The power limit is above the floor",
            f"{limit_w:.0f} W; {gpu.name} cannot go below {gpu.power_limit_min_w} W.",
        )
    if gpu.form_factor != "sxm2":
        return note(
            "The lowest limit there is",
            f"{limit_w:.0f} W is the smallest {gpu.name} accepts; no report of how it runs there is known.",
        )
    return note(
        "The lowest limit there is",
        f"{limit_w:.0f} W is the smallest {gpu.name} accepts. One owner saw crashes while loading models at it, "
        "another runs it daily; nobody has measured speed there.",
        f"Try {COMFORTABLE_LIMIT_W} W: 91 % of decode speed was kept at it on 250 W cards.",
        (("power_limit_w", str(COMFORTABLE_LIMIT_W)),),
    )


def board_connectors(facts: Facts) -> Verdict | None:
    build = facts.build
    carrier = build.carrier
    if carrier is None or carrier.has_host or carrier.external_12v:
        return None
    gpus = max(populated_sockets(carrier.sockets, build.carrier_count, build.gpu_count), default=0)
    if not gpus:
        return None
    eps, pcie = carrier.eps_connectors, carrier.pcie_power_connectors
    budget_w = (eps or 0) * EPS_CONNECTOR_W + (pcie or 0) * PCIE_CONNECTOR_W
    limit_w = effective_limit_w(build.gpu, None if is_drive_a100(build.gpu) else facts.supply.power_limit_w)
    load_w, default_w = gpus * limit_w, gpus * build.gpu.default_power_w
    inputs = f"{eps or 0} x EPS at {EPS_CONNECTOR_W} W + {pcie or 0} x 8-pin PCIe at {PCIE_CONNECTOR_W} W"
    own_connectors = eps == 0 and pcie == 0  # the maker's own, whose rating nobody published
    if (eps is None or pcie is None or own_connectors) and default_w > budget_w:
        return unknown(
            "Power inputs of the board not known",
            f"{gpus} GPUs draw {load_w:,.0f} W ({default_w:,} W at default limits) through {carrier.name}, whose "
            "connectors or their ratings are not all published.",
            "Count the 8-pin inputs on the seller's picture: four V100 at 300 W need more than two EPS.",
        )
    if default_w <= budget_w:
        return ok(
            "The board's power inputs carry the GPUs",
            f"{default_w:,} W at default limits, {budget_w:,} W from {inputs}.",
        )
    share_w = budget_w / gpus
    if load_w <= budget_w:
        return caution(
            "Without the power limit, as after a restart, the board's power inputs are too weak",
            f"{load_w:,.0f} W at the limit and {default_w:,} W after a restart, against {budget_w:,} W from {inputs}.",
            "Set the limit by a service at boot, before anything uses the GPUs, or take a board with more inputs.",
        )
    return blocker(
        "Too much current for the board's power inputs",
        f"{gpus} GPUs at {limit_w:.0f} W are {load_w:,.0f} W; {carrier.name} takes {budget_w:,} W from {inputs}.",
        f"Limit each GPU to {share_w:.0f} W, or take a board with more 8-pin inputs."
        if (changes := limit_changes(facts, share_w))
        else "Take a board with more 8-pin inputs.",
        changes,
        starts=True,
    )


def ocp_supply(facts: Facts) -> Verdict | None:
    build = facts.build
    carrier = build.carrier
    if carrier is None or not carrier.external_12v:
        return None
    needed_w = OCP_SOCKETS * OCP_AMPERES * 12 * build.carrier_count
    capacity_w = supply_capacity_w(build, facts.supply.circuit.voltage_v)
    wants = f"{carrier.name} has no mains supply: it wants 12 V with {OCP_AMPERES} A into each of {OCP_SOCKETS} sockets"
    if not build.of_kind("psu"):
        return blocker(
            "No 12 V source", f"{wants}, {needed_w:,} W, and none is chosen.", "Add 12 V supplies.", starts=True
        )
    if capacity_w is None:
        return unknown("12 V source not known", f"{wants}; the rating of the chosen supply is not known.")
    if capacity_w < needed_w:
        return blocker(
            "The 12 V source is too small",
            f"{wants}, {needed_w:,} W; {capacity_w:,.0f} W are chosen.",
            "Add supplies.",
            starts=True,
        )
    return ok("The 12 V source is large enough", f"{capacity_w:,.0f} W for {needed_w:,} W.")


def psu_margin(facts: Facts) -> Verdict | None:
    build = facts.build
    if build.gpu.form_factor == "apu":
        return None
    capacity_w = supply_capacity_w(build, facts.supply.circuit.voltage_v)
    load_w = dc_load_w(facts)
    wanted_w = PSU_MARGIN * load_w
    if capacity_w is None:
        return unknown(
            "Power supply not settled",
            f"{_missing_supply(facts)}; the parts draw {load_w:,.0f} W at the limit, so {wanted_w:,.0f} W are wanted.",
            f"Choose supplies of {wanted_w:,.0f} W or more.",
        )
    if capacity_w >= wanted_w:
        return ok(
            "The supply has room for peaks",
            f"{capacity_w:,.0f} W for {load_w:,.0f} W at the limit, {wanted_w:,.0f} W with a quarter on top.",
        )
    changes = limit_changes(facts, (capacity_w / PSU_MARGIN - facts.power.host_w) / build.gpu_count)
    return caution(
        "The supply is too small" if capacity_w < load_w else "The supply has no room for peaks",
        f"{load_w:,.0f} W at the limit on {capacity_w:,.0f} W of supply; {wanted_w:,.0f} W are wanted. Short peaks "
        "have rebooted boxes with two V100s although their mean stayed below the cap.",
        f"Take {wanted_w:,.0f} W or more{', or lower the limit' if changes else ''}.",
        changes,
    )


def psu_at_default_limits(facts: Facts) -> Verdict | None:
    build = facts.build
    if build.gpu.form_factor == "apu":
        return None
    capacity_w = supply_capacity_w(build, facts.supply.circuit.voltage_v)
    load_w = default_dc_load_w(facts)
    at = f"{build.gpu_count} x {build.gpu.default_power_w} W + {facts.power.host_w:,.0f} W = {load_w:,.0f} W"
    if capacity_w is None:
        return unknown("Supply at default limits not settled", f"{_missing_supply(facts)}; the load is {at}.")
    if capacity_w >= load_w:
        return ok("The supply holds without a power limit", f"{capacity_w:,.0f} W of supply for {at}.")
    return caution(
        "The supply is too small once the limit is gone",
        f"{at} at default limits, {capacity_w:,.0f} W of supply. A power limit is lost at every restart, and the "
        "first load then runs without it.",
        f"Take {load_w:,.0f} W of supply."
        if is_drive_a100(build.gpu)
        else f"Take {load_w:,.0f} W of supply, or set the limit by a service at boot before anything uses the GPUs.",
    )


def psu_connectors(facts: Facts) -> Verdict | None:
    build = facts.build
    carrier = build.carrier
    supplies = build.of_kind("psu")
    if carrier is None or carrier.has_host or not supplies:
        return None
    counts = []
    for name, each in (
        ("eps_connectors", carrier.eps_connectors),
        ("pcie_power_connectors", carrier.pcie_power_connectors),
    ):
        offered = [line.part.number(name) for line in supplies]
        if each is None or None in offered:
            return unknown(
                "Connectors of supply and board not known",
                f"How many 8-pin connectors {carrier.name} takes, or the chosen supply has, is not published.",
            )
        have = sum(int(count or 0) * line.quantity for count, line in zip(offered, supplies, strict=True))
        counts.append((each * build.carrier_count, have))
    (eps, eps_have), (pcie, pcie_have) = counts
    wants = f"{build.carrier_count} x {carrier.name}: {eps} EPS and {pcie} PCIe 8-pin inputs"
    offers = f"the chosen supplies have {eps_have} and {pcie_have}"
    if eps <= eps_have and pcie <= pcie_have:
        return ok("Enough 8-pin connectors for the boards", f"{wants}, {offers}. The host wants its own beside them.")
    return caution(
        "Not enough 8-pin connectors for the boards",
        f"{wants}, {offers}. EPS and PCIe plugs look alike and are wired the other way round.",
        "Take one more supply, and no home-made adapters.",
    )


def host_power_assumed(facts: Facts) -> Verdict | None:
    assumed = host_load(facts.build).assumed
    if not assumed:
        return ok("Power of host and boards known", f"{facts.power.host_w:,.0f} W beside the GPUs.")
    return unknown(
        "Power of host and boards partly assumed",
        f"{facts.power.host_w:,.0f} W beside the GPUs contain assumptions: {'; '.join(assumed)}.",
        "Measure it at the wall, or choose parts whose draw is known.",
    )


def _missing_supply(facts: Facts) -> str:
    if has_own_supply(facts.build) or facts.build.of_kind("psu"):
        return f"What the supply delivers at {facts.supply.circuit.voltage_v} V is not known"
    return "No supply is chosen"


RULES = (
    Rule("ocp-supply", 11, "OCP sleds", sources.BLBADGER, ocp_supply),
    Rule("board-connectors", 14, "boards and adapters", sources.ARITHMETIC, board_connectors),
    Rule("psu-margin", 15, "all but whole computers", sources.V100_LLM_KIT, psu_margin),
    Rule("psu-at-default-limits", 16, "all but whole computers", sources.NVIDIA_SMI, psu_at_default_limits),
    Rule("power-limit-out-of-range", 17, "every build", sources.NVIDIA_SMI, limit_out_of_range),
    Rule("power-limit-at-floor", 18, "Volta", sources.PICO, limit_at_floor),
    Rule("psu-connectors", None, "boards with a chosen supply", sources.ARITHMETIC, psu_connectors),
    Rule("host-power-assumed", None, "every build", sources.GUIDE, host_power_assumed),
)
