"""What exists: parts, circuits, language models and published configurations.

Rows mirror the data files: ``load_catalog`` writes them, and every page, the estimator and the API read them.
"""

from typing import Any, ClassVar, Self, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from catalog.claim_models import Claim as Claim
from catalog.figures import (
    SourcedFigure,
    carrier_spec,
    circuit_spec,
    gpu_spec,
    model_spec,
    part_spec,
    source_of,
    sourced_figures,
)
from catalog.provenance import Source
from catalog.specs import CarrierSpec, CircuitSpec, GpuSpec, ModelSpec, PartSpec
from catalog.validation import SLUG_PATTERN, Problem, item_problems, preset_problems
from catalog.vocabulary import ARCH_CLASSES, FORM_FACTORS, PART_KINDS


class Entry(models.Model):
    """Anything with a page or a name of its own, and with sources.

    ``sources``: key -> {title, href, checked_on, confidence}.
    """

    slug = models.CharField(
        max_length=80,
        unique=True,
        validators=[RegexValidator(SLUG_PATTERN, "Small letters and digits, joined by hyphens or dots.")],
    )
    name = models.CharField(max_length=200)
    summary = models.TextField()
    sources = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["name", "slug"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(slug=""), name="%(app_label)s_%(class)s_slug_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    def problems(self) -> list[Problem]:
        """What the data files' own checks say about this row."""
        raise NotImplementedError

    def clean(self) -> None:
        """The data files' checks, for rows edited by hand. Raises ValidationError by field."""
        own = {field.name for field in self._meta.concrete_fields}
        errors: dict[str, list[str]] = {}
        for path, message in self.problems():
            field = str(path[0]) if path and path[0] in own else "__all__"
            errors.setdefault(field, []).append(message)
        if errors:
            raise ValidationError(errors)


class Item(Entry):
    """An entry described by figures.

    ``figures``: name -> {value, unit, source, note}, the source being a key of ``sources``.
    """

    figures = models.JSONField(default=dict)

    class Meta(Entry.Meta):
        abstract = True

    @property
    def figure_kind(self) -> str:
        """The kind whose vocabulary the figures follow."""
        raise NotImplementedError

    def copy_figures_to_columns(self) -> None:
        """Set the columns that filters use from the figures."""

    def values(self) -> dict[str, Any]:
        """Figure name -> plain value; None = looked for and not known."""
        return {name: figure["value"] for name, figure in self.figures.items()}

    def sourced(self) -> tuple[SourcedFigure, ...]:
        """Every figure with label, unit, source and note, in the order pages show them."""
        return sourced_figures(self.figure_kind, self.figures, self.sources)

    def references(self) -> tuple[Source, ...]:
        """The sources, each once, those of the figures first and in their order."""
        used = [figure.source for figure in self.sourced()]
        return tuple(dict.fromkeys([*used, *(source_of(stored) for stored in self.sources.values())]))

    def problems(self) -> list[Problem]:
        return item_problems(self.as_item())

    def as_item(self) -> dict[str, Any]:
        """The row in the form of a data file."""
        return {
            "slug": self.slug,
            "name": self.name,
            "kind": self.figure_kind,
            "summary": self.summary,
            "sources": self.sources,
            "figures": self.figures,
        }


_Row = TypeVar("_Row", bound=Entry)


class EntryQuerySet(models.QuerySet[_Row]):
    def named(self, slug: str) -> _Row | None:
        """The row of a slug out of an address, or None. PostgreSQL would fail on a NUL, which no slug holds."""
        return None if "\0" in slug else self.filter(slug=slug).first()

    def matching(self, text: str) -> Self:
        """Entries in whose name, slug or summary every word of ``text`` stands."""
        rows = self
        for word in text.split():
            rows = rows.filter(Q(name__icontains=word) | Q(slug__icontains=word) | Q(summary__icontains=word))
        return rows


class PartQuerySet(EntryQuerySet["Part"]):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def with_form_factor(self, form_factor: str) -> Self:
        """GPUs of this form factor and carriers with sockets for it."""
        return self.filter(form_factor=form_factor)

    def in_build_order(self) -> Self:
        """GPUs first, then what carries them, and so on down the part list; by name within a kind."""
        order = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(PART_KINDS)))
        return self.order_by(order, "name", "slug")


