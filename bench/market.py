"""How quick prices stay with ten million of them: queries of the part page and its chart, ingest, rollups.

    python -m bench.market

Makes a database of its own on PostgreSQL (TEST_POSTGRES_URL) and drops it again.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median, quantiles
from typing import TYPE_CHECKING
from uuid import uuid4

import django
import psycopg

from tests.services import DEFAULT_URL, answers

if TYPE_CHECKING:
    from catalog.models import Part

SEED = 21
PARTS = 200
LISTINGS = 500
"""Of each part; one in ten is still on offer, as on a market where things are sold."""
OBSERVATIONS = int(os.environ.get("BENCH_OBSERVATIONS", "10000000"))
DAYS = 180
ASKED = 400
GOAL_MS = 20.0
POLLED = 200
ROUNDS = 10

FILL = (
    """INSERT INTO sourcing_listing (marketplace, external_id, title, href, item_group_type, country, buying,
        found_by_id, part_id, quantity, accepted, reason, evidence, confidence, matched_by, price, currency, shipping,
        first_seen, last_seen, gone_at)
    SELECT 'demo', 'bench|' || part.id || '|' || n, 'A listing', 'https://demo.example/', '', 'US', 'fixed', part.id,
        part.id, 1 + n %% 4, true, 'ok', '[]', 0.9, 'rules', 50 + random() * 200, 'USD', 10,
        now() - interval '180 days', now(), CASE WHEN n %% 10 = 0 THEN NULL ELSE now() - interval '1 day' END
    FROM catalog_part part, generate_series(1, %(listings)s) n WHERE part.slug LIKE 'bench-%%'""",
    """INSERT INTO sourcing_priceobservation (listing_id, part_id, marketplace, quantity, observed_at, price, currency,
        shipping)
    SELECT listing.id, listing.part_id, 'demo', listing.quantity,
        now() - interval '180 days' * (n::float / %(each)s) - interval '1 second', 50 + random() * 200, 'USD', 10
    FROM sourcing_listing listing, generate_series(1, %(each)s) n WHERE listing.external_id LIKE 'bench|%%'""",
    """INSERT INTO sourcing_dailyprice (part_id, marketplace, day, lowest_usd, low_three_usd, count)
    SELECT part.id, 'demo', current_date - n, 60, 70, 40
    FROM catalog_part part, generate_series(0, %(days)s) n WHERE part.slug LIKE 'bench-%%'""",
)


def fill() -> float:
    """Write everything by SQL; returns observations a second, which is no ingest by the product."""
    from django.core.management import call_command
    from django.db import connection

    from catalog.models import Part

    call_command("migrate", verbosity=0)
    call_command("load_catalog", verbosity=0)
    Part.objects.bulk_create(
        Part(slug=f"bench-{number:03}", name=f"Part {number}", summary="To measure.", kind="cooler")
        for number in range(PARTS)
    )
    asked = {"listings": LISTINGS, "each": OBSERVATIONS // (PARTS * LISTINGS), "days": DAYS}
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, asked)
        cursor.execute("ANALYZE")
    return OBSERVATIONS / (time.perf_counter() - begun)


def line(name: str, asked: "list[Part]", work: "Callable[[Part], object]") -> str:
    """Times some work on parts, once each."""
    times = []
    for part in asked:
        begun = time.perf_counter()
        work(part)
        times.append((time.perf_counter() - begun) * 1000)
    high = quantiles(times, n=20)[-1]
    return f"{name:36} median {median(times):7.2f} ms   95 % {high:7.2f} ms   goal <= {GOAL_MS:g} ms"


def measure() -> list[str]:
    from decimal import Decimal

    from django.utils import timezone

    from catalog.models import Part
    from sourcing import polling, rollups
    from sourcing.landed.types import Destination
    from sourcing.listing_models import DailyPrice, Listing, Poll, PriceObservation
    from sourcing.marketplaces import Found, Offer, policy
    from sourcing.offers import offers_of
    from sourcing.price_history import SHOWN_DAYS, history_of
    from sourcing.reading import RULES, read_title

    chance = random.Random(SEED)  # noqa: S311 - the same parts in every run
    parts = list(Part.objects.filter(slug__startswith="bench-"))
    asked = [chance.choice(parts) for _ in range(ASKED)]
    now = timezone.now()
    fresh = now - policy("demo").show_at_most
    on_offer = Listing.objects.accepted().on_offer().fresh(fresh).cheapest_first()
    offers_of(parts[0], Destination("US", "TX"), now)
    history_of(parts[0], now.date())
    since = now.date() - timedelta(days=SHOWN_DAYS)
    door = Destination("US", "TX")
    day = now.date() - timedelta(days=9)
    said = [
        line("query of offers of a part", asked, lambda part: list(on_offer.for_part(part)[:10])),
        line("query of a part's chart", asked, lambda part: list(DailyPrice.objects.chart(part, since))),
        line("offers with prices at the door", asked, lambda part: offers_of(part, door, now)),
        line("chart with its picture", asked, lambda part: history_of(part, now.date())),
        line("rollup of a day of a part", asked[:100], lambda part: rollups.refresh(part.pk, day)),
    ]
    poll = Poll.objects.create(marketplace="demo", part=parts[0], due_at=now, interval_s=3_600)
    before = PriceObservation.objects.count()

    def ingest(number: int) -> None:
        moment = now + timedelta(hours=number)
        Poll.objects.filter(pk=poll.pk).update(due_at=moment)
        claimed = polling.claim(poll.pk, moment)
        offers = tuple(
            Offer("demo", f"in|{one}|0", "Tesla V100 SXM2 16GB", "https://demo.example/", Decimal(50 + number), "USD")
            for one in range(POLLED)
        )
        if claimed is not None:
            polling.poll(claimed, lambda: Found(offers, {}, False, (), 1), read_title, policy("demo"), RULES, moment)

    begun = time.perf_counter()
    for number in range(ROUNDS):
        ingest(number)
    spent = time.perf_counter() - begun
    written = PriceObservation.objects.count() - before
    return [
        *said,
        f"ingest by polls of {POLLED}, all prices moved: {written / spent:,.0f} observations a second",
    ]


def main() -> None:
    """Print the figures, or that there is no PostgreSQL to measure on."""
    url = os.environ.get("TEST_POSTGRES_URL", DEFAULT_URL)
    if not answers(url):
        sys.stdout.write("PostgreSQL does not answer: ten million observations are not measured.\n")
        return
    name = f"voltaic_bench_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            os.environ["DATABASE_URL"] = f"{url.rpartition('/')[0]}/{name}"
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
            django.setup()
            filled = fill()
            sys.stdout.write(f"{OBSERVATIONS:,} observations of {PARTS} parts, filled at {filled:,.0f} a second\n")
            for told in measure():
                sys.stdout.write(f"{told}\n")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    main()
