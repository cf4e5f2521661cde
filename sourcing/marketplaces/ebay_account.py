"""Who we are to a server that speaks eBay's Browse API: eBay itself, or the demo marketplace."""

from dataclasses import dataclass, field

from django.conf import settings

from sourcing.marketplaces.asking import origin
from sourcing.marketplaces.errors import NotConfigured


@dataclass(frozen=True, slots=True)
class Account:
    """Access to one marketplace. ``country`` and ``postal_code``: where goods go to, unless a search says otherwise."""

    slug: str
    name: str
    api_url: str
    client_id: str
    client_secret: str = field(repr=False)
    marketplace_id: str
    country: str
    postal_code: str
    calls_per_day: int


def ebay_account() -> Account:
    """eBay's account, from the settings. Raises NotConfigured with a sentence for the operator."""
    if not settings.EBAY_CLIENT_ID or not settings.EBAY_CLIENT_SECRET:
        raise NotConfigured("eBay is not configured: set EBAY_CLIENT_ID and EBAY_CLIENT_SECRET.")
    return Account(
        slug="ebay",
        name="eBay",
        api_url=_base(settings.EBAY_API_URL, "EBAY_API_URL"),
        client_id=settings.EBAY_CLIENT_ID,
        client_secret=settings.EBAY_CLIENT_SECRET,
        marketplace_id=settings.EBAY_MARKETPLACE_ID,
        country=settings.EBAY_COUNTRY,
        postal_code=settings.EBAY_POSTAL_CODE,
        calls_per_day=settings.EBAY_CALLS_PER_DAY,
    )


def demo_account() -> Account:
    """The demo marketplace's account. Raises NotConfigured where no demo server is set."""
    if not settings.DEMO_MARKETPLACE_URL:
        raise NotConfigured(
            "The demo marketplace is not running: start python -m sourcing.demo and set DEMO_MARKETPLACE_URL."
        )
    return Account(
        slug="demo",
        name="The demo marketplace",
        api_url=_base(settings.DEMO_MARKETPLACE_URL, "DEMO_MARKETPLACE_URL"),
        client_id="demo",
        client_secret="demo",  # noqa: S106 - the demo server takes this one from everybody
        marketplace_id="EBAY_US",
        country=settings.EBAY_COUNTRY,
        postal_code=settings.EBAY_POSTAL_CODE,
        calls_per_day=100_000,
    )


def _base(address: str, setting: str) -> str:
    try:
        scheme, host, _ = origin(address)
    except ValueError:
        raise NotConfigured(f"{setting} is not a web address.") from None
    if scheme != "https" and host not in ("localhost", "127.0.0.1", "::1") and "." in host:
        # The secret goes over this line. A bare name is a neighbour in a compose network.
        raise NotConfigured(f"{setting} must begin with https://, since a secret is sent to it.")
    return address.rstrip("/")
