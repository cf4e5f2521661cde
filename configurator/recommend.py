"""From a question to builds: the search with today's prices, and what the page, the API and the command line show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from time import perf_counter
from typing import Any

from catalog import snapshot
from catalog.snapshot import Catalog
from configurator.choice import BuildChoice, parse
from configurator.estimates import EstimateResult, estimate_choice
from configurator.goals import Question
from configurator.search import Candidate, Cost, Found, Goal, Known, Loss, Machine, Prices, Stage, machines, search
from configurator.search.reasons import why_it_lost
from sourcing import prices
from sourcing.landed.cost import Order
from sourcing.landed.types import PricedLine

MAY_LACK_A_PRICE = frozenset({"fan"})
"""Slots whose parts cost so little that they change no decision; the total says that it leaves them out."""
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
    """The builds that meet a question's wishes; where none does, the nearest ones and which wish stands in the way."""
    began = perf_counter()
    desk = _Desk(question, snapshot.current(), as_of)
    found = desk.search(question.goal)
    chosen = _chosen(found.front, question.limit)
    builds = desk.advise(chosen, found.front)
    relaxed = () if builds else tuple(desk.relax())
    nearest = {one.gives.title: one.gives for one in relaxed} if relaxed or builds else desk.nearest()
    losses = _one_of_each_kind(found)
    return Recommendation(
        question=question,
        candidates=found.candidates,
        machines=len(desk.machines),
        builds=builds,
        losses=tuple(Lost(loss.machine.title, why_it_lost(loss, question.goal)) for loss in losses[:MOST_LOSSES]),
        losses_in_all=len(found.losses),
        nearest=tuple(nearest.values()),
        relax=relaxed,
        elapsed_ms=1000 * (perf_counter() - began),
    )


