"""A worker that dies, a database that hangs up, a Redis that forgets: afterwards all is as if nothing had happened.

Real processes on PostgreSQL and Redis, against the demo marketplace over HTTP.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
import redis

from sourcing.demo.server import Market, running
from tests.sourcing.marketplaces.test_workers import ROOT, shared_redis
from tests.sourcing.marketplaces.test_workers import postgres as postgres

# At noon, so that no poll of the test falls on another day: the first of a day writes every price once more.
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
PART = "v100-sxm2-16gb"
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15").rpartition("/")[0] + "/14"
PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0); call_command("load_catalog", verbosity=0)
"""
_shared = shared_redis  # asks whether there is a Redis at all


class Installation:
    """A database of its own with the catalog in it, and a market whose clock stands still."""

    def __init__(self, market: Market, environment: dict[str, str], database: str) -> None:
        self.market, self.environment, self.database = market, environment, database

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def poll(self, minutes: int) -> dict[str, Any]:
        """A poll so many minutes after noon."""
        moment = (NOON + timedelta(minutes=minutes)).isoformat()
        found: dict[str, Any] = json.loads(self.run("-m", "tests.sourcing.poll_worker", PART, moment))
        return found

    def while_asking(self, minutes: int, what: Callable[[subprocess.Popen[str]], None]) -> subprocess.Popen[str]:
        """Do something to a worker while the marketplace is slow to answer it."""
        asked = self.market.asked["search"]
        self.market.faults.switch_on({"fault": "slow", "seconds": 3.0, "path": "search"})
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.sourcing.poll_worker", PART, (NOON + timedelta(minutes=minutes)).isoformat()],
            cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        ends_at = monotonic() + 30
        while self.market.asked["search"] == asked and monotonic() < ends_at:
            sleep(0.02)
        assert self.market.asked["search"] > asked
        what(worker)
        worker.communicate(timeout=60)
        self.market.faults.switch_off()
        return worker


@pytest.fixture
def installation(tmp_path: Path, postgres: str, shared_redis: redis.Redis) -> Iterator[Installation]:
    market = Market()
    market.set_to = NOON
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    with running(market) as url:
        environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "project.settings.base",
            "VOLTAIC_DATA_DIR": str(tmp_path),
            "VOLTAIC_SECRET_KEY": "only-for-tests-" + "x" * 40,
            "DATABASE_URL": postgres,
            "REDIS_URL": REDIS_URL,
            "DEMO_MARKETPLACE_URL": url,
        }
        made = Installation(market, environment, postgres)
        made.run("-c", PREPARE)
        redis.Redis.from_url(REDIS_URL).flushdb()
        yield made


def kill(worker: "subprocess.Popen[str]") -> None:
    worker.kill()


def test_what_a_killed_worker_and_a_lost_database_and_redis_leave_is_a_run_without_faults(
    installation: Installation,
) -> None:
    def hang_up(worker: "subprocess.Popen[str]") -> None:
        name = installation.database.rpartition("/")[2]
        with psycopg.connect(installation.database.rpartition("/")[0] + "/postgres", autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    def forget(worker: "subprocess.Popen[str]") -> None:
        redis.Redis.from_url(REDIS_URL).flushdb()

    worker = installation.while_asking(0, kill)
    assert worker.returncode == -9
    # Its claim is still there: nobody asks a second time meanwhile, and nothing was stored.
    meanwhile = installation.poll(minutes=5)
    assert "another worker" in meanwhile["said"]
    assert meanwhile["listings"] == []

    without_faults = installation.poll(minutes=11)
    assert len(without_faults["observations"]) > 5

    worker = installation.while_asking(20, hang_up)
    assert worker.returncode == 1
    installation.while_asking(40, forget)
    after = installation.poll(minutes=60)
    assert not after["failed"]
    for told in ("listings", "observations"):
        assert after[told] == without_faults[told]
