"""The search: every machine under every workload at every power limit, most of them ruled out by a bound. Pure.

Machines are taken from the cheapest parts upwards. A candidate is worked out in the order of what that costs: the price
of its parts, whether it fits, how fast it is at most, what the machine costs at the door, what it draws, how fast it is
at this limit, and last all rules. It is dropped as soon as a wish is out of reach, or as soon as something on the front
is as good in every respect as it could be at best; the front is therefore the one that working out everything would
give. What enters the front has been through the whole estimate.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from catalog.specs import PartSpec
from configurator.estimation.findings import Facts
from configurator.estimation.memory import fits, memory, smallest_offload
from configurator.estimation.power import power
from configurator.estimation.quantization import canonical_quant
from configurator.estimation.rules import circuit, cooling, llama_cpp, parallelism, sockets, software, wiring
from configurator.estimation.rules import memory as memory_rules
from configurator.estimation.rules import power as power_rules
from configurator.estimation.rules.rule import Rule
from configurator.estimation.throughput import DecodePace, prefill_tok_s
from configurator.estimation.topology import Topology, topology
from configurator.estimation.types import Build, Finding, MemoryEstimate, PowerEstimate, Supply, Workload
from configurator.estimation.weights import file_weights
from configurator.search.arrangements import workloads
from configurator.search.front import Front, Point
from configurator.search.goal import Cost, Goal, power_limits
from configurator.search.machines import Machine

OF_THE_MACHINE: tuple[Rule, ...] = (
    *sockets.RULES, *cooling.RULES, *wiring.RULES, *power_rules.RULES, *circuit.RULES,
)  # fmt: skip
"""Rules that look at parts, power limit and circuit only."""
OF_THE_SOFTWARE: tuple[Rule, ...] = (
    *memory_rules.RULES, *parallelism.RULES, *llama_cpp.RULES, *software.RULES,
)  # fmt: skip
"""Rules that look at GPUs, their wiring and what runs on them, whatever the limit."""
MUST_BE_KNOWN = frozenset(rule.slug for rule in (*OF_THE_MACHINE, *software.RULES)) - {
    "above-4g-decoding", "pcie-lanes", "x16-slots", "host-power-assumed", "idle-cost",
}  # fmt: skip
"""Checks of which unknown is not good enough to advise anybody to buy. Not among them: what can be looked up at home
beforehand, what only moves a sum, and what only makes a speed less sure."""
ENOUGH_MACHINES = 3
WITH_HOST_MEMORY = ("llama.cpp", "ik_llama.cpp")
MOST_MEMORY_MIB = 900 * 1024.0
MIB = 2**20


class Stage(IntEnum):
    """How far a candidate came; of a machine's candidates the one that came furthest is told."""

    NO_PRICE = 0
    DOES_NOT_FIT = 1
    TOO_SLOW = 2
    OVER_BUDGET = 3
    OVER_CIRCUIT = 4
    BLOCKED = 5
    NOT_KNOWN = 6
    BEATEN = 7


