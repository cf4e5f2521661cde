"""The mails that the embedded mode has kept in its folder, for whoever runs it on their own machine."""

from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sourcing.mail_folder import kept_mails

_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]", "testserver")
_BY_A_PROXY = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")


@require_safe
@never_cache
def kept(request: HttpRequest) -> HttpResponse:
    """The newest mails. They hold secret links, so that only this machine is shown them, and only without a server."""
    if not settings.MAILS_SHOWN or not _from_this_machine(request):
        raise Http404("Mails are sent, not kept.")
    return render(request, "sourcing/kept_mails.html", {"mails": kept_mails(Path(settings.EMAIL_FILE_PATH))})


def _from_this_machine(request: HttpRequest) -> bool:
    """Asked for by a name of this machine, from this machine, and past no proxy that says that it is one."""
    host, _ = split_domain_port(request.get_host())
    try:
        is_local = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        is_local = False
    return host in _THIS_MACHINE and is_local and not any(name in request.META for name in _BY_A_PROXY)
