"""What marketplaces offer, as it was seen: listings, their prices over time, and when each part was last asked for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from catalog.models import Part

LONGEST_TITLE = 500
READ_AGAIN_AFTER = timedelta(minutes=10)
"""Shorter than from one poll of a part to its next, longer than polls that are handed out together take."""


class ListingQuerySet(models.QuerySet["Listing"]):
    def on_offer(self) -> Self:
        """Still there when it was last looked for."""
        return self.filter(gone_at=None)

    def accepted(self) -> Self:
        """What was read, or corrected, as pieces of a catalog part."""
        return self.filter(accepted=True, part__isnull=False)

    def for_part(self, part: Part) -> Self:
        return self.filter(part=part)

    def fresh(self, seen_since: datetime) -> Self:
        """Seen no longer ago than may be shown."""
        return self.filter(last_seen__gte=seen_since)

    def with_a_price(self) -> Self:
        """Not auctions: a bid is not a price yet."""
        return self.filter(buying="fixed")

    def corrected(self) -> Self:
        return self.filter(corrected_at__isnull=False)

    def read_by_other_rules(self, rules: str) -> Self:
        """Matched before the matcher changed, and not corrected by hand since."""
        return self.exclude(matched_by=rules).filter(corrected_at=None)

    def cheapest_first(self) -> Self:
        """By the price of a piece, auctions last: a bid is not a price yet."""
        return self.order_by(F("buying").desc(), F("price") / F("quantity"), "pk")


def listing_hash(named: str) -> str:
    """What stands for a listing where only telling it from others matters."""
    return salted_hmac("sourcing.listing", named, algorithm="sha256").hexdigest()[:40]


class Listing(models.Model):
    """One listing of a marketplace: what it says, what it was read as, and what it costs now.

    ``price`` is that of the whole listing, ``quantity`` the pieces it is for; ``shipping`` None = not told. A
    correction by hand stands before what the matcher reads, and survives every new reading. No seller is kept.
    """

    marketplace = models.CharField(max_length=20)
    external_id = models.CharField(max_length=80)
    title = models.CharField(max_length=LONGEST_TITLE)
    href = models.CharField(max_length=500)
    condition_id = models.PositiveIntegerField(null=True)
    item_group_type = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    buying = models.CharField(max_length=10, default="fixed")
    ends_at = models.DateTimeField(null=True)
    found_by = models.ForeignKey(
        Part, on_delete=models.CASCADE, related_name="+", help_text="Whose search found it the last time."
    )

    part = models.ForeignKey(Part, null=True, on_delete=models.SET_NULL, related_name="listings")
    quantity = models.PositiveIntegerField(default=1)
    accepted = models.BooleanField(default=False)
    reason = models.CharField(max_length=30)
    evidence: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    confidence = models.FloatField(default=0.0)
    matched_by = models.CharField(max_length=32, help_text="Version of the matcher's rules.")
    corrected_at = models.DateTimeField(null=True)

    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    shipping = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    priced_at = models.DateTimeField(
        null=True, help_text="When what it sells, and for how much, was first read as it is now."
    )
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["marketplace", "external_id"], name="sourcing_listing_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="sourcing_listing_price_above_zero"),
            models.CheckConstraint(condition=Q(shipping=None) | Q(shipping__gte=0), name="sourcing_listing_shipping"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="sourcing_listing_quantity"),
            models.CheckConstraint(
                condition=Q(accepted=False) | Q(part__isnull=False), name="sourcing_listing_accepted_has_part"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["part", "accepted", "gone_at", "last_seen"], name="sourcing_listing_of_part"),
            models.Index(fields=["marketplace", "found_by", "gone_at"], name="sourcing_listing_of_search"),
            models.Index(fields=["marketplace", "last_seen"], name="sourcing_listing_by_age"),
        ]

    def __str__(self) -> str:
        # The admin's log keeps this for good: nothing that the marketplace says may stand in it.
        return f"{self.marketplace} {self.external_id}"

    @property
    def unit_price(self) -> Decimal:
        return self.price / self.quantity

    @cached_property
    def key(self) -> str:
        """What tells listings apart, whichever marketplace they are of: a keyed hash, for it is remembered by alerts
        when the listing has been deleted, and with it all that its marketplace said. Another secret key of the server
        makes other hashes: offers may then be told once more."""
        return listing_hash(f"{self.marketplace}|{self.external_id}")

    @property
    def read_twice(self) -> bool:
        """Whether two polls have found this thing at this price, and not only two searches that overlap."""
        return self.priced_at is not None and self.last_seen >= self.priced_at + READ_AGAIN_AFTER


class PriceObservationQuerySet(models.QuerySet["PriceObservation"]):
    def of_listings(self, listings: Iterable[Listing]) -> Self:
        return self.filter(listing__in=[listing.pk for listing in listings])

    def counted(self) -> Self:
        """Without those of listings that are refused now: they stay, in case they are accepted again, and count for
        nothing. Those of listings that have gone do count."""
        refused = Listing.objects.filter(pk=models.OuterRef("listing_id"), accepted=False)
        return self.exclude(models.Exists(refused))

    def of_day(self, part_id: int, start: datetime, end: datetime) -> Self:
        return self.filter(part_id=part_id, observed_at__gte=start, observed_at__lt=end)


class PriceObservation(models.Model):
    """What a listing cost when it was looked at: written when it changed, and once a day when it did not. An auction
    leaves none: the bid so far is not what the thing costs.

    ``part``, ``quantity`` and ``marketplace`` stand here too, so that a day's prices of a part are read from one index.
    """

    # A price may outlive what the listing said: where history is kept, the id stays here to tell listings apart.
    listing = models.ForeignKey(Listing, on_delete=models.DO_NOTHING, db_constraint=False, related_name="observations")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+")
    marketplace = models.CharField(max_length=20)
    quantity = models.PositiveIntegerField()
    observed_at = models.DateTimeField()
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    shipping = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    objects = PriceObservationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["listing", "observed_at"], name="sourcing_observation_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="sourcing_observation_price_above_zero"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["part", "observed_at"], name="sourcing_observation_of_part"),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.observed_at:%Y-%m-%d %H:%M}: {self.price} {self.currency}"


class DailyPriceQuerySet(models.QuerySet["DailyPrice"]):
    def chart(self, part: Part, since: date) -> Self:
        return self.filter(part=part, day__gte=since).order_by("marketplace", "day")


class DailyPrice(models.Model):
    """One part on one marketplace on one day, in dollars a piece: recomputed from the observations, never added to."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="daily_prices")
    marketplace = models.CharField(max_length=20)
    day = models.DateField()
    lowest_usd = models.DecimalField(max_digits=12, decimal_places=2)
    low_three_usd = models.DecimalField(max_digits=12, decimal_places=2, help_text="Median of the lowest three.")
    count = models.PositiveIntegerField()

    objects = DailyPriceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["part", "marketplace", "day"], name="sourcing_daily_price_once"),
            models.CheckConstraint(condition=Q(lowest_usd__gt=0), name="sourcing_daily_price_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.marketplace} {self.day}: {self.lowest_usd}"


class PollQuerySet(models.QuerySet["Poll"]):
    def due(self, now: datetime) -> Self:
        """Whose time has come and whom nobody is asking for just now; the longest unasked first."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(unclaimed, due_at__lte=now).order_by(F("last_started").asc(nulls_first=True), "pk")

    def of_marketplace(self, marketplace: str) -> Self:
        return self.filter(marketplace=marketplace)


class Poll(models.Model):
    """When one part is asked for at one marketplace, and how it went the last time."""

    marketplace = models.CharField(max_length=20)
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="polls")
    due_at = models.DateTimeField()
    interval_s = models.PositiveIntegerField(help_text="Shorter where prices move, longer where they do not.")
    claimed_until = models.DateTimeField(null=True)
    last_started = models.DateTimeField(null=True)
    last_succeeded = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    last_error = models.CharField(max_length=200, blank=True)
    found = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)

    objects = PollQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["marketplace", "part"], name="sourcing_poll_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["due_at"], name="sourcing_poll_due")]

    def __str__(self) -> str:
        return f"{self.marketplace} {self.part_id}"


class QuoteQuerySet(models.QuerySet["Quote"]):
    def of_owner(self, owner_key: str) -> Self:
        return self.filter(owner_key=owner_key) if owner_key else self.none()

    def newest_first(self) -> Self:
        return self.order_by("-quoted_at", "-pk")


class Quote(models.Model):
    """A price somebody was told: typed, or read from a page they pasted. Seen by their browser only."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="quotes")
    owner_key = models.CharField(max_length=40, help_text="The browser's own, see sourcing.quotes_key.")
    market = models.CharField(max_length=10, blank=True)
    item_id = models.CharField(max_length=20, blank=True)
    agent = models.CharField(max_length=20, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    quantity = models.PositiveIntegerField(default=1)
    how = models.CharField(
        max_length=12, choices=[("typed", "typed"), ("pasted", "pasted page"), ("fetched", "fetched page")]
    )
    quoted_at = models.DateTimeField()

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(price__gt=0), name="sourcing_quote_price_above_zero"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="sourcing_quote_quantity"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner_key", "part"], name="sourcing_quote_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.price} {self.currency}"

    @property
    def unit_price(self) -> Decimal:
        return self.price / self.quantity
