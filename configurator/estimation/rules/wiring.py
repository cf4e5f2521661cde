"""Does every GPU have a link to the host: cables, link cards, slots, lanes, firmware? Pure."""

import math

from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.types import Build

CONSUMER_LANES_MAX = 48  # desktop platforms end below, workstation and server ones start above
CONSUMER_GPUS_MAX = 8
NARROW_LANES = 8
LANES_OF_ONE_CABLE = 8
LOOK_UP = "Look it up in the manual of the host's board."
CHOOSE_HOST = "Choose a host."


def cables_needed(build: Build) -> int | None:
    """SFF-8654 8i cables for the chosen GPUs; 0 where the platform is wired inside, None where it is not known."""
    carrier = build.carrier
    if carrier is None or carrier.has_host:
        return 0
    if carrier.host_connectors is None:
        return None
    gpus = min(build.gpu_count, carrier.sockets * build.carrier_count)
    return math.ceil(gpus * carrier.host_connectors / carrier.sockets)


def fewest_cables(build: Build) -> int:
    """Cables without which a GPU has no link: one a GPU, or one a connector where a board has fewer of those."""
    return min(build.gpu_count, cables_needed(build) or 0)


def _carrier_name(build: Build) -> str:
    return build.carrier.name if build.carrier else ""


def cards_in_slots(build: Build) -> int:
    """GPUs, and adapters with a GPU on them, that plug into a slot of the host themselves."""
    if build.gpu.form_factor == "pcie":
        return build.gpu_count
    if build.carrier is not None and build.carrier.kind == "adapter" and build.carrier.host_connectors == 0:
        return build.carrier_count
    return 0


def slots_needed(build: Build) -> int:
    return cards_in_slots(build) + sum(line.quantity for line in build.of_kind("io-card"))


def lanes_needed(build: Build) -> int | None:
    """Lanes of the host if every card runs at full width; None where a link card's width is not known."""
    needed = 16 * cards_in_slots(build)
    for line in build.of_kind("io-card"):
        each = line.part.number("upstream_lanes")
        if each is None:
            return None
        needed += line.quantity * int(each)
    return needed


def _applies(build: Build) -> bool:
    """Wiring to a separate host; servers and whole computers are wired inside."""
    return build.gpu.form_factor != "apu" and not (build.carrier is not None and build.carrier.has_host)


def cables(facts: Facts) -> Verdict | None:
    build = facts.build
    needed = cables_needed(build)
    if needed == 0:
        return None
    have = sum(line.quantity for line in build.of_kind("cable"))
    if needed is None:
        return unknown(
            "Cables to the host not known",
            f"How many host connectors {_carrier_name(build)} has is not published; the list has {have} cables.",
            "Ask the seller before you order cables.",
        )
    mend = (("cable", "sff-8654-8i-cable-75cm"), ("cable_count", str(needed)))
    if not have:
        return unknown(
            "No cables in the list",
            f"{needed} SFF-8654 8i cables link {build.gpu_count} GPUs to the host.",
            f"Add {needed} cables, unless they come with the board.",
            mend,
        )
    if have >= needed:
        return ok("Every GPU has its cable", f"{have} cables, {needed} needed (one SFF-8654 8i for each connector).")
    if have >= fewest_cables(build):
        return note(
            "Fewer cables than connectors: narrower links",
            f"{have} cables for {build.gpu_count} GPUs; with {needed} every connector of {_carrier_name(build)} is "
            f"used. A GPU with one SFF-8654 8i cable runs at x{LANES_OF_ONE_CABLE}: loading and traffic over the host "
            "take longer.",
            f"Take {needed} cables for the full width.",
            mend,
        )
    return blocker(
        "A GPU has no link to the host",
        f"{fewest_cables(build)} SFF-8654 8i cables at least are needed for {build.gpu_count} GPUs, the list has "
        f"{have}.",
        f"Take {needed} cables.",
        mend,
        starts=True,
    )


