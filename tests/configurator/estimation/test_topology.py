"""How GPUs are wired. Link counts are those that nvidia-smi topo -m and the makers' documents give."""

from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.figures import carrier_spec, gpu_spec, part_spec
from catalog.specs import CarrierSpec, GpuSpec
from configurator.estimation.topology import Topology, topology
from configurator.estimation.types import Build, PartLine

DATA = Path(__file__).parents[3] / "catalog" / "data"


def figures(folder: str, slug: str) -> tuple[str, str, dict[str, Any]]:
    item = yaml.safe_load((DATA / folder / f"{slug}.yaml").read_text())
    return item["slug"], item["name"], {name: figure["value"] for name, figure in item["figures"].items()}


@cache
def gpu(slug: str = "v100-sxm2-16gb") -> GpuSpec:
    folder = "gpus" if (DATA / "gpus" / f"{slug}.yaml").exists() else "alternatives"
    return gpu_spec(*figures(folder, slug))


@cache
def carrier(slug: str) -> CarrierSpec:
    return carrier_spec(*figures("carriers", slug))


def wiring(slug: str | None, gpus: int, carriers: int = 1, card: str = "v100-sxm2-16gb") -> Topology:
    return topology(Build(gpu(card), gpus, carrier(slug) if slug else None, carriers))


def test_a_quad_board_joins_every_pair_with_two_links_of_25_gb_s() -> None:
    quad = wiring("quad-board-taq-sxm2-4p5a5", 4)
    assert quad.islands == ((0, 1, 2, 3),)
    assert {quad.link(i, j).gb_s for i, j in combinations(range(4), 2)} == {50.0}
    assert quad.best_group(4).wiring == "mesh"


def test_nobody_has_read_out_the_quad_board_so_its_wiring_is_not_verified() -> None:
    assert not wiring("quad-board-taq-sxm2-4p5a5", 4).verified


def test_the_dual_board_gives_its_pair_all_six_links() -> None:
    link = wiring("dual-board-tns-2sxm2-4p54", 2).link(0, 1)
    assert (link.path, link.nvlinks, link.gb_s) == ("nvlink", 6, 150.0)


def test_in_a_hybrid_cube_mesh_three_of_seven_peers_have_no_link() -> None:
    server = wiring("server-4029gp-tvrt", 8)
    for first in range(8):
        paths = [server.link(first, second).path for second in range(8) if second != first]
        assert paths.count("pcie") == 3


def test_peers_without_a_link_in_a_hybrid_cube_mesh_copy_at_what_was_measured() -> None:
    rate = wiring("server-4029gp-tvrt", 8).link(0, 4).gb_s
    assert rate is not None
    assert 6.0 <= rate <= 8.7  # 6.6-8.1 GiB/s


def test_a_hybrid_cube_mesh_is_one_island_with_room_for_groups_of_four_but_not_of_eight() -> None:
    server = wiring("server-4029gp-tvrt", 8)
    assert server.islands == (tuple(range(8)),)
    assert server.fits_full_mesh(4)
    assert not server.fits_full_mesh(8)
    assert server.best_group(8).wiring == "partial"


def test_two_groups_of_four_in_a_hybrid_cube_mesh_are_its_two_quads() -> None:
    groups = wiring("server-4029gp-tvrt", 8).tensor_groups(4, 2)
    assert [group.gpus for group in groups] == [(0, 1, 2, 3), (4, 5, 6, 7)]
    assert {group.wiring for group in groups} == {"mesh"}


def test_two_boards_are_two_islands_and_talk_over_pcie() -> None:
    boards = wiring("quad-board-taq-sxm2-4p5a5", 8, carriers=2)
    assert boards.islands == ((0, 1, 2, 3), (4, 5, 6, 7))
    between = boards.link(3, 4)
    assert (between.path, between.same_carrier) == ("pcie", False)
    assert boards.best_group(8).wiring == "pcie"
    assert [group.wiring for group in boards.tensor_groups(4, 2)] == ["mesh", "mesh"]


def test_an_ac922_has_two_pairs_of_three_links() -> None:
    server = wiring("server-ac922", 4)
    assert server.islands == ((0, 1), (2, 3))
    assert server.link(0, 1).gb_s == 75.0
    assert [group.gpus for group in server.tensor_groups(2, 2)] == [(0, 1), (2, 3)]


def test_an_nvswitch_joins_all_sixteen_at_full_rate() -> None:
    server = wiring("server-dgx-2", 16, card="v100-sxm3-32gb")
    assert server.link(0, 15).path == "nvswitch"
    assert server.link(0, 15).gb_s == 150.0
    assert server.best_group(16).wiring == "mesh"


