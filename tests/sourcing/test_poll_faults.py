"""Two hundred polls with every fault in turn, and what is stored is what was on offer, each price once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.models import Part
from sourcing import asking as polls
from sourcing.demo.faults import FAULTS
from sourcing.demo.state import STEP_S
from sourcing.demo.state import Listing as Offered
from sourcing.listing_models import Listing, Poll, PriceObservation
from sourcing.marketplaces import asking, breaker, budget, ebay_token
from tests.sourcing.marketplaces.conftest import Demo
from tests.sourcing.marketplaces.conftest import _nothing_kept as _nothing_kept
from tests.sourcing.marketplaces.conftest import demo as demo

pytestmark = pytest.mark.django_db
POLLS = 200
PART = "v100-sxm2-16gb"


class Clock:
    """The time of marketplace, breaker, token and polls alike."""

    def __init__(self, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
        self.demo = demo
        self.now = datetime.now(UTC)
        for module in (breaker, ebay_token):
            monkeypatch.setattr(module, "time", lambda: self.now.timestamp())
        self.move(timedelta(0))

    def move(self, by: timedelta) -> None:
        self.now += by
        self.demo.market.set_to = self.now


def prices_of(offered: Offered) -> set[Decimal]:
    return {offered.price, *(variation.price for variation in offered.variations)}


def ask(poll: Poll, clock: Clock) -> polls.Answer:
    Poll.objects.filter(pk=poll.pk).update(due_at=clock.now)
    return polls.ask(poll.pk, clock.now)


def stored() -> list[tuple[object, ...]]:
    told = ("external_id", "title", "price", "currency", "shipping", "part__slug", "quantity", "accepted", "reason")
    return list(Listing.objects.order_by("external_id").values_list(*told))


def test_no_fault_makes_a_price_wrong_lost_or_doubled(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS_IN_ALL", 0.3)
    monkeypatch.setattr(asking, "TIMEOUT", 0.3)
    clock = Clock(demo, monkeypatch)
    poll = Poll.objects.create(marketplace="demo", part=Part.objects.get(slug=PART), due_at=clock.now, interval_s=3_600)
    truth: dict[tuple[str, datetime], set[Decimal]] = {}
    failed: Counter[str] = Counter()
    names: dict[int, str] = {}
    breakers = set()
    for number in range(POLLS):
        fault = FAULTS[number % len(FAULTS)]
        for one in demo.market.state().listings:
            truth[one.id, clock.now] = prices_of(one)
        before = stored()
        demo.fault(fault)
        answer = ask(poll, clock)
        demo.market.faults.switch_off()
        names |= dict(Listing.objects.values_list("pk", "external_id"))
        breakers.add(breaker.state("demo"))
        failed[fault] += answer.failed
        if answer.failed:
            assert stored() == before, fault
        clock.move(timedelta(seconds=STEP_S))

    # Failures were real, the breaker has opened and closed, and yet every price that is stored was on offer just then.
    assert sum(failed.values()) > POLLS / 4
    assert POLLS - sum(failed.values()) > POLLS / 8
    assert breakers >= {"closed", "open", "held"}
    observations = list(PriceObservation.objects.values_list("listing_id", "observed_at", "price"))
    assert len(observations) > 100
    assert len({row[:2] for row in observations}) == len(observations)
    for listing, observed_at, price in observations:
        assert price in truth[names[listing].split("|")[1], observed_at]
    assert not PriceObservation.objects.filter(price__lte=0).exists()
    assert budget.used("demo") <= demo.market.asked.total()

    clock.move(timedelta(hours=2))
    assert not ask(poll, clock).failed
    assert breaker.state("demo") == "closed"
    after_faults = stored()
    Listing.objects.all().delete()
    assert not ask(poll, clock).failed
    assert after_faults == stored()
    assert after_faults
