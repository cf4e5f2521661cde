from typing import TYPE_CHECKING

from django.contrib import admin

from configurator.models import OwnModel, SharedBuild

if TYPE_CHECKING:
    SharedBuildBase = admin.ModelAdmin[SharedBuild]
    OwnModelBase = admin.ModelAdmin[OwnModel]
else:
    SharedBuildBase = OwnModelBase = admin.ModelAdmin


@admin.register(SharedBuild)
class SharedBuildAdmin(SharedBuildBase):
    list_display = ("slug", "title", "as_of", "engine_version", "created_at")
    list_filter = ("engine_version", "as_of")
    search_fields = ("slug", "title", "query")
    readonly_fields = ("slug", "query", "as_of", "engine_version", "prices", "headline", "created_at", "updated_at")
    exclude = ("edit_token",)


@admin.register(OwnModel)
class OwnModelAdmin(OwnModelBase):
    """Rows never change: their slug is a digest of them."""

    list_display = ("slug", "name", "kind", "repository", "quant", "created_at")
    list_filter = ("kind",)
    search_fields = ("slug", "name", "repository")
    readonly_fields = ("slug", "kind", "name", "address", "repository", "quant", "weights_bytes", "files", "created_at")
    exclude = ("content",)
