"""An outbox row is sent once: claims, retries, dead letters, and what came between firing and sending."""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import Part
from sourcing import alert_outbox, alerts, delivery, suppression, tasks, watching
from sourcing.models import Alert, Firing, Listing, Subscriber, Suppression, Watch
from sourcing.watch_tokens import manage_token, unsubscribe_token
from tests.sourcing.watches import ADDRESS, PART, confirmed_watch, list_one

pytestmark = pytest.mark.django_db
REAL = delivery._send


@pytest.fixture(autouse=True)
def _demo_marketplace(settings: Settings) -> None:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"


@pytest.fixture
def alert() -> Alert:
    list_one("70")
    (pk,) = alerts.check_watch(confirmed_watch().pk, timezone.now()).alerts
    return Alert.objects.get(pk=pk)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None, bool], None]:
    """Makes the mail server answer with an error, before or after the mail was handed over."""

    def answers(error: Exception | None, handed_over: bool = False) -> None:
        def send(connection: Any, message: Any, before_end: Callable[[], None]) -> None:
            if error is None:
                REAL(connection, message, before_end)
                return
            if handed_over:
                before_end()
            raise error

        monkeypatch.setattr(delivery, "_send", send)

    return answers


def send(alert: Alert, hours: float = 0) -> str:
    said = alert_outbox.send("alert", alert.pk, timezone.now() + timedelta(hours=hours))
    alert.refresh_from_db()
    return said


def test_an_alert_is_sent_once_however_often_it_is_asked_for(alert: Alert) -> None:
    assert [send(alert), send(alert)] == ["sent", "not due"]
    assert len(mail.outbox) == 1


def test_an_alert_in_the_hands_of_another_is_left_alone_until_the_claim_runs_out(alert: Alert) -> None:
    Alert.objects.update(claim="another", claimed_until=timezone.now() + timedelta(minutes=5))
    assert send(alert) == "not due"
    assert send(alert, 0.1) == "sent"


def test_a_claim_that_was_lost_meanwhile_sends_nothing(alert: Alert, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken_over(connection: Any, message: Any, before_end: Callable[[], None]) -> None:
        Alert.objects.update(claim="another")
        REAL(connection, message, before_end)

    monkeypatch.setattr(delivery, "_send", taken_over)
    assert send(alert) == "not due"
    assert mail.outbox == []


@pytest.mark.parametrize(
    "error", [smtplib.SMTPDataError(451, b"later"), smtplib.SMTPServerDisconnected("gone"), TimeoutError()]
)
def test_what_was_not_handed_over_is_tried_again(alert: Alert, server: Any, error: Exception) -> None:
    server(error)
    assert send(alert) == "pending"
    assert (alert.doubts, alert.attempts, alert.claimed_until) == (0, 1, None)
    assert alert.due_at > timezone.now() + timedelta(seconds=40)
    server(None)
    assert send(alert, 1) == "sent"


def test_waits_grow_and_the_last_one_makes_a_dead_letter(alert: Alert, server: Any) -> None:
    server(smtplib.SMTPServerDisconnected("gone"))
    waits = []
    for attempt in range(alert_outbox.MOST_ATTEMPTS):
        now = timezone.now()
        Alert.objects.update(due_at=now, attempts=attempt)
        send(alert)
        waits.append((alert.due_at - now) / timedelta(minutes=1))
    assert waits[0] < 1.3
    assert waits[5] > 20
    assert max(waits) < 5 * 60
    assert alert.state == "dead"


def test_an_answer_that_never_came_is_repeated_once_and_no_more(alert: Alert, server: Any) -> None:
    server(smtplib.SMTPServerDisconnected("gone"), True)
    assert send(alert) == "pending"
    assert send(alert, 1) == "pending"
    assert alert.doubts == 2
    assert send(alert, 2) == "dead"
    assert "twice" in alert.last_error


def test_an_answer_of_no_takes_the_doubt_away(alert: Alert, server: Any) -> None:
    server(smtplib.SMTPDataError(451, b"later"), True)
    for hours in range(4):
        assert send(alert, hours) == "pending"
    assert alert.doubts == 0


def test_a_refused_mail_is_tried_three_times(alert: Alert, server: Any) -> None:
    server(smtplib.SMTPDataError(554, b"5.7.1 no"))
    assert [send(alert, hours) for hours in range(3)] == ["pending", "pending", "dead"]
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "error", [smtplib.SMTPSenderRefused(550, b"not you", "us"), smtplib.SMTPAuthenticationError(535, b"no")]
)
def test_what_is_wrong_with_us_kills_no_mail(alert: Alert, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    class Backend:
        def open(self) -> None:
            if isinstance(error, smtplib.SMTPAuthenticationError):
                raise error

        def send_one(self, *asked: Any) -> None:
            raise error

        def close(self) -> None:
            pass

    monkeypatch.setattr(mail, "get_connection", Backend)
    assert [send(alert, hours) for hours in range(4)] == ["pending"] * 4


def test_a_mail_that_cannot_be_written_as_bytes_becomes_a_dead_letter(alert: Alert) -> None:
    Subscriber.objects.update(address='"a\x1dX-Evil:1"@example.org')
    assert [send(alert, hours) for hours in (0, 1, 5)] == ["pending", "pending", "dead"]
    alert.refresh_from_db()
    assert alert.last_error
    assert not mail.outbox


def test_a_mail_that_no_attempt_survives_becomes_a_dead_letter(alert: Alert) -> None:
    Alert.objects.update(attempts=alert_outbox.MOST_ATTEMPTS)
    assert send(alert) == "dead"


def test_nobody_at_the_address_is_believed_at_once_and_a_bare_550_is_not(alert: Alert, server: Any) -> None:
    server(smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"relaying denied")}))
    assert send(alert) == "pending"
    server(smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"5.1.1 no such user")}))
    assert send(alert, 1) == "dead"
    assert suppression.is_suppressed(ADDRESS)


