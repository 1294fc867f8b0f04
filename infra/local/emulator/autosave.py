"""Keep the saved state close behind the state in memory.

ministack saves on a clean shutdown only. Everything after the last save is lost when the process is killed, so it is
saved every few seconds while there is traffic. Object bytes are on disk at once in any case.
"""

import asyncio
import contextlib
import logging
import time
from pathlib import Path

from ministack import app as application
from ministack.core.persistence import PERSIST_STATE, save_all

INTERVAL_SECONDS = 3.0
_LARGEST_SHARE = 0.04  # of the time; saving slows every request down, and the state grows with each execution


class Autosave:
    """Saves when something was asked since the last save, and once more after that.

    The once more is for what runs on by itself after a request was answered: executions, queues, schedules.

    Parameters
    ----------
    stamp
        File that tells, after each save, when it began (seconds since 1970): what was done before is on disk.
    """

    def __init__(self, stamp: Path) -> None:
        self._stamp = stamp
        self._pending = 0
        self._pause = INTERVAL_SECONDS
        self._stopping = False
        self._wake = asyncio.Event()
        logging.getLogger("persistence").setLevel(logging.WARNING)  # forty lines at every save

    def touch(self) -> None:
        """Note that a request came in."""
        self._pending = 2

    def save_soon(self) -> None:
        """Save without waiting for the interval to pass."""
        self.touch()
        self._wake.set()

    def stop(self) -> None:
        """Let ``run`` end."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Save until ``stop``. A save that has begun is finished: the application saves on its way out too."""
        while not self._stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._pause)
            self._wake.clear()
            if self._pending and PERSIST_STATE and not self._stopping:
                self._pending -= 1
                began = time.time()
                await asyncio.to_thread(save_all, application._build_persistence_save_dict())
                self._stamp.write_text(str(began))
                self._pause = max(INTERVAL_SECONDS, (time.time() - began) / _LARGEST_SHARE)