def link_card_ports(facts: Facts) -> Verdict | None:
    build = facts.build
    wanted = cables_needed(build)
    if not wanted:
        return None
    chosen = sum(line.quantity for line in build.of_kind("cable"))
    needed = min(wanted, max(chosen, fewest_cables(build))) if chosen else wanted  # only cables end in ports
    cards = build.of_kind("io-card")
    mend = (("io_card", "plx8749-card"), ("io_card_count", str(math.ceil(needed / 4))))
    if not cards:
        return unknown(
            "No link card in the list",
            f"{needed} cables from the board end in a card with that many ports in the host.",
            f"Add {math.ceil(needed / 4)} PEX8749 cards with four ports each, unless you own one.",
            mend,
        )
    ports = 0
    for line in cards:
        each = line.part.number("downstream_ports")
        if each is None:
            return unknown("Ports of the link card not known", f"No figure for the ports of {line.part.name}.")
        ports += int(each) * line.quantity
    if ports >= needed:
        return ok("Every cable has a port", f"{ports} ports on the link cards for {needed} cables.")
    return blocker(
        "Cables without a port",
        f"{needed} cables come from the boards, the link cards have {ports} ports.",
        f"Take {math.ceil(needed / 4)} PEX8749 cards with four ports each.",
        mend,
        starts=True,
    )


def riser_bifurcation(facts: Facts) -> Verdict | None:
    cards = facts.build.of_kind("io-card")
    if not cards or not _applies(facts.build):
        return None
    unsure = [line.part.name for line in cards if line.part.figures.get("needs_bifurcation") is None]
    passive = [line.part.name for line in cards if line.part.figures.get("needs_bifurcation") is True]
    if passive:
        return caution(
            "The host must split its slot",
            f"{passive[0]} has no switch: the firmware must offer x8/x8 or x4/x4/x4/x4 for that slot, "
            "else only the first GPU appears.",
            "Look for bifurcation in the firmware's manual, or take a PEX8749 switch card, which needs none.",
            (("io_card", "plx8749-card"),),
        )
    if unsure:
        return unknown("Slot splitting not settled", f"Whether {unsure[0]} needs bifurcation is not known.")
    return ok("No slot splitting needed", f"{cards[0].part.name} switches by itself, the slot stays whole.")


def slots(facts: Facts) -> Verdict | None:
    build = facts.build
    needed = slots_needed(build)
    if not needed or not _applies(build):
        return None
    hosts = build.of_kind("host")
    have = 0
    for line in hosts:
        each = line.part.number("pcie_x16_slots")
        if each is None:
            return unknown("Free x16 slots not known", f"{needed} needed; no figure for {line.part.name}.", LOOK_UP)
        have += int(each) * line.quantity
    if not hosts:
        return unknown("Free x16 slots not known", f"{needed} x16 slots are needed and no host is chosen.", CHOOSE_HOST)
    if have >= needed:
        return ok("Enough x16 slots", f"{needed} needed, {have} in the host.")
    return blocker(
        "Not enough x16 slots",
        f"{needed} cards need a slot, the host has {have}.",
        "Take a host with more slots, such as one with seven.",
        (("host", "host-romed8-2t"), ("host_count", "1")) if needed <= 7 else (),
        starts=True,
    )


def lanes(facts: Facts) -> Verdict | None:
    build = facts.build
    count = slots_needed(build)
    if not count or not _applies(build):
        return None
    needed = lanes_needed(build)
    if needed is None:
        return unknown("PCIe lanes not known", "No figure for the width of the link card.")
    hosts = build.of_kind("host")
    have = 0
    for line in hosts:
        each = line.part.number("pcie_lanes")
        if each is None:
            return unknown("PCIe lanes not known", f"{needed} wanted; no figure for {line.part.name}.", LOOK_UP)
        have += int(each) * line.quantity
    if not hosts:
        return unknown("PCIe lanes not known", f"{needed} lanes are wanted and no host is chosen.", CHOOSE_HOST)
    if have >= needed:
        return ok("Enough PCIe lanes", f"{needed} lanes at full width, {have} on the platform.")
    if have >= count * NARROW_LANES:
        return caution(
            "Cards will run on fewer lanes",
            f"{needed} lanes are wanted and the platform has {have}: {count} cards at x{NARROW_LANES} fit. "
            "Loading takes longer, and traffic between boards and to host memory has half the bandwidth.",
        )
    return blocker(
        "Not enough PCIe lanes",
        f"{needed} lanes are wanted, the platform has {have}, fewer than {NARROW_LANES} for each of {count} cards.",
        "Take a server platform with 112 or more lanes.",
        starts=True,
    )


