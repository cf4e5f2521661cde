from django.urls import path, re_path

from configurator import accuracy_views, own_model_views, start_views, upgrade_views, views, wizard_views

app_name = "configurator"

urlpatterns = [
    path("", start_views.start, name="start"),
    path("accuracy/", accuracy_views.accuracy, name="accuracy"),
    path("build/", views.build, name="build"),
    path("build/new/", wizard_views.step, name="wizard"),
    path("build/new/done/", wizard_views.done, name="wizard_done"),
    path("build/new/<slug:key>/", wizard_views.step, name="wizard_step"),
    path("build/with/<str:slug>/", views.build_with, name="build_with"),
    path("upgrade/", upgrade_views.upgrade, name="upgrade"),
    path("models/add/", own_model_views.add, name="add_model"),
    re_path(r"^models/(?P<slug>own-[0-9a-f]{1,24})/$", own_model_views.own_model, name="own_model"),
    path("models/<str:slug>/sizes/", views.model_sizes, name="model_sizes"),
    path("build/export.md", views.build_markdown, name="build_markdown"),
    path("b/", views.save, name="save"),
    path("b/<str:slug>/", views.shared, name="shared"),
    path("b/<str:slug>/export.md", views.shared_markdown, name="shared_markdown"),
    path("b/<str:slug>/edit/<str:token>/", views.edit, name="edit"),
]
