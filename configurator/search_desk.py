"""Machines with today's prices, for as many searches as a question takes; what one has worked out the next one uses."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from catalog import snapshot
from catalog.snapshot import Catalog
from configurator.choice import BuildChoice, parse
from configurator.goals import Question
from configurator.search import Candidate, Cost, Found, Goal, Known, Machine, Prices, Stands, machines, search
from sourcing import prices
from sourcing.landed.cost import Order
from sourcing.landed.types import PricedLine

MAY_LACK_A_PRICE = frozenset({"fan"})
"""Slots whose parts cost so little that they change no decision; the total says that it leaves them out."""
MOST_KEPT = 12
"""Of each kind; what is known of one model takes some 5 MB."""

_Value = TypeVar("_Value")
_Bill = tuple[tuple[str, str, int], ...]


@dataclass
class _Kept:
    """What was worked out with one state of the catalog. The newest few of each kind stay."""

    machines: "OrderedDict[object, tuple[Machine, ...]]" = field(default_factory=OrderedDict)
    lines: "OrderedDict[object, dict[str, PricedLine]]" = field(default_factory=OrderedDict)
    costs: "OrderedDict[object, dict[_Bill, Cost]]" = field(default_factory=OrderedDict)
    known: "OrderedDict[object, Known]" = field(default_factory=OrderedDict)
    stands: "OrderedDict[object, Stands]" = field(default_factory=OrderedDict)


_kept = snapshot.kept(_Kept)


def _once(kept: "OrderedDict[object, _Value]", key: object, work: Callable[[], _Value]) -> _Value:
    found = kept.get(key)
    if found is None:
        found = kept[key] = work()
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return found


class Desk:
    """The machines and prices of one question. ``machines``: those that are searched."""

    def __init__(self, question: Question, catalog: Catalog, as_of: date) -> None:
        self.question, self.catalog, self.as_of = question, catalog, as_of
        self._kept = _kept()
        voltage_v = question.goal.circuits[0].voltage_v
        self._all = _once(
            self._kept.machines,
            voltage_v,
            lambda: machines(catalog.gpus, catalog.carriers, catalog.parts, voltage_v),
        )
        self._lines = _once(self._kept.lines, as_of, self._priced)
        owned = tuple(sorted(question.goal.owned.items()))
        shipping = question.agent, question.freight_mode, question.exclusions_extended
        where = question.destination, question.entry_date, as_of
        self._costs = _once(self._kept.costs, (owned, shipping, where), dict)
        self.prices = Prices(self._goods, self._unpriced, self._at_the_door)

    @property
    def machines(self) -> Sequence[Machine]:
        return self.machines_for(self.question.goal)

    def machines_for(self, goal: Goal) -> Sequence[Machine]:
        """All, or those without a server's fans."""
        if not goal.quiet:
            return self._all
        return [one for one in self._all if one.carrier is None or not one.carrier.has_host]

    def search(self, goals: Sequence[Goal]) -> Found:
        """The machines that serve every goal, compared by how they serve the first."""
        first, *others = goals
        keeping = self._known_of(first), self._stands_of(first)
        return search(first, self.machines_for(first), self.prices, self.catalog.parts, *keeping, others)

    def best_of(self, goal: Goal, machine: Machine) -> Sequence[Candidate]:
        """The ways in which one machine serves a goal."""
        return search(goal, [machine], self.prices, {}, self._known_of(goal), self._stands_of(goal)).front

    def _known_of(self, goal: Goal) -> Known:
        asked = goal.context_tokens, goal.depth_tokens, goal.prompt_tokens, goal.streams
        return _once(self._kept.known, (goal.model, asked), Known)

    def _stands_of(self, goal: Goal) -> Stands:
        costs = goal.electricity_usd_per_kwh, goal.hours_per_day
        return _once(self._kept.stands, (goal.circuits, goal.circuit_count, costs), Stands)

    def choice(self, candidate: Candidate) -> BuildChoice:
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

    @cached_property
    def _order(self) -> Order:
        question = self.question
        return prices.order_of(
            [],
            question.destination,
            entry_date=question.entry_date,
            rates_of=self.as_of,
            agent=question.agent,
            freight_mode=question.freight_mode,
            exclusions_extended=question.exclusions_extended,
        )

    def _priced(self) -> dict[str, PricedLine]:
        slugs = sorted(self.catalog.parts)
        return dict(zip(slugs, prices.priced_lines([(slug, 1, None) for slug in slugs], self.as_of), strict=True))

    def _to_buy(self, machine: Machine) -> _Bill:
        owned = self.question.goal.owned
        if not owned:
            return machine.lines
        lines = ((slot, slug, count - owned.get(slug, 0)) for slot, slug, count in machine.lines)
        return tuple(line for line in lines if line[2] > 0)

    def _unpriced(self, machine: Machine) -> tuple[str, ...]:
        return tuple(
            self._lines[slug].name
            for slot, slug, _ in self._to_buy(machine)
            if slot not in MAY_LACK_A_PRICE and self._lines[slug].unit is None
        )

    def _goods(self, machine: Machine) -> Decimal | None:
        total = Decimal(0)
        for slot, slug, count in self._to_buy(machine):
            unit = self._lines[slug].unit
            if unit is not None:
                total += unit.mid * count
            elif slot not in MAY_LACK_A_PRICE:
                return None
        return total

    def _at_the_door(self, machine: Machine) -> Cost:
        bill = self._to_buy(machine)
        if bill not in self._costs:
            lines = tuple(replace(self._lines[slug], quantity=count) for _, slug, count in bill)
            cost = prices.landed(replace(self._order, lines=lines))
            self._costs[bill] = Cost(cost.total.low, cost.total.mid, cost.total.high, cost.unknown)
        return self._costs[bill]
