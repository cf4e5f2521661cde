"""The upgrade path: what I own, where I want to be, and what each phase buys, gains and leaves idle."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.models import Preset
from configurator.choice import InvalidChoice
from configurator.upgrade.paths import published_paths
from configurator.upgrade.phases import Phase, work_out_path
from configurator.upgrade.question import Question, lists, read_question


@require_safe
def upgrade(request: HttpRequest) -> HttpResponse:
    """A path out of pasted links, or a published one; without either, what there is to choose from."""
    with snapshot.one_state():
        return render(request, "configurator/upgrade.html", _context(request.GET, request.get_host()))


def _context(query: QueryDict, host: str) -> dict[str, Any]:
    catalog, paths = snapshot.current(), published_paths()
    question = read_question(query, catalog, paths, host=host)
    phases, refused = _answer(question)
    rows = question.rows if question.own is not None else question.rows[1:]
    return {
        "question": question,
        "lists": lists(question, catalog),
        "paths": paths.values(),
        "known": [*Preset.objects.for_start().values_list("slug", "name"), *catalog.names_for("carrier")],
        "phases": list(zip(rows, phases, strict=False)),
        "refused": refused,
        "last": phases[-1] if phases else None,
    }


def _answer(question: Question) -> tuple[tuple[Phase, ...], str]:
    """The phases, or why there are none where builds were given."""
    if not question.is_answerable:
        return (), ""
    try:
        settings = question.settings
        return work_out_path(question.own, question.targets, settings, as_of=timezone.localdate()), ""
    except InvalidChoice as refused:
        return (), str(refused)
