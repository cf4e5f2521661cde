"""What watches have told, and the mails that are to go out: each is its own outbox row."""

from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from sourcing.watch_models import AT_ONCE, DAILY, LONGEST_KEY, Subscriber, Watch

MOST_DOUBTS = 2
"""Attempts of one mail after which nobody knows whether it arrived: the first may be made good once, no more."""

CONFIRM, MANAGE = "confirm", "manage"


class FiringQuerySet(models.QuerySet["Firing"]):
    def rearm(self) -> int:
        """What was told counts no more: the price has been too dear since, or another thing is asked for."""
        return self.update(price=None, settled=F("count"))

    def withdraw(self, alerts: "AlertQuerySet") -> int:
        """Remember of listings what was told before these alerts, which nobody is sent."""
        taken_back = alerts.filter(watch=OuterRef("watch"), key=OuterRef("key"), number=OuterRef("count"))
        told = Alert.objects.told().filter(watch=OuterRef("watch"), key=OuterRef("key"), number__gt=OuterRef("settled"))
        return self.filter(Exists(taken_back)).update(price=Subquery(told.order_by("-number").values("price")[:1]))


class Firing(models.Model):
    """The last price the owner of a watch was told of a listing. ``count`` numbers the alerts about it; those up to
    ``settled`` say nothing any more. ``price`` None = nothing that counts."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="firings")
    key = models.CharField(max_length=LONGEST_KEY)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    count = models.PositiveIntegerField(default=1)
    settled = models.PositiveIntegerField(default=0)
    fired_at = models.DateTimeField()

    objects = FiringQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["watch", "key"], name="sourcing_firing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.watch_id} {self.key}: {self.price}"


class Outgoing(models.Model):
    """One mail that is to go out exactly once.

    Whoever sends it claims it: ``claim`` names the attempt, ``claimed_until`` ends it. ``doubts`` counts attempts that
    ended between handing the mail over and hearing the answer. ``message_id`` is the same in every attempt.
    """

    STATES: ClassVar[tuple[str, ...]] = ("pending", "sent", "dead", "withdrawn")

    state = models.CharField(max_length=10, default="pending", choices=[(one, one) for one in STATES])
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, unique=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="%(app_label)s_%(class)s_sent",
            ),
            models.CheckConstraint(condition=Q(doubts__lte=MOST_DOUBTS), name="%(app_label)s_%(class)s_doubts"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="%(app_label)s_%(class)s_due", condition=Q(state="pending")),
        ]


_Mail = TypeVar("_Mail", bound=Outgoing)


class OutgoingQuerySet(models.QuerySet[_Mail]):
    def pending(self) -> Self:
        return self.filter(state="pending")

    def withdraw(self, reason: str) -> int:
        """Take back what waits. Of alerts ``alerts.forget`` is to be called, so that what nobody was sent is not
        remembered as told."""
        return self.pending().update(state="withdrawn", last_error=reason[:200])

    def due(self, now: datetime) -> Self:
        """To be sent now, and in nobody's hands."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.pending().filter(unclaimed, due_at__lte=now)


class DigestQuerySet(OutgoingQuerySet["Digest"]):
    pass


class Digest(Outgoing):
    """The alerts of one person and day, at most so many that a mail stays readable."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField(help_text="By the person's own clock.")
    number = models.PositiveSmallIntegerField()

    objects = DigestQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "day", "number"], name="sourcing_digest_once"),
        ]

    def __str__(self) -> str:
        return f"Digest of {self.day.isoformat()}, {self.number}"


class AlertQuerySet(OutgoingQuerySet["Alert"]):
    def at_once(self) -> Self:
        return self.filter(delivery=AT_ONCE)

    def deliver(self, how: str, now: datetime) -> int:
        """Let what waits go out as its watch says now. What somebody is sending, or a digest holds, goes as it was."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.pending().filter(unclaimed, digest=None, doubts=0).update(delivery=how)

    def for_digest(self) -> Self:
        """Waiting for the hour of their owner."""
        return self.pending().filter(delivery=DAILY, digest=None)

    def told(self) -> Self:
        """Sent, or perhaps sent: of an attempt whose end is not known the mail may have arrived."""
        return self.filter(Q(state="sent") | Q(doubts__gt=0))

    def newest_first(self) -> Self:
        return self.order_by(F("created_at").desc(), F("pk").desc())


class Alert(Outgoing):
    """One firing of one watch. ``key`` tells the listing, or the set of listings that make a build, from others; it is
    a keyed hash, from which nobody can say which listing that was (``Listing.key``).

    What a listing said is not kept: its marketplace may want it deleted. Prices are of a piece, or of the whole, in the
    currency of the watch at the exchange rates of ``rates_day``.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="alerts")
    key = models.CharField(max_length=LONGEST_KEY)
    number = models.PositiveIntegerField(help_text="Of the alerts of this watch about this listing.")
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    limit = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    rates_day = models.DateField()
    suspicious = models.BooleanField(default=False)
    delivery = models.CharField(max_length=10)
    digest = models.ForeignKey(Digest, null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts")

    objects = AlertQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(fields=["watch", "key", "number"], name="sourcing_alert_once"),
        ]

    def __str__(self) -> str:
        return f"Alert {self.pk}: {self.state}"


class NoticeQuerySet(OutgoingQuerySet["Notice"]):
    def to_confirm(self, since: datetime) -> Self:
        """Links to confirm a watch that were asked for or sent since then, or are still to be sent."""
        alive = Q(state="pending") | Q(created_at__gte=since) | Q(sent_at__gte=since)
        return self.filter(alive, kind=CONFIRM)


class Notice(Outgoing):
    """A mail somebody has asked for on a page: to confirm a watch, or a new link to manage all of them."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="notices")
    watch = models.ForeignKey(Watch, null=True, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=[(CONFIRM, "confirm"), (MANAGE, "manage")])

    objects = NoticeQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Outgoing.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind=CONFIRM) | Q(watch__isnull=False), name="sourcing_notice_confirms_a_watch"
            ),
        ]

    def __str__(self) -> str:
        return f"Notice {self.pk}: {self.kind}, {self.state}"