class _Desk:
    """The machines and prices of one question, for as many searches as it takes."""

    def __init__(self, question: Question, catalog: Catalog, as_of: date) -> None:
        self.question, self.catalog, self.as_of = question, catalog, as_of
        goal = question.goal
        self.machines = [
            machine
            for machine in machines(catalog.gpus, catalog.carriers, catalog.parts, goal.circuits[0].voltage_v)
            if not (goal.quiet and machine.carrier is not None and machine.carrier.has_host)
        ]
        self._known = Known()
        self._units: dict[str, PricedLine] = {}
        self._landed: dict[tuple[tuple[str, str, int], ...], Cost] = {}
        self._order = prices.order_of(
            [],
            question.destination,
            entry_date=question.entry_date,
            rates_of=as_of,
            agent=question.agent,
            freight_mode=question.freight_mode,
            exclusions_extended=question.exclusions_extended,
        )
        self.prices = Prices(self._goods, self._unpriced, self._at_the_door)

    def search(self, goal: Goal) -> Found:
        return search(goal, self.machines, self.prices, self.catalog.parts, self._known)

    def advise(self, chosen: Iterable[Candidate], front: Iterable[Candidate]) -> tuple[Advice, ...]:
        """Candidates worked out as the configurator does; those that do not run every other model are left out."""
        marks = _marks(front)
        found = []
        for candidate in chosen:
            result = estimate_choice(self._choice(candidate), as_of=self.as_of)
            also = self._others_on(candidate)
            if also is not None:
                found.append(Advice(candidate, result, tuple(marks.get(id(candidate), ())), also))
        return tuple(found)

    def relax(self) -> Iterable[Relaxation]:
        """Each wish given up alone, with the build that then comes closest to it."""
        for wish, goal, best in self._without_one_wish():
            found = self.search(goal)
            if not found.front:
                continue
            candidate = best(found.front)
            advice = self.advise([candidate], [candidate])
            if advice:
                yield Relaxation(wish, _relaxed_to(wish, candidate, goal), advice[0])

    def nearest(self) -> dict[str, Advice]:
        """Where no single wish is enough: what is cheapest and what is fastest without budget and speed wished for."""
        goal = replace(self.question.goal, max_landed_usd=None, min_decode_tok_s=None, min_prefill_tok_s=None)
        front = self.search(goal).front
        chosen = list({id(best(front)): best(front) for best in (_cheapest, _fastest)}.values()) if front else []
        return {one.title: one for one in self.advise(chosen, front)}

    def _without_one_wish(self) -> Iterable[tuple[str, Goal, Any]]:
        goal = self.question.goal
        if goal.max_landed_usd is not None:
            yield "max_landed_usd", replace(goal, max_landed_usd=None), _cheapest
        if goal.min_decode_tok_s is not None:
            yield "min_decode_tok_s", replace(goal, min_decode_tok_s=None), _fastest
        if goal.min_prefill_tok_s is not None:
            yield "min_prefill_tok_s", replace(goal, min_prefill_tok_s=None), _cheapest
        if self.question.circuit_wished:
            yield "circuit", replace(goal, circuits=self._larger_circuits(goal)), _cheapest
        if goal.quants:
            yield "quants", replace(goal, quants=FEWER_BITS), _most_exact
        elif goal.formats:
            yield "quants", replace(goal, quants=(*goal.formats, *FEWER_BITS)), _most_exact
        if goal.context_tokens > SHORTEST_CONTEXT:
            half = max(SHORTEST_CONTEXT, goal.context_tokens // 2)
            shorter = replace(goal, context_tokens=half, depth_tokens=min(goal.depth_tokens, half))
            yield "context_tokens", shorter, _cheapest

    def _larger_circuits(self, goal: Goal) -> tuple[Any, ...]:
        (wished,) = goal.circuits
        larger = [
            circuit
            for circuit in self.catalog.circuits.values()
            if circuit.country == wished.country and circuit.continuous_w > wished.continuous_w
        ]
        return tuple(sorted(larger, key=lambda one: one.continuous_w)) or goal.circuits

    def _others_on(self, candidate: Candidate) -> tuple[EstimateResult, ...] | None:
        """The other models on the same machine at the same limit, each in its best arrangement; None where one of them
        does not meet the wishes there."""
        results = []
        for goal in self.question.goals[1:]:
            same = search(goal, [candidate.machine], self.prices, {}).front
            at_limit = [one for one in same if one.supply.power_limit_w == candidate.supply.power_limit_w] or same
            if not at_limit:
                return None
            results.append(estimate_choice(self._choice(_fastest(at_limit)), as_of=self.as_of))
        return tuple(results)

    def _choice(self, candidate: Candidate) -> BuildChoice:
        """A candidate as the configurator's settings."""
        question, workload, supply = self.question, candidate.workload, candidate.supply
        of_workload = {
            name: getattr(workload, name)
            for name in (
                "quant", "runtime", "split", "tensor_parallel", "pipeline_parallel", "context_tokens", "depth_tokens",
                "prompt_tokens", "streams", "kv_dtype", "expert_layers_in_ram", "gpu_layers",
            )
        }  # fmt: skip
        owned = {
            f"{slot}_owned": min(count, question.goal.owned.get(slug, 0))
            for slot, slug, count in candidate.machine.lines
        }
        return parse(
            {
                "model": workload.model.slug,
                **candidate.machine.settings(),
                **of_workload,
                **owned,
                "power_limit_w": supply.power_limit_w,
                "circuit": supply.circuit.slug,
                "circuit_count": supply.circuit_count,
                "electricity_usd_per_kwh": supply.electricity_usd_per_kwh,
                "hours_per_day": supply.hours_per_day,
                "country": question.destination.country,
                "region": question.destination.region,
                "agent": question.agent,
                "freight_mode": question.freight_mode,
                "exclusions_extended": question.exclusions_extended,
                "entry_date": None if question.entry_date == self.as_of else question.entry_date,
            }
        )

    def _to_buy(self, machine: Machine) -> list[tuple[str, str, int]]:
        owned = self.question.goal.owned
        lines = [(slot, slug, count - owned.get(slug, 0)) for slot, slug, count in machine.lines]
        return [line for line in lines if line[2] > 0]

    def _line(self, slug: str) -> PricedLine:
        if slug not in self._units:
            (self._units[slug],) = prices.priced_lines([(slug, 1, None)], self.as_of)
        return self._units[slug]

    def _unpriced(self, machine: Machine) -> tuple[str, ...]:
        return tuple(
            self._line(slug).name
            for slot, slug, _ in self._to_buy(machine)
            if slot not in MAY_LACK_A_PRICE and self._line(slug).unit is None
        )

    def _goods(self, machine: Machine) -> Decimal | None:
        if self._unpriced(machine):
            return None
        units = ((self._line(slug).unit, count) for _, slug, count in self._to_buy(machine))
        return sum((unit.mid * count for unit, count in units if unit is not None), Decimal(0))

    def _at_the_door(self, machine: Machine) -> Cost:
        bill = machine.lines
        if bill not in self._landed:
            lines = tuple(replace(self._line(slug), quantity=count) for _, slug, count in self._to_buy(machine))
            order: Order = replace(self._order, lines=lines)
            cost = prices.landed(order)
            self._landed[bill] = Cost(cost.total.low, cost.total.mid, cost.total.high, cost.unknown)
        return self._landed[bill]


FEWER_BITS = ("Q3_K_M", "IQ3_XXS", "Q2_K", "IQ2_XXS")
SHORTEST_CONTEXT = 2048


def _cheapest(front: Iterable[Candidate]) -> Candidate:
    return min(front, key=lambda one: (one.point.usd, -one.point.tok_s))


def _fastest(front: Iterable[Candidate]) -> Candidate:
    return max(front, key=lambda one: (one.point.tok_s, -one.point.usd))


def _most_exact(front: Iterable[Candidate]) -> Candidate:
    return max(front, key=lambda one: (one.point.bits, -one.point.usd))


def _frugal(front: Iterable[Candidate]) -> Candidate:
    return min(front, key=lambda one: (one.point.wall_w, one.point.usd))


def _relaxed_to(wish: str, candidate: Candidate, goal: Goal) -> str:
    return {
        "max_landed_usd": f"{candidate.cost.mid:.0f}",
        "min_decode_tok_s": f"{candidate.point.tok_s:.1f}",
        "min_prefill_tok_s": "0",
        "circuit": candidate.supply.circuit.slug,
        "quants": candidate.workload.quant,
        "context_tokens": str(goal.context_tokens),
    }[wish]


def _chosen(front: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The leaders in every respect, of each machine its fastest arrangement, then what else is on the front, as many
    as are wanted; the cheapest first."""
    front = list(front)
    by_machine: dict[int, list[Candidate]] = {}
    for candidate in front:
        by_machine.setdefault(candidate.place, []).append(candidate)
    leaders = [best(front) for best in LEADS.values()] if front else []
    first = sorted((_fastest(group) for group in by_machine.values()), key=_by_price)
    wanted = list({id(one): one for one in (*leaders, *first, *sorted(front, key=_by_price))}.values())[:limit]
    return sorted(wanted, key=_by_price)


def _by_price(candidate: Candidate) -> tuple[float, int, float]:
    return candidate.point.usd, candidate.place, -candidate.point.tok_s


LEADS = {"cheapest": _cheapest, "fastest": _fastest, "most exact": _most_exact, "least power": _frugal}


def _marks(front: Iterable[Candidate]) -> Mapping[int, list[str]]:
    """In what which candidate leads."""
    front = list(front)
    marks: dict[int, list[str]] = {}
    for word, best in LEADS.items():
        if front:
            marks.setdefault(id(best(front)), []).append(word)
    return marks


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
    share = loss.amount / loss.wanted if loss.amount and loss.wanted else 0.0
    return int(loss.stage), share if loss.stage is Stage.TOO_SLOW else -share
