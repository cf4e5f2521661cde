"""Setting up is safe to repeat, and says what is wrong where it cannot be done."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from project.init_data import locked, static_is_collected, write_secret_key

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_secret_key_is_long_private_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOLTAIC_SECRET_KEY", raising=False)
    write_secret_key(tmp_path)
    key = (tmp_path / "secret_key").read_text()
    assert len(key) >= 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    write_secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_text() == key


def test_only_one_holds_a_lock(tmp_path: Path) -> None:
    with locked(tmp_path, "x.lock", wait=False) as first, locked(tmp_path, "x.lock", wait=False) as second:
        assert (first, second) == (True, False)
    with locked(tmp_path, "x.lock", wait=False) as again:
        assert again


def run(*arguments: str, data_dir: str) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k != "VOLTAIC_SECRET_KEY"}
    environment |= {"VOLTAIC_DATA_DIR": data_dir, "DJANGO_SETTINGS_MODULE": "project.settings.base"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_folder_that_cannot_be_written_is_a_sentence() -> None:
    done = run("-m", "project.init_data", data_dir="/proc/voltaic")
    assert done.returncode == 1
    assert "Set VOLTAIC_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_key_the_settings_refuse_to_load(tmp_path: Path) -> None:
    done = run("manage.py", "check", data_dir=str(tmp_path))
    assert done.returncode != 0
    assert "No secret key" in done.stderr


def test_static_files_are_collected_again_only_after_a_change(tmp_path: Path) -> None:
    assert not static_is_collected(tmp_path)
    manifest = tmp_path / "staticfiles.json"
    manifest.write_text("{}")
    assert static_is_collected(tmp_path)
    os.utime(manifest, (0, 0))
    assert not static_is_collected(tmp_path)
