"""The start page: what do you want to run? Its answer is the search's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.field_errors import InvalidFields
from catalog.htmx import HtmxRequest, page_or_partial
from catalog.models import Preset
from configurator.goal_form import GoalForm
from configurator.goals import Question, read_question
from configurator.recommend import Advice, Recommendation, recommend
from configurator.recommend_answers import WISHES, why
from configurator.trade_off_picture import TradeOffPicture, TradeOffPoint, trade_off_picture

ANSWERS_KEPT = 64
"""A search takes a second or so, and a link to one is opened by many."""


@dataclass(frozen=True)
class _Answer:
    found: Recommendation | None
    refused: InvalidFields | None


@require_safe
def start(request: HtmxRequest) -> HttpResponse:
    """The question, and its answer where there is one. htmx gets the answer only."""
    with snapshot.one_state() as state:
        form = GoalForm(request.GET, snapshot.current())
        answer = _answer(state, timezone.localdate(), form.data_query) if form.is_asked else _Answer(None, None)
        if answer.refused is not None:
            form.refuse(answer.refused)
        found = answer.found
        machines = _by_machine(found.builds, found.question) if found else []
        context = {
            "form": form,
            "found": found,
            "machines": machines,
            "nearest": _by_machine(found.nearest, found.question) if found else [],
            "picture": _trade_off(machines) if len(machines) > 1 else None,
            "wishes": WISHES,
            "presets": Preset.objects.for_start(),
        }
        return page_or_partial(request, "start.html", "answer", context)


@dataclass(frozen=True)
class _MachineAdvice:
    """One machine: its first arrangement in full with its reasons, and its others."""

    advice: Advice
    reasons: tuple[str, ...]
    others: tuple[Advice, ...]


def _by_machine(builds: Iterable[Advice], question: Question) -> list[_MachineAdvice]:
    groups: dict[int, list[Advice]] = {}
    for advice in builds:
        groups.setdefault(advice.candidate.place, []).append(advice)
    return [_MachineAdvice(first, why(first, question), tuple(others)) for first, *others in groups.values()]


def _trade_off(machines: Sequence[_MachineAdvice]) -> TradeOffPicture:
    """Cost against speed, numbered as the machines are listed."""
    results = [machine.advice.result for machine in machines]
    costs = [result.cost.total.mid for result in results]
    speeds = [result.estimate.speed.decode_tok_s.mid if result.estimate.speed else 0.0 for result in results]

    def is_beaten(cost: Decimal, speed: float) -> bool:
        others = zip(costs, speeds, strict=True)
        return any(usd <= cost and tok_s >= speed and (usd, tok_s) != (cost, speed) for usd, tok_s in others)

    return trade_off_picture(
        TradeOffPoint(
            result.cost.total,
            result.estimate.speed.decode_tok_s if result.estimate.speed else None,
            machine.advice.title,
            f"{reverse('configurator:build')}?{result.query}",
            not is_beaten(cost, speed),
        )
        for machine, result, cost, speed in zip(machines, results, costs, speeds, strict=True)
    )


@lru_cache(maxsize=ANSWERS_KEPT)
def _answer(_catalog: snapshot.Stamp | None, as_of: date, query: str) -> _Answer:
    catalog = snapshot.current()
    try:
        question = read_question(GoalForm(QueryDict(query), catalog).question, catalog, as_of)
        return _Answer(recommend(question, as_of=as_of), None)
    except InvalidFields as refused:
        return _Answer(None, refused)
