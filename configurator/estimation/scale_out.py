"""Many boards on one host: slots, lanes, and what is left of them for each GPU. Pure: no Django, no clock, no I/O.

A link card has an x16 edge towards the host and ports towards the boards, with a PCIe switch between them. Each GPU's
own link stays as wide as its cable; what the GPUs of a card send to the host at once shares the card's edge::

    lanes of a card       = min(edge of the card, lanes of the host / cards, down to a power of two)
    lanes used            = cards x lanes of a card
    fair lanes of a GPU   = lanes used / GPUs
    GB/s of one GPU alone = min(lanes of its own link, lanes of a card) x rate of a lane
    GB/s of each at once  = min(GB/s alone, lanes used x rate of a lane / GPUs)

The rate of a lane is what copies reach, 0.8 GB/s for PCIe 3.0 (12 to 13 GB/s for x16), as in
:mod:`configurator.estimation.topology`. A figure nobody published makes all that rests on it ``None``.
"""

from dataclasses import dataclass
from math import ceil, floor, log2

from catalog.specs import CarrierSpec, GpuSpec, PartSpec
from configurator.estimation.topology import ASSUMED_PCIE_GENERATION, GB_S_PER_LANE
from configurator.estimation.types import Build, PartLine

EDGE_LANES = 16  # of the widest slot there is


@dataclass(frozen=True, slots=True)
class HostWiring:
    """A number of like boards behind link cards of one host. Bandwidths are GB/s, one direction."""

    boards: int
    gpus: int
    islands: int  # groups of GPUs joined by NVLink; between groups there is PCIe only
    memory_gb: int  # as the cards are labelled, all together
    cards: int | None  # link cards, each in a slot of its own
    slots: int | None  # x16 slots of the host
    lanes_wanted: int | None  # if every card runs at full width
    lanes_per_card: int | None
    lanes_used: int | None
    lanes_per_gpu: float | None  # the fair share towards the host
    link_lanes: int | None  # of each GPU's own cable
    gb_s_per_lane: float
    gb_s_alone: float | None  # one GPU, the others silent
    gb_s_at_once: float | None  # each of them, all talking

    @property
    def fits(self) -> bool | None:
        """Whether there is a slot for every card; None where either number is not known."""
        return None if self.cards is None or self.slots is None else self.cards <= self.slots

    @property
    def slots_short(self) -> int:
        return 0 if self.cards is None or self.slots is None else max(0, self.cards - self.slots)


def host_wiring(host: PartSpec, carrier: CarrierSpec, card: PartSpec, gpu: GpuSpec, boards: int) -> HostWiring:
    """``boards`` boards, all sockets filled, on one host. Raises ValueError for less than one board."""
    if boards < 1:
        raise ValueError(f"{boards} boards: at least one is needed")
    gpus = boards * carrier.sockets
    slots, host_lanes = host.number("pcie_x16_slots"), host.number("pcie_lanes")
    edge = card.number("upstream_lanes")
    cards = cards_needed(carrier, card, boards)
    rate = GB_S_PER_LANE[_generation(host, carrier, card, gpu)]
    wanted = None if cards is None or edge is None else int(edge) * cards
    per_card = used = per_gpu = alone = at_once = None
    if cards is not None and edge is not None and host_lanes is not None:
        per_card = min(int(edge), EDGE_LANES, _power_of_two(int(host_lanes) // cards))
        used = per_card * cards
        per_gpu = used / gpus
        own = carrier.host_lanes_per_gpu
        alone = None if own is None else min(own, per_card) * rate
        at_once = None if alone is None else min(alone, used * rate / gpus)
    linked = gpu.nvlink_links > 0 and any(any(row) for row in carrier.links)
    return HostWiring(
        boards=boards,
        gpus=gpus,
        islands=boards if linked else gpus,
        memory_gb=gpus * gpu.memory_label_gb,
        cards=cards,
        slots=None if slots is None else int(slots),
        lanes_wanted=wanted,
        lanes_per_card=per_card,
        lanes_used=used,
        lanes_per_gpu=per_gpu,
        link_lanes=carrier.host_lanes_per_gpu,
        gb_s_per_lane=rate,
        gb_s_alone=alone,
        gb_s_at_once=at_once,
    )


def cards_needed(carrier: CarrierSpec, card: PartSpec, boards: int) -> int | None:
    """Link cards with a port for every connector of the boards. None where the ports are not known, or the board has
    no such connectors and comes with cables of its maker's own."""
    ports = card.number("downstream_ports")
    if not ports or not carrier.host_connectors:
        return None
    return ceil(boards * carrier.host_connectors / ports)


def most_boards(host: PartSpec, carrier: CarrierSpec, card: PartSpec) -> int | None:
    """The most boards for whose cards the host has slots; None where a figure is not known."""
    slots, ports = host.number("pcie_x16_slots"), card.number("downstream_ports")
    if slots is None or not ports or not carrier.host_connectors:
        return None
    return floor(slots * ports / carrier.host_connectors)


def build_of(host: PartSpec, carrier: CarrierSpec, card: PartSpec, gpu: GpuSpec, boards: int) -> Build:
    """The machine as the estimator takes it: filled boards, their link cards, the host."""
    cards = cards_needed(carrier, card, boards)
    parts = [PartLine(card, cards)] if cards else []
    return Build(gpu, boards * carrier.sockets, carrier, boards, (*parts, PartLine(host, 1)))


def _generation(host: PartSpec, carrier: CarrierSpec, card: PartSpec, gpu: GpuSpec) -> int:
    """The oldest PCIe generation of those in the path that are known: a link runs at the rate of its slower end."""
    known = [host.number("pcie_generation"), card.number("pcie_generation"), carrier.pcie_generation]
    known += [3] if gpu.architecture in ("volta", "pascal") else []
    return int(min((value for value in known if value), default=ASSUMED_PCIE_GENERATION))


def _power_of_two(lanes: int) -> int:
    """Slots come in powers of two lanes; less than one is none."""
    return 0 if lanes < 1 else int(2 ** floor(log2(lanes)))
