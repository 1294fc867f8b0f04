"""Waiting by looking again: often while a run is young or moves on, seldom while it stands still."""

import threading
import time
from collections.abc import Callable, Iterable

from infra.client.errors import TimedOut
from infra.client.views import AssetView

Look = Callable[[str], AssetView | None]
OnChange = Callable[[AssetView], None]

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.2, 2.0, 1.3
"""Seconds between two looks, and the factor by which a pause without news grows."""


def wait_for(
    look: Look,
    asset_ids: Iterable[str],
    on_change: OnChange | None,
    *,
    timeout: float,
    cancelled: threading.Event | None,
) -> dict[str, AssetView]:
    """Look at the assets until each has an outcome; see ``Client.wait``."""
    seen: dict[str, AssetView] = {}
    pending = list(dict.fromkeys(asset_ids))
    stop, pause, deadline = cancelled or threading.Event(), _FIRST_PAUSE, time.monotonic() + timeout
    while pending and not stop.is_set():
        changed = [asset for asset in map(look, pending) if asset and _is_news(asset, seen.get(asset.asset_id))]
        for asset in changed:
            seen[asset.asset_id] = asset
            if on_change:
                on_change(asset)
        pending = [name for name in pending if not (name in seen and seen[name].is_over)]
        pause = _FIRST_PAUSE if changed else min(pause * _GROWTH, _LONGEST_PAUSE)
        if pending and time.monotonic() + pause > deadline:
            raise TimedOut(f"No outcome after {timeout:g} seconds; the run goes on.", code="timeout")
        if pending:
            stop.wait(pause)
    return seen


def _is_news(asset: AssetView, before: AssetView | None) -> bool:
    return before is None or (before.status, before.stage) != (asset.status, asset.stage)
