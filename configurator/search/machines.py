"""Whole machines around the modules that exist: board or server, and all that it takes to run it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

from catalog.specs import CarrierSpec, GpuSpec, PartSpec
from configurator.estimation.power import host_load, psu_rating_w
from configurator.estimation.rules.wiring import cables_needed, cards_in_slots
from configurator.estimation.types import Build, PartLine

# Slots of the part list in their order, with the kind of part each takes.
KINDS = {
    "io_card": "io-card", "cable": "cable", "cooler": "cooler", "fan": "fan", "psu": "psu", "frame": "frame",
    "host": "host", "cpu": "cpu", "ram": "ram",
}  # fmt: skip
LINK_CARD, CABLE = "plx8749-card", "sff-8654-8i-cable-75cm"
FRAME_COOLER, SERVER_COOLER, FAN = "heatsink-a100-passive", "heatsink-v100-stock", "fan-120mm"
SUPPLY, FRAME = "psu-atx-1200w", "frame-mining-open"
DESKTOP, SERVER_BOARD = "existing-pc", "host-romed8-2t"
PROCESSOR, PROCESSORS_A_SERVER = "cpu-xeon-gold-used", 2
MEMORY = ("ram-ddr4-ecc-256gb", "ram-ddr4-ecc-128gb")
MOST_KITS = 4
PORTS_A_CARD = 4
DESKTOP_SLOTS = 2
"""x16 slots that a desktop board can be expected to have for this; more boards and cards want a server board."""
MOST_BOARDS, MOST_SERVERS, MOST_CARDS = 4, 2, 4


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine with everything to buy for it. ``parts`` by slot of the part list."""

    gpu: GpuSpec
    gpu_count: int
    carrier: CarrierSpec | None
    carrier_count: int
    parts: tuple[tuple[str, PartLine], ...]

    @property
    def build(self) -> Build:
        return Build(self.gpu, self.gpu_count, self.carrier, self.carrier_count, tuple(line for _, line in self.parts))

    @property
    def title(self) -> str:
        """4 × V100 SXM2 16 GB on a quad board."""
        gpus = f"{self.gpu_count} × {self.gpu.name}"
        if self.carrier is None:
            return gpus
        carriers = self.carrier.name if self.carrier_count == 1 else f"{self.carrier_count} × {self.carrier.name}"
        return f"{gpus} {'in' if self.carrier.has_host else 'on'} {carriers}"

    @property
    def lines(self) -> tuple[tuple[str, str, int], ...]:
        """(slot, slug, pieces) of everything in it, GPUs and carriers too."""
        carrier = (("carrier", self.carrier.slug, self.carrier_count),) if self.carrier is not None else ()
        rest = ((slot, line.part.slug, line.quantity) for slot, line in self.parts)
        return (*carrier, ("gpu", self.gpu.slug, self.gpu_count), *rest)

    def settings(self) -> dict[str, object]:
        """The machine as settings of a choice."""
        return {
            key: value for slot, slug, count in self.lines for key, value in ((slot, slug), (f"{slot}_count", count))
        }

    def with_memory(self, host_mib: float, parts: Mapping[str, PartSpec]) -> "Machine | None":
        """The same server with memory for so much; None where its memory is its owner's affair."""
        if self.carrier is None or not self.carrier.has_host:
            return None
        line = _memory_for(host_mib, parts)
        if line is None:
            return None
        return replace(self, parts=(*(pair for pair in self.parts if pair[0] != "ram"), ("ram", line)))


def machines(
    gpus: Mapping[str, GpuSpec], carriers: Mapping[str, CarrierSpec], parts: Mapping[str, PartSpec], voltage_v: int
) -> tuple[Machine, ...]:
    """Every machine of these parts that could be built: modules in sockets they fit, cards in slots, whole computers.

    Boards hang on the PC that is there already, up to what its slots hold, and on a server board from there on; they
    get link cards, cables, heatsinks, fans, a frame, and supplies that carry the GPUs at their default limits, since
    a limit is lost at every restart. Servers get processors, memory and, where they do not come with them, heatsinks.
    """
    found: list[Machine] = []
    for gpu in gpus.values():
        if gpu.form_factor in ("pcie", "apu"):
            most = MOST_CARDS if gpu.form_factor == "pcie" else 1
            found += [whole_machine(gpu, count, None, 0, parts, voltage_v) for count in range(1, most + 1)]
        for carrier in carriers.values():
            if carrier.socket == gpu.form_factor:
                found += _on(carrier, gpu, parts, voltage_v)
    return tuple(found)


