"""The Celery app and everything that happens by the clock."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.base")

app = Celery("voltaic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "clear-expired-sessions": {
        "task": "configurator.tasks.clear_expired_sessions",
        "schedule": crontab(hour="3", minute="17"),
    },
}
