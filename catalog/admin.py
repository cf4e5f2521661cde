"""The catalog by hand. The data files stay the record: the next ``load_catalog`` makes the rows equal to them again."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from catalog.models import CatalogRevision, Circuit, Entry, Item, LanguageModel, Part, Preset

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Entry]
else:
    ModelAdmin = admin.ModelAdmin


class IndentedJson(json.JSONEncoder):
    """JSON as a person can read and edit it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"indent": 2}))


class EntryAdmin(ModelAdmin):
    """Every save and deletion is a change of the catalog that all processes must see."""

    list_display: tuple[str, ...] = ("slug", "name")
    search_fields = ("slug", "name", "summary")
    formfield_overrides = {  # noqa: RUF012
        models.JSONField: {
            "encoder": IndentedJson,
            "widget": forms.Textarea(attrs={"rows": 20, "class": "vLargeTextField"}),
        }
    }

    def save_model(self, request: HttpRequest, obj: Entry, form: Any, change: bool) -> None:
        if isinstance(obj, Item):
            obj.copy_figures_to_columns()
        super().save_model(request, obj, form, change)
        CatalogRevision.objects.bump()

    def delete_model(self, request: HttpRequest, obj: Entry) -> None:
        super().delete_model(request, obj)
        CatalogRevision.objects.bump()

    def delete_queryset(self, request: HttpRequest, queryset: "models.QuerySet[Entry]") -> None:
        super().delete_queryset(request, queryset)
        CatalogRevision.objects.bump()


@admin.register(Part)
class PartAdmin(EntryAdmin):
    list_display = ("slug", "name", "kind", "form_factor", "memory_mib", "sockets", "comparator")
    list_filter = ("kind", "form_factor", "comparator")


@admin.register(LanguageModel)
class LanguageModelAdmin(EntryAdmin):
    list_display = ("slug", "name", "arch_class", "params_total", "params_active", "max_context_tokens")
    list_filter = ("arch_class",)


@admin.register(Circuit)
class CircuitAdmin(EntryAdmin):
    list_display = ("slug", "name", "country")
    list_filter = ("country",)


@admin.register(Preset)
class PresetAdmin(EntryAdmin):
    list_display = ("slug", "name", "total_usd")
