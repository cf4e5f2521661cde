"""How the GPUs of a build are wired to each other. Pure: no Django, no clock, no I/O.

GPUs are numbered carrier by carrier in socket order. Bandwidths are decimal GB/s, one direction. An NVLink pair counts
at the rate of its links; a pair without a link talks over PCIe at what a copy reaches, which is less than the slot's
nominal rate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from math import comb

from catalog.specs import CarrierSpec
from configurator.estimation.types import Build

# What a peer copy reaches per PCIe lane and generation: Gen3 x16 gives 12-13 GB/s, x8 about 6.5 (the figure NCCL plans
# with is 12 GB/s for Gen3 x16); each generation doubles the rate.
GB_S_PER_LANE = {1: 0.2, 2: 0.4, 3: 0.8, 4: 1.6, 5: 3.2}
# A copy from one GPU to another over PCIe reaches less: 5.2 GB/s were measured between two V100 PCIe cards under one
# host bridge, 6.6-8.1 GiB/s between V100 that are not neighbours in a hybrid cube mesh, both with Gen3 x16.
PEER_FRACTION = 0.5
# Between two machines: 10 Gbit Ethernet of 1.25 GB/s. Set by analogy, nobody measured such a pair.
NETWORK_GB_S = 1.0
ASSUMED_PCIE_GENERATION = 3
ASSUMED_BOARD_LANES = 8
ASSUMED_SLOT_LANES = 16
MAX_GROUPS_SEARCHED = 20_000


def host_link_gb_s(wiring: "Topology") -> float:
    """What a copy from the host's memory to one GPU reaches, GB/s."""
    if wiring.cpu_nvlink_gb_s:
        return wiring.cpu_nvlink_gb_s
    per_lane = GB_S_PER_LANE.get(wiring.pcie_generation, GB_S_PER_LANE[ASSUMED_PCIE_GENERATION])
    return per_lane * wiring.pcie_lanes


@dataclass(frozen=True, slots=True)
class Link:
    """The path between two GPUs. ``gb_s`` is None where the wiring of the board is not known."""

    path: str  # nvlink, nvswitch, pcie, network, unknown
    nvlinks: int
    gb_s: float | None
    same_carrier: bool


@dataclass(frozen=True, slots=True)
class TensorGroup:
    """GPUs that split every matrix among them, and how well they are joined.

    ``wiring`` is "single" for one GPU, "mesh" where every pair has NVLink, "partial" where NVLink joins all but not
    every pair directly, "pcie" where some can only be reached over PCIe, "unknown" where the board is not documented.
    ``network`` is True where some are in another machine, which is further still than "pcie".
    """

    gpus: tuple[int, ...]
    wiring: str
    slowest_gb_s: float | None  # of all pairs; None for one GPU and for unknown wiring
    network: bool = False


