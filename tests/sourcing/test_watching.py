"""A watch is made, confirmed, managed and ended by links in mails, and by nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from catalog.load import Counts, load_all
from catalog.models import Part
from sourcing import suppression, tasks, watch_limits, watch_purging, watch_tokens, watching
from sourcing.models import Alert, MailboxUse, Subscriber, Suppression, Watch, WatchLine
from sourcing.request_limits import TooMany
from sourcing.watch_tokens import BadToken
from sourcing.watch_wishes import InvalidWatch, Wish, normal_address
from tests.sourcing.watches import ADDRESS, PART, confirmed_watch, list_one, wish

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def _demo_marketplace(settings: Settings) -> Iterator[None]:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"
    cache.clear()
    yield
    cache.clear()


def create(on_commit: OnCommit, wished: Wish | None = None, address: str = ADDRESS, **more: Any) -> watching.Created:
    with on_commit(execute=True):
        return watching.create_watch(
            wished or wish(), address, "Europe/Berlin", more.pop("ip", "192.0.2.1"), timezone.now(), **more
        )


def link(kind: str, body: str | None = None) -> str:
    """The token of a link of the last mail."""
    found = re.search(rf"/watch/{kind}/([^/\s]+)/", body or str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def manage_token(subscriber: Subscriber) -> str:
    return watch_tokens.manage_token(subscriber)


# --- double opt-in --------------------------------------------------------------------------------------------


def test_a_new_watch_is_silent_until_the_button_behind_the_mailed_link(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    list_one("70")
    created = create(django_capture_on_commit_callbacks)
    assert created.watch is not None
    assert (created.confirmed, created.watch.confirmed_at) == (False, None)
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    token = link("confirm")
    assert watching.look_up(token) == created.watch
    created.watch.refresh_from_db()
    assert created.watch.confirmed_at is None  # looking at the page is not pressing its button
    with django_capture_on_commit_callbacks(execute=True):
        watching.confirm(token, timezone.now())
    # It was true already, so it fires at once.
    assert [one.subject for one in mail.outbox[1:]] == ["NVIDIA Tesla V100 SXM2 16 GB at 70.00 USD at your door"]


def test_confirming_twice_changes_nothing(django_capture_on_commit_callbacks: OnCommit) -> None:
    create(django_capture_on_commit_callbacks)
    token = link("confirm")
    first = watching.confirm(token, timezone.now()).confirmed_at
    assert watching.confirm(token, timezone.now()).confirmed_at == first


def test_the_words_of_a_stranger_are_not_mailed_to_who_has_confirmed_nothing(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    create(django_capture_on_commit_callbacks, wish(name="Buy my pills\r\nBcc: all@example.org"))
    (letter,) = mail.outbox
    assert "pills" not in letter.subject + str(letter.body)
    assert "Bcc" not in letter.message().as_string()


def test_the_same_watch_twice_is_one(django_capture_on_commit_callbacks: OnCommit) -> None:
    first = create(django_capture_on_commit_callbacks).watch
    assert create(django_capture_on_commit_callbacks).watch == first
    assert Watch.objects.count() == 1


def test_what_nobody_has_confirmed_takes_over_what_is_asked_last(django_capture_on_commit_callbacks: OnCommit) -> None:
    create(django_capture_on_commit_callbacks, wish(name="Of a stranger"))
    create(django_capture_on_commit_callbacks, wish(name="Mine", delivery="daily", refire_percent=Decimal(20)))
    mine = ("Mine", "daily", Decimal(20))
    assert Watch.objects.values_list("name", "delivery", "refire_percent").get() == mine
    watching.confirm(link("confirm"), timezone.now())
    create(django_capture_on_commit_callbacks, wish(name="Of a stranger"))
    assert Watch.objects.values_list("name", "delivery", "refire_percent").get() == mine


def test_a_paused_watch_that_is_asked_for_again_is_resumed_by_its_mail(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    watch = confirmed_watch()
    watching.pause_watch(manage_token(watch.subscriber), watch.pk, timezone.now())
    assert create(django_capture_on_commit_callbacks).watch == watch
    assert watching.look_up(link("confirm")).paused_at is not None  # asking alone resumes nothing
    resumed = watching.confirm(link("confirm"), timezone.now())
    assert (resumed.paused_at, resumed.confirmed_at) == (None, watch.confirmed_at)


def test_who_has_the_watch_already_gets_a_link_and_the_page_does_not_tell(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    create(django_capture_on_commit_callbacks)
    watching.confirm(link("confirm"), timezone.now())
    again = create(django_capture_on_commit_callbacks)
    assert again.confirmed is False
    assert mail.outbox[-1].subject == "Your watches"


def test_a_stranger_who_knows_an_address_changes_nothing_of_its_owner(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    Subscriber.objects.create(address=ADDRESS, time_zone="Asia/Tokyo", confirmed_at=timezone.now())
    create(django_capture_on_commit_callbacks)
    assert Subscriber.objects.get().time_zone == "Asia/Tokyo"


def test_a_watch_made_on_the_manage_page_needs_no_second_mail(django_capture_on_commit_callbacks: OnCommit) -> None:
    owner = Subscriber.objects.create(address=ADDRESS, confirmed_at=timezone.now())
    created = create(django_capture_on_commit_callbacks, address="", manage_token=manage_token(owner))
    assert created.confirmed
    assert Watch.objects.get().subscriber == owner
    assert mail.outbox == []


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": (("nothing", 1),)}, "lines"), ({"lines": ()}, "lines"), ({"lines": ((PART, 0),)}, "lines"),
        ({"lines": ((PART, 1), ("v100-sxm2-32gb", 1))}, "lines"), ({"condition": "cheap"}, "condition"),
        ({"target": None}, "target"), ({"target": Decimal(0)}, "target"), ({"target": Decimal("NaN")}, "target"),
        ({"condition": "level"}, "percent"), ({"condition": "level", "percent": Decimal(95)}, "percent"),
        ({"currency": "XAG"}, "currency"), ({"price": "shipped"}, "price"), ({"marketplace": "bazaar"}, "marketplace"),
        ({"country": "ZZ", "region": ""}, "country"), ({"region": "ZZ"}, "region"),
        ({"delivery": "hourly"}, "delivery"),
        ({"offer_condition": "broken"}, "offer_condition"), ({"offer_country": "USA"}, "offer_country"),
        ({"refire_percent": Decimal(0)}, "refire_percent"), ({"clearance_usd": Decimal(-1)}, "clearance_usd"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_used_says_which_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidWatch) as refused:
        watching.create_watch(wish(**changes), ADDRESS, "UTC", "192.0.2.1", timezone.now())
    assert [error.field for error in refused.value.errors] == [field]
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "a b@example.org", "a@example.org\nBcc: b@example.org", "ä@x.org",
        *(f'"a{mark}b"@example.org' for mark in "\x0b\x0c\x1c\x1d\x1e\x1f\x7f\x85,x"),
        "a@localhost", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@ex＠mple.org", "a@example.org．",
    ],
)  # fmt: skip
def test_what_is_no_address_that_can_stand_in_a_header_is_refused(address: str) -> None:
    with pytest.raises(InvalidWatch):
        normal_address(address)


@pytest.mark.parametrize("domain", ["mailinator.com", "x.mailinator.com"])
def test_a_mailbox_that_anybody_can_read_is_refused_with_the_reason(domain: str) -> None:
    with pytest.raises(InvalidWatch, match=f"mails to {domain} can be read by anybody: give an address of your own"):
        normal_address(f"me@{domain}")
    assert normal_address("me@notmailinator.com")


def test_an_address_is_stored_once_however_it_is_written() -> None:
    assert normal_address(" One@Example.ORG ") == "one@example.org"
    assert normal_address("one@bücher.example") == "one@xn--bcher-kva.example"


@given(st.text(max_size=40) | st.text(max_size=20).map(lambda text: f'"{text}"@example.org'))
def test_an_address_is_of_plain_characters_only(text: str) -> None:
    try:
        address = normal_address(text)
    except InvalidWatch:
        return
    assert all("!" <= character <= "~" for character in address)


def test_a_time_zone_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidWatch, match="time zone"):
        watching.create_watch(wish(), ADDRESS, "Mars/Olympus", "192.0.2.1", timezone.now())


def test_parts_that_nobody_is_asked_for_are_left_out_of_a_build(django_capture_on_commit_callbacks: OnCommit) -> None:
    lines = ((PART, 4), ("existing-pc", 1))
    created = create(django_capture_on_commit_callbacks, wish(lines=lines, whole=True, target=Decimal(500)))
    assert [line.slug for line in Watch.objects.get().lines.all()] == [PART]
    assert len(created.left_out) == 1


# --- limits ---------------------------------------------------------------------------------------------------


def test_an_address_is_not_flooded(django_capture_on_commit_callbacks: OnCommit) -> None:
    for _ in range(watch_limits.MOST_MAILS_AN_HOUR + 1):
        create(django_capture_on_commit_callbacks)
    assert len(mail.outbox) == watch_limits.MOST_MAILS_AN_HOUR
    with django_capture_on_commit_callbacks(execute=True):
        watching.request_manage_link(ADDRESS, "192.0.2.1", timezone.now())
    assert mail.outbox[-1].subject == "Your watches", "who uses up one kind of mail leaves the owner the other"


@pytest.mark.parametrize("again", ["tag", "deleted"])
def test_a_mailbox_is_counted_whatever_is_made_of_its_address(
    django_capture_on_commit_callbacks: OnCommit, again: str
) -> None:
    for number in range(watch_limits.MOST_MAILS_AN_HOUR + 2):
        create(django_capture_on_commit_callbacks, address=f"one+{number}@example.org" if again == "tag" else ADDRESS)
        if again == "deleted":
            Subscriber.objects.all().delete()
    assert len(mail.outbox) == watch_limits.MOST_MAILS_AN_HOUR
    assert ADDRESS not in str(MailboxUse.objects.values())


def test_a_count_begins_anew_after_its_hour_and_its_day() -> None:
    start = timezone.now()
    for hour in range(3):
        for _ in range(3 if hour < 2 else 2):
            watch_limits.count_mail(ADDRESS, "confirm", start + timedelta(hours=hour))
    with pytest.raises(TooMany, match="Several mails"):
        watch_limits.count_mail(ADDRESS, "confirm", start + timedelta(hours=5))
    watch_limits.count_mail(ADDRESS, "confirm", start + timedelta(days=1))
    watch_purging.purge(start + timedelta(days=1, hours=1))
    assert MailboxUse.objects.exists()
    watch_purging.purge(start + timedelta(days=2, hours=1))
    assert not MailboxUse.objects.exists()


def test_an_address_has_only_so_many_unconfirmed_watches(django_capture_on_commit_callbacks: OnCommit) -> None:
    for number in range(watch_limits.MOST_UNCONFIRMED):
        create(django_capture_on_commit_callbacks, wish(target=Decimal(50 + number)))
    MailboxUse.objects.all().delete()
    assert create(django_capture_on_commit_callbacks).watch is None
    assert len(mail.outbox) == watch_limits.MOST_UNCONFIRMED
    owner = manage_token(Subscriber.objects.get())
    assert create(django_capture_on_commit_callbacks, manage_token=owner).confirmed, "strangers do not lock it"


def test_a_network_may_ask_so_often_an_hour(django_capture_on_commit_callbacks: OnCommit) -> None:
    for number in range(watch_limits.MOST_REQUESTS_AN_HOUR):
        watch_limits.count_request(f"2001:db8::{number:x}")  # one household's network
    with pytest.raises(TooMany, match="network"):
        watch_limits.count_request("2001:db8::ffff")
    watch_limits.count_request("2001:db8:1::1")


def test_an_ipv4_address_within_ipv6_is_that_address() -> None:
    for _ in range(watch_limits.MOST_REQUESTS_AN_HOUR):
        watch_limits.count_request("::ffff:198.51.100.1")
    with pytest.raises(TooMany):
        watch_limits.count_request("198.51.100.1")
    watch_limits.count_request("::ffff:203.0.113.7")


def test_a_broker_that_is_down_stops_no_page_and_the_sweep_makes_good(
    django_capture_on_commit_callbacks: OnCommit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setattr(tasks.send_mail, "delay", Mock(side_effect=OperationalError("no broker")))
        create(django_capture_on_commit_callbacks)
    assert mail.outbox == []
    tasks.send_due()
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]


# --- the manage page ------------------------------------------------------------------------------------------


def test_a_link_to_all_watches_is_mailed_and_who_asks_learns_nothing(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    watch = confirmed_watch()
    with django_capture_on_commit_callbacks(execute=True):
        watching.request_manage_link("nobody@example.org", "192.0.2.1", timezone.now())
        watching.request_manage_link(ADDRESS, "192.0.2.1", timezone.now())
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert watching.manage(link("manage")).watches == (watch,)


def test_links_expire_and_are_good_for_their_purpose_only(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = confirmed_watch()
    token = manage_token(watch.subscriber)
    for read in (watching.confirm, watching.unsubscribe):
        with pytest.raises(BadToken):
            read(token, timezone.now())
    monkeypatch.setattr(watch_tokens, "MANAGE_LIVES", timedelta(seconds=-1))
    with pytest.raises(BadToken, match="expired"):
        watching.manage(token)


def test_a_link_that_was_tampered_with_opens_nothing() -> None:
    token = manage_token(confirmed_watch().subscriber)
    for wrong in (token[:-1], token.replace(":", "", 1), "", "x" * 200):
        with pytest.raises(BadToken):
            watching.manage(wrong)


def test_nobody_touches_the_watch_of_another() -> None:
    mine, other = confirmed_watch(), confirmed_watch("other@example.org")
    token = manage_token(mine.subscriber)
    for act in (
        lambda: watching.delete_watch(token, other.pk),
        lambda: watching.pause_watch(token, other.pk, timezone.now()),
        lambda: watching.resume_watch(token, other.pk),
        lambda: watching.edit_watch(token, other.pk, wish(), timezone.now()),
    ):
        with pytest.raises(Watch.DoesNotExist):
            act()


def test_a_changed_target_is_looked_at_anew(django_capture_on_commit_callbacks: OnCommit) -> None:
    list_one("90")
    watch = confirmed_watch()
    with django_capture_on_commit_callbacks(execute=True):
        watching.edit_watch(manage_token(watch.subscriber), watch.pk, wish(target=Decimal(95)), timezone.now())
    assert [one.subject for one in mail.outbox] == ["NVIDIA Tesla V100 SXM2 16 GB at 90.00 USD at your door"]


def test_a_watch_that_has_lost_a_part_cannot_be_changed_into_one_on_the_rest() -> None:
    watch = confirmed_watch(whole=True)
    WatchLine.of(watch, Part.objects.get(slug="v100-sxm2-32gb"), 2).save()
    Part.objects.get(slug=PART).delete()
    with pytest.raises(InvalidWatch, match="NVIDIA Tesla V100 SXM2 16 GB left the catalog"):
        watching.edit_watch(manage_token(watch.subscriber), watch.pk, wish(), timezone.now())
    assert [(line.slug, line.part_id is None) for line in watch.lines.all()] == [
        (PART, True), ("v100-sxm2-32gb", False),
    ]  # fmt: skip


def test_loading_the_catalog_gives_watches_their_parts_back_and_calls_them_as_it_does() -> None:
    watch = confirmed_watch(checked_at=timezone.now())
    Part.objects.get(slug=PART).delete()
    WatchLine.of(watch, Part.objects.get(slug="v100-sxm2-32gb")).save()
    WatchLine.objects.filter(slug="v100-sxm2-32gb").update(name="As it was called")
    for done in (Counts(updated=2), Counts()):
        assert load_all()["watches"] == done
    watch.refresh_from_db()
    assert (watch.gone, watch.checked_at) == ((), None)
    assert {line.name for line in watch.lines.all()} == {
        "NVIDIA Tesla V100 SXM2 16 GB", "NVIDIA Tesla V100 SXM2 32 GB",
    }  # fmt: skip


def test_a_changed_name_is_no_other_watch(django_capture_on_commit_callbacks: OnCommit) -> None:
    list_one("70")
    watch = confirmed_watch()
    token = manage_token(watch.subscriber)
    for name in ("First", "Second"):
        with django_capture_on_commit_callbacks(execute=True):
            watching.edit_watch(token, watch.pk, wish(name=name), timezone.now())
    assert len(mail.outbox) == 1
    watch.refresh_from_db()
    assert watch.name == "Second"


def test_preferences_are_kept() -> None:
    watch = confirmed_watch()
    watching.set_preferences(manage_token(watch.subscriber), "Europe/Berlin", 19)
    watch.subscriber.refresh_from_db()
    assert (watch.subscriber.time_zone, watch.subscriber.digest_hour) == ("Europe/Berlin", 19)


def test_deleting_all_data_leaves_nothing_and_ends_every_link() -> None:
    watch = confirmed_watch()
    token = manage_token(watch.subscriber)
    watching.delete_everything(token)
    assert not Subscriber.objects.exists()
    assert not Watch.objects.exists()
    with pytest.raises(BadToken):
        watching.manage(token)


# --- stopping -------------------------------------------------------------------------------------------------


def test_unsubscribing_stops_the_watch_of_the_mail_and_what_is_waiting(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    list_one("70")
    watch, other = confirmed_watch(), confirmed_watch(target=Decimal(60))
    token = watch_tokens.unsubscribe_token(watch.subscriber_id, watch.pk)
    assert watching.what_it_ends(token) == (watch,)
    watch.refresh_from_db()
    assert watch.paused_at is None  # a GET of the page stops nothing
    assert watching.unsubscribe(token, timezone.now()) == 1
    assert watching.unsubscribe(token, timezone.now()) == 0
    assert set(Watch.objects.active()) == {other}


def test_unsubscribing_from_the_daily_mail_stops_all_that_comes_in_it() -> None:
    daily, at_once = confirmed_watch(delivery="daily"), confirmed_watch(target=Decimal(60))
    watching.unsubscribe(watch_tokens.unsubscribe_token(daily.subscriber_id), timezone.now())
    assert set(Watch.objects.active()) == {at_once}


def test_unsubscribing_works_when_the_watch_is_gone_already() -> None:
    watch = confirmed_watch()
    token = watch_tokens.unsubscribe_token(watch.subscriber_id, watch.pk)
    watch.delete()
    assert watching.unsubscribe(token, timezone.now()) == 0


def test_an_address_that_mails_came_back_from_is_not_written_to_and_only_its_owner_is_told(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    owner = manage_token(confirmed_watch().subscriber)
    suppression.suppress(ADDRESS, "bounced", timezone.now())
    assert create(django_capture_on_commit_callbacks).watch is None
    assert mail.outbox == []
    with pytest.raises(InvalidWatch, match="came back"):
        create(django_capture_on_commit_callbacks, manage_token=owner)
    assert ADDRESS not in str(Suppression.objects.values())


def test_what_nobody_confirmed_is_deleted_after_its_link_has_expired(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    create(django_capture_on_commit_callbacks)
    kept = confirmed_watch("other@example.org")
    Watch.objects.filter(confirmed_at=None).update(created_at=timezone.now() - timedelta(days=6, hours=23))
    create(django_capture_on_commit_callbacks)
    watch_purging.purge(timezone.now() + timedelta(hours=2))
    assert watching.look_up(link("confirm")), "its newest link is good for seven days more"
    watch_purging.purge(timezone.now() + timedelta(days=8))
    assert list(Watch.objects.all()) == [kept]
    assert [one.address for one in Subscriber.objects.all()] == ["other@example.org"]
    assert not Alert.objects.exists()
