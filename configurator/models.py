"""Builds that people saved to share."""

import secrets
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.crypto import constant_time_compare

SLUG_BYTES = 12  # 96 random bits: nobody finds a build by trying
TOKEN_BYTES = 24


def new_slug() -> str:
    return secrets.token_urlsafe(SLUG_BYTES)


def new_edit_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


class SharedBuildQuerySet(models.QuerySet["SharedBuild"]):
    def named(self, slug: str) -> "SharedBuild | None":
        """The build of a slug out of an address, or None. PostgreSQL would fail on a NUL, which no slug holds."""
        return None if "\0" in slug else self.filter(slug=slug).first()


class SharedBuild(models.Model):
    """A build frozen as saved: the choice, the day, the prices and the headline figures of that day.

    Unlisted: whoever has the address can read it; whoever has the edit token can change or delete it.
    """

    slug = models.CharField(max_length=32, unique=True, default=new_slug, editable=False)
    edit_token = models.CharField(max_length=64, default=new_edit_token, editable=False)
    title = models.CharField(max_length=120, blank=True)
    query = models.TextField(help_text="The choice, as its canonical query string.")
    as_of = models.DateField(help_text="The day whose prices and duties it shows.")
    engine_version = models.CharField(max_length=32)
    prices: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        help_text="Unit prices as saved, one entry a line."
    )
    headline: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        help_text="The figures shown first, as saved."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SharedBuildQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=~models.Q(slug=""), name="shared_build_has_slug"),
            models.CheckConstraint(condition=~models.Q(edit_token=""), name="shared_build_has_edit_token"),
        )

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("configurator:shared", args=[self.slug])

    def may_be_edited_with(self, token: str) -> bool:
        return constant_time_compare(token, self.edit_token)
