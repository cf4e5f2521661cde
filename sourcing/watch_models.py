"""Watches on prices, the people who asked for them, and the mails that are to go out: each is its own outbox row."""

from datetime import datetime, timedelta
from typing import ClassVar, Self, TypeVar
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from catalog.models import Part
from sourcing.alerting import Condition, Filters, PriceKind, State, Terms
from sourcing.landed.types import Destination

LONGEST_ADDRESS = 254
LONGEST_KEY = 100
MOST_DOUBTS = 2
"""Attempts of one mail after which nobody knows whether it arrived: the first may be made good once, no more."""

AT_ONCE, DAILY = "at-once", "daily"
CONFIRM, MANAGE = "confirm", "manage"


class Subscriber(models.Model):
    """An e-mail address that watches belong to; there is no account."""

    address = models.EmailField(max_length=LONGEST_ADDRESS, unique=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    digest_hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])
    token_version = models.PositiveIntegerField(default=0, help_text="Raised to make all earlier links invalid.")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    suppressed_at = models.DateTimeField(null=True, help_text="A mail service says that mails must not go there.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="sourcing_subscriber_digest_hour"),
        ]

    def __str__(self) -> str:
        return self.address

    def local(self, now: datetime) -> datetime:
        """The moment by this person's clock."""
        return now.astimezone(ZoneInfo(self.time_zone))


class Suppression(models.Model):
    """An address that mails must not go to, kept as a keyed hash: it stays when the person's data are deleted."""

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(
        max_length=20, choices=[(one, one) for one in ("bounced", "complained", "rejected", "asked")]
    )
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.reason}, {self.since:%Y-%m-%d}"


class WatchQuerySet(models.QuerySet["Watch"]):
    def active(self) -> Self:
        """Confirmed, not paused, and of somebody who can be written to."""
        return self.filter(confirmed_at__isnull=False, paused_at=None, subscriber__suppressed_at=None)

    def of_part(self, part_id: int) -> Self:
        return self.filter(lines__part_id=part_id)

    def never_checked(self) -> Self:
        return self.filter(checked_at=None)

    def never_confirmed(self, before: datetime) -> Self:
        """Not confirmed, and every mail with a link to do so is from before. One that waits to be sent is not."""
        since = Q(state="pending") | Q(created_at__gte=before) | Q(sent_at__gte=before)
        links = Notice.objects.filter(since, kind=CONFIRM, watch=models.OuterRef("pk"))
        return self.filter(~models.Exists(links), confirmed_at=None, created_at__lt=before)


