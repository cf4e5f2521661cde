"""Eight processes at once on SQLite, PostgreSQL and Redis: one budget, one token."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis

from sourcing.demo.server import Market, running
from tests.services import DEFAULT_URL

ROOT = Path(__file__).resolve().parent.parent.parent.parent
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", DEFAULT_URL)


def missing(service: str) -> None:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{service} does not answer; CI needs it.")
    pytest.skip(f"{service} does not answer here.")


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of a database of its own."""
    name = f"voltaic_workers_{uuid4().hex[:12]}"
    try:
        connection = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        missing("PostgreSQL")
        return
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{POSTGRES_URL.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def shared_redis() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.RedisError:
        missing("Redis")
    yield client
    client.close()


def run_workers(tmp_path: Path, *asked: str, **environment: str) -> list[int]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.sourcing.marketplaces.workers", *asked],
        cwd=ROOT,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "project.settings.base",
            "VOLTAIC_DATA_DIR": str(tmp_path),
            "VOLTAIC_SECRET_KEY": "only-for-tests-" + "x" * 40,
            **environment,
        },
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return [int(line) for line in ran.stdout.split()]


def test_the_budget_on_sqlite_is_given_out_to_the_last_call_and_not_beyond(tmp_path: Path) -> None:
    assert sum(run_workers(tmp_path, "budget", "demo", "100", "40")) == 100


def test_the_budget_on_postgresql_is_given_out_to_the_last_call_and_not_beyond(tmp_path: Path, postgres: str) -> None:
    assert sum(run_workers(tmp_path, "budget", "demo", "300", "100", DATABASE_URL=postgres)) == 300


def test_the_budget_on_redis_is_given_out_to_the_last_call_and_not_beyond(
    tmp_path: Path, postgres: str, shared_redis: redis.Redis
) -> None:
    name = f"test-{uuid4().hex[:12]}"
    taken = run_workers(tmp_path, "budget", name, "300", "100", DATABASE_URL=postgres, REDIS_URL=REDIS_URL)
    assert sum(taken) == 300
    # A Redis that has forgotten everything gives nothing out once more: the database knows.
    for key in shared_redis.scan_iter(f"voltaic:call-budget:{name}:*"):
        shared_redis.delete(key)
    assert sum(run_workers(tmp_path, "budget", name, "300", "5", DATABASE_URL=postgres, REDIS_URL=REDIS_URL)) == 0


def test_eight_workers_fetch_one_token(tmp_path: Path, postgres: str, shared_redis: redis.Redis) -> None:
    market = Market()
    with running(market) as url:
        found = run_workers(
            tmp_path, "search", "3", DATABASE_URL=postgres, REDIS_URL=REDIS_URL, DEMO_MARKETPLACE_URL=url
        )
    assert market.given_out == 1
    assert market.asked["search"] == 24
    assert len(set(found)) == 1
