"""What eBay itself asks of this server."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sourcing.marketplaces import account_deletion


@csrf_exempt  # eBay has no page of ours to take a token from, and a POST changes nothing
@never_cache
@require_http_methods(["GET", "POST"])
def account_deleted(request: HttpRequest) -> HttpResponse:
    """Answers eBay's challenge (GET) and takes notice of closed accounts (POST); 404 until it is configured."""
    if not account_deletion.is_configured():
        raise Http404("Account deletion notifications are not configured.")
    if request.method == "POST":
        return HttpResponse(status=200)
    try:
        answer = account_deletion.challenge_response(request.GET.get("challenge_code", ""))
    except ValueError as wrong:
        return JsonResponse({"detail": str(wrong)}, status=400)
    return JsonResponse({"challengeResponse": answer})
