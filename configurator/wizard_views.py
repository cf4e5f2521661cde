"""The pages of a first build: five steps, each with all answers in its address, and the way on to the configurator."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.htmx import HtmxRequest, page_or_partial, wants_partial
from configurator.wizard.answers import Answers, read_answers, work_out
from configurator.wizard.steps import STEP_BY_KEY, STEPS, Desk, Step, groups, lists


@require_safe
def step(request: HtmxRequest, key: str = STEPS[0].key) -> HttpResponse:
    """One step. htmx gets the step only, with the figures of the answers as they now stand."""
    if key not in STEP_BY_KEY:
        raise Http404("A first build has no such step.")
    with snapshot.one_state():
        context = _context(STEP_BY_KEY[key], read_answers(request.GET, snapshot.current()))
        partial = wants_partial(request)
        response = page_or_partial(request, "configurator/wizard.html", "step", {**context, "oob": partial})
    if partial:
        response["HX-Replace-Url"] = context["address"]
    return response


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """On to the configurator, with everything that was answered and everything that was worked out."""
    with snapshot.one_state():
        worked = work_out(read_answers(request.GET, snapshot.current()), as_of=timezone.localdate())
    return redirect(f"{reverse('configurator:build')}?{worked.result.query}")


def _context(here: Step, answers: Answers) -> dict[str, Any]:
    as_of = timezone.localdate()
    current = work_out(answers, as_of=as_of)
    desk = Desk(answers, current, snapshot.current(), as_of)
    place = STEPS.index(here)
    findings = current.result.estimate.findings
    return {
        "step": here,
        "steps": [(one, _address(one, answers)) for one in STEPS],
        "number": place + 1,
        "address": _address(here, answers),
        "path": _path(here),
        "previous": _path(STEPS[place - 1]) if place else "",
        "next": _path(STEPS[place + 1]) if place + 1 < len(STEPS) else reverse("configurator:wizard_done"),
        "next_title": STEPS[place + 1].title.lower() if place + 1 < len(STEPS) else "",
        "answers": answers,
        "kept": [(name, value) for name, value in answers.given if name not in here.names],
        "groups": groups(here, desk),
        "lists": lists(here, desk),
        "owned": [(line, answers.get(f"{line.slot}_owned")) for line in current.result.lines]
        if here.key == "parts"
        else [],
        "plan": current.plan,
        "result": current.result,
        "worst": [finding for finding in findings if finding.severity == current.result.worst != "ok"],
    }


def _path(of: Step) -> str:
    return reverse("configurator:wizard") if of is STEPS[0] else reverse("configurator:wizard_step", args=[of.key])


def _address(of: Step, answers: Answers) -> str:
    return f"{_path(of)}?{answers.query}" if answers.query else _path(of)
