"""Pages of watches: from the form over the mail to the button, and how one gets out again."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import CatalogRevision, Part
from sourcing import suppression, watch_limits
from sourcing.models import Alert, MailboxUse, Subscriber, Suppression, Watch, WatchLine
from sourcing.watch_tokens import confirm_token, manage_token, unsubscribe_token
from tests.sourcing.test_offers import list_one

pytestmark = pytest.mark.django_db
PART = "v100-sxm2-32gb"
ANN = "ann@example.org"
FORM = {
    "lines": PART, "condition": "target", "target": "500", "currency": "USD", "percent": "15", "price": "item",
    "country": "US", "region": "TX", "refire_percent": "5", "delivery": "at-once", "time_zone": "Europe/Berlin",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet(settings: Settings) -> None:
    cache.clear()
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"


@pytest.fixture
def ask(client: Client, django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """Posts to a page, and lets what waits for the commit happen."""

    def post(path: str, data: dict[str, str] | None = None, **more: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, data or {}, **more)

    return post


@pytest.fixture
def watch(ask: Callable[..., Any]) -> Watch:
    """One that its owner has confirmed."""
    ask("/watch/new/", FORM | {"address": ANN})
    made = Watch.objects.get()
    ask(f"/watch/confirm/{confirm_token(made)}/")
    made.refresh_from_db()
    return made


def text(response: Any) -> str:
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(body).split())


def link_in(message: Any, page: str) -> str:
    found = re.search(rf"https?://[^/]+(/watch/{page}/[^/\s]+/)", message.body)
    assert found is not None
    return found[1]


def test_from_the_form_over_the_mail_to_the_button(client: Client, ask: Callable[..., Any]) -> None:
    response = ask("/watch/new/", FORM | {"address": ANN})
    assert "Look at your mails" in text(response)
    (message,) = mail.outbox
    path = link_in(message, "confirm")
    assert "Yes, watch it" in text(client.get(path))
    assert Watch.objects.get().confirmed_at is None, "looking confirms nothing"
    assert "Confirmed" in text(ask(path))
    assert Watch.objects.get().confirmed_at is not None


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("target", "when the price of NVIDIA Tesla V100 SXM2 32 GB falls"),
        ("stock", "when NVIDIA Tesla V100 SXM2 32 GB is on offer again"),
    ],
)
def test_the_page_with_the_button_shows_all_that_is_confirmed(
    condition: str, sentence: str, client: Client, ask: Callable[..., Any]
) -> None:
    wanted = {"address": ANN, "condition": condition, "name": "For <i>the attic</i>", "delivery": "daily"}
    ask("/watch/new/", FORM | wanted)
    page = text(client.get(link_in(mail.outbox[0], "confirm")))
    told = "Below 500.00 USD as listed" if condition == "target" else "On offer again"
    for words in (sentence, told, "For <i>the attic</i>", "Texas, United States", "once a day"):
        assert words in page
    assert ("again at 5 % less" in page) is (condition == "target")


def test_a_watch_for_stock_that_has_told_waits_for_no_lower_price(watch: Watch, client: Client) -> None:
    Watch.objects.update(condition="stock", state="fired")
    page = text(client.get(f"/watch/manage/{manage_token(watch.subscriber)}/"))
    assert "waits until it is gone and on offer anew" in page
    assert "lower price" not in page


def test_a_confirmed_watch_looks_at_once_and_tells_what_is_there_already(ask: Callable[..., Any]) -> None:
    list_one(
        Part.objects.get(slug=PART), "450", marketplace="demo", first_seen=timezone.now(), last_seen=timezone.now()
    )
    ask("/watch/new/", FORM | {"address": ANN})
    ask(link_in(mail.outbox[0], "confirm"))
    assert [message.subject for message in mail.outbox[1:]] == [
        "NVIDIA Tesla V100 SXM2 32 GB at 450.00 USD without shipping"
    ]
    assert Alert.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"address": "not-an-address"}, "Enter a valid email address."),
        ({"address": ""}, "Give an e-mail address, such as name@example.org."),
        ({"address": "ann@example.org\nBcc: all@example.org"}, "Enter a valid email address."),
        ({"target": "0"}, "Give a price above zero, such as 80."),
        ({"target": "-5"}, "Give a price above zero, such as 80."),
        ({"target": ""}, "Give a price above zero, below which you want to know, such as 80."),
        ({"target": "NaN"}, "Enter a number."),
        ({"condition": "rumour"}, "Select a valid choice"),
        ({"price": "landed", "region": ""}, "Choose where it goes"),
        ({"clearance_usd": "-1"}, "greater than or equal to 0"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"refire_percent": "0"}, "greater than or equal to 1"),
        ({"condition": "level", "percent": "95"}, "less than or equal to 90"),
        ({"lines": "v100-sxm2-32gb:0"}, "Name parts of the catalog, each with 1 to 100 pieces."),
        ({"lines": "v100-sxm2-32gb,quad-board-taq-sxm2-4p5a5"}, "Name one part, or ask for the price of the whole."),
    ],
)
def test_what_cannot_be_watched_is_said_and_nothing_is_lost(
    given: dict[str, str], sentence: str, ask: Callable[..., Any]
) -> None:
    response = ask("/watch/new/", FORM | {"address": ANN, "name": "For the attic"} | given)
    assert response.status_code == 422
    assert sentence in text(response)
    assert "For the attic" in response.content.decode()
    assert not Watch.objects.exists()
    assert not mail.outbox


def test_parts_that_do_not_exist_lead_to_the_list_of_parts(client: Client) -> None:
    assert "Which part?" in text(client.get("/watch/new/?part=no-such-part"))
    assert "Which part?" in text(client.get("/watch/new/"))


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(watch: Watch, ask: Callable[..., Any]) -> None:
    def without_token(response: Any) -> str:
        return re.sub(r'value="[^"]{60,}"', "", response.content.decode())

    known, unknown = (ask("/watch/link/", {"address": one}) for one in (ANN, "bob@example.org"))
    assert (known.status_code, without_token(known)) == (unknown.status_code, without_token(unknown))
    again, fresh = (ask("/watch/new/", FORM | {"address": one}) for one in (ANN, "eve@example.org"))
    assert (again.status_code, without_token(again)) == (fresh.status_code, without_token(fresh))


def asked_often(watch: Watch) -> None:
    for kind in ("confirm", "manage"):
        for _ in range(3):
            watch_limits.count_mail(ANN, kind, timezone.now())


def with_fifty(watch: Watch) -> None:
    Watch.objects.bulk_create(
        Watch(subscriber=watch.subscriber, name="x", condition="stock", price="item", confirmed_at=timezone.now())
        for _ in range(49)
    )


def with_three_unconfirmed(watch: Watch) -> None:
    Watch.objects.bulk_create(
        Watch(subscriber=watch.subscriber, name="x", condition="stock", price="item") for _ in range(3)
    )


def suppressed(watch: Watch) -> None:
    suppression.suppress(ANN, "bounced", timezone.now())


@pytest.mark.parametrize("limit", [asked_often, with_fifty, with_three_unconfirmed, suppressed])
def test_a_limit_of_an_address_is_told_to_nobody(
    limit: Callable[[Watch], None], watch: Watch, ask: Callable[..., Any]
) -> None:
    MailboxUse.objects.all().delete()
    limit(watch)
    mail.outbox.clear()
    known, unknown = (ask("/watch/new/", FORM | {"address": one, "target": "450"}) for one in (ANN, "bob@example.org"))
    assert (known.status_code, text(known)) == (unknown.status_code, text(unknown)) == (200, text(unknown))
    assert [letter.to for letter in mail.outbox] == [["bob@example.org"]]


def test_the_preview_says_whether_it_would_fire_and_stores_nothing(ask: Callable[..., Any]) -> None:
    list_one(
        Part.objects.get(slug=PART), "450", marketplace="demo", first_seen=timezone.now(), last_seen=timezone.now()
    )
    fires = ask("/watch/new/", FORM | {"preview": "1"}, headers={"HX-Request": "true"})
    assert "Yes: a piece at 450.00 USD meets your target of 500.00 USD" in text(fires)
    assert "A mail would go out as soon as it is confirmed." in text(fires)
    assert "<html" not in fires.content.decode()
    silent = ask("/watch/new/", FORM | {"preview": "1", "target": "400"})
    assert silent.status_code == 200
    assert "Would it tell you now? No:" in text(silent)
    assert not Watch.objects.exists()


def test_a_form_that_was_only_opened_says_what_is_missing_and_blames_nobody(client: Client) -> None:
    page = client.get(f"/watch/new/?part={PART}")
    assert "Not known yet: choose your state or province." in text(page)
    assert 'aria-invalid="true"' not in page.content.decode()


def test_targets_are_suggested_with_their_reason(client: Client) -> None:
    assert "is the floor of the published band" in text(client.get(f"/watch/new/?part={PART}"))


def test_a_build_is_watched_as_the_price_of_all_its_parts(client: Client, ask: Callable[..., Any]) -> None:
    page = client.get("/build/?model=llama-3.1-8b&gpu=v100-sxm2-32gb&gpu_count=2").content.decode()
    path = unescape(re.search(r'href="(/watch/new/\?[^"]+)"', page)[1])  # type: ignore[index]
    form = client.get(path).content.decode()
    assert "2 × " in form
    lines = re.search(r'name="lines" value="([^"]+)"', form)[1]  # type: ignore[index]
    response = ask("/watch/new/", FORM | {"address": ANN, "lines": lines, "whole": "True", "target": "900"})
    assert response.status_code == 200
    assert {line.slug: line.quantity for line in Watch.objects.get().lines.all()} == {PART: 2}


def test_the_manage_page_pauses_resumes_changes_and_deletes(
    watch: Watch, client: Client, ask: Callable[..., Any]
) -> None:
    path = f"/watch/manage/{manage_token(watch.subscriber)}/"
    assert watch.name in text(client.get(path))
    ask(path, {"do": "pause", "watch": str(watch.pk)})
    assert "Paused." in text(client.get(path))
    ask(path, {"do": "resume", "watch": str(watch.pk)})
    assert "Waiting." in text(client.get(path))
    assert ask(f"{path}{watch.pk}/", FORM | {"target": "333.50"}).status_code == 302
    assert "333.50 USD" in text(client.get(path))
    assert ask(f"{path}{watch.pk}/", FORM | {"target": "-1"}).status_code == 422
    ask(path, {"do": "preferences", "time_zone": "Asia/Tokyo", "digest_hour": "21"})
    subscriber = Subscriber.objects.get()
    assert (subscriber.time_zone, subscriber.digest_hour) == ("Asia/Tokyo", 21)
    ask(path, {"do": "delete", "watch": str(watch.pk)})
    assert not Watch.objects.exists()


def test_who_comes_from_their_watches_makes_another_without_a_second_mail(
    watch: Watch, client: Client, ask: Callable[..., Any]
) -> None:
    token = manage_token(watch.subscriber)
    mail.outbox.clear()
    went = ask(f"/watch/manage/{token}/", {"do": "another"})
    assert went["Location"] == "/parts/"
    cookie = went.cookies["watch_owner"]
    flags = (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"])
    assert flags == ("/watch/new/", True, "Strict", 3600)
    page = client.get(f"/watch/new/?part={PART}")
    assert f"A mail to {ANN} when it falls. You come from your watches" in text(page)
    assert 'name="address"' not in page.content.decode()
    assert token not in page.content.decode()
    made = ask("/watch/new/", {**FORM, "target": "400"})
    assert made["Location"] == f"/watch/manage/{token}/"
    assert "It watches. No second mail was needed." in text(client.get(made["Location"]))
    assert Watch.objects.filter(target=400, subscriber=watch.subscriber, confirmed_at__isnull=False).exists()
    assert mail.outbox == []
    # Another address is asked for, and then nobody is known any more.
    asked = ask("/watch/new/", {**FORM, "other_address": "1"})
    assert 'name="address"' in asked.content.decode()
    assert 'aria-invalid="true"' not in asked.content.decode()
    assert 'name="address"' in client.get(f"/watch/new/?part={PART}").content.decode()


def test_nobody_is_known_by_a_cookie_that_is_forged_old_or_of_a_link_that_was_ended(
    watch: Watch, client: Client, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/watch/manage/{manage_token(watch.subscriber)}/"

    def is_known() -> bool:
        return ANN in text(client.get(f"/watch/new/?part={PART}"))

    client.cookies["watch_owner"] = manage_token(watch.subscriber)
    assert not is_known()
    ask(path, {"do": "another"})
    assert is_known()
    assert ANN not in text(Client().get(f"/watch/new/?part={PART}"))
    with monkeypatch.context() as later:
        later.setattr("django.core.signing.time.time", lambda: (timezone.now() + timedelta(minutes=61)).timestamp())
        assert not is_known()
    Subscriber.objects.update(token_version=1)
    assert not is_known()


def test_the_manage_page_says_which_part_left_the_catalog_and_offers_the_rest(
    watch: Watch, client: Client, ask: Callable[..., Any]
) -> None:
    Watch.objects.update(whole=True, target=700)
    WatchLine.of(watch, Part.objects.get(slug="v100-sxm2-16gb"), 4).save()
    path = f"/watch/manage/{manage_token(watch.subscriber)}/"
    Part.objects.get(slug=PART).delete()
    CatalogRevision.objects.bump()
    page = client.get(path)
    assert "NVIDIA Tesla V100 SXM2 32 GB left the catalog, and the rest would be another price." in text(page)
    assert "It cannot tell you anything." in text(page)
    assert f'href="{path}{watch.pk}/"' not in page.content.decode()
    assert client.get(f"{path}{watch.pk}/")["Location"] == path
    went = ask(path, {"do": "rest", "watch": str(watch.pk)})
    form = client.get(went["Location"])
    assert f"A mail to {ANN}" in text(form)
    assert "4 × NVIDIA Tesla V100 SXM2 16 GB" in text(form)
    assert 'value="700.00"' in form.content.decode()
    said = text(client.get(f"/watch/new/?lines={PART},v100-sxm2-16gb&whole=True&target=700&price=item"))
    assert f"Not known yet: {PART} is not in the catalog, or not any more." in said
    Watch.objects.update(whole=False)
    WatchLine.objects.exclude(slug=PART).delete()
    assert "left the catalog. Delete this watch;" in text(client.get(path))
    assert ask(path, {"do": "rest", "watch": "0"}).status_code == 404


def test_everything_of_a_person_can_be_deleted(watch: Watch, client: Client, ask: Callable[..., Any]) -> None:
    path = f"/watch/manage/{manage_token(watch.subscriber)}/"
    ask(path, {"do": "delete-everything"})
    assert not Subscriber.objects.exists()
    assert not Watch.objects.exists()
    assert client.get(path).status_code == 410


def test_nobody_reaches_the_watches_of_another(watch: Watch, ask: Callable[..., Any]) -> None:
    other = Subscriber.objects.create(address="bob@example.org")
    path = f"/watch/manage/{manage_token(other)}/"
    assert ask(path, {"do": "delete", "watch": str(watch.pk)}).status_code == 404
    assert ask(path, {"do": "delete", "watch": "9" * 5000}).status_code == 404
    assert ask(f"{path}{watch.pk}/", FORM).status_code == 404
    assert Watch.objects.filter(pk=watch.pk).exists()


def test_unsubscribing_takes_a_post_and_needs_no_cookie(watch: Watch) -> None:
    path = f"/watch/unsubscribe/{unsubscribe_token(watch.subscriber_id, watch.pk)}/"
    scanner = Client(enforce_csrf_checks=True)
    assert "Stop these mails?" in text(scanner.get(path))
    scanner.head(path)
    watch.refresh_from_db()
    assert watch.paused_at is None
    # What a mail program sends by RFC 8058.
    response = scanner.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    watch.refresh_from_db()
    assert watch.paused_at is not None


@pytest.mark.parametrize("kind", ["confirm", "manage"])
@pytest.mark.parametrize("deleted", [False, True])
def test_who_wants_no_mails_at_all_gets_none_whoever_asks(
    kind: str, deleted: bool, client: Client, ask: Callable[..., Any]
) -> None:
    ask("/watch/new/", FORM | {"address": "ann+shop@example.org"})
    if kind == "manage":
        ask("/watch/link/", {"address": "ann+shop@example.org"})
    path = link_in(mail.outbox[-1], "never")
    assert "Never write to you again?" in text(client.get(path))
    assert not Suppression.objects.exists(), "looking ends nothing"
    if deleted:
        Subscriber.objects.all().delete()
    assert "Nothing more is sent to you" in text(ask(path))
    assert not Subscriber.objects.filter(suppressed_at=None).exists()
    mail.outbox.clear()
    for address in (ANN, "ann+shop@example.org", "ann+other@example.org"):
        assert "Look at your mails" in text(ask("/watch/new/", FORM | {"address": address, "target": "450"}))
        ask("/watch/link/", {"address": address})
    assert not mail.outbox
    assert "ann" not in str(Suppression.objects.values())


@pytest.mark.parametrize("page", ["confirm", "manage", "unsubscribe", "never"])
def test_a_link_that_was_tampered_with_or_is_of_another_page_leads_to_a_clear_page(
    page: str, watch: Watch, client: Client
) -> None:
    others = {"confirm": manage_token(watch.subscriber), "manage": unsubscribe_token(watch.subscriber_id, watch.pk),
              "unsubscribe": confirm_token(watch), "never": manage_token(watch.subscriber)}  # fmt: skip
    for token in ("rubbish", others[page], others[page][:-2] + "xx", "%00"):
        response = client.get(f"/watch/{page}/{token}/")
        assert response.status_code == 404
        assert ANN not in response.content.decode()


def test_an_expired_link_says_so_and_offers_a_new_one(
    watch: Watch, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = manage_token(watch.subscriber)
    later = (timezone.now() + timedelta(days=15)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    response = client.get(f"/watch/manage/{token}/")
    assert response.status_code == 410
    assert "This link has expired" in text(response)
    assert "/watch/link/" in response.content.decode()


def test_a_network_that_asks_too_often_is_told_to_wait(ask: Callable[..., Any]) -> None:
    for number in range(21):
        response = ask("/watch/link/", {"address": f"person{number}@example.org"})
    assert response.status_code == 422
    assert "Too many requests from your network" in text(response)


def test_pages_with_a_secret_in_their_address_tell_no_other_site_and_no_search_engine(
    watch: Watch, client: Client
) -> None:
    response = client.get(f"/watch/manage/{manage_token(watch.subscriber)}/")
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_a_hostile_name_is_text_in_pages_and_one_line_in_mails(ask: Callable[..., Any], client: Client) -> None:
    ask("/watch/new/", FORM | {"address": ANN, "name": "<script>alert(1)</script>\r\nBcc: all@example.org"})
    watch = Watch.objects.get()
    page = client.get(f"/watch/manage/{manage_token(watch.subscriber)}/").content.decode()
    assert "<script>alert" not in page
    assert "\n" not in mail.outbox[0].subject


def test_kept_mails_are_for_this_machine_and_for_no_server_only(
    client: Client, settings: Settings, tmp_path: Any
) -> None:
    settings.EMAIL_FILE_PATH, settings.MAILS_SHOWN = str(tmp_path), True
    assert client.get("/dev/mail/").status_code == 200
    assert client.get("/dev/mail/", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 404
    settings.ALLOWED_HOSTS = ["voltaic.example"]
    assert client.get("/dev/mail/", headers={"host": "voltaic.example"}).status_code == 404
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    assert client.get("/dev/mail/", headers={"host": "localhost"}, REMOTE_ADDR="203.0.113.9").status_code == 404
    settings.MAILS_SHOWN = False
    assert client.get("/dev/mail/").status_code == 404
