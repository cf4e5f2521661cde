"""Pages for prices that a person was told: the form, what a bookmarklet sends, and taking a quote back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from sourcing.listing_models import Quote
from sourcing.marketplaces import MarketplaceError
from sourcing.marketplaces.agent_pages import UnreadablePage
from sourcing.page_quotes import bookmarklet, question_of_page
from sourcing.quote_form import QuoteForm
from sourcing.quotes_key import new_quotes_key, quotes_key
from sourcing.request_limits import TooMany, address_of, count_request

MOST_PAGES_AN_HOUR = 60


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; the quote kept, on to the part's page. What a page was read as may stand in the address."""
    if request.method != "POST":
        return _form_page(request, QuoteForm(initial=request.GET.dict()))
    form = QuoteForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            quote = form.save(new_quotes_key(request), timezone.now())
        except (MarketplaceError, UnreadablePage) as refused:
            form.add_error("link", str(refused))
        else:
            messages.success(request, "Your quote is kept for this browser. Builds count with it from now on.")
            return redirect(f"{reverse('sourcing:part_prices', args=[quote.part.slug])}#quotes")
    return _form_page(request, form, status=422)


@csrf_exempt
@require_POST
def read_page(request: HttpRequest) -> HttpResponse:
    """What the bookmarklet sends from an agent's page: it is read and kept nowhere, and the form opens with the price.

    It comes from another site, so it proves nothing about the person and changes nothing.
    """
    try:
        count_request("page", address_of(request), MOST_PAGES_AN_HOUR)
        found = question_of_page(request.POST.get("page", ""), request.POST.get("address", ""))
    except UnreadablePage as refused:
        return render(request, "sourcing/page_unreadable.html", {"refused": str(refused)}, status=422)
    except TooMany as refused:
        return render(request, "sourcing/page_unreadable.html", {"refused": str(refused)}, status=429)
    return redirect(f"{reverse('sourcing:new_quote')}?{urlencode(found)}")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the browser that was told a price may take it back."""
    quote = Quote.objects.of_owner(quotes_key(request)).filter(pk=pk).select_related("part").first()
    if quote is None:
        raise Http404("This quote is not there any more, or not this browser's.")
    quote.delete()
    messages.success(request, "The quote is deleted.")
    return redirect(f"{reverse('sourcing:part_prices', args=[quote.part.slug])}#quotes")


def _form_page(request: HttpRequest, form: QuoteForm, status: int = 200) -> HttpResponse:
    address = request.build_absolute_uri(reverse("sourcing:read_page"))
    return render(
        request, "sourcing/new_quote.html", {"form": form, "bookmarklet": bookmarklet(address)}, status=status
    )
