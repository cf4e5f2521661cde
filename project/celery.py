"""The Celery app and everything that happens by the clock."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.base")

app = Celery("voltaic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "poll-due": {"task": "sourcing.tasks.poll_due", "schedule": 60.0, "options": {"expires": 50}},
    "rematch": {"task": "sourcing.tasks.rematch", "schedule": crontab(minute="23")},
    # What may be shown for six hours is at most six and a quarter hours old when it goes; pages hide it on the minute.
    "purge-expired": {"task": "sourcing.tasks.purge_expired", "schedule": crontab(minute="*/15")},
    "send-due": {"task": "sourcing.tasks.send_due", "schedule": 60.0, "options": {"expires": 50}},
    # Every time zone's full hours are at a quarter hour of UTC.
    "send-digests": {"task": "sourcing.tasks.send_digests", "schedule": crontab(minute="*/15")},
    "purge-watches": {"task": "sourcing.tasks.purge_watches", "schedule": crontab(hour="4", minute="7")},
    "clear-expired-sessions": {
        "task": "configurator.tasks.clear_expired_sessions",
        "schedule": crontab(hour="3", minute="17"),
    },
    # The bank publishes about 16:00 CET; a second try in the evening for days on which it is late.
    "refresh-exchange-rates": {
        "task": "sourcing.tasks.refresh_exchange_rates",
        "schedule": crontab(hour="15,20", minute="41"),
    },
}
