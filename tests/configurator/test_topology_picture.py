"""Who is linked to whom, as drawn: links, islands, empty sockets, and lines that touch only their own nodes."""

from dataclasses import replace
from itertools import combinations

import pytest

from catalog.specs import CarrierSpec
from configurator.estimation.types import Build
from configurator.topology_picture import NODE_RADIUS, WIDTH, topology_picture
from tests.configurator.estimation.builds import V100_16

PAIR = ((0, 6), (6, 0))
QUAD = tuple(tuple(0 if i == j else 2 for j in range(4)) for i in range(4))
# The numbering of one real hybrid cube mesh, as `nvidia-smi topo -m` printed it.
CUBE_MESH = (
    (0, 1, 2, 1, 0, 0, 0, 2),
    (1, 0, 1, 2, 0, 0, 2, 0),
    (2, 1, 0, 2, 0, 1, 0, 0),
    (1, 2, 2, 0, 1, 0, 0, 0),
    (0, 0, 0, 1, 0, 2, 2, 1),
    (0, 0, 1, 0, 2, 0, 1, 2),
    (0, 2, 0, 0, 2, 1, 0, 1),
    (2, 0, 0, 0, 1, 2, 1, 0),
)
SWITCHED = tuple(tuple(0 if i == j else 6 for j in range(16)) for i in range(16))


def carrier(links: tuple[tuple[int, ...], ...], topology: str, *, kind: str = "board") -> CarrierSpec:
    return CarrierSpec(
        slug="carrier",
        name="Carrier",
        kind=kind,
        socket="sxm2",
        sockets=len(links),
        topology=topology,
        links=links,
        links_verified=True,
        pcie_generation=3,
        host_lanes_per_gpu=4,
        host_connectors=4,
        board_power_w=10,
        eps_connectors=2,
        pcie_power_connectors=2,
        has_host=kind == "server",
        host_power_w=None,
        psu_count=None,
        psu_rated_w=None,
        psu_rated_120v_w=None,
        psu_min_voltage=None,
        external_12v=False,
        instruction_set="x86_64",
        heatsinks_included=None,
        needs_fabric_manager=False,
        vendor="",
    )


QUAD_BOARD = carrier(QUAD, "full-mesh")
DUAL_BOARD = carrier(PAIR, "pair")
ADAPTER = carrier(((0,),), "none", kind="adapter")
DGX_1 = carrier(CUBE_MESH, "hybrid-cube-mesh", kind="server")
DGX_2 = carrier(SWITCHED, "nvswitch", kind="server")


def segments(path: str) -> list[tuple[float, float, float, float]]:
    """The lines of an SVG path made of M and L only."""
    lines = []
    for line in path.split("M")[1:]:
        start, end = line.split("L")
        x1, y1 = map(float, start.split())
        x2, y2 = map(float, end.split())
        lines.append((x1, y1, x2, y2))
    return lines


def test_a_quad_board_has_six_lines_of_fifty_gigabytes_a_second() -> None:
    picture = topology_picture(Build(V100_16, 4, QUAD_BOARD, 1))
    assert [(lines.weight.links, lines.weight.gb_s) for lines in picture.nvlinks] == [(2, 50)]
    assert len(segments(picture.nvlinks[0].path)) == 6
    assert picture.islands == ((0, 1, 2, 3),)
    assert picture.every_pair_linked


def test_two_quad_boards_are_two_islands() -> None:
    picture = topology_picture(Build(V100_16, 8, QUAD_BOARD, 2))
    assert picture.linked_islands == ((0, 1, 2, 3), (4, 5, 6, 7))
    assert [box.label for box in picture.boards] == ["Board 1", "Board 2"]
    assert picture.rows[0].peers == ("1–3",)
    assert picture.rows[0].without_link == "4–7"


def test_a_hybrid_cube_mesh_is_one_island_with_three_peers_out_of_reach() -> None:
    picture = topology_picture(Build(V100_16, 8, DGX_1, 1))
    assert len(picture.islands) == 1
    assert not picture.every_pair_linked
    # GPU 0 of the print: NV2 to 2 and 7, NV1 to 1 and 3, nothing to 4, 5 and 6.
    assert [weight.links for weight in picture.weights] == [2, 1]
    assert picture.rows[0].peers == ("2, 7", "1, 3")
    assert picture.rows[0].without_link == "4–6"
    assert picture.host.label == "Server CPUs"


