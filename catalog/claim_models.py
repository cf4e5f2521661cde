"""The audit of the community guide: what it says, what holds, and how we know."""

from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from catalog.claim_validation import NUMBER_PATTERN
from catalog.figures import source_of
from catalog.provenance import Source
from catalog.vocabulary import GUIDE_SECTIONS, VERDICTS

_VERDICT_CHOICES = [(verdict, label) for verdict, (label, _) in VERDICTS.items()]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def with_verdict(self, verdict: str) -> Self:
        return self.filter(verdict=verdict)

    def of_section(self, section: str) -> Self:
        """Claims of one section of the guide, by its number there; QR is the quick reference."""
        return self.filter(section=section)

    def matching(self, text: str) -> Self:
        """Claims in whose number or texts every word of ``text`` stands."""
        rows = self
        for word in text.split():
            rows = rows.filter(
                Q(number__iexact=word)
                | Q(name__icontains=word)
                | Q(guide__icontains=word)
                | Q(holds__icontains=word)
                | Q(why__icontains=word)
            )
        return rows

    def named(self, number: str) -> "Claim | None":
        """The claim of a number out of an address, or None. PostgreSQL would fail on a NUL, which no number holds."""
        return None if "\0" in number else self.filter(number=number.upper()).first()

    def about_part(self, slug: str) -> "list[Claim]":
        """Claims about one part, its price above all. Few claims name parts, so they are looked through here: SQLite
        cannot look into a list."""
        return [claim for claim in self.exclude(parts=[]) if slug in claim.parts]

    def verdict_counts(self) -> dict[str, int]:
        """How many there are of each verdict, none left out."""
        found = dict(self.order_by().values_list("verdict").annotate(number_of=Count("pk")))
        return {verdict: found.get(verdict, 0) for verdict in VERDICTS}


class Claim(models.Model):
    """One claim of the guide. ``guide`` is what it says, as short as one recognises it; ``holds`` is what holds
    instead or all the same, empty where nobody knows.

    ``sources``: [{title, href, checked_on, confidence}]. ``parts``: slugs. ``computes``: [{what, figure, query}], what
    the estimator is asked about it (``finding`` names the check where that is the figure).
    """

    number = models.CharField(
        max_length=8, unique=True, validators=[RegexValidator(NUMBER_PATTERN, "C and three digits.")]
    )
    section = models.CharField(max_length=4, choices=list(GUIDE_SECTIONS.items()), db_index=True)
    name = models.CharField(max_length=200)
    guide = models.TextField()
    verdict = models.CharField(max_length=15, choices=_VERDICT_CHOICES, db_index=True)
    holds = models.TextField(blank=True)
    why = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    parts = models.JSONField(default=list, blank=True)
    computes = models.JSONField(default=list, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(verdict__in=list(VERDICTS)), name="catalog_claim_verdict_is_known"),
            models.CheckConstraint(
                condition=Q(section__in=list(GUIDE_SECTIONS)), name="catalog_claim_section_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(name="") & ~Q(guide=""), name="catalog_claim_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.name}"

    def get_absolute_url(self) -> str:
        return f"{reverse('configurator:audit')}#{self.number}"

    def references(self) -> list[Source]:
        return [source_of(stored) for stored in self.sources]

    def questions(self) -> list[dict[str, Any]]:
        """What the estimator is asked, with every setting as the text of a form."""
        return [
            {**asked, "query": {key: str(value) for key, value in asked["query"].items()}} for asked in self.computes
        ]
