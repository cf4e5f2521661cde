"""Starts the product on one machine: web server, Celery worker and beat. Run as `python -m project.run`.

Ctrl-C ends all of them; if one of them dies the others are ended too.
"""

import os
import socket
import sys
from pathlib import Path

from honcho.manager import Manager

from project.init_data import data_dir, locked

ROOT = Path(__file__).resolve().parent.parent


def port_from_environment() -> int:
    """The port asked for. Raises SystemExit with a sentence where it is no port or is in use."""
    asked = os.environ.get("PORT", "8000")
    if not asked.isdecimal() or not 1 <= int(asked) <= 65_535:
        sys.exit(f"PORT={asked} is not a port number; give one from 1 to 65535, for example: make run PORT=8080")
    port = int(asked)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            sys.exit(f"Port {port} needs administrator rights. Choose another: make run PORT=8080")
        except OSError:
            sys.exit(
                f"Port {port} is already in use. Choose another: make run PORT={port + 1 if port < 65_535 else 8080}"
            )
    return port


def main() -> None:
    port = port_from_environment()
    bin_dir = Path(sys.executable).parent
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings.base",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    manager = Manager()
    manager.add_process(
        "web",
        f"'{bin_dir}/gunicorn' project.wsgi --bind 127.0.0.1:{port} --workers 1 --threads 8 "
        "--limit-request-line 8190 --no-control-socket --log-level warning",
        cwd=str(ROOT),
        env=environment,
    )
    celery = f"'{bin_dir}/celery' --app project --quiet"
    # Beat beside the worker, not inside it: each then ends at once on Ctrl-C.
    for name, arguments in (("worker", "--pool threads --concurrency 1"), ("beat", "")):
        manager.add_process(name, f"{celery} {name} {arguments} --loglevel ERROR", cwd=str(ROOT), env=environment)
    with locked(data_dir(), "run.lock", wait=False) as alone:
        if not alone:
            sys.exit(f"Voltaic is already running on {data_dir()}; two would do each scheduled task twice.")
        sys.stdout.write(f"Voltaic is at http://localhost:{port}/ (Ctrl-C ends it)\n")
        sys.stdout.flush()
        manager.loop()
    sys.exit(manager.returncode or 0)


if __name__ == "__main__":
    main()
