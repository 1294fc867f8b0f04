"""The review page in a browser: from asking for it to what a person can act on, while a thousand reviews wait."""

import statistics
import time
from collections.abc import Iterator

from infra.bench.browser import chromium, switches
from infra.bench.figures import Figure
from infra.client import AssetView

_TIMES = 5
_USABLE_SECONDS = 1.0


def page_figures(base: str, asset: AssetView) -> Iterator[Figure]:
    """Measure in the system's Chromium; nothing where there is none, or no Playwright.

    Parameters
    ----------
    base
        Address of the API.
    asset
        One whose current run waits for a person.
    """
    executable = chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    if executable is None:
        return
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=executable, args=switches()).new_page()
        page.goto(f"{base}/review/")
        page.get_by_label("Your name").fill("bench")
        page.get_by_label("Your name").press("Enter")
        for name, address, shown in (
            ("the queue's page in a browser", "#/", ".thumb"),
            ("an item's page in a browser", f"#/{asset.asset_id}/{asset.run_id}", ".layer.second > img"),
        ):
            took = []
            for _ in range(_TIMES):
                began = time.monotonic()
                page.goto(f"{base}/review/?{began}{address}")  # another address each time: the whole page is loaded
                page.locator(shown).first.wait_for()
                took.append(time.monotonic() - began)
            detail = f"slowest of {_TIMES}, median {statistics.median(took):.2f} s"
            yield Figure(name, max(took), _USABLE_SECONDS, "s", detail)
        page.context.browser.close()  # type: ignore[union-attr]
