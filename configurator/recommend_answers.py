"""A recommendation as the JSON of the API and the command line, and in what words a build is recommended."""

from datetime import date
from decimal import Decimal
from typing import Any

from catalog import snapshot
from catalog.templatetags.quantities import gb, money, tok_s, watts
from configurator.estimation.rules.wiring import slots_needed
from configurator.goals import Question, read_question
from configurator.recommend import Advice, Recommendation, recommend
from configurator.search.machines import DESKTOP

WISHES = {
    "max_landed_usd": "budget",
    "min_decode_tok_s": "speed",
    "min_prefill_tok_s": "speed of reading prompts",
    "circuit": "circuit",
    "circuit_count": "number of circuits",
    "quiet": "near people",
    "quants": "quantisation",
    "runtimes": "runtime",
    "context_tokens": "context",
    "streams": "people at once",
}


SURE = {
    "measured-family": "Its speed rests on measurements of such machines.",
    "modelled": "Its speed is modelled from measurements of similar machines.",
    "extrapolated": "Nobody has measured such an arrangement: its speed is extrapolated.",
}


def answer(question: Any, *, as_of: date) -> dict[str, Any]:
    """The answer to one question of the recommend schema. Raises InvalidFields."""
    with snapshot.one_state():
        read = read_question(question, snapshot.current(), as_of)
        return as_json(recommend(read, as_of=as_of))


def as_json(found: Recommendation) -> dict[str, Any]:
    question = found.question
    return {
        "candidates": found.candidates,
        "machines": found.machines,
        "elapsed_ms": round(found.elapsed_ms, 1),
        "builds": [_build(advice, question) for advice in found.builds],
        "rejected": [{"title": lost.title, "why": lost.why} for lost in found.losses],
        "rejected_machines": found.losses_in_all,
        "nearest": [_build(advice, question) for advice in found.nearest],
        "relax": [
            {"wish": one.wish, "to": one.to, "gives": f"{one.gives.title}: {in_short(one.gives)}"}
            for one in found.relax
        ],
    }


def _build(advice: Advice, question: Question) -> dict[str, Any]:
    result = advice.result
    speed, total, workload = result.estimate.speed, result.cost.total, result.workload
    bounds = ("low", "mid", "high")
    return {
        "query": result.query,
        "title": advice.title,
        "landed_usd": {bound: _dollars(getattr(total, bound)) for bound in bounds},
        "not_in_total": list(result.cost.unknown),
        "decode_tok_s": {bound: getattr(speed.decode_tok_s, bound) for bound in bounds} if speed else None,
        "prefill_tok_s": {bound: getattr(speed.prefill_tok_s, bound) for bound in bounds} if speed else None,
        "wall_w": result.estimate.power.wall_w,
        "quant": workload.quant,
        "bits_per_weight": round(advice.candidate.point.bits, 3),
        "runtime": workload.runtime,
        "split": workload.split,
        "circuit": result.supply.circuit.slug,
        "power_limit_w": result.supply.power_limit_w,
        "model": workload.model.slug,
        "also": [
            {"model": other.workload.model.slug, "query": other.query, "quant": other.workload.quant}
            for other in advice.also
        ],
        "marks": list(advice.marks),
        "worst": result.worst,
        "why": " ".join(why(advice, question)),
    }


def _dollars(amount: Decimal) -> float:
    return float(amount)


def in_short(advice: Advice) -> str:
    """$1,491, 19–41 tok/s, 1,340 W."""
    result = advice.result
    speed = tok_s(result.estimate.speed.decode_tok_s) if result.estimate.speed else "no speed"
    return f"{money(result.cost.total.mid)} at your door, {speed}, {watts(result.estimate.power.wall_w)} at the wall"


def why(advice: Advice, question: Question) -> tuple[str, ...]:
    """What speaks for a build and what to mind, a sentence each."""
    result, goal = advice.result, question.goal
    estimate, total = result.estimate, result.cost.total
    gpu, free_mib = result.tightest
    found = []
    if advice.marks:
        words = " and ".join((", ".join(advice.marks[:-1]), advice.marks[-1]) if advice.marks[1:] else advice.marks)
        found.append(f"{words[:1].upper()}{words[1:]}.")
    found.append(f"{gb(free_mib)} free on the tightest GPU, number {gpu}.")
    if result.moved:
        found.append(f"{result.moved[:1].upper()}{result.moved[1:]} in the host's memory.")
    if estimate.speed is not None:
        found.append(f"Bound by {estimate.speed.bound_by}. {SURE[estimate.speed.basis]}")
        wished = goal.min_decode_tok_s
        if wished is not None and estimate.speed.decode_tok_s.low < wished:
            found.append(f"The low end of its speed, {tok_s(estimate.speed.decode_tok_s.low)}, is below the wish.")
    budget = goal.max_landed_usd
    if budget is not None and total.high > budget:
        found.append(f"The high end of its price, {money(total.high)}, is above the budget.")
    if result.cost.unknown:
        found.append(f"Not in the total: {', '.join(result.cost.unknown)}.")
    if any(slug == DESKTOP for _, slug, _ in advice.candidate.machine.lines):
        slots = slots_needed(result.build)
        found.append(f"Counts on a PC that is there already, with {slots} free x16 slot{'s' if slots > 1 else ''}.")
    elif result.build.carrier is not None and result.build.carrier.has_host:
        file_gb = estimate.memory.weights_bytes_total / 1e9
        network = "" if result.build.carrier_count == 1 else " and the network between the servers"
        found.append(f"A disk for the file of {file_gb:,.0f} GB{network} is not counted.")
    grave = [one.title for one in estimate.findings if one.severity in ("blocker", "caution")]
    if grave:
        found.append(f"Mind: {'. '.join(grave)}.")
    return tuple(found)
