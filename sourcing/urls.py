from django.urls import path

from sourcing import ebay_views, mail_views, quote_views, views, watch_views

app_name = "sourcing"

urlpatterns = [
    path("sourcing/", views.calculator, name="calculator"),
    path("sourcing/links/", views.links, name="links"),
    path("sourcing/status/", views.status, name="status"),
    path("sourcing/renting/", views.renting, name="renting"),
    path("sourcing/quotes/new/", quote_views.new, name="new_quote"),
    path("sourcing/quotes/read/", quote_views.read_page, name="read_page"),
    path("sourcing/quotes/<int:pk>/delete/", quote_views.delete, name="delete_quote"),
    path("sourcing/ebay/account-deletion/", ebay_views.account_deleted, name="ebay_account_deleted"),
    path("watch/new/", watch_views.new, name="new_watch"),
    path("watch/link/", watch_views.link, name="watch_link"),
    path("watch/confirm/<str:token>/", watch_views.confirm, name="confirm_watch"),
    path("watch/manage/<str:token>/", watch_views.manage, name="manage_watches"),
    path("watch/manage/<str:token>/<int:pk>/", watch_views.edit, name="edit_watch"),
    path("watch/unsubscribe/<str:token>/", watch_views.unsubscribe, name="unsubscribe"),
    path("watch/never/<str:token>/", watch_views.never, name="never_write_again"),
    path("dev/mail/", mail_views.kept, name="kept_mails"),
    path("parts/<str:slug>/prices/", views.part_prices, name="part_prices"),
]