class Part(Item):
    """Anything that can be a line of a build. ``form_factor``, ``memory_mib`` and ``sockets`` repeat figures."""

    kind = models.CharField(max_length=20, choices=list(PART_KINDS.items()), db_index=True)
    search = models.JSONField(default=dict, blank=True, help_text="Search terms: english, chinese.")
    buy = models.JSONField(default=list, blank=True, help_text="Places to buy: label, href.")
    comparator = models.BooleanField(
        default=False, help_text="An alternative to compare with, not a part of the machines this catalog is about."
    )
    form_factor = models.CharField(
        max_length=10, blank=True, default="", choices=list(FORM_FACTORS.items()), editable=False
    )
    memory_mib = models.PositiveIntegerField(null=True, editable=False)
    sockets = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta(Item.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Item.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=list(PART_KINDS)), name="catalog_part_kind_is_known"),
        ]

    @property
    def figure_kind(self) -> str:
        return self.kind

    def as_item(self) -> dict[str, Any]:
        return super().as_item() | {"search": self.search, "buy": self.buy, "comparator": self.comparator}

    def copy_figures_to_columns(self) -> None:
        values = self.values()
        self.form_factor = values.get("form_factor") or values.get("socket") or ""
        self.memory_mib = values.get("memory_mib")
        self.sockets = values.get("sockets")

    def spec(self) -> GpuSpec | CarrierSpec | PartSpec:
        """The part as the estimator sees it, by its kind."""
        if self.kind == "gpu":
            return gpu_spec(self.slug, self.name, self.values())
        if self.kind == "carrier":
            return carrier_spec(self.slug, self.name, self.values())
        return self.line_spec()

    def line_spec(self) -> PartSpec:
        """The part as a line of an order, GPUs and carriers too: known figures by name."""
        return part_spec(self.slug, self.name, self.kind, self.values())


class LanguageModelQuerySet(EntryQuerySet["LanguageModel"]):
    def of_class(self, arch_class: str) -> Self:
        return self.filter(arch_class=arch_class)

    def up_to_params(self, params: int) -> Self:
        """Models with at most so many parameters; those whose size is not known are left out."""
        return self.filter(params_total__lte=params)


class LanguageModel(Item):
    """One language model's architecture. ``arch_class`` and the numbers repeat figures; null = not known."""

    arch_class = models.CharField(max_length=10, choices=list(ARCH_CLASSES.items()), editable=False, db_index=True)
    params_total = models.PositiveBigIntegerField(null=True, editable=False)
    params_active = models.PositiveBigIntegerField(null=True, editable=False)
    max_context_tokens = models.PositiveIntegerField(null=True, editable=False)

    objects = LanguageModelQuerySet.as_manager()

    @property
    def figure_kind(self) -> str:
        return "model"

    def copy_figures_to_columns(self) -> None:
        values = self.values()
        self.arch_class = values.get("arch_class") or ""
        self.params_total = values.get("params_total")
        self.params_active = values.get("params_active")
        self.max_context_tokens = values.get("max_context_tokens")

    def spec(self) -> ModelSpec:
        return model_spec(self.slug, self.name, self.values())


class Circuit(Item):
    """A household circuit. ``country`` repeats a figure."""

    country = models.CharField(max_length=10, editable=False)

    objects = EntryQuerySet["Circuit"].as_manager()

    @property
    def figure_kind(self) -> str:
        return "circuit"

    def copy_figures_to_columns(self) -> None:
        self.country = self.values().get("country") or ""

    def spec(self) -> CircuitSpec:
        return circuit_spec(self.slug, self.name, self.values())


class PresetQuerySet(EntryQuerySet["Preset"]):
    def for_start(self) -> Self:
        """All of them, in the order their author gave them."""
        return self.order_by("name")


class Preset(Entry):
    """A configuration somebody published, as they worded and priced it.

    ``lines``: [{part, quantity, unit_usd, label}], whose sum is ``total_usd``. ``query``: the configurator's keys
    that rebuild it. ``verdicts``: [{claim, text}], what is wrong or right about it.
    """

    total_usd = models.DecimalField(max_digits=11, decimal_places=2)
    lines = models.JSONField(default=list)
    query = models.JSONField(default=dict)
    verdicts = models.JSONField(default=list, blank=True)

    objects = PresetQuerySet.as_manager()

    class Meta(Entry.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=Q(total_usd__gte=0), name="catalog_preset_total_not_negative"),
        ]

    @property
    def query_string(self) -> str:
        """The configurator's address of this configuration, after the question mark."""
        return urlencode(self.query)

    def problems(self) -> list[Problem]:
        preset = {
            "slug": self.slug,
            "name": self.name,
            "summary": self.summary,
            "total_usd": None if self.total_usd is None else str(self.total_usd),
            "sources": self.sources,
            "lines": self.lines,
            "query": self.query,
            "verdicts": self.verdicts,
        }
        return [*preset_problems(preset, Part.objects.values_list("slug", flat=True))]


class CatalogRevisionQuerySet(models.QuerySet["CatalogRevision"]):
    def bump(self) -> None:
        """Say that the catalog changed, so that every process reads it anew."""
        now = timezone.now()
        with transaction.atomic():
            if not self.filter(pk=1).update(number=F("number") + 1, loaded_at=now):
                self.create(pk=1, number=1, loaded_at=now)


class CatalogRevision(models.Model):
    """How often the catalog has changed, in one row."""

    number = models.PositiveBigIntegerField()
    loaded_at = models.DateTimeField()

    objects = CatalogRevisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(pk=1), name="catalog_revision_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number}"
