"""A limit on the size of requests, before anything reads their body."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponse]


def body_limit(get_response: GetResponse) -> GetResponse:
    """Middleware that answers 413 to a request longer than MOST_BODY_BYTES: a file upload is written to disk while it
    is read, so it has to be refused before that."""

    def refuse_or_pass(request: HttpRequest) -> HttpResponse:
        stated = request.META.get("CONTENT_LENGTH") or "0"
        if not stated.isdigit() or int(stated) > settings.MOST_BODY_BYTES:
            return render(request, "413.html", {"most_mib": settings.MOST_BODY_BYTES // 2**20}, status=413)
        return get_response(request)

    return refuse_or_pass
