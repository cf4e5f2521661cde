"""A data folder as `make setup` leaves it, for tests that start processes of their own."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `make setup` leaves it, made once for all test processes. Nobody writes in it: take a copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "voltaic-prepared"
    with (shared / "voltaic-prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            folder.mkdir(exist_ok=True)
            subprocess.run([sys.executable, "-m", "project.init_data"], cwd=ROOT, env=environment(folder), check=True)
            (folder / "done").touch()
    return folder


def environment(data_dir: Path) -> dict[str, str]:
    """This process's environment for processes that work on a data folder."""
    ours = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings.base", "VOLTAIC_DATA_DIR": str(data_dir)}
    return {name: ours[name] for name in ours.keys() - {"VOLTAIC_SECRET_KEY", "DATABASE_URL", "REDIS_URL"}}
