from django.urls import path

from sourcing import views

app_name = "sourcing"

urlpatterns = [
    path("parts/<str:slug>/prices/", views.part_prices, name="part_prices"),
]
