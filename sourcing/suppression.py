"""Addresses that mails must not go to any more, because the mail service says so: bounces and complaints."""

from datetime import datetime

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sourcing.watch_models import Alert, Digest, Notice, Subscriber, Suppression

WORDS = "Mails to this address came back, or were reported as unwanted."
_REASONS = {EventType.BOUNCED: "bounced", EventType.COMPLAINED: "complained", EventType.REJECTED: "rejected"}
_OURS = (RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.UNSUBSCRIBED, RejectReason.SPAM, RejectReason.BLOCKED)


def is_suppressed(address: str) -> bool:
    """For an address as it is stored."""
    return Suppression.objects.filter(address_hash=_hash(address)).exists()


def suppress(address: str, reason: str, now: datetime) -> None:
    """Send nothing there any more, and take back what is waiting. Doing it again changes nothing."""
    address = address.strip().lower()
    with transaction.atomic():
        Suppression.objects.get_or_create(address_hash=_hash(address), defaults={"reason": reason, "since": now})
        Subscriber.objects.filter(address=address, suppressed_at=None).update(suppressed_at=now)
        Alert.objects.pending().filter(watch__subscriber__address=address).update(state="withdrawn", last_error=WORDS)
        Digest.objects.pending().filter(subscriber__address=address).update(state="withdrawn", last_error=WORDS)
        Notice.objects.pending().filter(subscriber__address=address).update(state="withdrawn", last_error=WORDS)


def on_tracking(event: AnymailTrackingEvent, **_more: object) -> None:
    """A receiver of Anymail's ``tracking`` signal. What is only late is not suppressed; nor is what was rejected for a
    reason that is not the address's."""
    reason = _REASONS.get(event.event_type)
    if reason is None or not event.recipient:
        return
    if reason == "rejected" and event.reject_reason not in _OURS:
        return
    suppress(event.recipient, reason, timezone.now())


def _hash(address: str) -> str:
    return salted_hmac("sourcing.suppression", address, algorithm="sha256").hexdigest()
