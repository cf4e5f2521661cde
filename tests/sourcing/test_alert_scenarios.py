"""Price series and the mails that come of them, through polls, checks and the outbox; scenarios.yaml holds them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core import mail
from pytest_django import Settings

from catalog.models import CatalogRevision, Part
from catalog.provenance import Confidence, Source
from sourcing import alert_outbox, alerts, delivery, exchange, polling, suppression, watch_parts, watching
from sourcing.listing_models import listing_hash
from sourcing.marketplaces import policy
from sourcing.marketplaces.errors import Broken
from sourcing.marketplaces.offers import Found, Offer
from sourcing.matching.types import ListingText, Match, Reason
from sourcing.models import Alert, DailyPrice, Poll, PriceBand, Subscriber, Watch, WatchLine
from sourcing.watch_tokens import unsubscribe_token

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 25, 12, tzinfo=UTC)
PART = "v100-sxm2-16gb"
FILE = Path(__file__).parent / "alerting" / "scenarios.yaml"
SCENARIOS = yaml.safe_load(FILE.read_text(encoding="utf-8"))
CONDITIONS = {"new": 1000, "unsaid": None}


@pytest.fixture(autouse=True)
def _demo_marketplace(settings: Settings) -> None:
    settings.DEMO_MARKETPLACE_URL = "http://127.0.0.1:1"


def moment(hours: str) -> datetime:
    return START + timedelta(hours=int(hours.removesuffix("h")))


def read_offer(name: str, text: str, part: str) -> Offer:
    """An offer as the scenarios write it; its title carries what the matcher of these tests reads."""
    price, *more = text.split()
    given: dict[str, Any] = {"shipping": Decimal(0), "currency": "USD", "country": "US", "condition_id": 3000}
    pieces = "1"
    for word in more:
        if word == "+?":
            given["shipping"] = None
        elif word.startswith("+"):
            given["shipping"] = Decimal(word[1:])
        elif word.startswith("x"):
            pieces = word[1:]
        elif word in CONDITIONS:
            given["condition_id"] = CONDITIONS[word]
        elif word == "auction":
            given["buying"] = "auction"
        elif re.fullmatch("[A-Z]{3}", word):
            given["currency"] = word
        else:
            given["country"] = word
    shipping_currency = "" if given["shipping"] is None else given["currency"]
    return Offer("demo", name, f"{part} {pieces}", "https://demo.example/", Decimal(price),
                 shipping_currency=shipping_currency, **given)  # fmt: skip


def read_title(text: ListingText) -> Match:
    part, _, pieces = text.title.partition(" ")
    return Match(part, int(pieces), True, Reason.OK, (), 1.0)


class Bank:
    """The bank's rates: those of a day stay, as they do in the database."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.days: list[exchange.BankDay] = []
        monkeypatch.setattr(exchange, "_stored", lambda: tuple(self.days))

    def publish(self, now: datetime, usd_per_eur: str) -> None:
        dollars = Decimal(usd_per_eur)
        per_eur = {"USD": dollars, "CNY": dollars / Decimal("0.15625"), "GBP": Decimal("0.8")}
        source = Source("For a test", "", now.date(), Confidence.OFFICIAL)
        self.days.insert(0, exchange.BankDay(now.date(), per_eur, source))


def lose(connection: Any, message: Any, before_end: Callable[[], None]) -> None:
    """Hand a mail over and hear nothing of it."""
    before_end()
    raise TimeoutError


def make_watch(wished: Mapping[str, Any], time_zone: str) -> Watch:
    given: dict[str, Any] = {"condition": "target", "price": "landed", "target": 80, "region": "OR", **wished}
    if given["condition"] != "target":
        given["target"] = None
    lines: dict[str, int] = given.pop("lines", {PART: 1})
    address = given.pop("address", "one@example.org")
    owner, _ = Subscriber.objects.get_or_create(address=address, defaults={"time_zone": time_zone})
    watch = Watch.objects.create(subscriber=owner, name="A watch", created_at=START, **given)
    for slug, count in lines.items():
        WatchLine.of(watch, Part.objects.get(slug=slug), count).save()
    return watch