class Watch(models.Model):
    """What one person waits for: a part, or all the lines of a build (``whole``). Prices are in ``currency``.

    ``country`` and ``region`` are where it goes; ``clearance_usd`` is what the carrier asks this person for customs
    clearance. None = not told, and what an imported piece costs at the door is then not known.
    ``state`` and ``last_…`` are what ``sourcing.alerting`` remembers of it.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="watches")
    name = models.CharField(max_length=120)
    whole = models.BooleanField(default=False, help_text="The price of all lines together counts.")
    condition = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Condition])
    price = models.CharField(max_length=10, choices=[(one.value, one.value) for one in PriceKind])
    currency = models.CharField(max_length=3, default="USD")
    target = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    marketplace = models.CharField(max_length=20, blank=True)
    offer_condition = models.CharField(
        max_length=12, blank=True, choices=[(one, one) for one in ("new", "refurbished", "used")]
    )
    offer_country = models.CharField(max_length=2, blank=True)
    country = models.CharField(max_length=2, default="US")
    region = models.CharField(max_length=3, blank=True, default="")
    clearance_usd = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    delivery = models.CharField(max_length=10, default=AT_ONCE, choices=[(AT_ONCE, "at once"), (DAILY, "once a day")])
    refire_percent = models.DecimalField(
        max_digits=4, decimal_places=1, default=5, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    hysteresis_percent = models.DecimalField(max_digits=4, decimal_places=1, default=2)
    cooldown_hours = models.PositiveSmallIntegerField(default=6)

    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, help_text="When it was first looked at with these terms.")
    state = models.CharField(max_length=6, default=State.ARMED, choices=[(one.value, one.value) for one in State])
    last_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    last_price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    last_at = models.DateTimeField(null=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(condition=Condition.TARGET) | Q(target__gt=0), name="sourcing_watch_target_above_zero"
            ),
            models.CheckConstraint(
                condition=~Q(condition=Condition.LEVEL) | Q(percent__gte=1, percent__lte=90),
                name="sourcing_watch_percent",
            ),
            models.CheckConstraint(
                condition=Q(refire_percent__gte=1, refire_percent__lte=90), name="sourcing_watch_refire_percent"
            ),
            models.CheckConstraint(
                condition=Q(hysteresis_percent__gte=0, hysteresis_percent__lte=50), name="sourcing_watch_hysteresis"
            ),
            models.CheckConstraint(
                condition=Q(clearance_usd=None) | Q(clearance_usd__gte=0), name="sourcing_watch_clearance"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"],
                name="sourcing_watch_to_check",
                condition=Q(checked_at=None, confirmed_at__isnull=False, paused_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def parts(self) -> str:
        """What is watched, in the catalog's words and not in those somebody typed."""
        lines = list(self.lines.all())
        more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
        return f"{lines[0].name}{more}" if lines else "nothing"

    @property
    def gone(self) -> tuple[str, ...]:
        """Names of its parts that have left the catalog. While one is gone it tells nothing."""
        return tuple(line.name for line in self.lines.all() if line.part_id is None)

    @property
    def remaining(self) -> str:
        """Its parts that are still in the catalog, as the form of a new watch takes them."""
        return ",".join(f"{line.slug}:{line.quantity}" for line in self.lines.all() if line.part_id is not None)

    @property
    def destination(self) -> Destination:
        return Destination(self.country, self.region)

    @property
    def terms(self) -> Terms:
        """Needs the lines, so select them along."""
        lines = ((line.slug, line.quantity) for line in self.lines.all() if line.part_id is not None)
        return self.terms_on(tuple(lines), self.gone)

    def terms_on(self, lines: tuple[tuple[str, int], ...], gone: tuple[str, ...]) -> Terms:
        """``lines`` are its own, as slugs and pieces; ``gone`` those that have left the catalog, by name."""
        return Terms(
            condition=Condition(self.condition),
            lines=lines,
            gone=gone,
            price=PriceKind(self.price),
            currency=self.currency,
            target=self.target,
            percent=self.percent,
            whole=self.whole,
            filters=Filters(self.marketplace, self.offer_condition, self.offer_country),
            refire_percent=self.refire_percent,
            hysteresis_percent=self.hysteresis_percent,
            cooldown=timedelta(hours=self.cooldown_hours),
        )


class WatchLine(models.Model):
    """A part and how many of it. One that has left the catalog stays here by slug and name, so that a build is never
    taken for what is left of it; ``sourcing.watch_parts`` ties it to the part when it is back."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="lines")
    part = models.ForeignKey(Part, null=True, on_delete=models.SET_NULL, related_name="watch_lines")
    slug = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["watch", "slug"], name="sourcing_watch_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="sourcing_watch_line_quantity"),
            models.CheckConstraint(condition=~Q(slug=""), name="sourcing_watch_line_slug"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["part", "watch"], name="sourcing_watch_of_part"),
            models.Index(fields=["slug"], name="sourcing_watch_line_gone", condition=Q(part=None)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.slug}"

    @classmethod
    def of(cls, watch: Watch, part: Part, quantity: int = 1) -> Self:
        """A line that is not saved yet."""
        return cls(watch=watch, part=part, slug=part.slug, name=part.name, quantity=quantity)


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
    pass


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
