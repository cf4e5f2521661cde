"""The pruned search against working everything out, and what it says of machines that lose."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from configurator.estimation.types import Supply
from configurator.search import Front, Goal, Known, Machine, Point, search
from configurator.search import goal as goals
from configurator.search.reasons import why_it_lost
from tests.configurator.search import brute_force
from tests.configurator.search.shelf import all_machines, circuits, machine, model, priced

STEP_W = 50
MODELS = ("llama-3.1-8b", "qwen3-30b-a3b", "gpt-oss-20b", "mistral-small-24b", "llama-3.3-70b")
RUNTIMES = ("llama.cpp", "ik_llama.cpp", "ollama", "1cat-vllm", "lmdeploy", "vllm")
QUANTS = ("Q4_K_M", "Q8_0", "IQ4_XS", "F16", "AWQ", "GPTQ-Int4", "FP8", "Q3_K_M")
CIRCUITS = ("us-120v-15a", "us-120v-20a", "us-208v-30a")
SOME = {
    "v100-sxm2-16gb": (
        "quad-board-taq-sxm2-4p5a5", "dual-board-tns-2sxm2-4p54", "single-adapter-sxm2-pcie", "server-4029gp-tvrt",
        "server-c4140", "server-dgx-1v",
    ),
    "v100-sxm2-32gb": ("quad-board-taq-sxm2-4p5a5", "server-nf5288m5", "board-aom-sxmv"),
    "v100-pcie-16gb": ("", "server-nf5468m5"),
    "rtx-4090": ("",),
    "strix-halo-128gb": ("",),
}  # fmt: skip
MOST_GPUS = 10


def _some_machines() -> list[Machine]:
    return [
        one
        for one in all_machines()
        if (one.carrier.slug if one.carrier else "") in SOME.get(one.gpu.slug, ()) and one.gpu_count <= MOST_GPUS
    ]


@st.composite
def _questions(draw: st.DrawFn) -> tuple[Goal, list[Goal], list[Machine], dict[str, int | None]]:
    machines = draw(
        st.lists(st.sampled_from(_some_machines()), min_size=2, max_size=4, unique_by=lambda one: one.lines)
    )
    slugs = sorted({slug for one in machines for _, slug, _ in one.lines})
    units: dict[str, int | None] = {slug: 50 * draw(st.integers(1, 12)) for slug in slugs}
    if draw(st.integers(0, 9)) == 9:
        units[draw(st.sampled_from(slugs))] = None
    context = draw(st.sampled_from((2048, 8192, 32768)))
    first, *more = draw(st.lists(st.sampled_from(MODELS), min_size=1, max_size=2, unique=True))
    goal = Goal(
        model=model(first),
        circuits=circuits(*sorted(draw(st.sets(st.sampled_from(CIRCUITS), min_size=1, max_size=2)))),
        quants=tuple(draw(st.lists(st.sampled_from(QUANTS), min_size=1, max_size=3, unique=True))),
        runtimes=tuple(draw(st.lists(st.sampled_from(RUNTIMES), min_size=1, max_size=3, unique=True))),
        context_tokens=context,
        depth_tokens=draw(st.sampled_from((0, context // 2))),
        streams=draw(st.sampled_from((1, 1, 4))),
        min_decode_tok_s=draw(st.sampled_from((None, None, 8.0, 25.0))),
        min_prefill_tok_s=draw(st.sampled_from((None, None, 100.0, 800.0))),
        max_landed_usd=draw(st.sampled_from((None, None, Decimal(2000), Decimal(5000)))),
        circuit_count=draw(st.sampled_from((1, 1, 2))),
    )
    return goal, [replace(goal, model=model(slug)) for slug in more], machines, units


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(_questions())
def test_nothing_is_pruned_that_working_out_everything_would_have_kept(
    question: tuple[Goal, list[Goal], list[Machine], dict[str, int | None]],
) -> None:
    goal, others, machines, units = question
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(goals, "LIMIT_STEP_W", STEP_W)
        found = search(goal, machines, priced(units), {}, others=others)
        expected = brute_force.front(goal, others, machines, priced(units), STEP_W)
    assert sorted(tuple(one.point) for one in found.front) == [pytest.approx(one, rel=1e-9) for one in expected]
    event(f"{min(len(expected), 6)} points")
    # Each machine is an answer or has lost for one reason.
    answers = {one.place for one in found.front}
    assert len(answers) + len(found.losses) == len(machines)


def goal(slug: str = "qwen2.5-32b", **wishes: Any) -> Goal:
    usual: dict[str, Any] = {
        "circuits": circuits("us-120v-15a"), "quants": ("Q4_K_M",), "runtimes": ("llama.cpp",), "context_tokens": 4096,
    }  # fmt: skip
    return Goal(model=model(slug), **(usual | wishes))


QUAD, SERVER = "quad-board-taq-sxm2-4p5a5", "server-4029gp-tvrt"
ONE, FOUR = machine("v100-sxm2-16gb", 1, QUAD), machine("v100-sxm2-16gb", 4, QUAD)
EIGHT = machine("v100-sxm2-16gb", 8, SERVER)


@pytest.mark.parametrize(
    ("wishes", "units", "one", "words"),
    [
        # 32.8e9 parameters at some 4.85 bits are 19.9 GB; one module has 16.9.
        ({}, {}, ONE, ("Does not fit", "GB short on GPU 0", "Q4_K_M in llama.cpp")),
        ({}, {"v100-sxm2-16gb": None}, FOUR, ("Nobody has published a price", "v100-sxm2-16gb")),
        ({"max_landed_usd": Decimal(500)}, {"v100-sxm2-16gb": 300}, FOUR, ("its parts alone cost $", "your budget")),
        ({"min_decode_tok_s": 900.0}, {}, FOUR, ("Too slow", "of 900.0 tok/s")),
        ({"min_prefill_tok_s": 1e6}, {}, FOUR, ("Reads prompts too slowly", "of 1,000,000 tok/s")),
        # 8 × 150 W and 530 W of host are 1,730 W before any loss; a 15 A circuit carries 1,440 W.
        ({}, {}, EIGHT, ("Too much for", "at 150 W a GPU", "1,440 W", "or 2 of these for its 4 supplies")),
        ({"runtimes": ("vllm",), "quants": ("GPTQ-Int4",)}, {}, FOUR, ("vLLM no longer supports this GPU",)),
        ({}, {}, machine("v100-sxm2-16gb", 4, "board-dell-0cthr"), ("Cables to the host not known",)),
        ({"quants": ("AWQ",)}, {}, FOUR, ("No runtime that may be used reads a format that may be used",)),
    ],
)
def test_a_machine_that_loses_says_at_what(
    wishes: dict[str, Any], units: dict[str, int | None], one: Machine, words: tuple[str, ...]
) -> None:
    asked = goal(**wishes)
    found = search(asked, [one], priced(units), {})
    assert not found.front
    (loss,) = found.losses
    assert all(word in why_it_lost(loss, asked) for word in words), why_it_lost(loss, asked)


def test_what_is_beaten_names_what_beats_it_and_another_model_that_does_not_run_is_named() -> None:
    dear = machine("v100-sxm2-16gb", 4, "quad-board-ymzx-4gpu-q1")
    asked = goal()
    found = search(asked, [dear, FOUR], priced({"quad-board-ymzx-4gpu-q1": 900}), {})
    (loss,) = found.losses
    assert loss.machine == dear
    assert f"Beaten: {FOUR.title} is no dearer" in why_it_lost(loss, asked)
    both = search(asked, [FOUR], priced({}), {}, others=[goal("llama-3.1-405b")])
    assert not both.front
    assert "Does not run Llama 3.1 405B" in why_it_lost(both.losses[0], asked)


@pytest.mark.parametrize(
    ("runtime", "split", "starts"),
    [("llama.cpp", "layer", True), ("llama.cpp", "tensor", False), ("llama.cpp", "row", False),
     ("ik_llama.cpp", "tensor", False), ("ollama", "layer", False), ("1cat-vllm", "tensor", True)],
)  # fmt: skip
def test_two_servers_are_advised_only_with_what_joins_computers(runtime: str, split: str, starts: bool) -> None:
    two = machine("v100-sxm2-16gb", 12, SERVER)
    asked = goal("qwen2.5-72b", runtimes=(runtime,), quants=("Q4_K_M", "AWQ"), circuits=circuits("us-240v-50a"))
    known = Known()
    chosen = [one for one, _ in known.fitting(asked, two.build) if one.split == split]
    assert chosen
    supply, wired = Supply(None, asked.circuits[0]), known.wiring(two.build)
    refusals = [known.refusal(two.build, one, wired, supply) for one in chosen]
    assert (None in refusals) == starts


def test_the_first_circuit_that_carries_a_machine_and_starts_its_supplies_is_taken() -> None:
    wide = circuits("us-120v-15a", "us-208v-30a")
    c4140 = machine("v100-sxm2-16gb", 4, "server-c4140")  # Dell's supplies of 2,000 W want 200 V
    found = search(goal(circuits=wide), [c4140, FOUR], priced({}), {})
    by_machine = {one.machine.title: one.supply.circuit.slug for one in found.front}
    assert by_machine.get(FOUR.title) == "us-120v-15a"
    alone = search(goal(circuits=wide), [c4140], priced({}), {})
    assert {one.supply.circuit.slug for one in alone.front} == {"us-208v-30a"}
    assert not search(goal(), [c4140], priced({}), {}).front


def test_a_machine_has_all_it_takes_to_be_built() -> None:
    for one in all_machines():
        counts = {slot: count for slot, _, count in one.lines}
        carrier = one.carrier
        if carrier is not None:
            assert carrier.sockets * one.carrier_count >= one.gpu_count > carrier.sockets * (one.carrier_count - 1)
        if carrier is not None and carrier.has_host:
            assert counts["ram"] >= one.carrier_count
            assert counts["cpu"] == 2 * one.carrier_count
        elif one.gpu.form_factor != "apu":
            assert counts["psu"] * 1200 >= one.gpu_count * one.gpu.default_power_w + 200
            assert counts["host"] == 1
            assert counts.get("io_card", 0) * 4 >= counts.get("cable", 0)
        if one.gpu.form_factor.startswith("sxm") and not (carrier and carrier.heatsinks_included):
            assert counts["cooler"] == one.gpu_count


def test_a_front_keeps_what_nothing_betters_and_the_first_of_equals() -> None:
    kept: Front[str] = Front()
    for name, point in {
        "first": Point(100, 500, 20, 4.8), "equal": Point(100, 500, 20, 4.8), "dearer": Point(120, 500, 20, 4.8),
        "faster": Point(120, 500, 25, 4.8), "frugal": Point(120, 300, 15, 4.8), "exact": Point(150, 600, 10, 8.5),
        "best": Point(90, 300, 25, 4.8),
    }.items():  # fmt: skip
        if kept.beaten_by(point) is None:
            kept.add(point, name)
    assert [name for _, name in kept.items()] == ["best", "exact"]
    rivals = kept.rivals(usd=95, bits=4)
    assert rivals.beaten_by(300, 25) == "best"
    assert (rivals.beaten_by(299, 25), rivals.beaten_by(300, 25.1)) == (None, None)
    assert kept.rivals(usd=95, bits=5).beaten_by(9999, 0) is None
