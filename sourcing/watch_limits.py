"""How much may be asked of us: for one mailbox, so that nobody is flooded in our name, and from one network."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.core.cache import cache

from sourcing.watch_models import Notice, Subscriber, Watch

MOST_WATCHES = 50
MOST_UNCONFIRMED = 3
MOST_NOTICES_AN_HOUR, MOST_NOTICES_A_DAY = 3, 8
MOST_REQUESTS_AN_HOUR = 20


class TooMany(ValueError):
    """The message says what to do."""


def count_request(ip: str) -> None:
    """Count a request from an address of the net; of IPv6 the network of a household counts. Raises TooMany."""
    key = f"voltaic:watch-requests:{_network(ip)}"
    cache.add(key, 0, timeout=3600)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out just now
        cache.set(key, 1, timeout=3600)
        count = 1
    if count > MOST_REQUESTS_AN_HOUR:
        raise TooMany("Too many requests from your network. Try again in an hour.")


def check_notices(subscriber: Subscriber, now: datetime) -> None:
    """Whether one more mail may be asked for this person. Raises TooMany."""
    hour = Notice.objects.asked_since(subscriber, now - timedelta(hours=1)).count()
    day = Notice.objects.asked_since(subscriber, now - timedelta(days=1)).count()
    if hour >= MOST_NOTICES_AN_HOUR or day >= MOST_NOTICES_A_DAY:
        raise TooMany("Several mails have gone to this address already. Look for them, or try again tomorrow.")


def check_watches(subscriber: Subscriber) -> None:
    """Whether one more watch may be made. Raises TooMany."""
    watches = Watch.objects.filter(subscriber=subscriber)
    if watches.count() >= MOST_WATCHES:
        raise TooMany(f"This address has {MOST_WATCHES} watches. Delete one before you add another.")
    if watches.filter(confirmed_at=None).count() >= MOST_UNCONFIRMED:
        raise TooMany("Confirm the watches of this address first: the mails with their links have been sent.")


def _network(ip: str) -> str:
    try:
        address = ip_address(ip)
    except ValueError:
        return "unknown"
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else str(address)
