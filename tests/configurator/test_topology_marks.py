"""Tensor groups and the paths beside NVLink, as marked on the drawing of links."""

from dataclasses import replace

from configurator.estimation.types import Build, Workload
from configurator.topology_marks import group_marks, other_paths
from configurator.topology_picture import topology_picture
from tests.configurator.estimation.builds import LLAMA_70B, QUAD_BOARD, SERVER, V100_16

TWO_BOARDS = Build(V100_16, 8, QUAD_BOARD, 2)


def test_each_tensor_group_is_marked_on_the_gpus_it_was_given() -> None:
    nodes = topology_picture(TWO_BOARDS).nodes
    workload = Workload(LLAMA_70B, split="tensor", tensor_parallel=4, pipeline_parallel=2)
    first, second = group_marks(TWO_BOARDS, workload, nodes)
    assert (first.letter, first.gpus, second.letter, second.gpus) == ("A", "0–3", "B", "4–7")
    assert [node.gpu for node in second.nodes] == [4, 5, 6, 7]
    # Two links of 25 GB/s between each pair of a quad board.
    assert (first.wiring, first.slowest_gb_s) == ("mesh", 50)
    (across,) = group_marks(TWO_BOARDS, replace(workload, tensor_parallel=8, pipeline_parallel=1), nodes)
    assert (across.gpus, across.wiring) == ("0–7", "pcie")


def test_where_gpus_take_turns_no_group_is_marked() -> None:
    nodes = topology_picture(TWO_BOARDS).nodes
    assert group_marks(TWO_BOARDS, Workload(LLAMA_70B, pipeline_parallel=8), nodes) == ()


def test_the_paths_beside_nvlink_say_what_a_copy_reaches() -> None:
    # 0.8 GB/s a lane of PCIe 3.0 times eight lanes; half of it from GPU to GPU.
    paths = other_paths(TWO_BOARDS)
    assert (paths.to_host_gb_s, paths.between_gpus_gb_s, paths.assumed) == (6.4, 3.2, False)
    assert paths.between_servers_gb_s is None
    assert other_paths(Build(V100_16, 8, replace(QUAD_BOARD, host_lanes_per_gpu=None), 2)).assumed
    assert other_paths(Build(V100_16, 16, SERVER, 2)).between_servers_gb_s == 1
