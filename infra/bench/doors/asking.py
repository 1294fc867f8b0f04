"""Somebody who uses the API meanwhile: asks, waits for the answer, pauses, and notes how long each answer took."""

import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping

_PAUSE_SECONDS = 0.2


class Asking:
    """Asks in turn for several things, on a thread of its own, for as long as the block lasts.

    Parameters
    ----------
    requests
        What is asked, by name.
    """

    def __init__(self, requests: Mapping[str, Callable[[], object]]) -> None:
        self._requests = requests
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._failed: BaseException | None = None
        self.took: dict[str, list[float]] = defaultdict(list)

    def __enter__(self) -> "Asking":
        for request in self._requests.values():
            request()  # the function is cold once
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._failed:
            raise self._failed

    def _ask(self) -> None:
        try:
            while not self._over.is_set():
                for name, request in self._requests.items():
                    began = time.monotonic()
                    request()
                    self.took[name].append(time.monotonic() - began)
                    self._over.wait(_PAUSE_SECONDS)
        except BaseException as error:  # noqa: BLE001  told where the block ends
            self._failed = error


def spread(seconds: list[float]) -> tuple[float, float, float]:
    """Return the median, the 95th percentile and the largest."""
    return statistics.median(seconds), statistics.quantiles(seconds, n=20, method="inclusive")[-1], max(seconds)
