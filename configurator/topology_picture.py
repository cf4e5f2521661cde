"""Geometry of the drawing of who talks to whom: sockets as nodes, NVLink as lines, PCIe as dashes to the host.

Pure: no Django, no clock, no I/O. Units are those of the drawing's own box, ``width`` by ``height``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, pi, sin

from configurator.estimation.types import Build

WIDTH = 360.0
NODE_RADIUS = 12.0
MAX_DRAWN = 32  # sockets; more of the same says nothing new
_LEFT = 20.0  # room for the PCIe line that runs down beside the boards
_GAP = 16.0
_LABEL_HEIGHT = 18.0
_ROW_GAP = 22.0
_HOST_HEIGHT = 26.0


@dataclass(frozen=True, slots=True)
class Node:
    """One socket. ``gpu`` is the number of the GPU in it, -1 where it is empty."""

    gpu: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LinkWeight:
    """One strength of connection: NVLink links, GB/s per direction (None = not known), line width."""

    links: int
    gb_s: float | None
    line_width: float


@dataclass(frozen=True, slots=True)
class LinkLines:
    """All NVLink lines of one strength, as the data of one SVG path."""

    weight: LinkWeight
    path: str


@dataclass(frozen=True, slots=True)
class Box:
    """A board, a switch or the host."""

    x: float
    y: float
    width: float
    height: float
    label: str

    @property
    def label_x(self) -> float:
        return self.x + 7

    @property
    def label_y(self) -> float:
        return self.y + 13

    @property
    def middle_x(self) -> float:
        return self.x + self.width / 2

    @property
    def middle_y(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One GPU's row of the table behind the drawing: its peers by link weight, in the order of ``weights``."""

    gpu: int
    peers: tuple[str, ...]
    without_link: str


@dataclass(frozen=True, slots=True)
class TopologyPicture:
    """``islands`` are the groups of GPUs that reach each other over NVLink; a lone GPU is a group of one.

    ``pcie`` is the data of one SVG path.
    """

    width: float
    height: float
    nodes: tuple[Node, ...]
    empty_sockets: tuple[Node, ...]
    nvlinks: tuple[LinkLines, ...]
    pcie: str
    boards: tuple[Box, ...]
    switches: tuple[Box, ...]
    host: Box
    weights: tuple[LinkWeight, ...]
    islands: tuple[tuple[int, ...], ...]
    rows: tuple[PeerRow, ...]
    not_drawn: int

    @property
    def largest_island(self) -> int:
        return max((len(island) for island in self.islands), default=0)

    @property
    def every_pair_linked(self) -> bool:
        """True where no pair of GPUs must go over PCIe or another GPU."""
        return not any(row.without_link for row in self.rows)

    @property
    def linked_islands(self) -> tuple[tuple[int, ...], ...]:
        return tuple(island for island in self.islands if len(island) > 1)

    @property
    def island_names(self) -> tuple[str, ...]:
        """The GPUs of each island in words: ``0–3``."""
        return tuple(gpu_numbers(island) for island in self.islands)


_Line = tuple[float, float, float, float]  # x1, y1, x2, y2


@dataclass(frozen=True, slots=True)
class _Group:
    """A carrier, or a card of its own: its sockets' places inside its box, and the links between them."""

    sockets: tuple[tuple[float, float], ...]
    links: tuple[tuple[int, ...], ...]
    width: float
    height: float
    label: str
    switched: bool


