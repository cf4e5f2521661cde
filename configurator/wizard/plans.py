"""A whole machine out of the few answers of a first build; what nobody answered is worked out. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import ceil

from catalog.specs import CarrierSpec, CircuitSpec, GpuSpec, PartSpec
from configurator.estimation.findings import Facts
from configurator.estimation.memory import fits
from configurator.estimation.power import power
from configurator.estimation.rules import circuit as circuit_rules
from configurator.estimation.rules import power as power_rules
from configurator.estimation.types import MemoryEstimate, PartLine, PowerEstimate, Supply, Workload
from configurator.search import Machine, whole_machine
from configurator.search.goal import power_limits
from configurator.search.machines import KINDS, PORTS_A_CARD, supplies_needed

NOTHING = "none"
"""The answer that leaves a slot empty."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A way to house modules that is offered to somebody who builds for the first time."""

    key: str
    label: str
    carrier: str
    carriers: int
    about: str
    at_home: bool = True  # False: loud; taken only where nothing else holds the model


PLATFORMS = (
    Platform("adapter", "Single adapter", "single-adapter-sxm2-pcie", 1, "one module in a slot of a PC"),
    Platform("dual", "Dual board", "dual-board-tns-2sxm2-4p54", 1, "two modules, linked"),
    Platform("quad", "Quad board", "quad-board-taq-sxm2-4p5a5", 1, "four modules, linked"),
    Platform("two-quads", "Two quad boards", "quad-board-taq-sxm2-4p5a5", 2, "eight modules, two islands of four"),
    Platform("server", "Server", "server-4029gp-tvrt", 1, "eight modules, linked; its fans are loud", at_home=False),
)
PLATFORM_BY_KEY = {platform.key: platform for platform in PLATFORMS}
MODULES = ("v100-sxm2-16gb", "v100-sxm2-32gb")
Rung = tuple[Platform, str]
"""A platform and the module on it."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The parts of the catalog that plans are made of, by slug."""

    gpus: Mapping[str, GpuSpec]
    carriers: Mapping[str, CarrierSpec]
    parts: Mapping[str, PartSpec]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was answered; None and missing slots are left to the plan.

    ``workload`` says nothing of GPUs yet; ``circuits`` are those to choose from, the weakest first; ``parts`` are slugs
    by slot of the part list, or ``NOTHING``.
    """

    workload: Workload
    circuits: tuple[CircuitSpec, ...]
    platform: Platform | None = None
    gpu: str | None = None
    gpu_count: int | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    power_limit_w: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole machine, what runs on it, and how it is fed."""

    platform: Platform
    machine: Machine
    workload: Workload
    supply: Supply


def plan(wish: Wish, ladder: Sequence[Rung], stock: Stock) -> Plan:
    """The first rung of ``ladder`` within the wish that holds the model, else the one with the most memory; on it the
    highest power limit, and the weakest circuit, with which supplies, board and circuit carry the load."""
    rungs = [
        (platform, gpu)
        for platform, gpu in ladder
        if wish.platform in (None, platform) and wish.gpu in (None, gpu) and _count(wish, platform, stock)
    ]
    chosen = next((rung for rung in rungs if _holds(wish, rung, stock)), None)
    return _fed(wish, chosen or max(rungs, key=lambda rung: _memory_mib(wish, rung, stock)), stock)


def sockets(platform: Platform, stock: Stock) -> int:
    """Modules that go onto a platform."""
    return stock.carriers[platform.carrier].sockets * platform.carriers


def _count(wish: Wish, platform: Platform, stock: Stock) -> int:
    """Modules on a platform: as many as wished, else all it takes; 0 where nobody named the platform and it takes
    fewer than wished."""
    most = sockets(platform, stock)
    if wish.gpu_count is None or (wish.gpu_count > most and wish.platform is not None):
        return most
    return wish.gpu_count if wish.gpu_count <= most else 0