def above_4g_decoding(facts: Facts) -> Verdict | None:
    build = facts.build
    if not _applies(build):
        return None
    aperture = f"each GPU maps {build.gpu.memory_label_gb} GB, {build.gpu_count * build.gpu.memory_label_gb} GB in all"
    answers = {line.part.figures.get("above_4g_decoding") for line in build.of_kind("host")}
    if False in answers:
        return blocker(
            "The host cannot map the GPUs' memory",
            f"Its firmware has no Above 4G Decoding, and {aperture}.",
            "Take a host that boots by UEFI and has the setting.",
            starts=True,
        )
    if answers == {True}:
        return ok("The host can map the GPUs' memory", f"Its firmware has Above 4G Decoding; {aperture}.")
    return unknown(
        "Above 4G Decoding not known",
        f"Nothing says whether the host's firmware has it, and {aperture}.",
        "Look for Above 4G Decoding (or large BAR) in the firmware settings, and boot by UEFI.",
    )


def compatibility_support_module(facts: Facts) -> Verdict | None:
    if not _applies(facts.build) or not facts.build.gpu.passive:
        return None
    return note(
        "Switch CSM off in the firmware",
        f"With the compatibility support module on, {facts.build.gpu_count} datacenter GPUs may not get their "
        "memory windows and the system reports insufficient resources.",
        "Disable CSM, enable Above 4G Decoding.",
    )


def many_gpus_on_consumer_board(facts: Facts) -> Verdict | None:
    build = facts.build
    if not _applies(build):
        return None
    if build.gpu_count <= CONSUMER_GPUS_MAX:
        return ok("Few enough GPUs for any board", f"{build.gpu_count} GPUs, {CONSUMER_GPUS_MAX} are still usual.")
    platform_lanes = [line.part.number("pcie_lanes") for line in build.of_kind("host")]
    known = [count for count in platform_lanes if count is not None]
    if not known:
        return unknown(
            "Bus numbers and address space not known",
            f"{build.gpu_count} GPUs are more than desktop boards are built for, and the host's platform is not known.",
        )
    if max(known) > CONSUMER_LANES_MAX:
        return ok("A platform for many GPUs", f"{max(known):.0f} lanes: a workstation or server platform.")
    return caution(
        "Many GPUs on a desktop board",
        f"{build.gpu_count} GPUs on a platform with {max(known):.0f} lanes: desktop firmware runs out of bus numbers "
        "and address space.",
        "Take a server platform.",
        (("host", "host-romed8-2t"), ("host_count", "1")),
    )


def parts_not_needed(facts: Facts) -> Verdict | None:
    """Parts that belong to a board beside a PC, left in the list of a server that brings its own."""
    build = facts.build
    carrier = build.carrier
    if carrier is None or not carrier.has_host:
        return None
    kinds = {"io-card": "io_card", "cable": "cable", "host": "host", "frame": "frame"}
    if not carrier.external_12v:
        kinds["psu"] = "psu"
    left = [line for line in build.parts if line.part.kind in kinds]
    if not left:
        return ok("Nothing in the list that the server brings itself", f"{carrier.name} has host, links and supplies.")
    return caution(
        "Parts that this server does not need",
        f"{carrier.name} has host, links and supplies of its own; the list still has "
        f"{', '.join(line.part.name for line in left)}, and counts what they cost.",
        "Take them out.",
        tuple((kinds[line.part.kind], "") for line in left),
    )


RULES = (
    Rule("parts-not-needed", None, "servers", sources.ARITHMETIC, parts_not_needed),
    Rule("cables-for-every-gpu", 24, "boards linked by cable", sources.GUIDE, cables),
    Rule("link-card-ports", None, "boards linked by cable", sources.ARITHMETIC, link_card_ports),
    Rule("riser-bifurcation", 25, "link cards", sources.UNKNOWN_REPOSITORY, riser_bifurcation),
    Rule("x16-slots", 26, "cards in a separate host", sources.ARITHMETIC, slots),
    Rule("pcie-lanes", 27, "cards in a separate host", sources.UNKNOWN_REPOSITORY, lanes),
    Rule("above-4g-decoding", 28, "separate hosts", sources.UNKNOWN_REPOSITORY, above_4g_decoding),
    Rule(
        "csm-enabled",
        29,
        "separate hosts with datacenter GPUs",
        sources.UNKNOWN_REPOSITORY,
        compatibility_support_module,
    ),
    Rule("many-gpus-on-consumer-board", 30, "separate hosts", sources.UNKNOWN_REPOSITORY, many_gpus_on_consumer_board),
)
