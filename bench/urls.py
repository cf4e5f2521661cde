"""The product's addresses and an empty view beside them, to measure against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """What a request costs that does nothing."""
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty), path("", include("project.urls"))]
