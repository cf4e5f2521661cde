"""The page of the audit: the guide's claims, our verdicts, our figures, the sources."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.claim_models import Claim
from catalog.forms import ClaimFilterForm
from catalog.htmx import HtmxRequest, page_or_partial
from catalog.vocabulary import VERDICTS
from configurator.audit import our_figures
from configurator.estimation.estimate import ENGINE_VERSION


@require_safe
def audit(request: HtmxRequest) -> HttpResponse:
    """The claims, filtered. htmx gets the list only."""
    form = ClaimFilterForm(request.GET)
    figures = our_figures(timezone.localdate())
    counts = Claim.objects.verdict_counts()
    context = {
        "form": form,
        "rows": [
            {"claim": claim, "references": claim.references(), "figures": figures.get(claim.number, ())}
            for claim in form.claims()
        ],
        "verdicts": [(verdict, *VERDICTS[verdict], number) for verdict, number in counts.items()],
        "total": sum(counts.values()),
        "computed": len(figures),
        "engine_version": ENGINE_VERSION,
        "as_of": timezone.localdate(),
    }
    return page_or_partial(request, "configurator/audit.html", "results", context)


@require_safe
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """One claim's own address, whatever filter is set: on to its place in the whole list."""
    found = Claim.objects.named(number)
    if found is None:
        raise Http404(f"There is no claim {number[:8]} in the audit.")
    return redirect(found)
