"""The page that puts builds, alternatives and rents side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.htmx import HtmxRequest, page_or_partial, wants_partial
from catalog.models import Preset
from configurator.choice import BuildChoice, InvalidChoice
from configurator.comparison import address
from configurator.comparison.alternatives import guide_comparison
from configurator.comparison.compare import ASKED, Column, Comparison, NotCompared, Question, compare
from configurator.comparison.references import MOST_BUILDS
from configurator.comparison.rows import Row, rows
from configurator.comparison.spending import break_even_rows, cost_lines, in_months, spent
from configurator.cost_picture import cost_picture
from configurator.forms import BuildForm
from configurator.guide_claims import claims_numbered
from sourcing import prices
from sourcing.line_prices import told_to
from sourcing.quotes_key import quotes_key


@dataclass(frozen=True)
class Links:
    """Where a column leads; empty = nowhere."""

    remove: str
    edit: str
    use_workload: str


@require_safe
def comparison(request: HtmxRequest) -> HttpResponse:
    """Builds side by side on one workload. htmx gets the comparison only, anybody else the page around it."""
    with snapshot.one_state():
        question, beside = address.read_question(request.GET, request.get_host())
        form = _workload_form(question)
        found = None
        try:
            if question.builds or question.alternatives:
                found = compare(question, as_of=timezone.localdate(), told=told_to(quotes_key(request), timezone.now()))
        except InvalidChoice as refused:
            form.refuse(refused)
        context = {
            "question": question,
            "form": form,
            "workload_fields": [form[name] for name in ASKED],
            "beside": beside,
            "oob": wants_partial(request),
            "most_builds": MOST_BUILDS,
            "room": MOST_BUILDS - len(question.builds),
            "hidden": address.hidden_fields(question),
            "mend": question.refused[0].given if len(question.refused) == 1 else "",
            "claims": claims_numbered(place.number for place in guide_comparison().claims),
            "guide_query": _guide_query(),
            **_found(question, found),
        }
        response = page_or_partial(request, "configurator/compare.html", "comparison", context)
    patch_vary_headers(response, ["Cookie"])
    if wants_partial(request) and found is not None:
        response["HX-Replace-Url"] = f"{reverse('configurator:compare')}?{address.address_of(question)}"
    return response


def _found(question: Question, found: Comparison | None) -> dict[str, Any]:
    """What the page shows of a comparison; nothing where there is none."""
    if found is None:
        return {}
    missed = [(each, _links(question, each, found.shared)) for each in found.not_compared]
    if not found.columns:
        return {"missed": missed}
    table = rows(found)
    lines = cost_lines(found)
    picture = cost_picture(lines)
    return {
        "comparison": found,
        "heads": [(column, _links(question, column, found.shared)) for column in found.columns],
        "missed": missed,
        "rows": table,
        "break_evens": break_even_rows(found),
        "rents": [column for column, _ in found.rented],
        "picture": picture,
        "spent": spent(lines, [tick.value for tick in picture.x_ticks]) if picture else (),
        "ours": _ours(found, table),
    }


def _ours(found: Comparison, table: Sequence[Row]) -> dict[str, str]:
    """Our figure beside each of the guide's that stands in the table, by the claim's number."""
    ours = {cell.guide.number: cell.words for row in table for cell in row.cells if cell.guide is not None}
    guides_own = {owned for column, owned in found.owned if column.is_guides}
    for place in guide_comparison().claims:
        against = {rented for column, rented in found.rented if column.key == place.column}
        for pays in found.break_evens if place.row == "break-even" else ():
            if pays.owned in guides_own and pays.rented in against:
                ours[place.number] = in_months(pays)
    return ours


def _workload_form(question: Question) -> BuildForm:
    """The controls of the workload: what the address names, else the first build's."""
    first = address.workload_of(question.builds[0].choice) if question.builds else {}
    return BuildForm({**first, **question.workload}, snapshot.current(), prices.agent_choices())


def _links(question: Question, column: Column | NotCompared, shared: BuildChoice) -> Links:
    given = column.given
    if given is None:
        slug = column.alternative.id if column.alternative else ""
        edit = ""
        if isinstance(column, Column) and not column.is_rented:
            edit = f"{reverse('configurator:build')}?{column.result.query}"
        return Links(_to(address.without_alternative(question, slug)), edit, "")
    own = address.with_workload(question, given.choice)
    same = address.workload_of(given.choice) == address.workload_of(shared)
    return Links(
        remove=_to(address.without_build(question, given.reference, shared)),
        edit=f"{reverse('configurator:build')}?{given.choice.to_query()}",
        use_workload="" if same else _to(own),
    )


def _to(question: Question) -> str:
    return f"{reverse('configurator:compare')}?{address.address_of(question)}"


def _guide_query() -> str:
    """The guide's own comparison: its build beside what it compares it with, on its model."""
    guide = guide_comparison()
    preset = Preset.objects.named(guide.preset)
    pairs = [("b", preset.query_string)] if preset else []
    pairs += [("a", slug) for slug in guide.alternatives]
    return urlencode([*pairs, *guide.workload.items()])
