"""The search's answer the slow way: everything through the whole estimate, nothing ruled out before, and the points
that no other one beats. Written from what a goal means, not from the search."""

from collections.abc import Iterator, Sequence

from configurator.estimation.estimate import estimate
from configurator.estimation.rules import market, misconceptions, offload, setup
from configurator.estimation.types import Estimate, Supply, Workload
from configurator.search import Goal, Machine, Prices

LLAMA_CPP = ("llama.cpp", "ik_llama.cpp", "ollama")
MAY_BE_UNKNOWN = {
    "above-4g-decoding", "x16-slots", "pcie-lanes",  # looked up at home
    "host-power-assumed", "idle-cost",  # move a sum
    "group-spans-islands", "context-over-maximum", "tensor-split-flash-attention",  # what it is like, not whether
    *(rule.slug for module in (setup, market, misconceptions, offload) for rule in module.RULES),
}  # fmt: skip

Values = tuple[float, float, float, float]


def front(goal: Goal, others: Sequence[Goal], machines: Sequence[Machine], prices: Prices, step_w: int) -> list[Values]:
    """(dollars, watts, tokens a second, bits a weight) of what nothing betters, sorted."""
    found: set[Values] = set()
    for machine in machines:
        if prices.goods(machine) is None:
            continue
        usd = prices.landed(machine).mid
        if goal.max_landed_usd is not None and usd > goal.max_landed_usd:
            continue
        if any(next(_serving(other, machine, step_w), None) is None for other in others):
            continue
        for answer in _serving(goal, machine, step_w):
            assert answer.speed is not None
            bits = 8 * answer.memory.weights_bytes_total / (goal.model.params_total or 0)
            found.add((float(usd), answer.power.wall_w, answer.speed.decode_tok_s.mid, bits))
    return sorted(one for one in found if not any(_beats(other, one) for other in found))


def _beats(one: Values, other: Values) -> bool:
    return one != other and one[0] <= other[0] and one[1] <= other[1] and one[2] >= other[2] and one[3] >= other[3]


def _serving(goal: Goal, machine: Machine, step_w: int) -> Iterator[Estimate]:
    for runtime in goal.runtimes:
        for split, tensor, pipeline in _cuts(runtime, machine.gpu_count):
            for quant in goal.formats:
                for kv_dtype in goal.kv_dtypes if runtime in LLAMA_CPP else goal.kv_dtypes[:1]:
                    workload = Workload(
                        goal.model, quant, None, runtime, split, tensor, pipeline, goal.context_tokens,
                        goal.depth_tokens, goal.prompt_tokens, goal.streams, kv_dtype,
                    )  # fmt: skip
                    if not estimate(machine.build, workload, _supply(goal, None, 0)).memory.fits:
                        continue  # a smaller cache may
                    for limit in _limits(machine, step_w):
                        tried = (
                            estimate(machine.build, workload, _supply(goal, limit, place))
                            for place in range(len(goal.circuits))
                        )
                        yield from filter(None, [next((one for one in tried if _is_served(goal, one)), None)])
                    break


def _cuts(runtime: str, gpus: int) -> list[tuple[str, int, int]]:
    if gpus == 1:
        return [("none", 1, 1)]
    if runtime in LLAMA_CPP:
        return [("layer", 1, gpus), ("row", gpus, 1), ("tensor", gpus, 1)]
    return [("tensor" if n > 1 else "layer", n, gpus // n) for n in range(1, gpus + 1) if gpus % n == 0]


def _limits(machine: Machine, step_w: int) -> list[int | None]:
    lowest, default = machine.gpu.power_limit_min_w, machine.gpu.default_power_w
    if lowest is None:
        return [None]
    return [None, *(watts for watts in range(default - step_w, lowest, -step_w)), lowest]


def _supply(goal: Goal, limit: int | None, place: int) -> Supply:
    return Supply(limit, goal.circuits[place], goal.electricity_usd_per_kwh, goal.hours_per_day, goal.circuit_count)


def _is_served(goal: Goal, answer: Estimate) -> bool:
    if answer.speed is None or not answer.power.circuit.fits:
        return False
    if answer.speed.decode_tok_s.mid < (goal.min_decode_tok_s or 0):
        return False
    if answer.speed.prefill_tok_s.mid < (goal.min_prefill_tok_s or 0):
        return False
    for one in answer.findings:
        if one.severity == "blocker" or (one.severity == "unknown" and one.id not in MAY_BE_UNKNOWN):
            return False
        if one.id == "quant-format" and one.severity != "ok":
            return False  # a side path that nobody promises
    return True
