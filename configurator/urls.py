from django.urls import path, re_path

from configurator import (
    accuracy_views,
    audit_views,
    compare_views,
    export_views,
    own_model_views,
    picture_views,
    scale_out_views,
    start_views,
    training_views,
    upgrade_views,
    views,
    wizard_views,
)

app_name = "configurator"

urlpatterns = [
    path("", start_views.start, name="start"),
    path("accuracy/", accuracy_views.accuracy, name="accuracy"),
    path("audit/", audit_views.audit, name="audit"),
    path("audit/<str:number>/", audit_views.claim, name="audit_claim"),
    path("build/", views.build, name="build"),
    path("compare/", compare_views.comparison, name="compare"),
    path("build/curves/", picture_views.build_curves, name="build_curves"),
    path("build/with/<str:slug>/", views.build_with, name="build_with"),
    path("scale-out/", scale_out_views.scale_out_page, name="scale_out"),
    path("training/", training_views.training_page, name="training"),
    path("build/new/", wizard_views.step, name="wizard"),
    path("build/new/done/", wizard_views.done, name="wizard_done"),
    path("build/new/<slug:key>/", wizard_views.step, name="wizard_step"),
    path("build/with/<str:slug>/", views.build_with, name="build_with"),
    path("upgrade/", upgrade_views.upgrade, name="upgrade"),
    path("models/add/", own_model_views.add, name="add_model"),
    re_path(r"^models/(?P<slug>own-[0-9a-f]{1,24})/$", own_model_views.own_model, name="own_model"),
    path("models/<str:slug>/sizes/", views.model_sizes, name="model_sizes"),
    path("build/import/", export_views.import_build, name="import_build"),
    path("build/export.<str:ending>", export_views.export_build, name="export_build"),
    path("b/", views.save, name="save"),
    path("b/<str:slug>/", views.shared, name="shared"),
    path("b/<str:slug>/export.<str:ending>", export_views.export_shared, name="export_shared"),
    path("b/<str:slug>/picture.png", picture_views.shared_picture, name="shared_picture"),
    path("b/<str:slug>/edit/<str:token>/", views.edit, name="edit"),
]
