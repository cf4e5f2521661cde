"""Pages of parts and language models."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from catalog.forms import ModelFilterForm, PartFilterForm
from catalog.models import LanguageModel, Part
from catalog.snapshot import UnknownSlug


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


@require_safe
def part_list(request: HtmxRequest) -> HttpResponse:
    form = PartFilterForm(request.GET)
    context = {"form": form, "parts": list(form.parts()), "total": Part.objects.count()}
    return _page_or_results(request, "catalog/part_list.html", context)


@require_safe
def part_detail(request: HttpRequest, slug: str) -> HttpResponse:
    part = Part.objects.named(slug)
    if part is None:
        raise Http404(str(UnknownSlug("part", slug, Part.objects.values_list("slug", flat=True))))
    context = {"part": part, "figures": part.sourced(), "sources": part.references()}
    return render(request, "catalog/part_detail.html", context)


@require_safe
def model_list(request: HtmxRequest) -> HttpResponse:
    form = ModelFilterForm(request.GET)
    context = {"form": form, "models": list(form.models()), "total": LanguageModel.objects.count()}
    return _page_or_results(request, "catalog/model_list.html", context)


@require_safe
def model_detail(request: HttpRequest, slug: str) -> HttpResponse:
    model = LanguageModel.objects.named(slug)
    if model is None:
        raise Http404(str(UnknownSlug("model", slug, LanguageModel.objects.values_list("slug", flat=True))))
    context = {"model": model, "figures": model.sourced(), "sources": model.references(), "spec": model.spec()}
    return render(request, "catalog/model_detail.html", context)


def _page_or_results(request: HtmxRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """htmx gets the results only; anybody else, and htmx restoring its history, the page around them."""
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    response = render(request, template + ("#results" if partial else ""), context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response
