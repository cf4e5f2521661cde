"""The search: every machine under every workload at every power limit, most of them ruled out by a bound. Pure.

Machines are taken from the cheapest parts upwards. A candidate is worked out in the order of what that costs: whether
it fits, the price of its parts, how fast it is at most, what the machine costs at the door, what it draws, how fast it
is at this limit, and last all rules. It is dropped as soon as a wish is out of reach, or as soon as something on the
front is as good in every respect as it could be at best; the front is therefore the one that working out everything
would give. What enters the front has passed every rule that can stop a machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from catalog.specs import PartSpec
from configurator.estimation.types import Workload
from configurator.search.front import Front
from configurator.search.goal import Goal, power_limits
from configurator.search.known import Known, bits
from configurator.search.machines import Machine
from configurator.search.outcome import Candidate, Found, Loss, Prices, Stage
from configurator.search.stand import Stands
from configurator.search.trial import Trial

ENOUGH_MACHINES = 3
WITH_HOST_MEMORY = ("llama.cpp", "ik_llama.cpp")
MOST_MEMORY_MIB = 900 * 1024.0


def search(
    goal: Goal,
    machines: Iterable[Machine],
    prices: Prices,
    parts: Mapping[str, PartSpec],
    known: Known | None = None,
    stands: Stands | None = None,
    others: Sequence[Goal] = (),
) -> Found:
    """The candidates that meet every wish and that no other one beats, and why each other machine lost.

    Where fewer than ``ENOUGH_MACHINES`` hold the model on their GPUs, servers with a part of it in host memory are
    candidates too, with as many kits of memory (from ``parts``) as that takes. A machine must serve each of ``others``
    as well, one at a time, in whatever arrangement and at whatever limit.
    """
    return _Search(goal, prices, parts, known or Known(), stands or Stands(), others).run(machines)


class _Search:
    """One search and what it has found so far."""

    def __init__(
        self,
        goal: Goal,
        prices: Prices,
        parts: Mapping[str, PartSpec],
        known: Known,
        stands: Stands,
        others: Sequence[Goal],
    ) -> None:
        self.goal, self.prices, self.parts, self.others = goal, prices, parts, others
        self.known, self.stands = known, stands
        self.front: Front[Candidate] = Front()
        self.candidates = 0
        self.losses: dict[int, Loss] = {}
        self._served: dict[tuple[tuple[str, str, int], ...], Loss | None] = {}

    def run(self, machines: Iterable[Machine]) -> Found:
        priced: list[tuple[Decimal, int, Machine]] = []
        for place, machine in enumerate(machines):
            self.candidates += len(self.known.workloads(self.goal, machine.gpu_count)) * len(power_limits(machine.gpu))
            goods = self.prices.goods(machine)
            if goods is None:
                self.losses[place] = Loss(machine, Stage.NO_PRICE, missing=self.prices.unpriced(machine))
            else:
                priced.append((goods, place, machine))
        priced.sort(key=lambda one: one[:2])
        for goods, place, machine in priced:
            self._try(place, machine, goods, self.known.fitting(self.goal, machine.build))
        few = len({candidate.place for _, candidate in self.front.items()}) < ENOUGH_MACHINES
        if few or self.goal.model.moe is not None:
            for _, place, machine in priced:
                self._with_host_memory(place, machine)
        on_front = [candidate for _, candidate in self.front.items()]
        won = {candidate.place for candidate in on_front}
        losses = [loss for place, loss in sorted(self.losses.items()) if place not in won]
        return Found(tuple(on_front), self.candidates, tuple(losses))

    def _try(self, place: int, machine: Machine, goods: Decimal, fitting: Sequence[tuple[Workload, float]]) -> None:
        def lose(loss: Loss) -> None:
            """Remember why, if nothing of this machine came further, or closer, so far."""
            known = self.losses.get(place)
            if known is None or loss.how_far > known.how_far:
                self.losses[place] = loss

        trial = Trial(self.goal, self.known, self.stands, self.prices, self.front, self._serves_others, lose)
        trial.run(place, machine, goods, fitting)

    def _with_host_memory(self, place: int, machine: Machine) -> None:
        """The same server, full, with the part of the model that its GPUs cannot hold in its memory. Of several
        servers one would have to hold it all, which nobody has shown to work."""
        carrier = machine.carrier
        if carrier is None or machine.carrier_count > 1 or machine.gpu_count < carrier.sockets:
            return
        roomy = machine.with_memory(MOST_MEMORY_MIB, self.parts)
        if roomy is None:
            return
        for workload in self.known.workloads(self.goal, machine.gpu_count):
            if workload.runtime not in WITH_HOST_MEMORY or workload.kv_dtype != self.goal.kv_dtypes[0]:
                continue
            moved = self.known.with_host_memory(roomy.build, workload)
            if moved is None:
                continue
            fitted, host_mib = moved
            grown = machine.with_memory(host_mib, self.parts)
            if grown is None or (goods := self.prices.goods(grown)) is None:
                continue
            self.candidates += len(power_limits(machine.gpu))
            self._try(place, grown, goods, ((fitted, bits(self.goal, fitted.quant)),))

    def _serves_others(self, machine: Machine) -> Loss | None:
        """Why a machine does not run one of the other models as wished; None where it runs all."""
        bill = machine.lines
        if bill not in self._served:
            self._served[bill] = next(filter(None, (self._against(goal, machine) for goal in self.others)), None)
        return self._served[bill]

    def _against(self, goal: Goal, machine: Machine) -> Loss | None:
        known = self.known.others.setdefault(goal.model.slug, Known())
        found = search(goal, [machine], self.prices, {}, known, self.stands)
        return None if found.front else Loss(machine, Stage.OTHER_MODEL, other=(goal, found.losses[0]))
