"""Worker processes that send alerts and die at it. Run as `python -m tests.sourcing.mail_workers COUNT` with the
settings in the environment; makes the alerts, sends them by two workers at a time until none is left, and prints what
became of them as JSON.

What happens to each attempt stands in the local part of the address, joined by "+": `7+kill-rcpt+lost@example.org`.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

SERVER_FAULTS = (
    "defer-rcpt", "defer-data", "refuse-mail", "refuse-data", "no-mailbox", "hang-rcpt", "hang-data", "drop-rcpt",
    "drop-mid", "lost", "kill-ehlo", "kill-mail", "kill-rcpt", "kill-data", "kill-mid", "kill-end", "kill-accepted",
    "kill-answered",
)  # fmt: skip
OWN_FAULTS = ("kill-claimed", "kill-composed", "kill-marked", "kill-sent")
"""Steps that no mail server sees: claimed, composed, marked as in doubt, marked as sent."""
PLANS = (
    ("fine",), *((fault,) for fault in (*SERVER_FAULTS, *OWN_FAULTS)), ("lost", "lost"), ("defer-rcpt", "drop-mid"),
    ("kill-rcpt", "lost"), ("hang-data", "defer-data"), ("kill-marked", "refuse-data"),
)  # fmt: skip
WORKERS = 2


def plan_of(address: str) -> list[str]:
    return address.partition("@")[0].split("+")[1:]


def make_alerts(count: int) -> None:
    """A watch with an alert for each, all about one listing that may be shown for days."""
    from decimal import Decimal

    from catalog.models import Part
    from sourcing.models import Alert, Listing, Subscriber, Watch, WatchLine

    part, now = Part.objects.get(slug="v100-sxm2-16gb"), timezone.now()
    Listing.objects.create(
        marketplace="agents", external_id="A", title="V100", href="https://example.org/", found_by=part, part=part,
        accepted=True, reason="ok", matched_by="rules", price=Decimal(60), currency="USD", shipping=Decimal(0),
        country="US", condition_id=3000, first_seen=now, priced_at=now, last_seen=now + timedelta(seconds=1),
    )  # fmt: skip
    people = Subscriber.objects.bulk_create(
        Subscriber(address=f"{number}+{'+'.join(PLANS[number % len(PLANS)])}@example.org", confirmed_at=now)
        for number in range(count)
    )
    watches = Watch.objects.bulk_create(
        Watch(subscriber=person, name="V100", condition="target", price="item", target=Decimal(80), confirmed_at=now)
        for person in people
    )
    WatchLine.objects.bulk_create(WatchLine.of(watch, part) for watch in watches)
    from sourcing import alerts

    assert len(alerts.check(part.pk, now).alerts) == count
    assert not Alert.objects.exclude(state="pending").exists()


def die(row: Any, step: str) -> None:
    plan = plan_of(row.watch.subscriber.address)
    if len(plan) >= row.attempts and plan[row.attempts - 1] == step:
        os.kill(os.getpid(), signal.SIGKILL)


def work(now: Any) -> None:
    """Send everything that is due, one after the other."""
    from django.core.mail.utils import DNS_NAME

    from sourcing import alert_outbox

    def dying(function: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
        def step(row: Any, *more: Any) -> Any:
            die(row, before)
            DNS_NAME._fqdn = f"p{os.getpid()}.{fault_of(row)}.test"
            answer = function(row, *more)
            die(row, after)
            return answer

        return step

    def fault_of(row: Any) -> str:
        plan = plan_of(row.watch.subscriber.address)
        return plan[row.attempts - 1] if len(plan) >= row.attempts else "fine"

    alert_outbox._compose = dying(alert_outbox._compose, "kill-claimed", "kill-composed")
    alert_outbox._hand_over = dying(alert_outbox._hand_over, "", "kill-marked")
    alert_outbox._accepted = dying(alert_outbox._accepted, "", "kill-sent")
    while due := alert_outbox.overdue(now):
        for kind, pk in due:
            alert_outbox.send(kind, pk, now)


def run_workers(now: Any) -> int:
    """Two workers at a time; one that is killed is followed by another. Returns how many were killed."""
    running: set[int] = set()
    killed, finished = 0, 0
    while finished < WORKERS:
        while len(running) + finished < WORKERS:
            connection.close()
            pid = os.fork()
            if pid == 0:
                work(now)
                os._exit(0)
            running.add(pid)
        pid, status = os.wait()
        running.discard(pid)
        if os.WIFSIGNALED(status):
            killed += 1
        else:
            assert status == 0
            finished += 1
    return killed


def main(count: int) -> None:
    django.setup()
    from sourcing.models import Alert, Suppression

    for command in ("migrate", "load_catalog"):
        call_command(command, verbosity=0)
    begun = time.perf_counter()
    make_alerts(count)
    made = time.perf_counter()
    now, killed, rounds = timezone.now(), 0, 0
    while Alert.objects.filter(state="pending").exists():
        killed += run_workers(now)
        now += timedelta(hours=3)
        rounds += 1
        assert rounds < 40
    rows = Alert.objects.values_list("watch__subscriber__address", "state", "message_id", "attempts", "last_error")
    told = {
        "alerts": [list(row) for row in rows.order_by("pk")],
        "killed": killed,
        "rounds": rounds,
        "suppressed": Suppression.objects.count(),
        "decided_s": made - begun,
        "sent_s": time.perf_counter() - made,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
