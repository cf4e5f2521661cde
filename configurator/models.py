"""Builds that people saved to share, and language models they added themselves."""

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

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

    def with_slugs(self, slugs: Iterable[str]) -> "dict[str, SharedBuild]":
        """The builds of some slugs out of an address, by slug; those that are gone are left out."""
        return {build.slug: build for build in self.filter(slug__in=[slug for slug in slugs if "\0" not in slug])}


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


class OwnModelQuerySet(models.QuerySet["OwnModel"]):
    def named(self, slug: str) -> "OwnModel | None":
        """The model of a slug out of an address, or None. PostgreSQL would fail on a NUL, which no slug holds."""
        return None if "\0" in slug else self.filter(slug=slug).first()


class OwnModel(models.Model):
    """A language model somebody added: a config.json, or the head of a GGUF file.

    The slug is a digest of everything else, so a row never changes and an address with it means the same for ever.
    """

    PREFIX: ClassVar[str] = "own-"

    slug = models.CharField(max_length=32, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=[("config", "config.json"), ("gguf", "GGUF file")])
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=1000, blank=True, help_text="Where it was read; empty = pasted or chosen.")
    repository = models.CharField(max_length=200, blank=True)
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        help_text="config, or metadata and tensors [name, shape, type] of a GGUF file."
    )
    quant = models.CharField(max_length=20, blank=True, help_text="Of the file or checkpoint; empty = not known.")
    weights_bytes = models.PositiveBigIntegerField(null=True, help_text="Of the file or checkpoint, as its head says.")
    files: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        default=list, help_text="GGUF files of the repository: quant, size_bytes, path."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnModelQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=models.Q(slug__startswith="own-"), name="own_model_slug_has_prefix"),
            models.CheckConstraint(condition=models.Q(kind__in=("config", "gguf")), name="own_model_kind_is_known"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("configurator:own_model", args=[self.slug])
