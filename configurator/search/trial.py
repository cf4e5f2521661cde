"""One machine under every workload and power limit. Pure."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import inf

from configurator.estimation.throughput import DecodePace, prefill_tok_s
from configurator.estimation.types import Finding, Supply, Workload
from configurator.search.front import Front, Point
from configurator.search.goal import Cost, Goal, power_limits
from configurator.search.known import Known
from configurator.search.machines import Machine
from configurator.search.outcome import Candidate, Loss, Prices, Stage
from configurator.search.stand import Placed, Stands


class Trial:
    """What a machine adds to a front. ``serves_others`` answers why the machine does not run the other models asked
    for, None where it does; ``lose`` is told why a candidate is none."""

    def __init__(
        self,
        goal: Goal,
        known: Known,
        stands: Stands,
        prices: Prices,
        front: Front[Candidate],
        serves_others: Callable[[Machine], Loss | None],
        lose: Callable[[Loss], None],
    ) -> None:
        self.goal, self.known, self.stands, self.prices, self.front = goal, known, stands, prices, front
        self.serves_others, self.lose = serves_others, lose

    def run(self, place: int, machine: Machine, goods: Decimal, fitting: Sequence[tuple[Workload, float]]) -> None:
        """``place`` is the machine's among all; ``goods`` what its parts cost; ``fitting`` are the workloads that fit,
        with the bits of their weights."""
        self.place, self.machine, self.build = place, machine, machine.build
        self.goods, self.wired = float(goods), self.known.wiring(machine.build)
        self._cost: Cost | None = None
        budget = self.goal.max_landed_usd
        if not fitting:
            self._say_why_nothing_fits()
            return
        if budget is not None and goods > budget:
            self.lose(Loss(machine, Stage.OVER_BUDGET, amount=self.goods, wanted=float(budget)))
            return
        self.stand = self.stands.of(machine, self.goal, fitting[0][0])
        if self.stand.refusal is not None:
            self._refuse(self.stand.refusal, None)
            return
        # What could be best comes first: the rest is then soon beaten.
        bounds = [(self.known.most(self.build, workload, self.wired), bits, workload) for workload, bits in fitting]
        for most, bits, workload in sorted(bounds, key=lambda bound: bound[:2], reverse=True):
            if self._is_too_slow(most, workload):
                continue
            if not self._is_beaten(Point(self._least_usd, self.stand.least_w, most, bits), workload):
                self._at_every_limit(workload, bits)

    def _say_why_nothing_fits(self) -> None:
        """No runtime may run on these GPUs, or none holds the model."""
        found = [self.known.runtime_refusal(self.goal, self.build, runtime) for runtime in self.goal.runtimes]
        if found[0] is not None and None not in found:
            self._refuse(found[0], None)
        else:
            self.lose(Loss(self.machine, Stage.DOES_NOT_FIT))

    def _at_every_limit(self, workload: Workload, bits: float) -> None:
        budget, least_w = self.goal.max_landed_usd, self.stand.least_w
        pace = self.known.pace(self.build, workload, self.wired)
        full = pace.tok_s(self._supply(None))
        if self._is_too_slow(full, workload) or self._is_beaten(Point(self._least_usd, least_w, full, bits), workload):
            return
        if self._cost is None:
            self._cost = self.prices.landed(self.machine)
        cost = self._cost
        if budget is not None and cost.mid > budget:
            self.lose(Loss(self.machine, Stage.OVER_BUDGET, workload, amount=float(cost.mid), wanted=float(budget)))
            return
        if self._is_beaten(Point(float(cost.mid), least_w, full, bits), workload):
            return
        refusal = self.known.refusal(self.build, workload, self.wired, self._supply(None))
        if refusal is not None:
            self._refuse(refusal, workload)
            return
        self._limit_by_limit(workload, bits, pace, cost)

    def _limit_by_limit(self, workload: Workload, bits: float, pace: DecodePace, cost: Cost) -> None:
        """Of limits that do not slow decoding the lowest possible one is best; below them every step costs speed."""
        usd = float(cost.mid)
        limits = power_limits(self.machine.gpu)
        unhindered = [limit for limit in limits if pace.clock(self._supply(limit)) == 1.0]
        rivals = self.front.rivals(usd, bits)
        most = pace.tok_s(self._supply(None))
        for limit in (*reversed(unhindered), *limits[len(unhindered) :]):
            by = rivals.beaten_by(self.stand.least_w_at(limit), most)
            if by is not None and self.stand.least_w_at(limit) < inf:
                self._lose_to(by, workload)
                continue
            found = self.stand.placed(limit)
            if not self._carries(found, workload, limit):
                continue
            if limit not in unhindered:
                most = pace.tok_s(found.supply)  # no lower limit is faster
                if self._is_too_slow(most, workload, limit):
                    return
            by = rivals.beaten_by(found.drawn.wall_w, most)
            if by is not None:
                self._lose_to(by, workload)
            elif self._reads_prompts(workload, found.supply) and self._serves_others():
                point = Point(usd, found.drawn.wall_w, most, bits)
                self.front.add(point, Candidate(self.place, self.machine, workload, found.supply, cost, point))
                rivals = self.front.rivals(usd, bits)

    def _reads_prompts(self, workload: Workload, supply: Supply) -> bool:
        wanted = self.goal.min_prefill_tok_s
        if wanted is None:
            return True
        tok_s = prefill_tok_s(self.build, workload, supply)
        if tok_s < wanted:
            limit_w = supply.power_limit_w
            self.lose(Loss(self.machine, Stage.SLOW_PROMPTS, workload, amount=tok_s, wanted=wanted, limit_w=limit_w))
        return tok_s >= wanted

    def _serves_others(self) -> bool:
        loss = self.serves_others(self.machine)
        if loss is not None:
            self.lose(loss)
        return loss is None

    @property
    def _least_usd(self) -> float:
        """The parts alone, until the whole sum had to be worked out."""
        return self.goods if self._cost is None else float(self._cost.mid)

    def _is_too_slow(self, tok_s: float, workload: Workload, limit: int | None = None) -> bool:
        wanted = self.goal.min_decode_tok_s
        if wanted is None or tok_s >= wanted:
            return False
        self.lose(Loss(self.machine, Stage.TOO_SLOW, workload, amount=tok_s, wanted=wanted, limit_w=limit))
        return True

    def _is_beaten(self, point: Point, workload: Workload) -> bool:
        by = self.front.beaten_by(point)
        if by is not None:
            self._lose_to(by, workload)
        return by is not None

    def _lose_to(self, by: Candidate, workload: Workload) -> None:
        if by.place != self.place:
            self.lose(Loss(self.machine, Stage.BEATEN, workload, by=by))

    def _refuse(self, finding: Finding, workload: Workload | None, limit: int | None = None) -> None:
        stage = Stage.BLOCKED if finding.severity == "blocker" else Stage.NOT_KNOWN
        self.lose(Loss(self.machine, stage, workload, finding=finding, limit_w=limit))

    def _carries(self, found: Placed, workload: Workload, limit: int | None) -> bool:
        """Whether the machine can be run so at all; where not, that is told."""
        wall_w, load = found.drawn.wall_w, found.drawn.circuit
        if not load.fits:
            carried_w = wall_w * 100 / load.load_percent
            self.lose(Loss(self.machine, Stage.OVER_CIRCUIT, workload, amount=wall_w, wanted=carried_w, limit_w=limit))
        elif found.refusal is not None:
            self._refuse(found.refusal, None, limit)
        return load.fits and found.refusal is None

    def _supply(self, limit: int | None) -> Supply:
        """For what does not depend on the circuit."""
        return Supply(limit, self.goal.circuits[0])
