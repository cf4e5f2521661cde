"""From a question to builds: the search with today's prices, and what the page, the API and the command line show."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from catalog import snapshot
from catalog.field_errors import FieldError, InvalidFields
from configurator.estimates import EstimateResult, estimate_choice
from configurator.estimation.memory import CannotEstimate
from configurator.goals import Question
from configurator.leads import cheapest, chosen, fastest, marks
from configurator.relaxing import unlimited, wishes
from configurator.search import Candidate, Found, Loss, Machine, Stage
from configurator.search.reasons import why_it_lost
from configurator.search_desk import Desk

MOST_LOSSES = 24


@dataclass(frozen=True)
class Advice:
    """One build, worked out in full. ``marks`` say in what it leads; ``also`` are the other models it was to run."""

    candidate: Candidate
    result: EstimateResult
    marks: tuple[str, ...]
    also: tuple[EstimateResult, ...] = ()

    @property
    def title(self) -> str:
        return self.candidate.machine.title


@dataclass(frozen=True)
class Lost:
    """A machine that is not among the builds, and why."""

    title: str
    why: str


@dataclass(frozen=True)
class Relaxation:
    """One wish that, given up alone, lets something through: to which value, and what that gives."""

    wish: str
    to: str
    gives: Advice


@dataclass(frozen=True)
class Recommendation:
    """``builds``: the cheapest machine first, each in its fastest arrangement, then other arrangements of the same.
    ``nearest`` and ``relax`` are filled where nothing meets every wish."""

    question: Question
    candidates: int
    machines: int
    elapsed_ms: float
    builds: tuple[Advice, ...]
    losses: tuple[Lost, ...]
    losses_in_all: int
    nearest: tuple[Advice, ...]
    relax: tuple[Relaxation, ...]


@snapshot.one_state()
def recommend(question: Question, *, as_of: date) -> Recommendation:
    """The builds that meet a question's wishes; where none does, the nearest ones and which wish stands in the way.

    Raises:
        InvalidFields: where the memory of a model cannot be told.
    """
    began = perf_counter()
    desk = Desk(question, snapshot.current(), as_of)
    try:
        found = desk.search(question.goals)
        builds = _advise(desk, chosen(found.front, question.limit), found.front)
        relaxed = () if builds else tuple(_relax(desk))
        nearest = () if builds or relaxed else _nearest(desk)
        losses = _one_of_each_kind(found)
        lost = tuple(Lost(loss.machine.title, why_it_lost(loss, question.goal)) for loss in losses[:MOST_LOSSES])
    except CannotEstimate as refused:
        raise InvalidFields([FieldError("model", f"model: {refused}")]) from None
    return Recommendation(
        question=question,
        candidates=found.candidates,
        machines=len(desk.machines),
        builds=builds,
        losses=lost,
        losses_in_all=len(found.losses),
        nearest=nearest or _titled(one.gives for one in relaxed),
        relax=relaxed,
        elapsed_ms=1000 * (perf_counter() - began),
    )


def _advise(desk: Desk, candidates: Iterable[Candidate], front: Sequence[Candidate]) -> tuple[Advice, ...]:
    """Candidates worked out as the configurator does."""
    leads = marks(front)
    return tuple(
        Advice(
            candidate,
            estimate_choice(desk.choice(candidate), as_of=desk.as_of),
            tuple(leads.get(id(candidate), ())),
            tuple(_others_on(desk, candidate)),
        )
        for candidate in candidates
    )


def _others_on(desk: Desk, candidate: Candidate) -> Iterator[EstimateResult]:
    """The other models on the same machine, each in its fastest arrangement: at the same limit where it can be."""
    for goal in desk.question.goals[1:]:
        ways = desk.best_of(goal, candidate.machine)
        same = [one for one in ways if one.supply.power_limit_w == candidate.supply.power_limit_w]
        if ways:
            yield estimate_choice(desk.choice(fastest(same or ways)), as_of=desk.as_of)


def _relax(desk: Desk) -> Iterator[Relaxation]:
    """Each wish given up alone, with the build that then comes closest to it."""
    told: set[str] = set()
    for wish in wishes(desk.question, desk.catalog):
        if wish.name in told:
            continue
        front = desk.search([wish.without(goal) for goal in desk.question.goals]).front
        if front:
            told.add(wish.name)
            best = wish.best(front)
            (advice,) = _advise(desk, [best], [])
            speed = advice.result.estimate.speed
            yield Relaxation(wish.name, wish.value(best, speed.prefill_tok_s.mid if speed else 0.0), advice)


def _nearest(desk: Desk) -> tuple[Advice, ...]:
    """Where no single wish is enough: what is cheapest and what is fastest without any limit that could be lifted."""
    without = unlimited(desk.question, desk.catalog)
    front = desk.search([without(goal) for goal in desk.question.goals]).front
    best = list({id(pick(front)): pick(front) for pick in (cheapest, fastest)}.values()) if front else []
    return _titled(_advise(desk, best, front))


def _titled(advices: Iterable[Advice]) -> tuple[Advice, ...]:
    """One of each machine."""
    return tuple({one.title: one for one in advices}.values())


def _one_of_each_kind(found: Found) -> list[Loss]:
    """Of machines with the same GPU on the same platform, none of which is an answer, the one that came furthest. What
    failed at a wish comes first; what was merely beaten, and what nobody has a price for, last."""
    answered = {_kind(candidate.machine) for candidate in found.front}
    kept: dict[tuple[str, str], Loss] = {}
    for loss in found.losses:
        kind = _kind(loss.machine)
        if kind not in answered and (kind not in kept or _nearness(loss) > _nearness(kept[kind])):
            kept[kind] = loss
    by_wish = {Stage.BEATEN: 1, Stage.NO_PRICE: 2}
    return sorted(kept.values(), key=lambda loss: (-by_wish.get(loss.stage, 0), *_nearness(loss)), reverse=True)


def _kind(machine: Machine) -> tuple[str, str]:
    return machine.gpu.slug, machine.carrier.slug if machine.carrier else ""


def _nearness(loss: Loss) -> tuple[int, float]:
    if loss.stage is Stage.DOES_NOT_FIT:
        return int(loss.stage), float(loss.machine.gpu_count * loss.machine.gpu.memory_mib)
    return loss.how_far
