from django.urls import path, re_path

from configurator import accuracy_views, own_model_views, picture_views, views

app_name = "configurator"

urlpatterns = [
    path("", views.start, name="start"),
    path("accuracy/", accuracy_views.accuracy, name="accuracy"),
    path("build/", views.build, name="build"),
    path("build/curves/", picture_views.build_curves, name="build_curves"),
    path("build/with/<str:slug>/", views.build_with, name="build_with"),
    path("models/add/", own_model_views.add, name="add_model"),
    re_path(r"^models/(?P<slug>own-[0-9a-f]{1,24})/$", own_model_views.own_model, name="own_model"),
    path("models/<str:slug>/sizes/", views.model_sizes, name="model_sizes"),
    path("build/export.md", views.build_markdown, name="build_markdown"),
    path("b/", views.save, name="save"),
    path("b/<str:slug>/", views.shared, name="shared"),
    path("b/<str:slug>/picture.png", picture_views.shared_picture, name="shared_picture"),
    path("b/<str:slug>/export.md", views.shared_markdown, name="shared_markdown"),
    path("b/<str:slug>/edit/<str:token>/", views.edit, name="edit"),
]
