"""What tests of watches are made of: an offer, a wish, a watch that somebody has confirmed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog.models import Part
from sourcing.models import Listing, Subscriber, Watch, WatchLine
from sourcing.watch_wishes import Wish

PART = "v100-sxm2-16gb"
WISH = Wish(lines=((PART, 1),), condition="target", target=Decimal(80), region="OR")
ADDRESS = "one@example.org"


def list_one(price: str, external_id: str = "A", **changes: Any) -> Listing:
    """A fresh offer on the demo marketplace, read twice."""
    part, now = Part.objects.get(slug=PART), timezone.now()
    given: dict[str, Any] = {
        "marketplace": "demo", "external_id": external_id, "title": "Tesla V100 SXM2 16GB",
        "href": "https://demo.example/itm/1", "country": "US", "found_by": part, "part": part, "accepted": True,
        "reason": "ok", "matched_by": "rules", "price": Decimal(price), "currency": "USD", "shipping": Decimal(0),
        "condition_id": 3000, "first_seen": now, "priced_at": now - timedelta(hours=1), "last_seen": now,
    }  # fmt: skip
    return Listing.objects.create(**given | changes)


def wish(**changes: Any) -> Wish:
    return replace(WISH, **changes)


def confirmed_watch(address: str = ADDRESS, **changes: Any) -> Watch:
    now = timezone.now()
    owner, _ = Subscriber.objects.get_or_create(address=address, defaults={"confirmed_at": now})
    given: dict[str, Any] = {"name": "A watch", "condition": "target", "price": "landed", "target": Decimal(80),
                             "region": "OR", "confirmed_at": now}  # fmt: skip
    watch = Watch.objects.create(subscriber=owner, **given | changes)
    WatchLine.of(watch, Part.objects.get(slug=PART)).save()
    return watch