@dataclass(frozen=True, slots=True)
class Candidate:
    """A machine with a workload and a power limit, and what it comes to. ``place`` is the machine's among those that
    were searched."""

    place: int
    machine: Machine
    workload: Workload
    supply: Supply
    cost: Cost
    point: Point


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a machine is not among the answers. ``amount`` and ``wanted`` are what it came to and what was wished, in the
    unit of the stage: tokens a second, watts, dollars; ``by`` is what beat it."""

    machine: Machine
    stage: Stage
    workload: Workload | None = None
    finding: Finding | None = None
    missing: tuple[str, ...] = ()
    amount: float | None = None
    wanted: float | None = None
    limit_w: int | None = None
    by: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """``front``: the cheapest first. ``candidates`` counts all, worked out or ruled out by a bound; ``losses`` has one
    entry for each machine that is not on the front."""

    front: tuple[Candidate, ...]
    candidates: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """What machines cost: ``goods`` is the least that the parts cost at the door (their middle prices alone; None where
    one has none, which ``unpriced`` names), ``landed`` the whole sum."""

    goods: Callable[[Machine], Decimal | None]
    unpriced: Callable[[Machine], tuple[str, ...]]
    landed: Callable[[Machine], Cost]


class Known:
    """What does not depend on budget, speed or circuit wished for, kept from one search of a model to the next."""

    def __init__(self) -> None:
        self.wirings: dict[Topology, int] = {}
        self.fitting: dict[tuple[object, ...], tuple[tuple[Workload, float], ...]] = {}
        self.most: dict[tuple[object, ...], float] = {}
        self.paces: dict[tuple[object, ...], DecodePace] = {}
        self.refusals: dict[tuple[object, ...], Loss | None] = {}
        self.offloads: dict[tuple[object, ...], tuple[Workload, float] | None] = {}


def search(
    goal: Goal, machines: Iterable[Machine], prices: Prices, parts: Mapping[str, PartSpec], known: Known | None = None
) -> Found:
    """The candidates that meet every wish and that no other one beats, and why each other machine lost.

    Where fewer than ``ENOUGH_MACHINES`` hold the model on their GPUs, servers with a part of it in host memory are
    candidates too, with as many kits of memory (from ``parts``) as that takes.
    """
    return _Search(goal, prices, parts, known or Known()).run(machines)


class _Search:
    """One search and what it has worked out so far. Kept apart from the goal's other searches: wishes differ."""

    def __init__(self, goal: Goal, prices: Prices, parts: Mapping[str, PartSpec], known: "Known") -> None:
        self.goal, self.prices, self.parts = goal, prices, parts
        self.front: Front[Candidate] = Front()
        self.candidates = 0
        self.losses: dict[int, Loss] = {}
        self.known = known
        self._workloads: dict[int, tuple[Workload, ...]] = {}
        self._bits = {quant: _bits(goal, quant) for quant in goal.formats}

    def run(self, machines: Iterable[Machine]) -> Found:
        priced: list[tuple[Decimal, int, Machine]] = []
        everything = list(machines)
        for index, machine in enumerate(everything):
            self.candidates += len(self._of(machine.gpu_count)) * len(power_limits(machine.gpu))
            goods = self.prices.goods(machine)
            if goods is None:
                self.losses[index] = Loss(machine, Stage.NO_PRICE, missing=self.prices.unpriced(machine))
            else:
                priced.append((goods, index, machine))
        priced.sort(key=lambda one: one[:2])
        for goods, index, machine in priced:
            _Trial(self, index, machine, goods).run(self.fitting(machine.build))
        few = len({candidate.place for _, candidate in self.front.items()}) < ENOUGH_MACHINES
        if few or self.goal.model.moe is not None:
            for _, index, machine in priced:
                self._with_host_memory(index, machine)
        on_front = [candidate for _, candidate in self.front.items()]
        won = {candidate.place for candidate in on_front}
        losses = [loss for index, loss in sorted(self.losses.items()) if index not in won]
        return Found(tuple(on_front), self.candidates, tuple(losses))

    def _with_host_memory(self, index: int, machine: Machine) -> None:
        """The same machine, full, with the part of the model that its GPUs cannot hold in host memory."""
        carrier = machine.carrier
        if carrier is not None and machine.gpu_count % carrier.sockets:
            return
        roomy = machine.with_memory(MOST_MEMORY_MIB, self.parts)
        if roomy is None:
            return
        for workload in self._of(machine.gpu_count):
            if workload.runtime not in WITH_HOST_MEMORY or workload.kv_dtype != self.goal.kv_dtypes[0]:
                continue
            moved = self._moved(roomy.build, workload)
            if moved is None:
                continue
            fitted, host_mib = moved
            grown = machine.with_memory(host_mib, self.parts)
            if grown is None or (goods := self.prices.goods(grown)) is None:
                continue
            self.candidates += len(power_limits(machine.gpu))
            _Trial(self, index, grown, goods).run(((fitted, self._bits[fitted.quant]),))

    def _moved(self, build: Build, workload: Workload) -> tuple[Workload, float] | None:
        """The workload with as little in host memory as makes it fit, and how much that is, MiB; None where it fits
        without, and where nothing helps."""
        key = (build.gpu.slug, build.gpu_count, *_cut(workload))
        if key not in self.known.offloads:
            found = None if fits(build, workload) else smallest_offload(build, workload)
            self.known.offloads[key] = None if found is None else (found, memory(build, found).host_mib)
        return self.known.offloads[key]

    def _of(self, gpu_count: int) -> tuple[Workload, ...]:
        if gpu_count not in self._workloads:
            self._workloads[gpu_count] = tuple(workloads(self.goal, gpu_count))
        return self._workloads[gpu_count]

    def fitting(self, build: Build) -> tuple[tuple[Workload, float], ...]:
        """The workloads that fit on every GPU, with the bits of their weights; with a smaller cache only where it does
        not fit with a larger one. Boards make no difference to memory."""
        goal = self.goal
        key = (build.gpu.slug, build.gpu_count, goal.formats, goal.runtimes, goal.kv_dtypes, _asked(goal))
        if key not in self.known.fitting:
            room = build.gpu.memory_mib * MIB * build.gpu_count
            fitting: dict[tuple[object, ...], tuple[Workload, float]] = {}
            for workload in self._of(build.gpu_count):
                way = _way(workload)
                if way not in fitting and _least_bytes(workload) <= room and fits(build, workload):
                    fitting[way] = (workload, self._bits[workload.quant])
            self.known.fitting[key] = tuple(fitting.values())
        return self.known.fitting[key]

    def most(self, build: Build, workload: Workload, wired: object) -> float:
        """Tokens a second that no wiring of these GPUs exceeds."""
        key = (build.gpu.slug, *_cut(workload))
        if key not in self.known.most:
            self.known.most[key] = self.pace(build, workload, wired).most_tok_s
        return self.known.most[key]

    def refusal(self, trial: "_Trial", workload: Workload, drawn: PowerEstimate) -> Loss | None:
        """What the rules of memory and software have against a workload on GPUs wired like this."""
        key = (trial.build.gpu.slug, trial.wired, *_cut(workload))
        if key not in self.known.refusals:
            planned = memory(trial.build, workload)
            facts = Facts(trial.build, workload, trial.supply(None), planned, None, drawn, None)
            self.known.refusals[key] = _refused(trial.machine, workload, None, _findings(OF_THE_SOFTWARE, facts))
        return self.known.refusals[key]

    def pace(self, build: Build, workload: Workload, wired: object) -> DecodePace:
        key = (build.gpu.slug, wired, *_cut(workload))
        if key not in self.known.paces:
            self.known.paces[key] = DecodePace(build, workload, topology(build))
        return self.known.paces[key]