def test_a_switch_links_every_pair_through_one_line_a_gpu() -> None:
    picture = topology_picture(Build(V100_16, 16, DGX_2, 1))
    assert len(picture.switches) == 1
    assert sum(len(segments(lines.path)) for lines in picture.nvlinks) == 16
    assert picture.every_pair_linked


def test_wider_lines_carry_more() -> None:
    dual = topology_picture(Build(V100_16, 2, DUAL_BOARD, 1)).weights[0]
    quad = topology_picture(Build(V100_16, 4, QUAD_BOARD, 1)).weights[0]
    assert (dual.gb_s, quad.gb_s) == (150, 50)
    assert dual.line_width > quad.line_width


def test_sockets_without_a_gpu_are_drawn_empty_and_unlinked() -> None:
    picture = topology_picture(Build(V100_16, 6, QUAD_BOARD, 2))
    assert len(picture.nodes) == 6
    assert len(picture.empty_sockets) == 2
    assert picture.linked_islands == ((0, 1, 2, 3), (4, 5))


def test_gpus_without_a_socket_stand_as_cards_of_their_own() -> None:
    picture = topology_picture(Build(V100_16, 5, QUAD_BOARD, 1))
    assert [node.gpu for node in picture.nodes] == [0, 1, 2, 3, 4]
    assert picture.islands == ((0, 1, 2, 3), (4,))


def test_cards_in_slots_have_pcie_only() -> None:
    picture = topology_picture(Build(V100_16, 3, None, 0))
    assert picture.nvlinks == ()
    assert picture.linked_islands == ()
    assert len(segments(picture.pcie)) == 3
    assert picture.host.label == "Host"


def test_a_gpu_without_nvlink_on_a_linked_board_is_not_drawn_linked() -> None:
    plain = replace(V100_16, nvlink_links=0)
    assert topology_picture(Build(plain, 4, QUAD_BOARD, 1)).nvlinks == ()


def test_a_link_whose_speed_is_not_known_is_drawn_without_a_figure() -> None:
    unsure = replace(V100_16, nvlink_gb_s_per_link=None)
    assert topology_picture(Build(unsure, 2, DUAL_BOARD, 1)).weights[0].gb_s is None


def test_very_many_gpus_are_counted_instead_of_drawn() -> None:
    picture = topology_picture(Build(V100_16, 64, ADAPTER, 64))
    assert len(picture.nodes) + picture.not_drawn == 64
    assert picture.not_drawn > 0


BUILDS = {
    "one": Build(V100_16, 1, ADAPTER, 1),
    "dual": Build(V100_16, 2, DUAL_BOARD, 1),
    "quad": Build(V100_16, 4, QUAD_BOARD, 1),
    "two quads": Build(V100_16, 8, QUAD_BOARD, 2),
    "four quads": Build(V100_16, 16, QUAD_BOARD, 4),
    "mesh": Build(V100_16, 8, DGX_1, 1),
    "two meshes": Build(V100_16, 16, DGX_1, 2),
    "switch": Build(V100_16, 16, DGX_2, 1),
    "adapters": Build(V100_16, 16, ADAPTER, 16),
    "slots": Build(V100_16, 7, None, 0),
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_everything_lies_inside_the_picture(build: Build) -> None:
    picture = topology_picture(build)
    for node in (*picture.nodes, *picture.empty_sockets):
        assert NODE_RADIUS <= node.x <= WIDTH - NODE_RADIUS
        assert NODE_RADIUS <= node.y <= picture.host.y
    for box in (*picture.boards, *picture.switches, picture.host):
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= picture.height


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_no_two_sockets_overlap(build: Build) -> None:
    picture = topology_picture(build)
    for one, other in combinations((*picture.nodes, *picture.empty_sockets), 2):
        assert ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 > 2 * NODE_RADIUS


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_no_link_runs_through_a_socket_it_does_not_belong_to(build: Build) -> None:
    picture = topology_picture(build)
    for lines in picture.nvlinks:
        for x1, y1, x2, y2 in segments(lines.path):
            length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            for node in picture.nodes:
                if (node.x, node.y) in ((x1, y1), (x2, y2)):
                    continue
                along = ((node.x - x1) * (x2 - x1) + (node.y - y1) * (y2 - y1)) / length
                if 0 < along < length:
                    beside = abs((node.x - x1) * (y2 - y1) - (node.y - y1) * (x2 - x1)) / length
                    assert beside > NODE_RADIUS
