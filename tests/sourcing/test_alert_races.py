"""What happens between an alert and its mail: owners who delete or change everything, hours missed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from sourcing import alert_outbox, alerts, delivery, suppression, watching
from sourcing.models import Alert, Digest, Subscriber, Suppression, Watch, WatchLine
from sourcing.watch_tokens import manage_token
from tests.sourcing.watches import ADDRESS, confirmed_watch, list_one, wish

pytestmark = pytest.mark.django_db
OnCommit = Callable[..., Any]


@pytest.fixture(autouse=True)
def _demo_marketplace(settings: Settings) -> None:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"


def checked(watch: Watch, now: datetime | None = None) -> int:
    """The alert that a watch has just made."""
    alerts.check_watch(watch.pk, now or timezone.now())
    return Alert.objects.order_by("pk").latest("pk").pk


def fail(*given: Any) -> None:
    raise TimeoutError


@pytest.mark.parametrize(
    ("at", "mails"), [("_compose", 0), ("_hand_over", 0), ("_accepted", 1), ("_failed", 0)], ids=str
)
def test_who_deletes_everything_while_a_mail_is_sent_leaves_nothing_behind(
    at: str,
    mails: int,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    tmp_path: Path,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    if at == "_failed":
        monkeypatch.setattr(delivery, "_send", fail)
    elif mails:
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    list_one("70")
    watch = confirmed_watch()
    token, alert, real = manage_token(watch.subscriber), checked(watch), getattr(alert_outbox, at)

    def step(*given: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            watching.delete_everything(token)
        return real(*given)

    monkeypatch.setattr(alert_outbox, at, step)
    assert alert_outbox.send("alert", alert, timezone.now()) in ("deleted", "not due")
    assert not Subscriber.objects.exists()
    assert (mail.outbox, list(tmp_path.iterdir())) == ([], [])


def test_who_deletes_everything_while_a_daily_mail_is_written_is_sent_none(monkeypatch: pytest.MonkeyPatch) -> None:
    list_one("70")
    watch = confirmed_watch(delivery="daily")
    token, real = manage_token(watch.subscriber), alert_outbox._still_true
    checked(watch)
    Subscriber.objects.update(digest_hour=0)
    (digest,) = alert_outbox.gather_digests(timezone.now())

    def step(*given: Any) -> Any:
        told = real(*given)
        watching.delete_everything(token)
        return told

    monkeypatch.setattr(alert_outbox, "_still_true", step)
    assert alert_outbox.send("digest", digest, timezone.now()) == "deleted"
    assert not mail.outbox


def test_a_watch_that_is_half_deleted_sends_nothing() -> None:
    list_one("70")
    alert = checked(confirmed_watch())
    WatchLine.objects.all().delete()
    assert alert_outbox.send("alert", alert, timezone.now()) == "deleted"
    assert not mail.outbox


def test_who_is_suppressed_while_a_mail_is_accepted_does_not_undo_that_it_was_sent() -> None:
    list_one("70")
    Alert.objects.filter(pk=checked(confirmed_watch())).update(doubts=1)
    with CaptureQueriesContext(connection) as asked:
        suppression.suppress(ADDRESS, "bounced", timezone.now())
    written = [one["sql"] for one in asked.captured_queries if one["sql"].startswith('UPDATE "sourcing_alert"')]
    assert written
    # Rows found by a subquery are not looked at again by PostgreSQL when another worker has changed them meanwhile.
    assert not [sql for sql in written if "SELECT" in sql]
    assert Alert.objects.get().state == "withdrawn"


def test_who_changes_how_mails_come_gets_what_waits_in_that_way_and_once() -> None:
    now = timezone.now()
    list_one("70")
    watch = confirmed_watch(delivery="daily")
    token, alert = manage_token(watch.subscriber), checked(watch)
    Subscriber.objects.update(digest_hour=0)
    watching.edit_watch(token, watch.pk, wish(delivery="at-once"), now)
    assert alert_outbox.overdue(timezone.now()) == [("alert", alert)]
    watching.edit_watch(token, watch.pk, wish(delivery="daily"), now)
    assert alert_outbox.send("alert", alert, timezone.now()) == "not due", "a message that the broker still had"
    (digest,) = alert_outbox.gather_digests(timezone.now())
    watching.edit_watch(token, watch.pk, wish(delivery="at-once"), now)
    assert alert_outbox.overdue(timezone.now()) == [("digest", digest)]
    assert alert_outbox.send("digest", digest, timezone.now()) == "sent"
    assert len(mail.outbox) == 1


def test_what_falls_further_after_the_daily_mail_was_gathered_is_told_in_it() -> None:
    now = timezone.now()
    offer, watch, other = (
        list_one("70"),
        confirmed_watch(delivery="daily"),
        confirmed_watch(delivery="daily", target=85),
    )
    Subscriber.objects.update(digest_hour=0)
    checked(watch, now), checked(other, now)
    (digest,) = alert_outbox.gather_digests(now)
    Watch.objects.filter(pk=watch.pk).update(last_at=now - timedelta(hours=7))
    offer.price = Decimal(60)
    offer.save()
    again = checked(watch, now)
    assert alert_outbox.send("digest", digest, timezone.now()) == "sent"
    assert Alert.objects.get(pk=again).state == "sent"
    assert not alert_outbox.gather_digests(now)


def test_a_daily_hour_that_nobody_was_there_for_is_made_good() -> None:
    list_one("70")
    alert = checked(confirmed_watch(delivery="daily"))
    Subscriber.objects.update(digest_hour=23)
    hour, night = datetime(2026, 12, 1, 23, tzinfo=UTC), datetime(2026, 12, 2, 0, 15, tzinfo=UTC)
    Alert.objects.update(created_at=hour + timedelta(minutes=1))
    assert not alert_outbox.gather_digests(night), "what fired after the hour waits for the next"
    Alert.objects.update(created_at=hour - timedelta(hours=1))
    assert alert_outbox.gather_digests(night)
    assert Digest.objects.get().day == hour.date()
    assert Alert.objects.get(pk=alert).digest is not None
    assert not alert_outbox.gather_digests(night)


def test_a_dead_alert_of_a_daily_mail_is_sent_again_with_that_mail() -> None:
    now = timezone.now()
    list_one("70")
    alert = checked(confirmed_watch(delivery="daily"))
    Subscriber.objects.update(digest_hour=0)
    (digest,) = alert_outbox.gather_digests(now)
    Digest.objects.update(state="dead")
    Alert.objects.update(state="dead")
    assert alert_outbox.revive("alert", [alert], now) == 1
    assert alert_outbox.overdue(timezone.now()) == [("digest", digest)]
    assert alert_outbox.send("digest", digest, timezone.now()) == "sent"


def test_two_searches_of_the_same_minutes_are_no_second_reading_of_a_suspicious_price() -> None:
    now, watch = timezone.now(), confirmed_watch()
    offer = list_one("20", priced_at=now - timedelta(minutes=9))
    assert not alerts.check_watch(watch.pk, now).alerts
    offer.priced_at = now - timedelta(minutes=10)
    offer.save()
    assert alerts.check_watch(watch.pk, now).alerts


def test_an_address_that_was_lifted_is_written_to_when_its_owner_watches_anew() -> None:
    now, owner = timezone.now(), confirmed_watch().subscriber
    suppression.suppress(ADDRESS, "bounced", now)
    Suppression.objects.all().delete()
    watching.create_watch(wish(target=Decimal(81)), "", "", "", now, manage_token=manage_token(owner))
    assert Watch.objects.active().filter(target=81).exists()


def test_an_answer_takes_as_long_for_an_address_nobody_knows(settings: Settings) -> None:
    settings.EVEN_ANSWER_SECONDS = 0.2
    suppression.suppress("gone@example.org", "bounced", timezone.now())
    asks: list[Callable[[], Any]] = [
        lambda: watching.request_manage_link("nobody@example.org", "192.0.2.1", timezone.now()),
        lambda: watching.create_watch(wish(), "gone@example.org", "UTC", "192.0.2.1", timezone.now()),
    ]
    for ask in asks:
        begun = monotonic()
        ask()
        assert monotonic() - begun >= 0.2
