"""Watches on prices, and the people who asked for them."""

from datetime import datetime, timedelta
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models import Part
from sourcing.alerting import Condition, Filters, PriceKind, State, Terms
from sourcing.landed.types import Destination

LONGEST_ADDRESS = 254
LONGEST_KEY = 100

AT_ONCE, DAILY = "at-once", "daily"


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
        """Made before then, and not confirmed."""
        return self.filter(confirmed_at=None, created_at__lt=before)


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
