"""Addresses that mails must not go to any more: the mail service says so (bounces, complaints), or their owner."""

from datetime import datetime

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sourcing import alerts
from sourcing.mailboxes import hash_of, mailbox_hash, mailbox_of
from sourcing.outbox_models import Alert, Digest, Notice
from sourcing.watch_models import Subscriber, Suppression

WORDS = "Mails to this address came back, or are not wanted there."
_REASONS = {EventType.BOUNCED: "bounced", EventType.COMPLAINED: "complained", EventType.REJECTED: "rejected"}
_OURS = (RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.UNSUBSCRIBED, RejectReason.SPAM, RejectReason.BLOCKED)


def is_suppressed(address: str) -> bool:
    """For an address as it is stored; what holds for a mailbox holds for every address that is read there."""
    return Suppression.objects.filter(address_hash__in=[hash_of(address), mailbox_hash(address)]).exists()


def suppress(address: str, reason: str, now: datetime) -> None:
    """Send nothing there any more, and take back what is waiting. Doing it again changes nothing."""
    address = address.strip().lower()
    with transaction.atomic():
        Suppression.objects.get_or_create(address_hash=hash_of(address), defaults={"reason": reason, "since": now})
        _silence(Q(address=address), now)


def never_again(mailbox: str, subscriber_id: int, now: datetime) -> None:
    """As the owner of a mailbox, of which a hash is given, wishes. ``subscriber_id`` was written to and may be gone."""
    with transaction.atomic():
        Suppression.objects.get_or_create(address_hash=mailbox, defaults={"reason": "asked", "since": now})
        written_to = Subscriber.objects.filter(pk=subscriber_id).first()
        if written_to is not None and mailbox_hash(written_to.address) == mailbox:
            local, _, domain = mailbox_of(written_to.address).rpartition("@")
            tagged = Q(address__startswith=f"{local}+", address__endswith=f"@{domain}")
            _silence(Q(address=f"{local}@{domain}") | tagged, now)


def on_tracking(event: AnymailTrackingEvent, **_more: object) -> None:
    """A receiver of Anymail's ``tracking`` signal. What is only late is not suppressed; nor is what was rejected for a
    reason that is not the address's."""
    reason = _REASONS.get(event.event_type)
    if reason is None or not event.recipient:
        return
    if reason == "rejected" and event.reject_reason not in _OURS:
        return
    suppress(event.recipient, reason, timezone.now())


def _silence(whose: Q, now: datetime) -> None:
    pks = list(Subscriber.objects.filter(whose).values_list("pk", flat=True))
    Subscriber.objects.filter(pk__in=pks, suppressed_at=None).update(suppressed_at=now)
    # Digests before their alerts, as where one is handed over.
    Digest.objects.filter(subscriber__in=pks).withdraw(WORDS)
    alerts.forget(Alert.objects.filter(watch__subscriber__in=pks), WORDS)
    Notice.objects.filter(subscriber__in=pks).withdraw(WORDS)