def _holds(wish: Wish, rung: Rung, stock: Stock) -> bool:
    count = _count(wish, rung[0], stock)
    return fits(_machine(wish, rung, stock, voltage_v=0).build, _on(wish.workload, count))


def _memory_mib(wish: Wish, rung: Rung, stock: Stock) -> int:
    return _count(wish, rung[0], stock) * stock.gpus[rung[1]].memory_mib


def _on(workload: Workload, gpu_count: int) -> Workload:
    """The workload on so many GPUs that take turns, which needs the least of the links between them."""
    split = "layer" if gpu_count > 1 else "none"
    return replace(workload, split=split, tensor_parallel=1, pipeline_parallel=gpu_count)


def _fed(wish: Wish, rung: Rung, stock: Stock) -> Plan:
    """The highest limit that board and supplies carry, on the weakest circuit that carries it, else the lowest."""
    platform, gpu = rung
    workload = _on(wish.workload, _count(wish, platform, stock))
    limits = power_limits(stock.gpus[gpu]) if wish.power_limit_w is None else (wish.power_limit_w,)

    by_voltage = {circuit.voltage_v: _machine(wish, rung, stock, circuit.voltage_v) for circuit in wish.circuits}

    @cache
    def at(limit_w: int | None) -> tuple[bool, Plan]:
        """Whether any circuit will do at this limit, and the plan on the first that does, else on the first that at
        least carries the load, else on the last."""
        carried = None
        for circuit in wish.circuits:
            found = Plan(platform, by_voltage[circuit.voltage_v], workload, Supply(limit_w, circuit))
            drawn = power(found.machine.build, workload, found.supply, None)
            if not drawn.circuit.fits:
                continue
            if not _blocked(found, drawn):
                return True, found
            carried = carried or found
        return False, carried or found

    will_do, found = at(limits[0])
    if will_do or len(limits) == 1:
        return found
    # The limits fall, and what carries a load carries a smaller one.
    first = bisect_left(limits, True, lo=1, hi=len(limits) - 1, key=lambda limit_w: at(limit_w)[0])
    return at(limits[first])[1]


def _blocked(found: Plan, drawn: PowerEstimate) -> bool:
    """Whether a rule on limits, connectors, supplies or circuits forbids it, whatever the memory says."""
    facts = Facts(found.machine.build, found.workload, found.supply, _NO_MEMORY, None, drawn, None)
    findings = (rule.finding(facts) for rule in (*power_rules.RULES, *circuit_rules.RULES))
    return any(finding is not None and finding.severity == "blocker" for finding in findings)


_NO_MEMORY = MemoryEstimate(True, 0, 0.0, None, ())


def _machine(wish: Wish, rung: Rung, stock: Stock, voltage_v: int) -> Machine:
    """Everything the machine needs, with the parts that were wished for in place of the usual ones."""
    platform, gpu = rung
    count = _count(wish, platform, stock)
    carrier = stock.carriers[platform.carrier]
    usual = whole_machine(stock.gpus[gpu], count, carrier, platform.carriers, stock.parts, voltage_v)
    lines = dict(usual.parts)
    for slot in [slot for slot in lines if slot in wish.parts]:
        part = stock.parts.get(wish.parts[slot])
        if wish.parts[slot] == NOTHING:
            del lines[slot]
        elif part is not None and part.kind == KINDS[slot]:
            lines[slot] = PartLine(part, _pieces(usual, lines, slot, part, voltage_v))
    return replace(usual, parts=tuple(lines.items()))


def _pieces(usual: Machine, lines: Mapping[str, PartLine], slot: str, part: PartSpec, voltage_v: int) -> int:
    """So many of a part do the work of the usual ones."""
    if slot == "psu":
        return supplies_needed(usual.build, part, voltage_v)
    if slot == "io_card" and "cable" in lines:
        return ceil(lines["cable"].quantity / (part.number("downstream_ports") or PORTS_A_CARD))
    return lines[slot].quantity