def topology_picture(build: Build) -> TopologyPicture:
    """Draws the chosen sockets. GPUs fill carriers in order; those without a socket stand as cards on their own."""
    placed = _flow(_groups(build))
    nodes: list[Node] = []
    lines: dict[int, list[_Line]] = {}
    boards: list[Box] = []
    switches: list[Box] = []
    pair_links: dict[tuple[int, int], int] = {}
    for group, left, top in placed:
        before = len(nodes)
        nodes += [
            Node(number if number < build.gpu_count else -1, round(left + x, 1), round(top + y, 1))
            for number, (x, y) in enumerate(group.sockets, start=before)
        ]
        seated = [(socket, node) for socket, node in enumerate(nodes[before:]) if node.gpu >= 0]
        if group.label:
            boards.append(Box(left, top, group.width, group.height, group.label))
        if group.switched:
            switch = _switch_box(group, left, top)
            switches.append(switch)
            into_switch = lines.setdefault(max(map(max, group.links)), [])
            into_switch += [(node.x, node.y, node.x, switch.middle_y) for _, node in seated]
        for (a, one), (b, other) in combinations(seated, 2):
            links = group.links[a][b] if group.links else 0
            if not links:
                continue
            pair_links[one.gpu, other.gpu] = links
            if not group.switched:
                lines.setdefault(links, []).append((one.x, one.y, other.x, other.y))
    host, pcie = _host(build, placed)
    weights = tuple(_weight(build, links) for links in sorted(set(pair_links.values()), reverse=True))
    drawn = min(build.gpu_count, len(nodes))
    return TopologyPicture(
        width=WIDTH,
        height=host.y + host.height + 1,
        nodes=tuple(node for node in nodes if node.gpu >= 0),
        empty_sockets=tuple(node for node in nodes if node.gpu < 0),
        nvlinks=tuple(LinkLines(_weight(build, links), _path(lines[links])) for links in sorted(lines)),
        pcie=_path(pcie),
        boards=tuple(boards),
        switches=tuple(switches),
        host=host,
        weights=weights,
        islands=_islands(drawn, pair_links),
        rows=_rows(drawn, pair_links, weights),
        not_drawn=build.gpu_count - drawn,
    )


def _path(lines: Iterable[_Line]) -> str:
    return "".join(f"M{x1:g} {y1:g}L{x2:g} {y2:g}" for x1, y1, x2, y2 in lines)


def _weight(build: Build, links: int) -> LinkWeight:
    per_link = build.gpu.nvlink_gb_s_per_link
    gb_s = None if per_link is None else links * per_link
    # Where the speed of a link is not known, lines are as wide as NVLink 2's 25 GB/s would make them.
    return LinkWeight(links, gb_s, round(1 + (25.0 * links if gb_s is None else gb_s) / 30, 2))


