"""Starts the product on one machine: web server, Celery worker and beat. Run as `python -m project.run`.

With --demo there is a simulated marketplace beside them, on a port that is free, which is given a past, and every part
is asked for at once.

Ctrl-C ends all of them; if one of them dies the others are ended too.
"""

import argparse
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


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m project.run", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--demo", action="store_true", help="on simulated offers")
    demo = parser.parse_args().demo
    port = port_from_environment()
    bin_dir = Path(sys.executable).parent
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings.base",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    manager = Manager()
    if demo:
        demo_port = free_port()
        environment["DEMO_MARKETPLACE_URL"] = f"http://127.0.0.1:{demo_port}"
        python = f"'{sys.executable}'"
        manager.add_process("demo", f"{python} -m sourcing.demo --port {demo_port}", cwd=str(ROOT), env=environment)
        # The first polls would come within the hour. A process that ends would end the others, so it stays.
        # Making up the past takes longer than the marketplace takes to start.
        first = (
            f"({python} manage.py demo_past; {python} manage.py poll --marketplace demo) >/dev/null 2>&1; "
            "exec tail -f /dev/null"
        )
        manager.add_process("first-polls", first, cwd=str(ROOT), env=environment)
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
