"""Says on every page that offers are simulated, where they are."""

from django.conf import settings
from django.http import HttpRequest


def simulated(request: HttpRequest) -> dict[str, bool]:
    """A context processor."""
    return {"simulated": bool(settings.DEMO_MARKETPLACE_URL)}
