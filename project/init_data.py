"""Makes the data folder ready: secret key, database, catalog, static files. Run as `python -m project.init_data`."""

import os
import secrets
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command


def write_secret_key(data_dir: Path) -> None:
    """A random key of this installation, readable by its owner only; an existing one stays."""
    key_file = data_dir / "secret_key"
    if os.environ.get("VOLTAIC_SECRET_KEY") or key_file.exists():
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.base")
    # The settings refuse to load without a key, so it is written before they are read.
    write_secret_key(Path(os.environ.get("VOLTAIC_DATA_DIR", Path(__file__).resolve().parent.parent / "var")))
    django.setup()
    from django.conf import settings

    for folder in ("messages", "control"):
        (settings.QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_catalog", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
