"""eBay's notifications of closed accounts."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

TOKEN = "a-token-of-the-operators-own_0123456789"
ENDPOINT = "https://voltaic.example/sourcing/ebay/account-deletion/"
PATH = reverse("sourcing:ebay_account_deleted")


@pytest.fixture
def _configured(settings: Settings) -> None:
    settings.EBAY_DELETION_TOKEN, settings.EBAY_DELETION_ENDPOINT = TOKEN, ENDPOINT


@pytest.mark.usefixtures("_configured")
def test_the_challenge_is_answered_as_ebay_computes_it(client: Client) -> None:
    answer = client.get(PATH, {"challenge_code": "a8628072-3d33-45ee-9004-bee86830a22d"})
    told = f"a8628072-3d33-45ee-9004-bee86830a22d{TOKEN}{ENDPOINT}"
    assert answer.json() == {"challengeResponse": hashlib.sha256(told.encode()).hexdigest()}
    assert answer["Content-Type"] == "application/json"


@pytest.mark.usefixtures("_configured")
@pytest.mark.parametrize("code", ["", "x" * 201, "with space", "nul\x00", "ünicode"])
def test_a_challenge_that_is_none_is_refused(code: str, client: Client) -> None:
    assert client.get(PATH, {"challenge_code": code}).status_code == 400


@pytest.mark.usefixtures("_configured")
@pytest.mark.parametrize("body", ['{"notification": {"data": {"username": "somebody"}}}', "", "not json"])
def test_a_notification_is_taken_notice_of_without_a_csrf_token_and_leaves_no_trace(
    body: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = Client(enforce_csrf_checks=True).post(PATH, body, content_type="application/json")
    assert (answer.status_code, answer.content) == (200, b"")
    assert "somebody" not in caplog.text


def test_until_it_is_configured_there_is_no_such_address(client: Client, settings: Settings) -> None:
    settings.EBAY_DELETION_TOKEN, settings.EBAY_DELETION_ENDPOINT = "too-short", ENDPOINT
    assert client.get(PATH, {"challenge_code": "x"}).status_code == 404
    assert client.post(PATH).status_code == 404


@pytest.mark.usefixtures("_configured")
def test_other_methods_are_refused(client: Client) -> None:
    assert client.delete(PATH).status_code == 405
