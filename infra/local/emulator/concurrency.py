"""How many environments of one function may work at once on one machine."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MOST_PER_FUNCTION = min(4, max(2, os.cpu_count() or 2))
"""A worker is a process of 65 MB that takes 0.3 s of a core to start. AWS starts another one for every invocation that
finds none free; a folder of 200 pictures dropped at once would start 200 of each kind here."""


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
