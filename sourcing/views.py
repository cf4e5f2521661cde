"""Pages of prices, of what an order costs at the door, and of buying in China."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.field_errors import InvalidFields
from catalog.htmx import HtmxRequest, page_or_partial, wants_partial
from catalog.models import Part
from catalog.snapshot import UnknownSlug
from sourcing import buying, exchange, prices
from sourcing.calculations import calculate
from sourcing.destination_form import DestinationForm
from sourcing.forms import OrderForm, RentingForm
from sourcing.models import PriceBand
from sourcing.offers import offers_of
from sourcing.price_history import history_of
from sourcing.quotes import quotes_of
from sourcing.quotes_key import quotes_key
from sourcing.renting import Renting, break_even
from sourcing.status import market_status


@require_safe
def part_prices(request: HtmxRequest, slug: str) -> HttpResponse:
    """Offers, history and published bands of one part. htmx gets these only, anybody else the page around them."""
    part = Part.objects.named(slug)
    if part is None:
        raise Http404(str(UnknownSlug("part", slug, Part.objects.values_list("slug", flat=True))))
    bands = PriceBand.objects.for_part(slug).select_related("part")
    rates = exchange.rates_on(timezone.localdate())
    form = DestinationForm(request.GET)
    context = {
        "part": part,
        "form": form,
        "markets": offers_of(part, form.destination, timezone.now()),
        "quotes": quotes_of(part, quotes_key(request), form.destination, timezone.now()),
        "histories": history_of(part, timezone.localdate()),
        "bands": [(band, prices.in_usd(band.spec(), rates)) for band in bands],
    }
    response = page_or_partial(request, "sourcing/part_prices.html", "bands", context)
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def calculator(request: HtmxRequest) -> HttpResponse:
    """Landed cost of an order, its duty in time, and how to buy in China. htmx gets the figures only."""
    with snapshot.one_state():
        form = OrderForm(request.GET.dict(), snapshot.current())
        compare_date = form.compare_date()
        result = None
        try:
            result = calculate(form.question, as_of=timezone.localdate(), compare_date=compare_date)
        except InvalidFields as refused:
            form.refuse(refused)
        if form.errors:
            result = None
        partial = wants_partial(request)
        context: dict[str, Any] = {"form": form, "result": result, "oob": partial}
        if not partial:
            context["buying"] = buying.guide(request.GET.get("link", ""))
        response = page_or_partial(request, "sourcing/calculator.html", "landed", context)
    if partial and result is not None:
        response["HX-Replace-Url"] = f"{reverse('sourcing:calculator')}?{form.query}"
    return response


@require_safe
def links(request: HtmxRequest) -> HttpResponse:
    """The agents' links of one pasted address. Nothing is fetched."""
    return page_or_partial(
        request, "sourcing/links.html", "links", {"buying": buying.guide(request.GET.get("link", ""))}
    )


@require_safe
def status(request: HtmxRequest) -> HttpResponse:
    """How asking the marketplaces goes. htmx gets the marketplaces only, and comes again every minute."""
    context = {"marketplaces": market_status(timezone.now()), "now": timezone.now()}
    return page_or_partial(request, "sourcing/status.html", "marketplaces", context)


@require_safe
def renting(request: HtmxRequest) -> HttpResponse:
    """Owning against renting."""
    form = RentingForm(request.GET)
    context = {"form": form, "result": None, "guide": break_even(GUIDE_CLAIM), "oob": wants_partial(request)}
    if form.is_valid():
        context["result"] = break_even(Renting(**form.cleaned_data))
    return page_or_partial(request, "sourcing/renting.html", "break_even", context)


# What the guide claims pays off within weeks: four cards against two cents an hour each.
GUIDE_CLAIM = Renting(
    purchase_usd=Decimal(1152),
    gpus=4,
    rent_usd_per_gpu_hour=Decimal("0.02"),
    hours_per_day=Decimal(24),
    power_w=Decimal(850),
    electricity_usd_per_kwh=Decimal("0.12"),
)
