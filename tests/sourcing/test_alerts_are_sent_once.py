"""Exactly one mail for each alert: a real mail server that fails in every way, workers that are killed at every step.

`make bench` does the same with a thousand alerts.
"""

from pathlib import Path

from tests.sourcing.mail_run import run
from tests.sourcing.mail_workers import PLANS
from tests.sourcing.marketplaces.test_workers import postgres as postgres


def test_every_alert_arrives_once_whatever_fails_and_whoever_dies(tmp_path: Path, postgres: str) -> None:
    done = run(2 * len(PLANS), tmp_path, postgres)
    assert done.mistakes() == []
    kills = sum("kill" in fault for plan in PLANS for fault in plan)
    assert done.told["killed"] >= kills  # a worker died for each step of each of the two rounds of plans, or nearly
    assert done.told["suppressed"] == 2
