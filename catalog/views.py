"""Pages of parts and language models."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.claim_models import Claim
from catalog.forms import ModelFilterForm, PartFilterForm
from catalog.htmx import HtmxRequest, page_or_partial
from catalog.models import LanguageModel, Part
from catalog.snapshot import UnknownSlug


@require_safe
def part_list(request: HtmxRequest) -> HttpResponse:
    form = PartFilterForm(request.GET)
    context = {"form": form, "parts": list(form.parts()), "total": Part.objects.count()}
    return page_or_partial(request, "catalog/part_list.html", "results", context)


@require_safe
def part_detail(request: HttpRequest, slug: str) -> HttpResponse:
    part = Part.objects.named(slug)
    if part is None:
        raise Http404(str(UnknownSlug("part", slug, Part.objects.values_list("slug", flat=True))))
    context = {
        "part": part,
        "figures": part.sourced(),
        "sources": part.references(),
        "claims": Claim.objects.about_part(slug),
    }
    return render(request, "catalog/part_detail.html", context)


@require_safe
def model_list(request: HtmxRequest) -> HttpResponse:
    form = ModelFilterForm(request.GET)
    context = {"form": form, "models": list(form.models()), "total": LanguageModel.objects.count()}
    return page_or_partial(request, "catalog/model_list.html", "results", context)


@require_safe
def model_detail(request: HttpRequest, slug: str) -> HttpResponse:
    model = LanguageModel.objects.named(slug)
    if model is None:
        raise Http404(str(UnknownSlug("model", slug, LanguageModel.objects.values_list("slug", flat=True))))
    context = {"model": model, "figures": model.sourced(), "sources": model.references(), "spec": model.spec()}
    return render(request, "catalog/model_detail.html", context)
