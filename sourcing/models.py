"""What parts cost: editorial price bands, loaded from the data files, and the exchange rates of each day."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from catalog import specs
from catalog.models import Part
from catalog.provenance import Confidence, Source
from sourcing.listing_models import DailyPrice as DailyPrice
from sourcing.listing_models import Listing as Listing
from sourcing.listing_models import Poll as Poll
from sourcing.listing_models import PriceObservation as PriceObservation
from sourcing.listing_models import Quote as Quote
from sourcing.mailbox_models import MailboxUse as MailboxUse
from sourcing.outbox_models import Alert as Alert
from sourcing.outbox_models import Digest as Digest
from sourcing.outbox_models import Firing as Firing
from sourcing.outbox_models import Notice as Notice
from sourcing.watch_models import Subscriber as Subscriber
from sourcing.watch_models import Suppression as Suppression
from sourcing.watch_models import Watch as Watch
from sourcing.watch_models import WatchLine as WatchLine

MARKETS = {
    "ebay": "eBay",
    "taobao": "Taobao",
    "us-reseller": "US reseller",
    "guide-bom": "The guide's part list",
    "retail": "Retail",
}
CURRENCIES = ("USD", "EUR", "GBP", "CNY")
VERDICTS = {
    "confirmed": "Confirmed",
    "misleading": "Misleading",
    "inconsistent": "Inconsistent",
    "wrong": "Wrong",
    "unverifiable": "Unverifiable",
}


class PriceBandQuerySet(models.QuerySet["PriceBand"]):
    def used(self) -> Self:
        """The band of each part that is computed with."""
        return self.filter(position=0)

    def for_part(self, slug: str) -> Self:
        return self.filter(part__slug=slug).order_by("position")


class PriceBand(models.Model):
    """A price range for one part on one market, as published on a date, with what our audit says of it.

    ``position`` 0 is the band that costs are computed with. Money per piece, in ``currency``.
    """

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="bands")
    position = models.PositiveSmallIntegerField(help_text="0 is the band that costs are computed with.")
    low = models.DecimalField(max_digits=11, decimal_places=2)
    high = models.DecimalField(max_digits=11, decimal_places=2)
    currency = models.CharField(max_length=3, choices=[(code, code) for code in CURRENCIES])
    market = models.CharField(max_length=20, choices=list(MARKETS.items()))
    as_of = models.DateField(help_text="The day the range was published.")
    verdict = models.CharField(max_length=20, choices=list(VERDICTS.items()))
    note = models.TextField(blank=True, default="")
    source_title = models.CharField(max_length=300)
    source_href = models.CharField(max_length=500, blank=True, default="")
    source_checked_on = models.DateField()
    confidence = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Confidence])

    objects = PriceBandQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["part__slug", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(low__gte=0), name="sourcing_band_low_not_negative"),
            models.CheckConstraint(condition=Q(high__gte=F("low")), name="sourcing_band_high_not_below_low"),
            models.CheckConstraint(condition=Q(currency__in=CURRENCIES), name="sourcing_band_currency_is_known"),
            models.CheckConstraint(condition=Q(market__in=list(MARKETS)), name="sourcing_band_market_is_known"),
            models.CheckConstraint(condition=Q(verdict__in=list(VERDICTS)), name="sourcing_band_verdict_is_known"),
            models.UniqueConstraint(fields=["part", "position"], name="sourcing_band_one_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.low}–{self.high} {self.currency}, {self.get_market_display()}"

    @property
    def place(self) -> tuple[int, int]:
        """What tells bands apart: the part and the position."""
        return self.part_id, self.position

    @property
    def source(self) -> Source:
        return Source(self.source_title, self.source_href, self.source_checked_on, Confidence(self.confidence))

    def spec(self) -> specs.PriceBand:
        """The band as plain data, in its own currency. Needs the part's slug, so select it along."""
        return specs.PriceBand(
            part=self.part.slug,
            low=self.low,
            high=self.high,
            currency=self.currency,
            market=self.market,
            as_of=self.as_of.isoformat(),
            verdict=self.verdict,
            note=self.note,
            source_title=self.source_title,
            source_href=self.source_href,
            confidence=self.confidence,
        )


class DailyRatesQuerySet(models.QuerySet["DailyRates"]):
    def newest(self, count: int) -> Self:
        return self.order_by("-day")[:count]


class DailyRates(models.Model):
    """One day's reference rates of the European Central Bank: units of each currency for one euro.

    A day is written once and never changed. Rates stand as text, so that they stay the decimals the bank published.
    """

    day = models.DateField(unique=True)
    per_eur: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    source_title = models.CharField(max_length=200)
    stored_at = models.DateTimeField(auto_now_add=True)

    objects = DailyRatesQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day"]
        verbose_name_plural = "daily rates"

    def __str__(self) -> str:
        return self.day.isoformat()


class CallBudget(models.Model):
    """How many calls to a marketplace are used on one of its days."""

    name = models.CharField(max_length=40)
    day = models.DateField(help_text="The day by Pacific time, as eBay counts.")
    used = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "day"], name="sourcing_call_budget_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day.isoformat()}: {self.used}"