def test_a_dead_letter_is_sent_again_from_the_admin(alert: Alert, server: Any, client: Client) -> None:
    Alert.objects.update(state="dead", doubts=2, attempts=16)
    client.force_login(User.objects.create_superuser("operator"))
    listed = client.get("/admin/sourcing/alert/", {"state": "dead"}).content.decode()
    assert f"Alert {alert.pk}: dead" in listed
    form = {"action": "send_again", "_selected_action": [alert.pk]}
    assert client.post("/admin/sourcing/alert/", form, follow=True).status_code == 200
    assert send(alert) == "sent"


@pytest.mark.parametrize("page", ["alert", "digest", "notice", "watch", "subscriber", "suppression"])
def test_every_list_of_the_admin_opens(alert: Alert, client: Client, page: str) -> None:
    client.force_login(User.objects.create_superuser("operator"))
    assert client.get(f"/admin/sourcing/{page}/").status_code == 200


def test_nothing_is_sent_for_a_watch_that_was_paused_meanwhile(alert: Alert) -> None:
    Watch.objects.update(paused_at=timezone.now())
    assert send(alert) == "withdrawn"
    assert mail.outbox == []


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Makes something happen once while the server has everything of a mail but its last line."""

    def happens(what: Callable[[], object]) -> None:
        left = [what]

        def send(connection: Any, message: Any, before_end: Callable[[], None]) -> None:
            if left:
                left.pop()()
            REAL(connection, message, before_end)

        monkeypatch.setattr(delivery, "_send", send)

    return happens


def digest_of_two() -> tuple[int, Watch, Watch]:
    list_one("70")
    first, second = (confirmed_watch(delivery="daily", name=name, whole=True) for name in ("First", "Second"))
    Subscriber.objects.update(digest_hour=0)
    for watch in (first, second):
        alerts.check_watch(watch.pk, timezone.now())
    (pk,) = alert_outbox.gather_digests(timezone.now())
    return pk, first, second


# Central European clocks go from 2:00 to 3:00 on 2027-03-28, and back from 3:00 to 2:00 on 2026-10-25. Each row: the
# hour of the mail, moments in UTC, and at which of them it is made.
@pytest.mark.parametrize(
    ("hour", "moments", "made"),
    [
        (8, ["10-24 05:59", "10-24 06:00", "10-25 06:59", "10-25 07:00"], [1, 3]),
        (2, ["10-25 00:00", "10-25 01:00", "10-25 02:00", "10-26 00:30", "10-26 01:00"], [0, 4]),
        (8, ["03-27 06:59", "03-27 07:00", "03-28 05:59", "03-28 06:00"], [1, 3]),
        (2, ["03-28 00:59", "03-28 01:00", "03-28 02:00", "03-28 23:00", "03-29 00:00"], [1, 4]),
    ],
)
def test_a_daily_mail_comes_once_a_day_at_its_hour_when_clocks_change(
    hour: int, moments: list[str], made: list[int]
) -> None:
    watch = confirmed_watch(delivery="daily")
    Subscriber.objects.update(time_zone="Europe/Berlin", digest_hour=hour)
    found = []
    for number, moment in enumerate(moments):
        now = datetime.strptime(f"{2026 if moment > '10' else 2027}-{moment} +0000", "%Y-%m-%d %H:%M %z")
        Alert.objects.create(
            watch=watch, key="A", number=number, currency="USD", rates_day=now.date(), delivery="daily",
            created_at=now, due_at=now, message_id=f"<{number}@x>",
        )  # fmt: skip
        if alert_outbox.gather_digests(now):
            found.append(number)
    assert found == made


def unsubscribe(watch: Watch) -> int:
    return watching.unsubscribe(unsubscribe_token(watch.subscriber_id, watch.pk), timezone.now())


@pytest.mark.parametrize("how", ["unsubscribed", "paused", "deleted"])
def test_a_watch_that_is_stopped_while_its_daily_mail_is_sent_is_not_in_it(how: str, meanwhile: Any) -> None:
    pk, first, second = digest_of_two()
    stops = {
        "unsubscribed": lambda: unsubscribe(first),
        "paused": lambda: watching.pause_watch(manage_token(first.subscriber), first.pk, timezone.now()),
        "deleted": lambda: watching.delete_watch(manage_token(first.subscriber), first.pk),
    }
    meanwhile(stops[how])
    assert alert_outbox.send("digest", pk, timezone.now()) == "sent"
    (letter,) = mail.outbox
    assert ("First" in letter.body, "Second" in letter.body) == (False, True)
    assert Alert.objects.get(watch=second).state == "sent"
    assert not Alert.objects.filter(watch=first).exclude(state="withdrawn").exists()


def test_a_daily_mail_of_which_everything_is_stopped_while_it_is_sent_is_taken_back(meanwhile: Any) -> None:
    pk, first, second = digest_of_two()
    meanwhile(lambda: [unsubscribe(watch) for watch in (first, second)])
    assert alert_outbox.send("digest", pk, timezone.now()) == "withdrawn"
    assert mail.outbox == []


@pytest.mark.parametrize("kind", ["digest", "alert"])
def test_who_cannot_be_written_to_any_more_gets_nothing_that_was_on_its_way(kind: str, meanwhile: Any) -> None:
    if kind == "digest":
        pk, *_ = digest_of_two()
    else:
        list_one("70")
        (pk,) = alerts.check_watch(confirmed_watch().pk, timezone.now()).alerts
    meanwhile(lambda: suppression.suppress(ADDRESS, "complained", timezone.now()))
    assert alert_outbox.send(kind, pk, timezone.now()) == "not due"
    assert mail.outbox == []


def test_a_watch_that_is_paused_while_its_mail_is_sent_tells_nothing(alert: Alert, meanwhile: Any) -> None:
    meanwhile(lambda: Watch.objects.update(paused_at=timezone.now()))
    assert send(alert) == "withdrawn"
    assert mail.outbox == []


def test_what_was_told_before_is_remembered_when_a_later_alert_is_taken_back(alert: Alert) -> None:
    assert send(alert) == "sent"
    Watch.objects.update(cooldown_hours=0)
    Listing.objects.update(price=60)
    (later,) = alerts.check_watch(alert.watch_id, timezone.now()).alerts
    unsubscribe(alert.watch)
    alert.watch.refresh_from_db()
    assert (alert.watch.last_price, Firing.objects.get().price) == (Decimal(70), Decimal(70))
    assert alert.watch.last_at == alert.sent_at
    Watch.objects.update(paused_at=None)
    (again,) = alerts.check_watch(alert.watch_id, timezone.now()).alerts
    assert list(Alert.objects.order_by("pk").values_list("pk", "price", "number")) == [
        (alert.pk, Decimal(70), 1), (later, Decimal(60), 2), (again, Decimal(60), 3),
    ]  # fmt: skip


def test_what_rearmed_a_watch_is_not_undone_when_an_alert_is_taken_back(alert: Alert) -> None:
    assert send(alert) == "sent"
    Watch.objects.update(cooldown_hours=0)
    for price in (120, 70):
        Listing.objects.update(price=price)
        alerts.check_watch(alert.watch_id, timezone.now())
    unsubscribe(alert.watch)
    Watch.objects.update(paused_at=None)
    assert len(alerts.check_watch(alert.watch_id, timezone.now()).alerts) == 1


def test_no_id_of_a_listing_is_kept_with_alerts() -> None:
    listing = list_one("70", "v1|256012345678|0")
    assert len(alerts.check_watch(confirmed_watch().pk, timezone.now()).alerts) == 1
    assert Alert.objects.get().key == Firing.objects.get().key == Watch.objects.get().last_key == listing.key
    assert "256012345678" not in str([*Alert.objects.values(), *Firing.objects.values(), *Watch.objects.values()])


def test_a_watch_whose_alert_was_taken_back_is_looked_at_again(alert: Alert) -> None:
    Listing.objects.update(price=90)
    assert send(alert) == "withdrawn"
    assert alerts.unchecked() == [alert.watch_id]
    Listing.objects.update(price=70)
    assert len(alerts.check_watch(alert.watch_id, timezone.now()).alerts) == 1


def test_what_a_broker_lost_is_handed_out_again(alert: Alert, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(tasks.send_mail, "apply_async", lambda asked, **options: sent.append(asked))
    tasks.send_due()
    assert sent == [("alert", alert.pk)]


def test_the_tasks_go_from_a_changed_price_to_a_mail() -> None:
    watch = confirmed_watch()
    list_one("70")
    tasks.check_watches(Part.objects.get(slug=PART).pk)
    tasks.send_due()
    tasks.send_digests()
    assert [letter.to for letter in mail.outbox] == [[watch.subscriber.address]]


def test_queries_of_a_check_do_not_grow_with_watches(
    django_assert_max_num_queries: DjangoAssertNumQueries, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    list_one("70")
    part_id = Part.objects.get(slug=PART).pk
    counts = []
    for count in (1, 30):
        for number in range(count):
            confirmed_watch(f"{count}-{number}@example.org")
        with django_assert_max_num_queries(40) as captured:
            checked = alerts.check(part_id, timezone.now())
        assert len(checked.alerts) == count
        counts.append(len([one for one in captured.captured_queries if "SELECT" in one["sql"][:7]]))
    assert counts[0] == counts[1]


def test_two_workers_with_the_same_question_make_one_alert(alert: Alert) -> None:
    part_id = Part.objects.get(slug=PART).pk
    assert alerts.check(part_id, timezone.now()).alerts == ()
    assert Alert.objects.count() == 1


def test_a_bounce_ends_what_is_waiting(alert: Alert) -> None:
    from anymail.signals import AnymailTrackingEvent, tracking

    event = AnymailTrackingEvent(event_type="bounced", recipient="ONE@example.org", reject_reason="bounced")
    for _ in range(2):
        tracking.send(sender=None, event=event, esp_name="A service")
    alert.refresh_from_db()
    assert (alert.state, Subscriber.objects.get().suppressed_at is None) == ("withdrawn", False)
    assert Suppression.objects.get().reason == "bounced"


@pytest.mark.parametrize(
    ("kind", "reason", "ends"),
    [("deferred", None, False), ("delivered", None, False), ("rejected", "other", False), ("rejected", "spam", True),
     ("complained", None, True)],
)  # fmt: skip
def test_only_what_is_for_good_ends_mails(alert: Alert, kind: str, reason: str | None, ends: bool) -> None:
    from anymail.signals import AnymailTrackingEvent, tracking

    tracking.send(
        sender=None, esp_name="A service",
        event=AnymailTrackingEvent(event_type=kind, recipient=ADDRESS, reject_reason=reason),
    )  # fmt: skip
    assert suppression.is_suppressed(ADDRESS) is ends