def _groups(build: Build) -> list[_Group]:
    """Every carrier, then a card of its own for each GPU that found no socket."""
    groups: list[_Group] = []
    carrier = build.carrier
    if carrier is not None and carrier.sockets > 0:
        links = carrier.links if build.gpu.nvlink_links else ()
        switched = bool(links) and carrier.topology == "nvswitch"
        name = "Server" if carrier.has_host else "Board"
        for number in range(1, min(build.carrier_count, max(1, MAX_DRAWN // carrier.sockets)) + 1):
            label = f"{name} {number}" if build.carrier_count > 1 else name
            groups.append(_group(carrier.sockets, links, switched, label if carrier.sockets > 1 else ""))
    seats = sum(len(group.sockets) for group in groups)
    groups += [_group(1, (), False, "")] * (min(build.gpu_count, MAX_DRAWN) - seats)
    return groups


def _group(sockets: int, links: tuple[tuple[int, ...], ...], switched: bool, label: str) -> _Group:
    """Lays sockets out so that no link runs through a socket it does not belong to."""
    step = 42.0
    pad = NODE_RADIUS + 9
    top = pad + (_LABEL_HEIGHT if label else 0)
    if switched:
        per_row = -(-sockets // 2)
        places = tuple((pad + (i % per_row) * 39, top + (i // per_row) * 2 * step) for i in range(sockets))
    elif sockets > 4 and any(map(any, links)):
        places = _ring(sockets, links, top)
    elif 2 < sockets <= 4 and any(map(any, links)):
        places = tuple((pad + (i % 2) * 2 * step, top + (i // 2) * 1.7 * step) for i in range(sockets))
    else:
        across = 2 * step if sockets == 2 else step
        places = tuple((pad + (i % 4) * across, top + (i // 4) * step) for i in range(sockets))
    return _Group(
        sockets=places,
        links=links,
        width=round(max(x for x, _ in places) + pad, 1),
        height=round(max(y for _, y in places) + pad, 1),
        label=label,
        switched=switched,
    )


def _ring(sockets: int, links: Sequence[Sequence[int]], top: float) -> tuple[tuple[float, float], ...]:
    """Sockets on an oval: the first half down the left, each one's best-linked partner of the other half opposite."""
    half = -(-sockets // 2)
    left = list(range(half))
    free = list(range(half, sockets))
    right: list[int] = []
    for socket in left[: len(free)]:
        partner = max(free, key=links[socket].__getitem__)
        free.remove(partner)
        right.append(partner)
    centre_x, radius_x, radius_y = 147.0, 136.0, 84.0
    places: dict[int, tuple[float, float]] = {}
    for side, members in ((-1, left), (1, right)):
        for row, socket in enumerate(members):
            angle = pi * (row + 0.5) / half
            places[socket] = (
                round(centre_x + side * radius_x * sin(angle), 1),
                round(top + radius_y * (1 - cos(angle)), 1),
            )
    return tuple(places[socket] for socket in range(sockets))


def _switch_box(group: _Group, left: float, top: float) -> Box:
    ys = [y for _, y in group.sockets]
    middle = (min(ys) + max(ys)) / 2
    return Box(left + 8, round(top + middle - 10, 1), group.width - 16, 20, "NVSwitch")


def _flow(groups: Sequence[_Group]) -> list[tuple[_Group, float, float]]:
    """Places groups in rows, each row in the middle; gives each group's left and top."""
    rows: list[list[_Group]] = []
    right = WIDTH
    for group in groups:
        if right + _GAP + group.width > WIDTH:
            rows.append([])
            right = _LEFT - _GAP
        rows[-1].append(group)
        right += _GAP + group.width
    placed: list[tuple[_Group, float, float]] = []
    top = 1.0
    for row in rows:
        taken = sum(group.width for group in row) + _GAP * (len(row) - 1)
        left = _LEFT + max(0.0, (WIDTH - _LEFT - taken) / 2)
        for group in row:
            placed.append((group, round(left, 1), round(top, 1)))
            left += group.width + _GAP
        top += max(group.height for group in row) + _ROW_GAP
    return placed


def _host(build: Build, placed: Sequence[tuple[_Group, float, float]]) -> tuple[Box, list[_Line]]:
    """The host below, and the PCIe lines to it: straight down from the last row, round the left from those above."""
    bottoms: dict[float, float] = {}
    for group, _, top in placed:
        bottoms[top] = max(bottoms.get(top, 0.0), top + group.height)
    last_row = max(bottoms, default=0.0)
    host_top = max(bottoms.values(), default=0.0) + _ROW_GAP
    own_host = build.carrier is not None and build.carrier.has_host
    label = ("Network" if build.carrier_count > 1 else "Server CPUs") if own_host else "Host"
    lines: list[_Line] = []
    for top, bottom in bottoms.items():
        bus = bottom + _ROW_GAP / 2
        middles = [(left + group.width / 2, top + group.height) for group, left, at in placed if at == top]
        lines += [(x, y, x, host_top if top == last_row else bus) for x, y in middles]
        if top != last_row:
            lines.append((max(x for x, _ in middles), bus, _LEFT / 2, bus))
    if len(bottoms) > 1:
        lines.append((_LEFT / 2, min(bottoms.values()) + _ROW_GAP / 2, _LEFT / 2, host_top))
    return Box(1, host_top, WIDTH - 2, _HOST_HEIGHT, label), lines


def _islands(gpus: int, pair_links: dict[tuple[int, int], int]) -> tuple[tuple[int, ...], ...]:
    """Connected groups of GPUs, by their smallest member."""
    island = list(range(gpus))
    for a, b in pair_links:
        joined, gone = sorted((island[a], island[b]))
        island = [joined if member == gone else member for member in island]
    return tuple(tuple(gpu for gpu in range(gpus) if island[gpu] == name) for name in sorted(set(island)))


def _rows(gpus: int, pair_links: dict[tuple[int, int], int], weights: Sequence[LinkWeight]) -> tuple[PeerRow, ...]:
    rows = []
    for gpu in range(gpus):
        links = {other: pair_links.get((min(gpu, other), max(gpu, other)), 0) for other in range(gpus) if other != gpu}
        rows.append(
            PeerRow(
                gpu=gpu,
                peers=tuple(
                    gpu_numbers(other for other, n in links.items() if n == weight.links) for weight in weights
                ),
                without_link=gpu_numbers(other for other, n in links.items() if n == 0),
            )
        )
    return tuple(rows)


def gpu_numbers(gpus: Iterable[int]) -> str:
    """GPU numbers as a list with runs drawn together: "0, 2–5"."""
    runs: list[list[int]] = []
    for gpu in gpus:
        if runs and gpu == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], gpu]
        else:
            runs.append([gpu])
    return ", ".join(_run(run[0], run[-1]) for run in runs)


def _run(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first}, {last}" if last == first + 1 else f"{first}–{last}"
