"""Why a machine is not among the answers, and what speaks for one that is, in plain words. Pure."""

from configurator.estimation.memory import memory
from configurator.estimation.power import mains_cords, share_of_fullest
from configurator.estimation.quantization import canonical_quant
from configurator.estimation.types import Workload
from configurator.estimation.weights import file_weights
from configurator.search.arrangements import workloads
from configurator.search.goal import Goal
from configurator.search.outcome import Candidate, Loss, Stage

MIB_A_GB = 1e9 / 2**20


def why_it_lost(loss: Loss, goal: Goal) -> str:
    """One sentence, with the figures of what came closest."""
    if loss.stage is Stage.NO_PRICE:
        return f"Nobody has published a price: {', '.join(loss.missing)}."
    if loss.stage is Stage.DOES_NOT_FIT:
        return _short(loss, goal)
    if loss.stage is Stage.TOO_SLOW:
        return f"Too slow: {loss.amount:,.1f} of {loss.wanted:,.1f} tok/s ({_as_run(loss.workload)}{_at(loss)})."
    if loss.stage is Stage.OVER_BUDGET:
        over = (loss.amount or 0) - (loss.wanted or 0)
        if loss.workload is None:
            return f"Too dear: its parts alone cost ${loss.amount:,.0f}, ${over:,.0f} more than your budget."
        return f"Too dear: ${loss.amount:,.0f} at your door, ${over:,.0f} more than your budget."
    if loss.stage is Stage.SLOW_PROMPTS:
        return (
            f"Reads prompts too slowly: {loss.amount:,.0f} of {loss.wanted:,.0f} tok/s "
            f"({_as_run(loss.workload)}{_at(loss)})."
        )
    if loss.stage is Stage.OVER_CIRCUIT:
        return _over_circuit(loss, goal)
    if loss.other is not None:
        other, why = loss.other
        return f"Does not run {other.model.name} as wished. {why_it_lost(why, other)}"
    if loss.finding is not None:
        return f"{loss.finding.title}: {loss.finding.why}"
    if loss.by is not None:
        return _beaten(loss.by)
    return "Another machine is as good in every respect."


def _over_circuit(loss: Loss, goal: Goal) -> str:
    """What would carry it, too: supplies are whole, and one cord hangs on one circuit."""
    circuit, many = goal.circuits[-1], goal.circuit_count
    wall_w, carried_w = loss.amount or 0.0, loss.wanted or 0.0
    cords = mains_cords(loss.machine.build)
    enough = next(
        (n for n in range(many + 1, (cords or 0) + 1) if wall_w * share_of_fullest(cords, n) <= circuit.continuous_w),
        None,
    )
    name = circuit.name if many == 1 else f"{many} × {circuit.name}"
    needs = "a larger circuit" if enough is None else f"a larger circuit, or {enough} of these for its {cords} supplies"
    return (
        f"Too much for {name}: {wall_w:,.0f} W at the wall{_at(loss)}, where {carried_w:,.0f} W are carried for hours "
        f"on end. It needs {needs}."
    )


def _beaten(by: Candidate) -> str:
    return (
        f"Beaten: {by.machine.title} is no dearer (${by.cost.mid:,.0f}), no slower ({by.point.tok_s:,.1f} tok/s), no "
        f"coarser and draws no more ({by.point.wall_w:,.0f} W)."
    )


def _at(loss: Loss) -> str:
    return f" at {loss.limit_w} W a GPU" if loss.limit_w is not None else ""


def _as_run(workload: Workload | None) -> str:
    if workload is None:
        return "at best"
    split = "" if workload.split == "none" else f", {workload.split} split"
    return f"{workload.quant} in {workload.runtime}{split}"


def _short(loss: Loss, goal: Goal) -> str:
    """How much is missing, on which GPU, in the arrangement that is closest."""
    build = loss.machine.build
    closest: tuple[float, int, Workload] | None = None
    smallest = sorted(workloads(goal, build.gpu_count), key=lambda one: (_size(one), one.kv_dtype))
    for workload in [one for one in smallest if one.quant == smallest[0].quant] if smallest else []:
        rows = memory(build, workload).per_gpu
        missing, gpu = max((row.total_mib - row.capacity_mib, index) for index, row in enumerate(rows))
        if closest is None or missing < closest[0]:
            closest = missing, gpu, workload
    if closest is None:
        return "No runtime that may be used reads a format that may be used."
    missing, gpu, workload = closest
    return f"Does not fit: {max(missing, 1) / MIB_A_GB:,.1f} GB short on GPU {gpu} ({_as_run(workload)})."


def _size(workload: Workload) -> int:
    return file_weights(workload.model, canonical_quant(workload.quant)).file