@dataclass(frozen=True)
class Topology:
    """All GPUs of a build with the number of NVLinks between each pair."""

    gpu_count: int
    nvlinks: tuple[tuple[int, ...], ...]  # gpu_count x gpu_count, symmetric
    carrier_of: tuple[int, ...]  # the carrier each GPU sits on; a number of its own for a card in a slot
    host_of: tuple[int, ...]  # the machine each GPU is in
    switched: bool  # NVSwitch: every pair at the full rate
    has_carrier: bool
    known: bool  # False where the links of the carrier are not documented at all
    verified: bool  # False where nobody has published a read-out of this board
    gb_s_per_nvlink: float
    pcie_gb_s: float  # a copy from one GPU to another over PCIe
    pcie_generation: int
    pcie_lanes: int
    cpu_nvlink_gb_s: float = 0.0  # of each GPU to its CPU, where NVLink leads there as well (POWER9)

    @cached_property
    def islands(self) -> tuple[tuple[int, ...], ...]:
        """Groups of GPUs that reach each other over NVLink, directly or through a neighbour, in order."""
        seen: set[int] = set()
        found = []
        for start in range(self.gpu_count):
            if start in seen:
                continue
            island, edge = {start}, [start]
            while edge:
                gpu = edge.pop()
                reached = {j for j, links in enumerate(self.nvlinks[gpu]) if links and j not in island}
                island |= reached
                edge.extend(reached)
            seen |= island
            found.append(tuple(sorted(island)))
        return tuple(found)

    def link(self, first: int, second: int) -> Link:
        """The path between two different GPUs."""
        same = self.carrier_of[first] == self.carrier_of[second]
        if self.host_of[first] != self.host_of[second]:
            return Link("network", 0, NETWORK_GB_S, same)
        links = self.nvlinks[first][second]
        if links:
            return Link("nvswitch" if self.switched else "nvlink", links, links * self.gb_s_per_nvlink, same)
        if not self.known and (same or not self.has_carrier):
            return Link("unknown", 0, None, same)
        return Link("pcie", 0, self.pcie_gb_s, same)

    def is_full_mesh(self, gpus: Iterable[int]) -> bool:
        """True where every pair of ``gpus`` has NVLink of its own."""
        return all(self.nvlinks[i][j] for i, j in combinations(gpus, 2))

    def fits_full_mesh(self, size: int) -> bool:
        """True where some ``size`` GPUs are all joined pair by pair."""
        return size <= self.gpu_count and self.is_full_mesh(self.best_group(size).gpus)

    def best_group(self, size: int) -> TensorGroup:
        """The ``size`` GPUs with which tensor parallelism runs best: fully meshed if possible, with most links.

        Raises ValueError where the build has fewer GPUs.
        """
        return self.tensor_groups(size, 1)[0]

    def tensor_groups(self, size: int, stages: int) -> tuple[TensorGroup, ...]:
        """``stages`` disjoint groups of ``size`` GPUs, each the best of those left, in order of their first GPU.

        Raises ValueError where ``size`` x ``stages`` exceeds the GPU count or either is below one.
        """
        if size < 1 or stages < 1 or size * stages > self.gpu_count:
            raise ValueError(f"{stages} groups of {size} do not fit {self.gpu_count} GPUs")
        if (size, stages) not in self._groups:
            self._groups[size, stages] = self._grouped(size, stages)
        return self._groups[size, stages]

    @cached_property
    def _groups(self) -> dict[tuple[int, int], tuple[TensorGroup, ...]]:
        """What ``tensor_groups`` has answered: a search asks the same of a wiring hundreds of times."""
        return {}

    def _grouped(self, size: int, stages: int) -> tuple[TensorGroup, ...]:
        if size == 1:
            return tuple(TensorGroup((gpu,), "single", None) for gpu in range(stages))
        left = set(range(self.gpu_count))
        groups = []
        for _ in range(stages):
            chosen = self._best_of(left, size)
            left -= set(chosen)
            groups.append(self._describe(chosen))
        return tuple(sorted(groups, key=lambda group: group.gpus))

    def _best_of(self, left: set[int], size: int) -> tuple[int, ...]:
        best: tuple[int, ...] | None = None
        best_score = (-1, -1)
        for island in self.islands:
            members = [gpu for gpu in island if gpu in left]
            if len(members) < size:
                continue
            # In a switched fabric all choices are equal, and there would be too many to look at.
            first_only = comb(len(members), size) > MAX_GROUPS_SEARCHED or self.switched
            for candidate in [tuple(members[:size])] if first_only else combinations(members, size):
                pairs = [self.nvlinks[i][j] for i, j in combinations(candidate, 2)]
                score = (sum(1 for links in pairs if links), sum(pairs))
                if score > best_score:
                    best, best_score = candidate, score
        if best is not None:
            return best
        # No island is large enough: fill from the largest ones, so that as few pairs as possible cross PCIe.
        by_size = sorted(self.islands, key=lambda island: -sum(gpu in left for gpu in island))
        ordered = [gpu for island in by_size for gpu in island if gpu in left]
        return tuple(sorted(ordered[:size]))

    def _describe(self, gpus: tuple[int, ...]) -> TensorGroup:
        links = [self.link(i, j) for i, j in combinations(gpus, 2)]
        network = any(link.path == "network" for link in links)
        if any(link.path == "unknown" for link in links):
            return TensorGroup(gpus, "unknown", NETWORK_GB_S if network else None, network)
        slowest = min(link.gb_s for link in links if link.gb_s is not None)
        if self.is_full_mesh(gpus):
            return TensorGroup(gpus, "mesh", slowest)
        joined = any(set(gpus) <= set(island) for island in self.islands)
        return TensorGroup(gpus, "partial" if joined else "pcie", slowest, network)


def topology(build: Build) -> Topology:
    """The wiring of a build. Modules fill the carriers in socket order; more GPUs than sockets sit in PCIe slots."""
    generation, lanes = _pcie(build)
    return _wire(
        build.carrier,
        build.carrier_count,
        build.gpu_count,
        build.gpu.nvlink_links,
        build.gpu.nvlink_gb_s_per_link or 0.0,
        generation,
        lanes,
        build.gpu.form_factor.startswith("sxm"),
        build.gpu.form_factor == "apu",
    )


