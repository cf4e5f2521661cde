"""Listings by what they were read as, with corrections by hand; and how each poll went."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from sourcing import rematching
from sourcing.matching.types import Reason
from sourcing.models import Listing, Poll

if TYPE_CHECKING:
    ListingBase = admin.ModelAdmin[Listing]
    PollBase = admin.ModelAdmin[Poll]
    FormBase = forms.ModelForm[Listing]
else:
    ListingBase = PollBase = admin.ModelAdmin
    FormBase = forms.ModelForm


class CorrectionForm(FormBase):
    """What the listing really sells."""

    reason = forms.ChoiceField(choices=[(reason.value, reason.value) for reason in Reason])

    class Meta:
        model = Listing
        fields = ("part", "quantity", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Reason.OK and cleaned.get("part") is None:
            raise ValidationError({"part": "Say which part it sells, or choose the reason why it is refused."})
        return cleaned


@admin.register(Listing)
class ListingAdmin(ListingBase):
    """Refused listings are found by their reason. A correction stands before what the matcher reads."""

    form = CorrectionForm
    list_display = ("title", "marketplace", "accepted", "reason", "part", "quantity", "price", "currency", "last_seen")
    list_filter = ("accepted", "reason", "marketplace", ("corrected_at", admin.EmptyFieldListFilter))
    list_select_related = ("part",)
    search_fields = ("title", "part__slug")
    autocomplete_fields = ("part",)
    readonly_fields = (
        "title", "marketplace", "external_id", "price", "currency", "shipping", "condition_id", "item_group_type",
        "accepted", "evidence", "confidence", "matched_by", "corrected_at", "first_seen", "last_seen", "gone_at",
    )  # fmt: skip
    fields = ("part", "quantity", "reason", *readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Listing, form: Any, change: bool) -> None:
        rematching.correct(obj, obj.part, obj.quantity, obj.reason, timezone.now())


@admin.register(Poll)
class PollAdmin(PollBase):
    """To look at: what is asked and when follows from the catalog and from what came of it."""

    list_display = ("part", "marketplace", "last_succeeded", "failures", "last_error", "found", "accepted", "due_at")
    list_filter = ("marketplace",)
    list_select_related = ("part",)
    search_fields = ("part__slug", "part__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Poll | None = None) -> bool:
        return False
