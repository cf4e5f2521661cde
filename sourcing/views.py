"""Pages of prices."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from catalog.htmx import HtmxRequest, page_or_partial
from catalog.models import Part
from catalog.snapshot import UnknownSlug
from sourcing import prices
from sourcing.models import PriceBand


@require_safe
def part_prices(request: HtmxRequest, slug: str) -> HttpResponse:
    """The published price bands of one part. htmx gets the bands only, anybody else the page around them."""
    part = Part.objects.named(slug)
    if part is None:
        raise Http404(str(UnknownSlug("part", slug, Part.objects.values_list("slug", flat=True))))
    bands = PriceBand.objects.for_part(slug).select_related("part")
    context = {"part": part, "bands": [(band, prices.in_usd(band.spec())) for band in bands]}
    return page_or_partial(request, "sourcing/part_prices.html", "bands", context)
