"""Waiting by looking again: often while a run is young or moves on, seldom while it stands still."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from infra.client.errors import TimedOut
from infra.client.views import AssetView

T = TypeVar("T")
Look = Callable[[str], AssetView | None]
OnChange = Callable[[AssetView], None]

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.15, 2.0
"""Seconds between two looks."""
_LATENESS = 0.05
"""A pause is this share of the time without news, so that news is at most 5 % late and a long run costs few looks."""


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
    stop, news_at = cancelled or threading.Event(), time.monotonic()
    deadline = news_at + timeout
    while pending and not stop.is_set():
        changed = [asset for asset in map(look, pending) if asset and _is_news(asset, seen.get(asset.asset_id))]
        for asset in changed:
            seen[asset.asset_id] = asset
            if on_change:
                on_change(asset)
        pending = [name for name in pending if not (name in seen and seen[name].is_over)]
        now = time.monotonic()
        news_at = now if changed else news_at
        pause = min(max((now - news_at) * _LATENESS, _SHORTEST_PAUSE), _LONGEST_PAUSE)
        if pending and now + pause > deadline:
            raise TimedOut(f"No outcome after {timeout:g} seconds; the run goes on.", code="timeout")
        if pending:
            stop.wait(pause)
    return seen


def look_until(
    look: Callable[[], T], is_over: Callable[[T], bool], late: Callable[[T], TimedOut], *, timeout: float, pause: float
) -> T:
    """Look at one thing until it is over; raise what ``late`` makes of it if it is not within ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not is_over(seen := look()):
        if time.monotonic() > deadline:
            raise late(seen)
        time.sleep(pause)
    return seen


def _is_news(asset: AssetView, before: AssetView | None) -> bool:
    return before is None or (before.status, before.stage) != (asset.status, asset.stage)
