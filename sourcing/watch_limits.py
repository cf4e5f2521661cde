"""How much may be asked of us: for one mailbox, so that nobody is flooded in our name, and from one network."""

from datetime import datetime, timedelta

from sourcing import request_limits
from sourcing.mailbox_models import MailboxUse
from sourcing.mailboxes import mailbox_hash
from sourcing.request_limits import TooMany
from sourcing.watch_models import Subscriber, Watch

MOST_WATCHES = 50
MOST_UNCONFIRMED = 3
MOST_MAILS_AN_HOUR, MOST_MAILS_A_DAY = 3, 8
MOST_REQUESTS_AN_HOUR = 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def count_request(ip: str) -> None:
    """Count a request that asks for a mail. Raises TooMany."""
    request_limits.count_request("watch", ip, MOST_REQUESTS_AN_HOUR)


def count_mail(address: str, kind: str, now: datetime) -> None:
    """Count one more mail of this kind for the mailbox of an address, in the caller's transaction. A stranger who uses
    up one kind leaves the other to the owner. Raises TooMany."""
    use, _ = MailboxUse.objects.get_or_create(
        mailbox_hash=mailbox_hash(address), kind=kind, defaults={"hour_began_at": now, "day_began_at": now}
    )
    use = MailboxUse.objects.select_for_update().get(pk=use.pk)  # requests at the same moment count one by one
    if now - use.hour_began_at >= HOUR:
        use.hour_began_at, use.in_hour = now, 0
    if now - use.day_began_at >= DAY:
        use.day_began_at, use.in_day = now, 0
    if use.in_hour >= MOST_MAILS_AN_HOUR or use.in_day >= MOST_MAILS_A_DAY:
        raise TooMany("Several mails have gone to this address already. Look for them, or try again tomorrow.")
    use.in_hour += 1
    use.in_day += 1
    use.save()


def forget_uses(now: datetime) -> None:
    """Delete counts whose day is over."""
    MailboxUse.objects.filter(day_began_at__lt=now - DAY).delete()


def check_watches(subscriber: Subscriber, *, confirmed: bool) -> None:
    """Whether one more watch may be made. What strangers asked for does not count against one that its owner makes
    and so is ``confirmed``. Raises TooMany."""
    watches = Watch.objects.filter(subscriber=subscriber)
    if watches.count() >= MOST_WATCHES:
        raise TooMany(f"This address has {MOST_WATCHES} watches. Delete one before you add another.")
    if not confirmed and watches.filter(confirmed_at=None).count() >= MOST_UNCONFIRMED:
        raise TooMany("Confirm the watches of this address first: the mails with their links have been sent.")
