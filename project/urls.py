from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from project.api import api

urlpatterns = [
    path("", include("configurator.urls")),
    path("", include("sourcing.urls")),
    path("", include("catalog.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
if settings.ANYMAIL["WEBHOOK_SECRET"]:
    urlpatterns.append(path("anymail/", include("anymail.urls")))
