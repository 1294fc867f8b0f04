"""A real Chromium for the tests of the review page, and what every one of them asks of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from infra.bench.browser import chromium, switches

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
PATIENCE_MS = 20_000
"""A busy machine is no failure."""
expect.set_options(timeout=PATIENCE_MS)


def executable() -> str:
    """Find a Chromium; without one these tests fail, and are not passed over."""
    found = chromium()
    if found is None:
        raise FileNotFoundError("no Chromium found; install one (`apt-get install chromium`) or name it in $CHROMIUM")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=switches())
        try:
            yield browser
        finally:
            browser.close()


def watched(page: Page, *, refusals: bool = False) -> list[str]:
    """Collect what goes wrong on a page: errors of scripts, and of the policy. ``refusals`` lets HTTP errors pass."""
    wrong: list[str] = []

    def said(message: ConsoleMessage) -> None:
        allowed = refusals and message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not allowed:
            wrong.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return wrong


def keep(page: Page, name: str) -> None:
    """Keep a screenshot under ``build/screenshots`` for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")
