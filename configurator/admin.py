from typing import TYPE_CHECKING

from django.contrib import admin

from configurator.models import SharedBuild

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[SharedBuild]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(SharedBuild)
class SharedBuildAdmin(ModelAdmin):
    list_display = ("slug", "title", "as_of", "engine_version", "created_at")
    list_filter = ("engine_version", "as_of")
    search_fields = ("slug", "title", "query")
    readonly_fields = ("slug", "query", "as_of", "engine_version", "prices", "headline", "created_at", "updated_at")
    exclude = ("edit_token",)
