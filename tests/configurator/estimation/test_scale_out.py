"""Boards behind link cards of one host. Lanes are counted by hand; a lane of PCIe 3.0 carries 0.8 GB/s."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.estimation.board_sweep import Machine, Task, board_numbers, refusal, sweep
from configurator.estimation.scale_out import HostWiring, host_wiring, most_boards
from configurator.estimation.types import Supply
from tests.configurator.estimation.catalog_files import carrier, circuit, gpu, model, part

QUAD, DUAL = "quad-board-taq-sxm2-4p5a5", "dual-board-tns-2sxm2-4p54"


def wired(boards: int, board: str = QUAD, host: str = "host-romed8-2t", card: str = "plx8749-card") -> HostWiring:
    return host_wiring(part(host), carrier(board), part(card), gpu(), boards)


@pytest.mark.parametrize(
    ("board", "boards", "cards", "per_card", "used", "per_gpu", "alone", "at_once", "short"),
    [
        # One quad: x16 shared by four, so x4 and 16 x 0.8 / 4 GB/s; alone a GPU has the x8 of its cable.
        (QUAD, 1, 1, 16, 16, 4.0, 6.4, 3.2, 0),
        # Seven slots take seven cards: 112 lanes for 28 GPUs. That is the most at x4, not the guide's 140.
        (QUAD, 7, 7, 16, 112, 4.0, 6.4, 3.2, 0),
        (QUAD, 8, 8, 8, 64, 2.0, 6.4, 1.6, 1),  # 112 / 8 = 14, so x8 each, were there a slot
        # The guide's last row: 112 / 17 = 6.6, so x4 each, x1 a GPU, and ten slots too few.
        (QUAD, 17, 17, 4, 68, 1.0, 3.2, 0.8, 10),
        # A dual board takes all four ports, two cables a GPU: x16 each, x8 when both talk.
        (DUAL, 3, 3, 16, 48, 8.0, 12.8, 6.4, 0),
    ],
)
def test_slots_and_lanes_of_a_romed8_are_shared_as_counted_by_hand(
    board: str,
    boards: int,
    cards: int,
    per_card: int,
    used: int,
    per_gpu: float,
    alone: float,
    at_once: float,
    short: int,
) -> None:
    found = wired(boards, board)
    assert (found.cards, found.slots, found.lanes_per_card, found.lanes_used) == (cards, 7, per_card, used)
    assert found.lanes_per_gpu == per_gpu
    assert found.gb_s_alone == pytest.approx(alone)
    assert found.gb_s_at_once == pytest.approx(at_once)
    assert (found.slots_short, found.fits) == (short, short == 0)


def test_seven_quad_boards_are_the_most_and_four_are_sixteen_gpus_in_four_islands() -> None:
    assert most_boards(part("host-romed8-2t"), carrier(QUAD), part("plx8749-card")) == 7
    four = wired(4)
    assert (four.gpus, four.islands, four.memory_gb) == (16, 4, 256)


def test_a_figure_nobody_published_is_unknown_and_neither_fits_nor_fails() -> None:
    at_home = wired(1, host="existing-pc")
    assert at_home.cards == 1
    assert at_home.lanes_wanted == 16
    assert at_home.fits is None
    assert at_home.lanes_per_gpu is None
    assert at_home.gb_s_at_once is None
    own_cables = wired(1, board="board-aom-sxmv")
    assert own_cables.cards is None
    assert own_cables.fits is None
    assert most_boards(part("existing-pc"), carrier(QUAD), part("plx8749-card")) is None
    with pytest.raises(ValueError, match="at least one"):
        wired(0)


@settings(deadline=None, max_examples=50)
@given(
    boards=st.integers(1, 40),
    board=st.sampled_from([QUAD, DUAL]),
    card=st.sampled_from(["plx8749-card", "passive-riser-kit"]),
    lanes=st.sampled_from([16, 20, 24, 48, 64, 112, 128]),
)
def test_no_lane_is_spent_twice_and_no_bandwidth_made_up(boards: int, board: str, card: str, lanes: int) -> None:
    host = replace(part("host-romed8-2t"), figures={**part("host-romed8-2t").figures, "pcie_lanes": lanes})
    found = host_wiring(host, carrier(board), part(card), gpu(), boards)
    assert found.lanes_used is not None
    assert found.gb_s_at_once is not None
    assert found.gb_s_alone is not None
    assert found.lanes_used <= lanes
    assert found.gpus * found.gb_s_at_once <= found.lanes_used * found.gb_s_per_lane * (1 + 1e-9)
    assert found.gb_s_at_once <= found.gb_s_alone


def test_more_boards_add_room_and_circuits_but_no_speed_and_sixteen_gpus_are_too_many_for_llama_cpp() -> None:
    machine = Machine(part("host-romed8-2t"), carrier(QUAD), part("plx8749-card"), gpu())
    task = Task(model("llama-3.3-70b"), "Q4_K_M", "AWQ", 8192, 1)
    one, two, three, four = sweep(machine, task, Supply(200, circuit("us-120v-20a")), 4)
    assert one.across is None
    assert two.across is not None
    speeds = [count.by_layer.speed.decode_tok_s.mid for count in (one, two, three) if count.by_layer.speed]
    assert speeds == sorted(speeds, reverse=True)
    assert one.by_tensor.speed is not None
    assert two.by_tensor.speed is not None
    assert two.across.speed is not None
    # All-reduces over PCIe cost more than what twice the GPUs save.
    assert (
        two.across.speed.decode_tok_s.mid < two.by_tensor.speed.decode_tok_s.mid < one.by_tensor.speed.decode_tok_s.mid
    )
    assert [count.over_cap for count in (one, two, three, four)] == [False, False, False, True]
    assert refusal(three.by_layer) == ""
    assert refusal(four.by_layer) == "Too many GPUs for the runtime"
    assert refusal(four.by_tensor) == ""
    # 16 x 200 + 200 + 4 x 7.3 + 4 x 5 = 3,449.2 W, / 0.9 = 3,832 W at the wall: two circuits of 1,920 W.
    assert four.by_layer.power.wall_w == pytest.approx(3832.4, abs=0.1)
    assert four.circuits_at_limit == 2
    assert four.circuits_at_default == 3  # 16 x 300 + 249.2, / 0.9 = 5,610 W


def test_each_number_up_to_eight_is_compared_and_few_beyond() -> None:
    assert board_numbers(1) == (1,)
    assert board_numbers(8) == (1, 2, 3, 4, 5, 6, 7, 8)
    assert board_numbers(17) == (1, 2, 4, 8, 17)


def test_what_does_not_fit_says_by_how_much() -> None:
    machine = Machine(part("host-romed8-2t"), carrier(DUAL), part("plx8749-card"), gpu())
    (one,) = sweep(
        machine, Task(model("llama-3.3-70b"), "Q4_K_M", "AWQ", 8192, 1), Supply(200, circuit("us-120v-20a")), 1
    )
    assert refusal(one.by_layer).startswith("Does not fit: ")