def _pcie(build: Build) -> tuple[int, int]:
    """PCIe generation and lanes of each GPU towards the host."""
    carrier = build.carrier
    if carrier is not None:
        return carrier.pcie_generation or ASSUMED_PCIE_GENERATION, carrier.host_lanes_per_gpu or ASSUMED_BOARD_LANES
    hosts = build.of_kind("host")
    if not hosts:
        return ASSUMED_PCIE_GENERATION, ASSUMED_SLOT_LANES
    generation, lanes = hosts[0].part.number("pcie_generation"), hosts[0].part.number("pcie_lanes")
    # Slots come in powers of two lanes.
    share = 1 << (int(lanes // build.gpu_count) or 1).bit_length() - 1 if lanes else ASSUMED_SLOT_LANES
    newest = 4 if build.gpu.architecture in ("ampere", "ada") else 3
    return min(int(generation or ASSUMED_PCIE_GENERATION), newest), min(16, share)


@lru_cache(maxsize=512)
def _wire(
    carrier: CarrierSpec | None,
    carrier_count: int,
    gpu_count: int,
    ports: int,
    gb_s_per_nvlink: float,
    generation: int,
    lanes: int,
    is_module: bool,
    is_host: bool,
) -> Topology:
    sockets = carrier.sockets if carrier is not None else 0
    seated = min(gpu_count, sockets * carrier_count)
    places = [divmod(gpu, sockets) for gpu in range(seated)]
    places += [(carrier_count + gpu, 0) for gpu in range(seated, gpu_count)]  # in slots, each on its own
    matrix = _usable_links(carrier, ports) if carrier is not None else ()
    cpu_gb_s = _links_to_cpu(carrier, ports) * gb_s_per_nvlink
    peer_gb_s = GB_S_PER_LANE.get(generation, GB_S_PER_LANE[ASSUMED_PCIE_GENERATION]) * lanes
    nvlinks = tuple(
        tuple(
            matrix[a][b] if board_i == board_j and i != j and i < seated and matrix else 0
            for j, (board_j, b) in enumerate(places)
        )
        for i, (board_i, a) in enumerate(places)
    )
    return Topology(
        gpu_count=gpu_count,
        nvlinks=nvlinks,
        carrier_of=tuple(board for board, _ in places),
        switched=carrier is not None and carrier.topology == "nvswitch",
        host_of=_hosts(carrier, carrier_count, gpu_count, tuple(board for board, _ in places), is_host),
        has_carrier=carrier is not None,
        # A module needs a carrier: without one its wiring is open, whereas a card in a slot has no links.
        known=carrier.topology != "unknown" if carrier is not None else not is_module,
        verified=carrier is not None and carrier.links_verified,
        gb_s_per_nvlink=gb_s_per_nvlink,
        pcie_gb_s=(cpu_gb_s or peer_gb_s) * PEER_FRACTION,
        pcie_generation=generation,
        pcie_lanes=lanes,
        cpu_nvlink_gb_s=cpu_gb_s,
    )


def _hosts(
    carrier: CarrierSpec | None, carrier_count: int, gpu_count: int, carrier_of: tuple[int, ...], is_host: bool
) -> tuple[int, ...]:
    """The machine of each GPU: an APU and a server are machines of their own, boards and cards share one."""
    if is_host:
        return tuple(range(gpu_count))
    if carrier is not None and carrier.has_host:
        return tuple(min(board, max(carrier_count, 1) - 1) for board in carrier_of)
    return (0,) * gpu_count


def _links_to_cpu(carrier: CarrierSpec | None, ports: int) -> int:
    """NVLinks of each GPU that lead to its CPU: those a POWER9 server leaves over. From there a copy reaches the GPUs
    of the other CPU faster than over PCIe."""
    if carrier is None or carrier.instruction_set != "ppc64le" or not carrier.has_host or not carrier.links:
        return 0
    return max(0, ports - max(sum(row) for row in carrier.links))


def _usable_links(carrier: CarrierSpec, ports: int) -> tuple[tuple[int, ...], ...]:
    """The carrier's links as far as the module has ports for them: a P100 has four, so one of two links of a pair."""
    if not ports or not carrier.links:
        return ()
    wired = max(sum(row) for row in carrier.links) if carrier.topology != "nvswitch" else max(map(max, carrier.links))
    if wired <= ports:
        return carrier.links
    return tuple(tuple(max(1, links * ports // wired) if links else 0 for links in row) for row in carrier.links)
