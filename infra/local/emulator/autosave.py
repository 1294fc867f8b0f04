"""Keep the saved state close behind the state in memory.

ministack saves on a clean shutdown only. Everything after the last save is lost when the process is killed, so it is
saved every few seconds while there is traffic. Object bytes are on disk at once in any case.
"""

import asyncio
import contextlib
import logging
import time

from ministack import app as application
from ministack.core.persistence import PERSIST_STATE, save_all

INTERVAL_SECONDS = 3.0
_LARGEST_SHARE = 0.1  # of the time; the state grows with the history of executions, and saving stops other threads


class Autosave:
    """Saves when something was asked since the last save, and once more after that.

    The once more is for what runs on by itself after a request was answered: executions, queues, schedules.
    """

    def __init__(self) -> None:
        self._pending = 0
        self._pause = INTERVAL_SECONDS
        logging.getLogger("persistence").setLevel(logging.WARNING)  # forty lines at every save

    def touch(self) -> None:
        """Note that a request came in."""
        self._pending = 2

    async def run(self, stop: asyncio.Event) -> None:
        """Save until ``stop`` is set. A save that has begun is finished: the application saves on its way out too."""
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._pause)
            if self._pending and PERSIST_STATE and not stop.is_set():
                self._pending -= 1
                began = time.monotonic()
                await asyncio.to_thread(save_all, application._build_persistence_save_dict())
                self._pause = max(INTERVAL_SECONDS, (time.monotonic() - began) / _LARGEST_SHARE)
