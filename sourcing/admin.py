"""Price bands by hand. The data files stay the record: the next ``load_catalog`` makes the rows equal to them again."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from catalog.models import CatalogRevision
from sourcing import alert_admin as alert_admin
from sourcing import listing_admin as listing_admin
from sourcing.models import DailyRates, PriceBand

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[PriceBand]
    RatesAdmin = admin.ModelAdmin[DailyRates]
else:
    ModelAdmin = RatesAdmin = admin.ModelAdmin


@admin.register(PriceBand)
class PriceBandAdmin(ModelAdmin):
    """Prices are kept with the catalog, so every change of a band is a change of the catalog."""

    list_display = ("part", "position", "low", "high", "currency", "market", "as_of", "verdict", "confidence")
    list_filter = ("market", "verdict", "currency", "confidence")
    list_select_related = ("part",)
    search_fields = ("part__slug", "part__name", "note")
    autocomplete_fields = ("part",)
    date_hierarchy = "as_of"

    def save_model(self, request: HttpRequest, obj: PriceBand, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        CatalogRevision.objects.bump()

    def delete_model(self, request: HttpRequest, obj: PriceBand) -> None:
        super().delete_model(request, obj)
        CatalogRevision.objects.bump()

    def delete_queryset(self, request: HttpRequest, queryset: "models.QuerySet[PriceBand]") -> None:
        super().delete_queryset(request, queryset)
        CatalogRevision.objects.bump()


@admin.register(DailyRates)
class DailyRatesAdmin(RatesAdmin):
    """To look at: a day's rates are the bank's, and sums already rest on them."""

    list_display = ("day", "source_title", "stored_at")
    date_hierarchy = "day"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DailyRates | None = None) -> bool:
        return False
