"""Where nothing meets every wish: which one, given up alone, lets something through, and to which value."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from catalog.snapshot import Catalog
from catalog.specs import CircuitSpec
from configurator.goals import Question
from configurator.leads import cheapest, fastest, most_exact
from configurator.search import Candidate, Goal
from configurator.search.goal import RUNTIMES

FEWER_BITS = ("Q3_K_M", "IQ3_XXS", "Q2_K", "IQ2_XXS")
SHORTEST_CONTEXT = 2048
MOST_CIRCUITS = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """One that can be given up. ``without`` is a goal that has it no longer; ``best`` picks the build that comes
    closest to it; ``value`` is what has to be asked instead to get that build."""

    name: str
    without: Callable[[Goal], Goal]
    best: Callable[[Sequence[Candidate]], Candidate]
    value: Callable[[Candidate, float], str]


def wishes(question: Question, catalog: Catalog) -> Iterator[Wish]:
    """Those that the question has. ``value`` takes the build and the speed at which it reads prompts."""
    goal = question.goal
    if goal.max_landed_usd is not None:
        yield Wish("max_landed_usd", lambda one: replace(one, max_landed_usd=None), cheapest, _dollars)
    if goal.min_decode_tok_s is not None:
        yield Wish("min_decode_tok_s", lambda one: replace(one, min_decode_tok_s=None), fastest, _speed)
    if goal.min_prefill_tok_s is not None:
        yield Wish("min_prefill_tok_s", lambda one: replace(one, min_prefill_tok_s=None), cheapest, _reading)
    if question.circuit_wished:
        larger = _larger_circuits(goal, catalog)
        if larger:
            yield Wish(
                "circuit", lambda one: replace(one, circuits=larger), cheapest, lambda best, _: best.supply.circuit.slug
            )
        more = max(MOST_CIRCUITS, goal.circuit_count)
        if more > goal.circuit_count:
            yield from _more_circuits(goal.circuit_count + 1, more)
    if goal.quiet:
        yield Wish("quiet", lambda one: replace(one, quiet=False), cheapest, lambda *_: "false")
    yield Wish("quants", _with_fewer_bits, most_exact, lambda best, _: best.workload.quant)
    if set(goal.runtimes) != set(RUNTIMES):
        yield Wish(
            "runtimes", lambda one: replace(one, runtimes=RUNTIMES), cheapest, lambda best, _: best.workload.runtime
        )
    half = max(SHORTEST_CONTEXT, goal.context_tokens // 2, goal.depth_tokens)
    if half < goal.context_tokens:
        yield Wish("context_tokens", lambda one: replace(one, context_tokens=half), cheapest, lambda *_: str(half))
    if goal.streams > 1:
        yield Wish("streams", lambda one: replace(one, streams=1), cheapest, lambda *_: "1")


def unlimited(question: Question, catalog: Catalog) -> Callable[[Goal], Goal]:
    """A goal without what money, patience and an electrician could settle."""
    circuits = (*question.goal.circuits, *_larger_circuits(question.goal, catalog))
    return lambda goal: replace(
        goal,
        max_landed_usd=None,
        min_decode_tok_s=None,
        min_prefill_tok_s=None,
        circuits=circuits if question.circuit_wished else goal.circuits,
    )


def _more_circuits(first: int, last: int) -> Iterator[Wish]:
    for count in range(first, last + 1):
        yield Wish(
            "circuit_count",
            lambda one, count=count: replace(one, circuit_count=count),  # type: ignore[misc]
            cheapest,
            lambda best, _: str(best.supply.circuit_count),
        )


def _larger_circuits(goal: Goal, catalog: Catalog) -> tuple[CircuitSpec, ...]:
    """Those of the same country that carry more than the one wished for, the weakest first."""
    wished = goal.circuits[-1]
    found = [
        one
        for one in catalog.circuits.values()
        if one.country == wished.country and one.continuous_w > wished.continuous_w
    ]
    return tuple(sorted(found, key=lambda one: (one.continuous_w, one.slug)))


def _with_fewer_bits(goal: Goal) -> Goal:
    usual = replace(goal, quants=()).formats
    return replace(goal, quants=(*usual, *(quant for quant in FEWER_BITS if quant not in usual)))


def _dollars(best: Candidate, _: float) -> str:
    """Whole dollars, enough for it."""
    return str(ceil(best.cost.mid))


def _speed(best: Candidate, _: float) -> str:
    """A tenth that it reaches."""
    return f"{floor(best.point.tok_s * 10) / 10:.1f}"


def _reading(_: Candidate, tok_s: float) -> str:
    return str(floor(tok_s))
