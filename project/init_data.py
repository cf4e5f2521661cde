"""Makes the data folder ready: secret key, database, catalog, static files. Run as `python -m project.init_data`."""

import fcntl
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import CommandError, call_command
from environs import Env

ROOT = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """The data folder, as the settings will find it: from the environment or .env, else var/."""
    env = Env()
    env.read_env(ROOT / ".env", recurse=False)
    return env.path("VOLTAIC_DATA_DIR", default=ROOT / "var")


@contextmanager
def locked(folder: Path, name: str, *, wait: bool) -> Iterator[bool]:
    """Hold a lock of this folder; yields False where another process holds it and ``wait`` is off."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def write_secret_key(folder: Path) -> None:
    """A random key of this installation, readable by its owner only; an existing one stays."""
    key_file = folder / "secret_key"
    if os.environ.get("VOLTAIC_SECRET_KEY") or key_file.exists():
        return
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))


def static_is_collected(static_root: Path) -> bool:
    """True where nothing that is collected has changed since it was."""
    manifest = static_root / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = [ROOT / "uv.lock", *(path for path in (ROOT / "static").rglob("*") if path.is_file())]
    return manifest.stat().st_mtime > max(path.stat().st_mtime for path in sources)


def prepare(folder: Path) -> None:
    # The settings refuse to load without a key, so it is written before they are read.
    write_secret_key(folder)
    django.setup()
    from django.conf import settings

    for name in ("messages", "control"):
        (settings.QUEUE_DIR / name).mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_catalog", verbosity=0)
    if not static_is_collected(Path(settings.STATIC_ROOT)):
        call_command("collectstatic", interactive=False, verbosity=0)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.base")
    folder = data_dir()
    try:
        with locked(folder, "setup.lock", wait=True):
            prepare(folder)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"Cannot write the data folder {folder} ({error}). Set VOLTAIC_DATA_DIR to one that can be.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