class _Trial:
    """One machine under every workload and limit."""

    def __init__(self, of: _Search, index: int, machine: Machine, goods: Decimal) -> None:
        self.of, self.goal, self.index, self.machine = of, of.goal, index, machine
        self.build = machine.build
        self.goods = float(goods)
        self._cost: Cost | None = None
        self._powers: dict[int | None, PowerEstimate] = {}
        self._circuits: dict[int | None, int] = {}
        self._refusals: dict[int | None, Loss | None] = {}
        # The same GPUs on boards that are wired alike are equally fast.
        self.wired = of.known.wirings.setdefault(topology(self.build), len(of.known.wirings))

    def lose(self, loss: Loss) -> None:
        """Remember why, if nothing of this machine came further, or closer, so far."""
        known = self.of.losses.get(self.index)
        if known is None or _how_far(loss) > _how_far(known):
            self.of.losses[self.index] = loss

    def run(self, fitting: Sequence[tuple[Workload, float]]) -> None:
        """``fitting`` are the workloads that fit, with the bits of their weights."""
        goal, budget = self.goal, self.goal.max_landed_usd
        if budget is not None and self.goods > budget:
            self.lose(Loss(self.machine, Stage.OVER_BUDGET, amount=self.goods, wanted=float(budget)))
            return
        if not fitting:
            self.lose(Loss(self.machine, Stage.DOES_NOT_FIT))
            return
        limits = power_limits(self.machine.gpu)[::-1]
        least_w = self._power(limits[0], fitting[0][0]).wall_w
        # What could be best comes first: the rest is then soon beaten.
        bounds = [(self.of.most(self.build, workload, self.wired), bits, workload) for workload, bits in fitting]
        for most, bits, workload in sorted(bounds, key=lambda bound: bound[:2], reverse=True):
            if goal.min_decode_tok_s is not None and most < goal.min_decode_tok_s:
                self.lose(Loss(self.machine, Stage.TOO_SLOW, workload, amount=most, wanted=goal.min_decode_tok_s))
                continue
            if self._is_beaten(Point(self.goods, least_w, most, bits), workload):
                continue
            self._at_every_limit(workload, bits, limits, least_w)

    def _at_every_limit(self, workload: Workload, bits: float, limits: Sequence[int | None], least_w: float) -> None:
        goal, budget = self.goal, self.goal.max_landed_usd
        pace = self.of.pace(self.build, workload, self.wired)
        full = pace.tok_s(self.supply(None))
        if goal.min_decode_tok_s is not None and full < goal.min_decode_tok_s:
            self.lose(Loss(self.machine, Stage.TOO_SLOW, workload, amount=full, wanted=goal.min_decode_tok_s))
            return
        if self._is_beaten(Point(self.goods, least_w, full, bits), workload):
            return
        cost = self._landed()
        if budget is not None and cost.mid > budget:
            self.lose(Loss(self.machine, Stage.OVER_BUDGET, workload, amount=float(cost.mid), wanted=float(budget)))
            return
        for limit in limits:
            self._at(limit, workload, bits, pace, full, cost)

    def _at(
        self, limit: int | None, workload: Workload, bits: float, pace: DecodePace, full: float, cost: Cost
    ) -> None:
        goal, usd = self.goal, float(cost.mid)
        drawn = self._power(limit, workload)
        if not drawn.circuit.fits:
            carried = drawn.circuit.continuous_w
            self.lose(
                Loss(self.machine, Stage.OVER_CIRCUIT, workload, amount=drawn.wall_w, wanted=carried, limit_w=limit)
            )
            return
        if self._is_beaten(Point(usd, drawn.wall_w, full, bits), workload):
            return
        supply = self.supply(limit)
        tok_s = pace.tok_s(supply)
        if goal.min_decode_tok_s is not None and tok_s < goal.min_decode_tok_s:
            self.lose(
                Loss(self.machine, Stage.TOO_SLOW, workload, amount=tok_s, wanted=goal.min_decode_tok_s, limit_w=limit)
            )
            return
        point = Point(usd, drawn.wall_w, tok_s, bits)
        if self._is_beaten(point, workload):
            return
        refusal = self._refusal(limit, workload, drawn) or self.of.refusal(self, workload, drawn)
        if refusal is not None:
            self.lose(refusal)
            return
        if goal.min_prefill_tok_s is not None:
            prefill = prefill_tok_s(self.build, workload, supply)
            if prefill < goal.min_prefill_tok_s:
                self.lose(Loss(self.machine, Stage.TOO_SLOW, workload, amount=prefill, wanted=goal.min_prefill_tok_s))
                return
        self.of.front.add(point, Candidate(self.index, self.machine, workload, supply, cost, point))

    def _is_beaten(self, point: Point, workload: Workload) -> bool:
        by = self.of.front.beaten_by(point)
        if by is None:
            return False
        if by.place != self.index:
            self.lose(Loss(self.machine, Stage.BEATEN, workload, by=by))
        return True

    def _refusal(self, limit: int | None, workload: Workload, drawn: PowerEstimate) -> Loss | None:
        """What the machine's own rules have against this limit, whatever runs on it."""
        if limit not in self._refusals:
            facts = Facts(self.build, workload, self.supply(limit), _NO_MEMORY, None, drawn, None)
            self._refusals[limit] = _refused(self.machine, None, limit, _findings(OF_THE_MACHINE, facts))
        return self._refusals[limit]

    def _power(self, limit: int | None, any_workload: Workload) -> PowerEstimate:
        """What the machine draws at a limit, whatever runs: on the first circuit that carries it, else on the last."""
        if limit not in self._powers:
            for place, _ in enumerate(self.goal.circuits):
                self._circuits[limit] = place
                drawn = power(self.build, any_workload, self.supply(limit), None)
                if drawn.circuit.fits:
                    break
            self._powers[limit] = drawn
        return self._powers[limit]

    def _landed(self) -> Cost:
        if self._cost is None:
            self._cost = self.of.prices.landed(self.machine)
        return self._cost

    def supply(self, limit: int | None) -> Supply:
        goal = self.goal
        circuit = goal.circuits[self._circuits.get(limit, 0)]
        return Supply(limit, circuit, goal.electricity_usd_per_kwh, goal.hours_per_day, goal.circuit_count)