class Run:
    """One scenario."""

    def __init__(self, scenario: Mapping[str, Any], bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scenario, self.bank, self.monkeypatch = scenario, bank, monkeypatch
        self.left: dict[str, tuple[Part, list[PriceBand]]] = {}
        bank.publish(START, "1.25")
        zone = scenario.get("time_zone", "UTC")
        self.watches = [make_watch(scenario.get("watch", {}), zone)]
        if "second" in scenario:
            self.watches.append(make_watch(scenario["second"], zone))
        history = scenario.get("history", {"days": 0, "usd": 0})
        DailyPrice.objects.bulk_create(
            DailyPrice(part=Part.objects.get(slug=PART), marketplace="demo", day=START.date() - timedelta(days=day),
                       lowest_usd=history["usd"], low_three_usd=history["usd"], count=3)
            for day in range(1, history["days"] + 1)
        )  # fmt: skip
        first = next((step["watch"] for step in scenario["series"] if "watch" in step), "")
        if first not in ("starts", "unconfirmed", "paused"):
            self.confirm(START)

    def confirm(self, now: datetime) -> None:
        Watch.objects.update(confirmed_at=now, paused_at=None, checked_at=None)
        Subscriber.objects.update(suppressed_at=None)
        for watch in self.watches:
            alerts.check_watch(watch.pk, now)

    def step(self, step: Mapping[str, Any]) -> None:
        now = moment(step["at"])
        if "usd_per_eur" in step:
            self.bank.publish(now, step["usd_per_eur"])
        if "catalog" in step:
            self.change_catalog(*step["catalog"].split())
        if step.get("watch") == "paused":
            Watch.objects.update(confirmed_at=now, paused_at=now)
        elif step.get("watch") == "unsubscribed":
            for watch in self.watches:
                watching.unsubscribe(unsubscribe_token(watch.subscriber_id, watch.pk), now)
        elif step.get("watch") == "suppressed":
            suppression.suppress("one@example.org", "bounced", now)
        elif step.get("watch") in ("starts", "resumed"):
            self.confirm(now)
        for marketplace in ("demo", "ebay"):
            if marketplace in step:
                self.poll(marketplace, step[marketplace], step.get("searched_for", PART), now)
        for watch_id in alerts.unchecked():
            alerts.check_watch(watch_id, now)
        if step.get("mail") == "lost":
            with self.monkeypatch.context() as broken:
                broken.setattr(delivery, "_send", lose)
                self.send(now)
        elif step.get("mail") != "down":
            self.send(now)
            # What was taken back is looked at again within the minute.
            for watch_id in alerts.unchecked():
                alerts.check_watch(watch_id, now)
                self.send(now)

    def change_catalog(self, how: str, slug: str) -> None:
        if how == "without":
            part = Part.objects.get(slug=slug)
            self.left[slug] = part, list(PriceBand.objects.filter(part=part))
            Part.objects.filter(slug=slug).delete()
        else:
            part, bands = self.left[slug]
            part.pk = None
            part.save(force_insert=True)
            for band in bands:
                band.part = part
            PriceBand.objects.bulk_create(bands)
            watch_parts.reconnect()
        CatalogRevision.objects.bump()

    def poll(self, marketplace: str, answer: Any, part: str, now: datetime) -> None:
        row, _ = Poll.objects.get_or_create(
            marketplace=marketplace, part=Part.objects.get(slug=part), defaults={"due_at": now, "interval_s": 3600}
        )
        Poll.objects.filter(pk=row.pk).update(due_at=now, claimed_until=None)
        claimed = polling.claim(row.pk, now)
        assert claimed is not None

        def search() -> Found:
            if answer == "failed":
                raise Broken("down")
            # A listing is of the part it was first found for, whichever search finds it again.
            offers = (read_offer(name, text, PART if name < "Z" else part) for name, text in answer.items())
            return Found(tuple(offers), {}, True, (), 1)

        try:
            done = polling.poll(claimed, search, read_title, policy(marketplace), "rules", now)
        except Broken:
            return
        for part_id in done.looked_at:
            alerts.check(part_id, now)
            assert not alerts.check(part_id, now).alerts  # a second time nothing is new

    def send(self, now: datetime) -> None:
        alert_outbox.gather_digests(now)
        for kind, pk in alert_outbox.overdue(now):
            alert_outbox.send(kind, pk, now)

    def mails(self) -> list[str]:
        answers = [step[one] for step in self.scenario["series"] for one in ("demo", "ebay") if one in step]
        names = {name for answer in answers if answer != "failed" for name in answer}
        by_key = {listing_hash(f"{one}|{name}"): name for name in names for one in ("demo", "ebay")}
        told = []
        for alert in Alert.objects.filter(state="sent").order_by("sent_at", "pk"):
            assert alert.sent_at is not None
            hours = int((alert.sent_at - START).total_seconds() // 3600)
            name = "build" if alert.key.startswith("all:") else by_key[alert.key]
            which = self.watches.index(alert.watch) + 1
            more = (" suspicious" if alert.suspicious else "") + (f" w{which}" if which > 1 else "")
            told.append(f"{hours}h {name} {alert.price}{more}")
        return told


def with_cents(mails: list[str]) -> list[str]:
    """Prices as the database writes them."""
    return [
        " ".join([hours, name, f"{Decimal(price):.2f}", *more]) for hours, name, price, *more in map(str.split, mails)
    ]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario["name"] for scenario in SCENARIOS])
def test_these_prices_make_these_mails(scenario: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(scenario, Bank(monkeypatch), monkeypatch)
    for step in scenario["series"]:
        run.step(step)
    assert run.mails() == with_cents(scenario["mails"])
    assert len(mail.outbox) == scenario.get("letters", len(scenario["mails"]))


def test_there_are_enough_scenarios() -> None:
    assert len(SCENARIOS) >= 40
    assert len({scenario["name"] for scenario in SCENARIOS}) == len(SCENARIOS)