def test_cards_in_slots_have_no_links_and_meet_over_the_host() -> None:
    cards = wiring(None, 2, card="v100-pcie-32gb")
    link = cards.link(0, 1)
    assert (link.path, link.nvlinks) == ("pcie", 0)
    # 5.2 GB/s were measured between two V100 PCIe cards under one host bridge.
    assert link.gb_s == pytest.approx(5.2, rel=0.3)
    assert cards.islands == ((0,), (1,))
    assert not cards.fits_full_mesh(2)


def test_modules_without_a_carrier_have_unknown_wiring() -> None:
    assert wiring(None, 4).best_group(4).wiring == "unknown"
    assert wiring(None, 4).link(0, 1).gb_s is None


def test_a_board_nobody_documented_has_unknown_wiring() -> None:
    board = replace(carrier("quad-board-taq-sxm2-4p5a5"), topology="unknown", links=())
    quad = topology(Build(gpu(), 4, board, 1))
    assert quad.best_group(4).wiring == "unknown"
    assert quad.link(0, 1).path == "unknown"


def test_a_p100_has_four_ports_so_each_pair_of_a_quad_keeps_one_link() -> None:
    quad = wiring("quad-board-taq-sxm2-4p5a5", 4, card="p100-sxm2-16gb")
    assert {quad.link(i, j).nvlinks for i, j in combinations(range(4), 2)} == {1}


def test_modules_beyond_the_sockets_of_a_board_are_on_their_own() -> None:
    crowded = wiring("dual-board-tns-2sxm2-4p54", 3)
    assert crowded.islands == ((0, 1), (2,))


def test_lanes_of_cards_in_slots_come_from_the_host() -> None:
    host = part_spec("host", "Host", "host", {"pcie_generation": 4, "pcie_lanes": 112})
    few = topology(Build(gpu("rtx-3090"), 2, None, 0, (PartLine(host, 1),)))
    many = topology(Build(gpu("rtx-3090"), 14, None, 0, (PartLine(host, 1),)))
    assert (few.pcie_generation, few.pcie_lanes) == (4, 16)
    assert many.pcie_lanes == 8
    # A V100 links at generation 3 whatever the slot.
    assert topology(Build(gpu("v100-pcie-32gb"), 2, None, 0, (PartLine(host, 1),))).pcie_generation == 3


def test_two_servers_meet_over_a_network_and_two_boards_do_not() -> None:
    servers = wiring("server-dgx-1v", 16, carriers=2)
    assert servers.link(7, 8).path == "network"
    assert servers.best_group(16).network
    assert not servers.best_group(8).network
    assert not wiring("quad-board-taq-sxm2-4p5a5", 8, carriers=2).best_group(8).network


def test_a_network_is_slower_than_a_copy_over_pcie() -> None:
    """10 Gbit Ethernet is 1.25 GB/s; 5.2 GB/s were measured between two cards of one host."""
    rate = wiring("server-ac922", 8, carriers=2).link(3, 4).gb_s
    assert rate is not None
    assert rate <= 1.25


def test_each_apu_is_a_machine_of_its_own() -> None:
    assert wiring(None, 2, card="strix-halo-128gb").link(0, 1).path == "network"


def test_groups_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        wiring("quad-board-taq-sxm2-4p5a5", 4).tensor_groups(4, 2)


CARRIERS = ["quad-board-taq-sxm2-4p5a5", "server-4029gp-tvrt", "server-ac922", "dual-board-tns-2sxm2-4p54", None]


@settings(deadline=None)
@given(st.sampled_from(CARRIERS), st.integers(1, 16), st.integers(1, 4), st.integers(1, 8))
def test_groups_are_disjoint_and_of_the_asked_size(slug: str | None, gpus: int, carriers: int, size: int) -> None:
    stages = gpus // size
    if stages == 0:
        return
    groups = wiring(slug, gpus, carriers).tensor_groups(size, stages)
    chosen = [member for group in groups for member in group.gpus]
    assert len(chosen) == len(set(chosen)) == size * stages
    assert set(chosen) <= set(range(gpus))


@settings(deadline=None)
@given(st.sampled_from(CARRIERS), st.integers(2, 16), st.integers(1, 4))
def test_links_are_symmetric_and_islands_cover_every_gpu_once(slug: str | None, gpus: int, carriers: int) -> None:
    wired = wiring(slug, gpus, carriers)
    assert sorted(member for island in wired.islands for member in island) == list(range(gpus))
    for i, j in combinations(range(gpus), 2):
        assert wired.link(i, j) == wired.link(j, i)
