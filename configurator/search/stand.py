"""What machines draw, which circuit they go on and what is against them there, whatever runs on them. Pure."""

from functools import cached_property
from typing import NamedTuple

from configurator.estimation.power import power
from configurator.estimation.types import Finding, PowerEstimate, Supply, Workload
from configurator.search import refusals
from configurator.search.goal import Goal, power_limits
from configurator.search.machines import Machine

Bill = tuple[tuple[str, str, int], ...]


class Placed(NamedTuple):
    """A machine at one limit on the circuit that it goes on."""

    supply: Supply
    drawn: PowerEstimate
    refusal: Finding | None


class Stands:
    """The machines on the circuits of a goal, kept from one search with such circuits to the next."""

    def __init__(self) -> None:
        self._of: dict[Bill, Stand] = {}

    def of(self, machine: Machine, goal: Goal, any_workload: Workload) -> "Stand":
        bill = machine.lines
        if bill not in self._of:
            self._of[bill] = Stand(machine, goal, any_workload)
        return self._of[bill]


class Stand:
    """One machine on the circuits of a goal."""

    def __init__(self, machine: Machine, goal: Goal, any_workload: Workload) -> None:
        self._build, self._goal, self._workload = machine.build, goal, any_workload
        self._drawn: dict[int | None, list[tuple[Supply, PowerEstimate]]] = {}
        self._placed: dict[int | None, Placed] = {}
        lowest = power_limits(machine.gpu)[-1]
        self.least_w = min(drawn.wall_w for _, drawn in self._on_each(lowest))
        """Watts that the machine does not go below on any circuit: a supply may lose less on a larger one."""

    @cached_property
    def refusal(self) -> Finding | None:
        """What is against its parts, on whatever circuit."""
        return refusals.of_parts(self._build, self._workload, *self._on_each(None)[0])

    def least_w_at(self, limit: int | None) -> float:
        """Watts that it does not go below at a limit, on any circuit that carries it; infinite where none does."""
        return min(
            (drawn.wall_w for _, drawn in self._on_each(limit) if drawn.circuit.fits),
            default=float("inf"),
        )

    def placed(self, limit: int | None) -> Placed:
        """On the first circuit that carries it and on which nothing is against it, else on the first that carries it,
        else on the last."""
        if limit not in self._placed:
            self._placed[limit] = self._place(limit)
        return self._placed[limit]

    def _place(self, limit: int | None) -> Placed:
        refused: Placed | None = None
        for supply, drawn in self._on_each(limit):
            if drawn.circuit.fits:
                refusal = refusals.of_supply(self._build, self._workload, supply, drawn)
                if refusal is None:
                    return Placed(supply, drawn, None)
                refused = refused or Placed(supply, drawn, refusal)
        return refused or Placed(*self._on_each(limit)[-1], None)

    def _on_each(self, limit: int | None) -> list[tuple[Supply, PowerEstimate]]:
        if limit not in self._drawn:
            goal = self._goal
            money = goal.electricity_usd_per_kwh, goal.hours_per_day
            supplies = [Supply(limit, circuit, *money, goal.circuit_count) for circuit in goal.circuits]
            self._drawn[limit] = [(one, power(self._build, self._workload, one, None)) for one in supplies]
        return self._drawn[limit]
