"""A real Celery worker does its work on both transports: the embedded folder, and Redis where it answers."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import redis

from tests.prepared import environment
from tests.prepared import prepared as prepared

ROOT = Path(__file__).resolve().parent.parent.parent
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")

QUEUE = """
import django; django.setup()
from django.contrib.sessions.models import Session
from django.utils import timezone
from configurator.tasks import clear_expired_sessions
Session.objects.create(session_key="old", session_data="", expire_date=timezone.now())
clear_expired_sessions.delay()
"""


def expired_sessions(data_dir: Path) -> int:
    with closing(sqlite3.connect(data_dir / "voltaic.sqlite3", timeout=10)) as database:
        return int(database.execute("SELECT count(*) FROM django_session").fetchone()[0])


def redis_answers() -> bool:
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2).ping()
    except redis.RedisError:
        return False
    return True


@pytest.mark.parametrize("broker", ["folder", "redis"])
def test_a_worker_does_what_was_queued(broker: str, prepared: Path, tmp_path: Path) -> None:
    if broker == "redis" and not redis_answers():
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"Redis does not answer at {REDIS_URL}; CI needs it.")
        pytest.skip("Redis does not answer here; set TEST_REDIS_URL to test it.")
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    around = environment(folder) | ({"REDIS_URL": REDIS_URL} if broker == "redis" else {})
    subprocess.run([sys.executable, "-c", QUEUE], cwd=ROOT, env=around, check=True)
    assert expired_sessions(folder) == 1
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "--app", "project", "worker", "--pool", "solo", "--loglevel", "ERROR"],
        cwd=ROOT,
        env=around,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            if expired_sessions(folder) == 0:
                break
            time.sleep(0.1)
        else:
            pytest.fail("The worker left the task undone.")
    finally:
        worker.terminate()
        worker.wait(timeout=20)
