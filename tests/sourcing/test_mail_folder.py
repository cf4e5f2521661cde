"""The embedded mode writes mails to a folder, and reads them from it again."""

from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from sourcing import alert_outbox, alerts
from sourcing.mail_folder import kept_mails
from tests.sourcing.watches import confirmed_watch, list_one


@pytest.mark.django_db
def test_a_mail_that_was_written_is_read_again(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    list_one("70", title="V100 – 16 GB")
    (pk,) = alerts.check_watch(confirmed_watch().pk, timezone.now()).alerts
    assert alert_outbox.send("alert", pk, timezone.now()) == "sent"
    (kept,) = kept_mails(tmp_path)
    assert kept.subject == "NVIDIA Tesla V100 SXM2 16 GB at 70.00 USD at your door"
    assert kept.to == "one@example.org"
    assert kept.date is not None
    assert "V100 – 16 GB" in kept.text
    assert "<h1>" in kept.html
    assert "List-Unsubscribe" in dict(kept.headers)
    assert not hasattr(mail, "outbox") or mail.outbox == []


def test_without_a_folder_there_are_no_mails(tmp_path: Path) -> None:
    assert kept_mails(tmp_path / "mail") == ()
