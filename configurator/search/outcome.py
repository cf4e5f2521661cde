"""What a search answers: candidates that stand, machines that lost, and at what. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from configurator.estimation.types import Finding, Supply, Workload
from configurator.search.front import Point
from configurator.search.goal import Cost, Goal
from configurator.search.machines import Machine


class Stage(IntEnum):
    """How far a candidate came; of a machine's candidates the one that came furthest is told."""

    NO_PRICE = 0
    DOES_NOT_FIT = 1
    TOO_SLOW = 2
    OVER_BUDGET = 3
    OVER_CIRCUIT = 4
    BLOCKED = 5
    NOT_KNOWN = 6
    SLOW_PROMPTS = 7
    OTHER_MODEL = 8
    BEATEN = 9


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
    unit of the stage: tokens a second, watts, dollars; ``by`` is what beat it; ``other`` is the model that it does not
    run, and why."""

    machine: Machine
    stage: Stage
    workload: Workload | None = None
    finding: Finding | None = None
    missing: tuple[str, ...] = ()
    amount: float | None = None
    wanted: float | None = None
    limit_w: int | None = None
    by: Candidate | None = None
    other: "tuple[Goal, Loss] | None" = None

    @property
    def how_far(self) -> tuple[int, float]:
        """The stage, and within it how close: the share of the wish that was reached."""
        if self.amount is None or not self.wanted:
            return self.stage, 0.0
        share = self.amount / self.wanted
        return self.stage, share if self.stage in (Stage.TOO_SLOW, Stage.SLOW_PROMPTS) else -share


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
