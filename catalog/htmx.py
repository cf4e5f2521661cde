"""Page and fragment are one view, one context, one template: htmx gets the named partial, anybody else the page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


def wants_partial(request: HtmxRequest) -> bool:
    """True for htmx, except where it restores its history and needs the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def page_or_partial(request: HtmxRequest, template: str, partial: str, context: dict[str, Any]) -> HttpResponse:
    """The template, or its partial where htmx asks; caches are told that the two differ."""
    response = render(request, f"{template}#{partial}" if wants_partial(request) else template, context)
    patch_partial_vary(response)
    return response


def patch_partial_vary(response: HttpResponse) -> None:
    """Tells caches that a page and its partial differ."""
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
