"""The mails that the embedded mode has kept in its folder, for whoever runs it on their own machine."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sourcing.mail_folder import kept_mails

_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]", "testserver")


@require_safe
@never_cache
def kept(request: HttpRequest) -> HttpResponse:
    """The newest mails. They hold secret links, so that only this machine is shown them, and only without a server."""
    if settings.EMAIL_URL or not _from_this_machine(request):
        raise Http404("Mails are sent, not kept.")
    return render(request, "sourcing/kept_mails.html", {"mails": kept_mails(Path(settings.EMAIL_FILE_PATH))})


def _from_this_machine(request: HttpRequest) -> bool:
    host = request.get_host().rpartition(":")[0] if ":" in request.get_host().rpartition("]")[2] else request.get_host()
    return host in _THIS_MACHINE and "HTTP_X_FORWARDED_FOR" not in request.META
