"""Mails that are to go out, by what became of them; dead letters can be sent again. Watches and people to look at."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from sourcing import alert_outbox
from sourcing.models import Alert, Digest, Notice, Subscriber, Suppression, Watch, WatchLine

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[WatchLine, Watch]
else:
    AnyAdmin = admin.ModelAdmin
    Inline = admin.TabularInline


SHOWN = ("__str__", "state", "created_at", "due_at", "attempts", "doubts", "last_error")


class LookedAt(AnyAdmin):
    """Rows that people make by their mails and that are not written by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OutgoingAdmin(LookedAt):
    """The filter by state shows dead letters; the action sends those of them that are chosen once more."""

    list_display: Any = SHOWN
    list_filter: ClassVar[Any] = ("state",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    actions = ("send_again",)

    @admin.action(description="Send dead letters again")
    def send_again(self, request: HttpRequest, chosen: Any) -> None:
        kind = self.model.__name__.lower()
        with transaction.atomic():
            revived = alert_outbox.revive(kind, list(chosen.values_list("pk", flat=True)), timezone.now())
        said = f"{revived} go out within a minute. What may have arrived already can arrive a second time."
        self.message_user(request, said, messages.SUCCESS)


@admin.register(Alert)
class AlertAdmin(OutgoingAdmin):
    list_display = ("__str__", "watch", "key", "price", "currency", *SHOWN[1:])
    list_filter = ("state", "delivery", "suspicious")
    list_select_related = ("watch",)
    search_fields = ("watch__subscriber__address", "key", "message_id")


@admin.register(Digest)
class DigestAdmin(OutgoingAdmin):
    list_select_related = ("subscriber",)
    search_fields = ("subscriber__address", "message_id")


@admin.register(Notice)
class NoticeAdmin(OutgoingAdmin):
    list_filter = ("state", "kind")
    list_select_related = ("subscriber",)
    search_fields = ("subscriber__address", "message_id")


class LineInline(Inline):
    model = WatchLine
    extra = 0
    can_delete = False


@admin.register(Watch)
class WatchAdmin(LookedAt):
    list_display = ("pk", "name", "condition", "price", "target", "currency", "state", "confirmed_at", "paused_at")
    list_filter = ("condition", "state", "delivery", ("confirmed_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "subscriber__address", "lines__slug")
    inlines = (LineInline,)


@admin.register(Subscriber)
class SubscriberAdmin(LookedAt):
    list_display = ("address", "time_zone", "confirmed_at", "suppressed_at", "created_at")
    list_filter = (("suppressed_at", admin.EmptyFieldListFilter),)
    search_fields = ("address",)


@admin.register(Suppression)
class SuppressionAdmin(LookedAt):
    """Deleting a row lets its address be written to again, once its person asks anew."""

    list_display = ("address_hash", "reason", "since")
    list_filter = ("reason",)
