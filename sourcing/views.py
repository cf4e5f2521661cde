"""Pages of prices."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from catalog.models import Part
from catalog.snapshot import UnknownSlug
from sourcing import prices
from sourcing.models import PriceBand


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


@require_safe
def part_prices(request: HtmxRequest, slug: str) -> HttpResponse:
    """The published price bands of one part. htmx gets the bands only, anybody else the page around them."""
    part = Part.objects.filter(slug=slug).first()
    if part is None:
        raise Http404(str(UnknownSlug("part", slug, Part.objects.values_list("slug", flat=True))))
    bands = PriceBand.objects.for_part(slug).select_related("part")
    context = {"part": part, "bands": [(band, prices.in_usd(band.spec())) for band in bands]}
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    response = render(request, "sourcing/part_prices.html" + ("#bands" if partial else ""), context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response
