"""From a marketplace to stored prices: tasks, command line, status page and admin, against the demo marketplace."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.models import Part
from sourcing import schedule, tasks
from sourcing.demo.state import state
from sourcing.listing_models import DailyPrice, Listing, Poll, PriceObservation
from sourcing.marketplaces import breaker
from sourcing.reading import RULES
from tests.sourcing.marketplaces.conftest import Demo
from tests.sourcing.marketplaces.conftest import _nothing_kept as _nothing_kept
from tests.sourcing.marketplaces.conftest import demo as demo

PART = "v100-sxm2-16gb"


def run_poll(*arguments: str) -> str:
    said = io.StringIO()
    call_command("poll", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_stores_what_the_market_really_offers(demo: Demo) -> None:
    said = run_poll(PART)
    assert f"demo {PART}: " in said
    stored = {
        listing.external_id: (listing.price, listing.quantity)
        for listing in Listing.objects.accepted().filter(part__slug=PART)
    }
    assert stored
    truth = {one.item_id: one for one in state(demo.market.now()).listings}
    for external_id, (price, quantity) in stored.items():
        real = truth[external_id]
        assert (real.good.part, real.good.quantity, real.price) == (PART, quantity, price)
    assert DailyPrice.objects.filter(part__slug=PART).count() == 1


def test_the_command_says_what_is_wrong_with_its_question(demo: Demo, settings: Any) -> None:
    with pytest.raises(CommandError, match="v100-sxm2-16gb"):
        run_poll("v100-sxm2-16g")
    settings.DEMO_MARKETPLACE_URL = ""
    with pytest.raises(CommandError, match="marketplace"):
        run_poll(PART)


def test_a_failing_marketplace_changes_nothing_and_the_command_says_so(demo: Demo) -> None:
    run_poll(PART)
    before = list(Listing.objects.order_by("pk").values())
    demo.fault("server-error")
    with pytest.raises(CommandError, match="1 of 1"):
        run_poll(PART)
    assert list(Listing.objects.order_by("pk").values()) == before
    assert Poll.objects.get(part__slug=PART).failures == 1


def test_the_task_polls_what_is_due_and_running_it_twice_changes_nothing(demo: Demo, monkeypatch: Any) -> None:
    rolled: list[Any] = []
    monkeypatch.setattr(tasks.roll_up, "delay", lambda *arguments: rolled.append(arguments))
    row = Poll.objects.create(
        marketplace="demo", part=Part.objects.get(slug=PART), due_at=timezone.now(), interval_s=3600
    )
    tasks.poll(row.pk)
    count = PriceObservation.objects.count()
    assert count
    assert [str(part) for part, _ in rolled] == [str(row.part_id)]
    tasks.poll(row.pk)
    assert PriceObservation.objects.count() == count


def test_every_poll_that_is_due_goes_to_its_marketplaces_queue(demo: Demo, monkeypatch: Any) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(tasks.poll, "apply_async", lambda arguments, **options: sent.append((arguments, options)))
    tasks.poll_due()
    assert not sent  # new rows come due within the hour
    Poll.objects.update(due_at=timezone.now())
    tasks.poll_due()
    assert len(sent) == schedule.MOST_AT_ONCE
    assert {options["queue"] for _, options in sent} == {"poll-demo"}
    assert all(options["countdown"] < options["expires"] for _, options in sent)


def test_the_rules_version_is_that_of_the_matcher(demo: Demo) -> None:
    run_poll(PART)
    assert set(Listing.objects.values_list("matched_by", flat=True)) == {RULES}


def test_the_status_page_shows_each_part_and_what_failed(demo: Demo, client: Client) -> None:
    run_poll(PART)
    demo.fault("server-error")
    with pytest.raises(CommandError):
        run_poll("v100-sxm2-32gb")
    page = client.get("/sourcing/status/").content.decode()
    assert "1 failing" in page
    assert "eBay" in page
    assert "Not asked." in page
    assert "not asked yet" in page


def test_the_status_page_says_when_the_shared_cache_does_not_answer(demo: Demo, client: Client, settings: Any) -> None:
    redis = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": redis, "LOCATION": "redis://127.0.0.1:1"}}
    response = client.get("/sourcing/status/")
    assert response.status_code == 200
    assert "The shared cache does not answer" in response.content.decode()


def test_without_a_shared_cache_the_web_claims_nothing_of_the_workers_breaker(demo: Demo, client: Client) -> None:
    breaker.hold("demo", 600.0)
    assert "It has asked us to wait" not in client.get("/sourcing/status/").content.decode()


def test_queries_of_the_status_page_do_not_grow_with_parts(
    demo: Demo, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    schedule.ensure_polls(["demo", "ebay"], timezone.now())
    with django_assert_max_num_queries(6):
        client.get("/sourcing/status/")


def test_a_correction_in_the_admin_becomes_a_test_case_by_one_command(
    demo: Demo, client: Client, tmp_path: Path
) -> None:
    run_poll(PART)
    listing = Listing.objects.filter(accepted=False).order_by("pk").first()
    assert listing is not None
    client.force_login(User.objects.create_superuser("operator"))
    listed = client.get("/admin/sourcing/listing/", {"reason": listing.reason}).content.decode()
    assert f"/admin/sourcing/listing/{listing.pk}/change/" in listed
    form = {"part": Part.objects.get(slug=PART).pk, "quantity": 2, "reason": "ok"}
    answer = client.post(f"/admin/sourcing/listing/{listing.pk}/change/", form)
    assert answer.status_code == 302
    listing.refresh_from_db()
    assert (listing.accepted, listing.quantity) == (True, 2)
    file = tmp_path / "corrections.yaml"
    for _ in range(2):
        call_command("export_corrections", to=file, stdout=io.StringIO())
    (case,) = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert (case["title"], case["reason"], case["part"], case["quantity"]) == (listing.title, "ok", PART, 2)


def test_a_correction_without_a_part_is_refused_with_a_sentence(demo: Demo, client: Client) -> None:
    run_poll(PART)
    listing = Listing.objects.filter(accepted=False).first()
    assert listing is not None
    client.force_login(User.objects.create_superuser("operator"))
    answer = client.post(f"/admin/sourcing/listing/{listing.pk}/change/", {"part": "", "quantity": 1, "reason": "ok"})
    assert "Say which part it sells" in answer.content.decode()


def test_a_poll_that_was_just_made_is_made_again_by_the_command(demo: Demo) -> None:
    run_poll(PART)
    first = Poll.objects.get(part__slug=PART).last_succeeded
    run_poll(PART)
    again = Poll.objects.get(part__slug=PART).last_succeeded
    assert first is not None
    assert again is not None
    assert again > first
