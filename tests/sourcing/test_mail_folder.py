"""The embedded mode writes mails to a folder, and reads them from it again."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from sourcing import alert_outbox, alerts, watch_purging, watch_tokens, watching
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


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """One mail to each of two people, the first of them from 30 days ago."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    for address in ("one@example.org", "someone@example.org"):
        mail.EmailMessage("A subject", f"To {address}", None, [address]).send()
    old = (timezone.now() - timedelta(days=30, minutes=1)).timestamp()
    (first,) = (file for file in tmp_path.iterdir() if b"To one@" in file.read_bytes())
    os.utime(first, (old, old))
    return tmp_path


def recipients(folder: Path) -> list[str]:
    return [kept.to for kept in kept_mails(folder)]


@pytest.mark.django_db
def test_who_deletes_all_that_is_theirs_deletes_the_kept_mails(
    folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    token = watch_tokens.manage_token(confirmed_watch().subscriber)
    with django_capture_on_commit_callbacks(execute=True):
        watching.delete_everything(token)
    assert recipients(folder) == ["someone@example.org"]


@pytest.mark.django_db
def test_kept_mails_are_deleted_after_30_days(folder: Path) -> None:
    for _ in range(2):
        watch_purging.purge(timezone.now())
        assert recipients(folder) == ["someone@example.org"]


def test_without_a_folder_there_are_no_mails(tmp_path: Path) -> None:
    assert kept_mails(tmp_path / "mail") == ()
