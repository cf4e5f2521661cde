"""A run of many alerts against a real mail server that fails in every way, by workers that die at every step."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sourcing.mail_workers import plan_of

ROOT = Path(__file__).resolve().parent.parent.parent
ANSWER_LOST = {"lost", "kill-accepted", "kill-answered"}
"""The server has taken the mail and the sender does not know: only then may it come a second time."""


@dataclass(frozen=True, slots=True)
class MailRun:
    """``accepted``: address -> Message-IDs of the mails the server has taken for it, in order."""

    told: dict[str, Any]
    accepted: dict[str, list[str]]

    def mistakes(self) -> list[str]:
        """What must not be: alerts lost, doubled or told wrongly of; empty where all is well."""
        found = []
        for address, state, message_id, _, error in self.told["alerts"]:
            plan, ids = plan_of(address), self.accepted.get(address, [])
            most = 2 if ANSWER_LOST & set(plan) else 1
            if "no-mailbox" in plan:
                good = state == "dead" and not ids
            elif plan == ["lost", "lost"]:
                good = state == "dead" and len(ids) == 2
            else:
                good = state == "sent" and 1 <= len(ids) <= most
            if not good or set(ids) - {message_id}:
                found.append(f"{address}: {state}, {len(ids)} mails, {error}")
        return found


def run(count: int, folder: Path, database: str) -> MailRun:
    """Make and send so many alerts on a database of their own, which is migrated and loaded first."""
    log = folder / "accepted.jsonl"
    log.touch()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.sourcing.smtp_server", str(log)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
            "DJANGO_SETTINGS_MODULE": "project.settings.base",
            "VOLTAIC_DATA_DIR": str(folder),
            "VOLTAIC_SECRET_KEY": "only-for-tests-" + "x" * 40,
            "VOLTAIC_LOG_LEVEL": "ERROR",
            "DATABASE_URL": database,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "EMAIL_TIMEOUT": "0.5",
            "EMAIL_ANSWER_TIMEOUT": "0.5",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.sourcing.mail_workers", str(count)],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    finally:
        server.kill()
        server.communicate()
    accepted: dict[str, list[str]] = defaultdict(list)
    for line in log.read_text().splitlines():
        mail = json.loads(line)
        accepted[mail["to"]].append(mail["id"])
    return MailRun(json.loads(done.stdout), dict(accepted))