def _on(carrier: CarrierSpec, gpu: GpuSpec, parts: Mapping[str, PartSpec], voltage_v: int) -> Iterator[Machine]:
    most = MOST_SERVERS if carrier.has_host else MOST_BOARDS
    for count in range(1, most * carrier.sockets + 1):
        carriers = ceil(count / carrier.sockets)
        yield whole_machine(gpu, count, carrier, carriers, parts, voltage_v)


def whole_machine(
    gpu: GpuSpec,
    gpu_count: int,
    carrier: CarrierSpec | None,
    carrier_count: int,
    parts: Mapping[str, PartSpec],
    voltage_v: int,
) -> Machine:
    """So many modules or cards on so many boards or servers, with everything they need on this mains voltage."""
    bare = Build(gpu, gpu_count, carrier, carrier_count)
    if gpu.form_factor == "apu":
        wanted: dict[str, tuple[str, int]] = {}
    elif carrier is not None and carrier.has_host:
        wanted = {
            "cpu": (PROCESSOR, PROCESSORS_A_SERVER * carrier_count),
            "ram": (MEMORY[-1], carrier_count),
        }
        if carrier.heatsinks_included is not True:
            wanted["cooler"] = (SERVER_COOLER, gpu_count)
    else:
        wanted = _in_a_frame(bare)
    lines = {slot: PartLine(parts[slug], count) for slot, (slug, count) in wanted.items() if slug in parts}
    machine = Machine(gpu, gpu_count, carrier, carrier_count, _in_order(lines))
    if gpu.form_factor != "apu" and not (carrier is not None and carrier.has_host) and SUPPLY in parts:
        lines["psu"] = PartLine(parts[SUPPLY], supplies_needed(machine.build, parts[SUPPLY], voltage_v))
        machine = replace(machine, parts=_in_order(lines))
    return machine


def _in_a_frame(bare: Build) -> dict[str, tuple[str, int]]:
    """What modules on boards, or cards in slots, need beside a host."""
    wanted: dict[str, tuple[str, int]] = {}
    cables = cables_needed(bare)
    cards = ceil((cables or 0) / PORTS_A_CARD)
    if cables:
        wanted["io_card"], wanted["cable"] = (LINK_CARD, cards), (CABLE, cables)
    if bare.gpu.form_factor.startswith("sxm"):
        wanted["cooler"] = (FRAME_COOLER, bare.gpu_count)
    if bare.gpu.passive:
        wanted["fan"] = (FAN, bare.gpu_count)
    wanted["frame"] = (FRAME, 1)
    slots = cards + cards_in_slots(bare)
    wanted["host"] = (DESKTOP if slots <= DESKTOP_SLOTS else SERVER_BOARD, 1)
    return wanted


def supplies_needed(build: Build, supply: PartSpec, voltage_v: int) -> int:
    """So many supplies carry all GPUs at their default limits, and have the connectors that the boards take."""
    rating_w = psu_rating_w(supply, voltage_v)
    load_w = build.gpu_count * build.gpu.default_power_w + host_load(build).load_w
    needed = [ceil(load_w / rating_w) if rating_w else 1]
    for name in ("eps_connectors", "pcie_power_connectors"):
        each = getattr(build.carrier, name, None)
        has = supply.number(name)
        if each and has:
            needed.append(ceil(each * build.carrier_count / has))
    return max(needed)


def _memory_for(host_mib: float, parts: Mapping[str, PartSpec]) -> PartLine | None:
    """The fewest kits of one kind that hold so much with a tenth to spare."""
    for slug in reversed(MEMORY):
        size_gib = parts[slug].number("capacity_gib") if slug in parts else None
        if size_gib is None:
            continue
        kits = ceil(host_mib * 1.1 / 1024 / size_gib)
        if kits <= MOST_KITS:
            return PartLine(parts[slug], max(kits, 1))
    return None


def _in_order(lines: Mapping[str, PartLine]) -> tuple[tuple[str, PartLine], ...]:
    return tuple((slot, lines[slot]) for slot in KINDS if slot in lines)
