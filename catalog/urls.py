from django.urls import path

from catalog import views

app_name = "catalog"

# Slugs of language models hold dots (llama-3.1-70b), so they are str, not slug.
urlpatterns = [
    path("parts/", views.part_list, name="part_list"),
    path("parts/<str:slug>/", views.part_detail, name="part_detail"),
    path("models/", views.model_list, name="model_list"),
    path("models/<str:slug>/", views.model_detail, name="model_detail"),
]
