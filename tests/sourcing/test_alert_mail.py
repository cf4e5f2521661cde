"""What stands in a mail: headers that programs act on, and words that people do."""

from datetime import timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from sourcing import alert_outbox, alerts, watch_tokens
from sourcing.models import Alert, Watch
from tests.sourcing.watches import confirmed_watch, list_one

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _public(settings: Settings) -> None:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"
    settings.PUBLIC_URL = "https://voltaic.example/"
    settings.DEFAULT_FROM_EMAIL = "Voltaic <alerts@voltaic.example>"


def sent(watch: Watch) -> Any:
    """The one mail that a watch makes of what is on offer."""
    alerts.check_watch(watch.pk, timezone.now())
    alert_outbox.gather_digests(timezone.now())
    for kind, pk in alert_outbox.overdue(timezone.now()):
        assert alert_outbox.send(kind, pk, timezone.now()) == "sent"
    (letter,) = mail.outbox
    return letter


def test_a_mail_says_product_price_reason_offer_and_why_it_came() -> None:
    list_one("70", shipping=Decimal("4.50"))
    letter = sent(confirmed_watch(name="My build"))
    assert letter.subject == "NVIDIA Tesla V100 SXM2 16 GB at 74.50 USD at your door"
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    for body in (letter.body, html):
        assert "meets your target of 80.00 USD at your door" in body
        assert "https://demo.example/itm/1" in body
        assert "70.00 USD + 4.50 USD shipping" in body
        assert "You get this because you confirmed on" in body
        assert "My build" in body
        assert "Simulated offer of the demo marketplace" in body
    assert letter.from_email == "Voltaic <alerts@voltaic.example>"


def test_a_mail_program_can_unsubscribe_in_one_click() -> None:
    list_one("70")
    watch = confirmed_watch()
    headers = sent(watch).message()
    url = headers["List-Unsubscribe"].strip("<>")
    assert url.startswith("https://voltaic.example/watch/unsubscribe/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    ends = watch_tokens.read_unsubscribe(url.rstrip("/").rpartition("/")[2])
    assert (ends.watch_id, ends.subscriber_id) == (watch.pk, watch.subscriber_id)


def test_date_and_message_id_are_those_of_the_mail() -> None:
    list_one("70")
    headers = sent(confirmed_watch()).message()
    assert abs(parsedate_to_datetime(headers["Date"]) - timezone.now()) < timedelta(minutes=1)
    assert headers["Message-ID"] == Alert.objects.get().message_id
    assert headers["Message-ID"].endswith("@voltaic.example>")
    assert headers["Auto-Submitted"] == "auto-generated"


def test_a_hostile_title_is_escaped_and_a_hostile_name_makes_no_header() -> None:
    list_one("70", title="<script>alert(1)</script> V100")
    watch = confirmed_watch(name="x\r\nBcc: all@example.org\r\n\r\n<b>hello", whole=True)
    letter = sent(watch)
    raw = letter.message()
    assert raw["Bcc"] is None
    assert letter.recipients() == ["one@example.org"]
    assert "\n" not in letter.subject
    html = letter.alternatives[0][0]
    assert "<script>" not in html
    assert "<b>hello" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; V100" in html


def test_a_suspicious_price_is_labelled() -> None:
    list_one("20")
    letter = sent(confirmed_watch())
    assert letter.subject.startswith("Suspiciously low: ")
    assert "read the listing with care" in letter.body


def test_a_daily_mail_holds_every_watch_and_stops_as_a_whole() -> None:
    list_one("70")
    first = confirmed_watch(delivery="daily")
    second = confirmed_watch(delivery="daily", target=Decimal(75))
    Watch.objects.filter(pk=first.pk).update(name="First")
    first.subscriber.digest_hour = 0
    first.subscriber.save()
    alerts.check_watch(second.pk, timezone.now())
    letter = sent(first)
    assert letter.subject.endswith("at 70.00 USD at your door and 1 more")
    assert letter.body.count("\n* NVIDIA") == 2
    url = letter.message()["List-Unsubscribe"].strip("<>")
    assert watch_tokens.read_unsubscribe(url.rstrip("/").rpartition("/")[2]).watch_id is None
    assert set(Alert.objects.values_list("state", flat=True)) == {"sent"}


def test_a_daily_mail_has_at_most_25_lines_and_the_rest_comes_in_another() -> None:
    list_one("60")
    watches = [confirmed_watch(delivery="daily", target=Decimal(61 + number)) for number in range(27)]
    watches[0].subscriber.digest_hour = 0
    watches[0].subscriber.save()
    for watch in watches:
        alerts.check_watch(watch.pk, timezone.now())
    for pk in alert_outbox.gather_digests(timezone.now()):
        alert_outbox.send("digest", pk, timezone.now())
    assert [str(letter.body).count("\n* NVIDIA") for letter in mail.outbox] == [25, 2]


def test_a_mail_of_a_lot_says_what_the_lot_costs() -> None:
    list_one("300", quantity=4)
    assert "300.00 USD for 4 pieces, free shipping" in sent(confirmed_watch()).body
