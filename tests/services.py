"""Runs the database tests once more on PostgreSQL. Run as `python -m tests.services`.

SQLite is always tested. PostgreSQL is tested where it answers; with CI=true it must answer.
"""

import os
import subprocess
import sys

import psycopg

PURE = ("tests/configurator/estimation", "tests/sourcing/alerting", "tests/sourcing/landed", "tests/sourcing/matching")
CATALOG_ONLY = (
    "tests/configurator/accuracy",
    "tests/configurator/test_accuracy_page.py",
    "tests/configurator/test_calibrate_command.py",
    "tests/configurator/search",
    "tests/configurator/test_curves.py",
    "tests/configurator/test_goals.py",
    "tests/configurator/test_recommend.py",
    "tests/configurator/test_recommend_api.py",
    "tests/configurator/test_scaling_pages.py",
    "tests/configurator/test_start_page.py",
    "tests/configurator/test_wizard.py",
)
"""They ask the database for nothing but the catalog, which every other test reads on PostgreSQL too."""
OWN_SERVICES = (
    "tests/sourcing/test_alerts_are_sent_once.py",
    "tests/sourcing/test_poll_worker_dies.py",
    "tests/sourcing/marketplaces/test_workers.py",
)
"""Tests that make databases of their own, whatever database the others run on."""
DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/postgres"


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def main() -> int:
    url = os.environ.get("TEST_POSTGRES_URL", DEFAULT_URL)
    if not answers(url):
        message = "PostgreSQL does not answer; set TEST_POSTGRES_URL or start it."
        sys.stderr.write(message + "\n")
        if os.environ.get("CI", "").lower() == "true":
            return 1
        sys.stderr.write("The database tests ran on SQLite only.\n")
        return 0
    environment = {**os.environ, "TEST_DATABASE_URL": url}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile"]
    command += ["--no-loadscope-reorder", "-m", "not e2e"]
    command += [f"--ignore={path}" for path in (*PURE, *CATALOG_ONLY, *OWN_SERVICES)]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
