"""The system's own Chromium, for what is measured and tested in a browser. Playwright's is never downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Nothing but the page's own requests leaves the browser."""


def chromium() -> str | None:
    """Find a Chromium: ``$CHROMIUM``, or what the system calls so; ``None`` where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def switches() -> list[str]:
    """Give what it is started with; as root it runs without its sandbox, or not at all."""
    return ["--no-sandbox", *_QUIET] if os.geteuid() == 0 else [*_QUIET]
