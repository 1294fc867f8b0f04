"""How many environments may work at once on one machine."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CORES = os.cpu_count() or 2
MOST_PER_FUNCTION = min(4, max(2, _CORES))
"""A worker is a process of 65 MB that takes 0.3 s of a core to start. AWS starts another one for every invocation that
finds none free; a folder of 200 pictures dropped at once would start 200 of each kind here."""
MOST_IN_BACKGROUND = _CORES + 1
"""All functions together that nobody waits for at the API. Each asks the emulator again and again, which answers one
request at a time: with twenty at once, whoever asks the API stands behind twenty others at every step."""
_PATIENCE_SECONDS = 5.0


class PerFunction:
    """Lets so many calls of each name in at a time; the others wait.

    The limit is per function and not for all together: a function that calls another one, and waits for it, must not
    hold the place that the other one needs.
    """

    def __init__(self, most: int = MOST_PER_FUNCTION) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._places: dict[str, threading.Semaphore] = {}

    @contextmanager
    def place(self, name: str) -> Iterator[None]:
        """Hold one of the places of ``name``."""
        with self._lock:
            places = self._places.setdefault(name, threading.Semaphore(self._most))
        with places:
            yield


class InBackground:
    """Lets so many calls in at a time; others wait, but not for ever.

    Whoever has waited for ``patience`` seconds goes in all the same: those inside may be waiting for it.
    """

    def __init__(self, most: int = MOST_IN_BACKGROUND, patience: float = _PATIENCE_SECONDS) -> None:
        self._places = threading.Semaphore(most)
        self._patience = patience

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places."""
        held = self._places.acquire(timeout=self._patience)
        try:
            yield
        finally:
            if held:
                self._places.release()
