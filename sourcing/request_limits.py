"""How much may be asked of us from one network: whose request it is, and how many came from there this hour."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from time import monotonic, sleep

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError


class TooMany(ValueError):
    """The message says what to do."""


def address_of(request: HttpRequest) -> str:
    """Whose request it is. Behind the proxy that HTTPS needs, the last address is the one the proxy saw itself."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS_ONLY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def count_request(what: str, ip: str, most_an_hour: int) -> None:
    """Count a request from an address of the net; of IPv6 the network of a household counts. Raises TooMany."""
    key = f"voltaic:{what}-requests:{_network(ip)}"
    try:
        cache.add(key, 0, timeout=3600)
        try:
            count = cache.incr(key)
        except ValueError:  # it ran out just now
            cache.set(key, 1, timeout=3600)
            count = 1
    except RedisError:
        raise TooMany("Requests cannot be counted just now. Try again in some minutes.") from None
    if count > most_an_hour:
        raise TooMany("Too many requests from your network. Try again in an hour.")


@contextmanager
def even_answer() -> Iterator[None]:
    """Take as long whatever is found: else the time of an answer tells who is known here."""
    begun = monotonic()
    try:
        yield
    finally:
        sleep(max(settings.EVEN_ANSWER_SECONDS - (monotonic() - begun), 0))


def _network(ip: str) -> str:
    try:
        address = ip_address(ip)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> 64)
    return str(getattr(address, "ipv4_mapped", None) or address)
