"""Finds a Chromium for the browser tests, or installs one the way this system allows.

Run as `python -m tests.e2e.browser`: ends with an error and the mend where there is none to be had.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find() -> str | None:
    """The path of a usable browser, or None. CHROMIUM=... in the environment comes first."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen if Path(chosen).exists() else None
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for app in MAC_APPS:
        if Path(app).exists():
            return app
    return _playwright_browser()


def _playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Tries the system's package manager, then Playwright's own download. Failing is not an error here."""
    if shutil.which("apt-get") and hasattr(os, "geteuid"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        if not sudo or shutil.which("sudo"):
            subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
            subprocess.run(
                [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
                check=False,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    if find() is None:
        sys.stderr.write("No Chromium found; installing one for the browser tests.\n")
        install()
    if find() is None:
        sys.stderr.write(
            "The browser tests need Chromium, and it could not be installed from here.\n"
            "Install it (Debian, Ubuntu: sudo apt install chromium; macOS: brew install --cask chromium),\n"
            "or name one: CHROMIUM=/path/to/chromium make test\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
