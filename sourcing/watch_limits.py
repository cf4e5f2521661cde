"""How much may be asked of us: for one mailbox, so that nobody is flooded in our name, and from one network."""

from datetime import datetime, timedelta

from sourcing import request_limits
from sourcing.request_limits import TooMany
from sourcing.watch_models import Notice, Subscriber, Watch

MOST_WATCHES = 50
MOST_UNCONFIRMED = 3
MOST_NOTICES_AN_HOUR, MOST_NOTICES_A_DAY = 3, 8
MOST_REQUESTS_AN_HOUR = 20


def count_request(ip: str) -> None:
    """Count a request that asks for a mail. Raises TooMany."""
    request_limits.count_request("watch", ip, MOST_REQUESTS_AN_HOUR)


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