_NO_MEMORY = MemoryEstimate(True, 0, 0.0, None, ())


def _findings(rules: Iterable[Rule], facts: Facts) -> list[Finding]:
    return [found for rule in rules if (found := rule.finding(facts)) is not None]


def _refused(
    machine: Machine, workload: Workload | None, limit: int | None, findings: Iterable[Finding]
) -> Loss | None:
    """The first finding that rules a candidate out: a blocker, or something about it that nobody knows."""
    findings = list(findings)
    for finding in findings:
        if finding.severity == "blocker":
            return Loss(machine, Stage.BLOCKED, workload, finding=finding, limit_w=limit)
    for finding in findings:
        if finding.severity == "unknown" and finding.id in MUST_BE_KNOWN:
            return Loss(machine, Stage.NOT_KNOWN, workload, finding=finding, limit_w=limit)
    return None


def _how_far(loss: Loss) -> tuple[int, float]:
    """The stage, and within it how close: the share of the wish that was reached."""
    if loss.amount is None or not loss.wanted:
        return loss.stage, 0.0
    share = loss.amount / loss.wanted
    return loss.stage, share if loss.stage is Stage.TOO_SLOW else -share


def _cut(workload: Workload) -> tuple[object, ...]:
    """A workload among the others of one model."""
    return (
        *_way(workload),
        workload.kv_dtype,
        workload.context_tokens,
        workload.depth_tokens,
        workload.prompt_tokens,
        workload.streams,
    )


def _way(workload: Workload) -> tuple[object, ...]:
    """The same but for the cache's type and what is asked of it."""
    moved = workload.expert_layers_in_ram, workload.gpu_layers
    cut = workload.split, workload.tensor_parallel, workload.pipeline_parallel
    return workload.runtime, *cut, workload.quant, *moved


def _asked(goal: Goal) -> tuple[int, ...]:
    return goal.context_tokens, goal.depth_tokens, goal.prompt_tokens, goal.streams


def _least_bytes(workload: Workload) -> int:
    """Bytes of the blocks and the output: what has to lie on the GPUs in any arrangement."""
    weights = file_weights(workload.model, canonical_quant(workload.quant))
    return sum(weights.blocks) + weights.output


def _bits(goal: Goal, quant: str) -> float:
    """Bits a weight on average, by the size of the file."""
    return 8 * file_weights(goal.model, canonical_quant(quant)).file / goal.model.params_total
