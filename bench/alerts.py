"""How long 100,000 watches take to look at 1,000 changed offers, and whether 1,000 alerts arrive once each at a mail
server that fails in every way, from workers that are killed at every step.

    python -m bench.alerts

Makes databases of its own on PostgreSQL (TEST_POSTGRES_URL) and drops them again.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import django
import psycopg

from tests.services import DEFAULT_URL, answers

if TYPE_CHECKING:
    from catalog.models import Part

SEED = 22
WATCHES = int(os.environ.get("BENCH_WATCHES", "100000"))
OFFERS = 1_000
PARTS = 50
BUILDS, PIECES = 21, 4
"""Every 21st watch is on four pieces together, which lots fill; so that every part has some."""
ALERTS = int(os.environ.get("BENCH_ALERTS", "1000"))
GOAL_S = 10.0
DOORS = [("US", state) for state in ("CA", "TX", "NY", "FL", "OR", "WA", "IL", "PA", "OH", "GA", "NC", "MI", "CO")]
DOORS += [(country, "") for country in ("DE", "FR", "IT", "ES", "NL", "AT", "PL", "SE", "GB", "AU")] + [("CA", "ON")]


@contextmanager
def database(url: str) -> Iterator[str]:
    """The address of a new database, which is dropped at the end."""
    name = f"voltaic_bench_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def fill(chance: random.Random) -> "list[Part]":
    """Parts with offers of 150 to 250 dollars a piece, and watches whose targets begin far below and end among them."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from catalog.models import CatalogRevision, Part
    from sourcing.models import Listing, PriceBand, Subscriber, Watch, WatchLine

    call_command("migrate", verbosity=0)
    call_command("load_catalog", verbosity=0)
    now = timezone.now()
    parts = Part.objects.bulk_create(
        Part(slug=f"bench-{number:03}", name=f"Part {number}", summary="To measure.", kind="cooler")
        for number in range(PARTS)
    )
    PriceBand.objects.bulk_create(
        PriceBand(part=part, position=0, low=100, high=200, currency="USD", market="ebay", as_of=now.date(),
                  verdict="misleading", source_title="-", source_checked_on=now.date(), confidence="guide")
        for part in parts
    )  # fmt: skip
    CatalogRevision.objects.bump()
    Listing.objects.bulk_create(
        Listing(marketplace="demo", external_id=str(number), title="A listing", href="https://demo.example/",
                found_by=parts[number % PARTS], part=parts[number % PARTS], accepted=True, reason="ok", matched_by="r",
                quantity=pieces, price=Decimal(pieces * chance.randrange(150, 250)), currency="USD",
                shipping=Decimal(chance.randrange(20)), country=chance.choice(("US", "US", "DE", "CN", "GB")),
                condition_id=3000, first_seen=now, priced_at=now, last_seen=now + timedelta(seconds=1))
        for number, pieces in enumerate(chance.choices((1, 1, 1, 2, 4), k=OFFERS))
    )  # fmt: skip
    people = Subscriber.objects.bulk_create(
        [Subscriber(address=f"p{number}@example.org", confirmed_at=now) for number in range(WATCHES // 2)],
        batch_size=5_000,
    )
    watches = [watch(chance, people, now) for _ in range(WATCHES)]
    for one in watches[::BUILDS]:
        one.whole, one.target = True, one.target * PIECES
    Watch.objects.bulk_create(watches, batch_size=5_000)
    lines = [WatchLine.of(one, parts[number % PARTS], PIECES if one.whole else 1) for number, one in enumerate(watches)]
    WatchLine.objects.bulk_create(lines, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return parts


def watch(chance: random.Random, people: "list[Any]", now: Any) -> Any:
    from sourcing.models import Watch

    country, region = chance.choice(DOORS)
    return Watch(
        subscriber=chance.choice(people), name="A watch", condition="target", confirmed_at=now,
        price=chance.choice(("landed", "landed", "item")), currency=chance.choice(("USD", "USD", "EUR", "GBP")),
        target=Decimal(chance.randrange(50, 165)), country=country, region=region, clearance_usd=Decimal(0),
    )  # fmt: skip


def look(parts: "list[Part]") -> tuple[float, float, int, int, int]:
    """Seconds for all parts, those of our own processor, watches looked at, alerts, queries."""
    from django.db import connection
    from django.utils import timezone

    from sourcing import alerts

    queries = 0

    def count(execute: Any, *asked: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*asked)

    begun, worked, watches, fired = time.perf_counter(), time.process_time(), 0, 0
    with connection.execute_wrapper(count):
        for part in parts:
            checked = alerts.check(part.pk, timezone.now())
            watches += checked.watches
            fired += len(checked.alerts)
    return time.perf_counter() - begun, time.process_time() - worked, watches, fired, queries


def change_offers(chance: random.Random) -> None:
    """The price of every offer moves, by 15 % down to 10 % up."""
    from sourcing.models import Listing

    rows = list(Listing.objects.filter(part__slug__startswith="bench-"))
    for row in rows:
        row.price = (row.price * chance.randrange(85, 111) / 100).quantize(Decimal("0.01"))
    Listing.objects.bulk_update(rows, ["price"])


def measure_watches(url: str) -> None:
    with database(url) as own:
        os.environ["DATABASE_URL"] = own
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
        os.environ["DEMO_MARKETPLACE_URL"] = "http://127.0.0.1:1"
        django.setup()
        chance = random.Random(SEED)  # noqa: S311 - the same watches in every run
        parts = fill(chance)
        tell("first look of all watches", *look(parts))
        change_offers(chance)
        tell("all offers changed", *look(parts))
        tell("the same once more", *look(parts))


def tell(what: str, seconds: float, own: float, watches: int, fired: int, queries: int) -> None:
    sys.stdout.write(
        f"{what:26} {WATCHES:,} watches, {OFFERS:,} offers of {PARTS} parts: {seconds:5.1f} s, {own:.1f} s of them our "
        f"own work (goal {GOAL_S:g} s); "
        f"{watches:,} could change, {fired:,} alerts, {queries} queries, {queries / PARTS:.0f} a part\n"
    )
    sys.stdout.flush()


def measure_mails(url: str) -> None:
    from tests.sourcing.mail_run import run

    with database(url) as own, tempfile.TemporaryDirectory() as folder:
        done = run(ALERTS, Path(folder), own)
    mistakes = done.mistakes()
    mails = sum(len(ids) for ids in done.accepted.values())
    repeated = sum(len(ids) > 1 for ids in done.accepted.values())
    dead = sum(alert[1] == "dead" for alert in done.told["alerts"])
    sys.stdout.write(
        f"{ALERTS:,} alerts, {done.told['killed']} workers killed: {mails:,} mails accepted, {repeated} of them a "
        f"second time after a lost answer, {dead} dead letters, {len(mistakes)} lost or doubled, "
        f"{done.told['sent_s']:.0f} s\n"
    )
    for mistake in mistakes:
        sys.stdout.write(f"  {mistake}\n")


def main() -> None:
    """Print the figures, or that there is no PostgreSQL to measure on."""
    url = os.environ.get("TEST_POSTGRES_URL", DEFAULT_URL)
    if not answers(url):
        sys.stdout.write("PostgreSQL does not answer: watches and alerts are not measured.\n")
        return
    measure_mails(url)
    measure_watches(url)


if __name__ == "__main__":
    main()
