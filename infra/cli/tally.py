"""How a batch stands: what is done, waits for people or failed, what it cost, and how long it will still take."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

from infra.report.record import Record

REFUSED = ("QUARANTINED", "SUPERSEDED", "REJECTED", "CANCELLED", "WITHDRAWN", "ERASED")
"""Outcomes of pictures that nothing was delivered for, and that is no failure."""
_MINUTE, _HOUR = 60, 3600


class Tally:
    """Counts outcomes. May be shared between threads.

    Parameters
    ----------
    total
        Number of pictures.
    clock
        Seconds from any beginning.
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.outcomes: Counter[str] = Counter()
        self.dollars = 0.0
        self._clock = clock
        self._began: float | None = None
        self._timed = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the clock, where it does not run yet: a question to the user in between takes no time."""
        self._began = self._began or self._clock()

    def add(self, record: Record, *, before: bool = False) -> None:
        """Count an outcome.

        Parameters
        ----------
        before
            It was there before the clock started, and says nothing about how long the others will take.
        """
        with self._lock:
            self.outcomes[record["outcome"]] += 1
            self.dollars += record["cost"] or 0.0
            self._timed += not before

    @property
    def ended(self) -> int:
        """Pictures with an outcome."""
        return self.outcomes.total()

    @property
    def seconds_left(self) -> float | None:
        """Time that the rest takes at the pace so far; ``None`` while there is none."""
        if self._began is None or not self._timed:
            return None
        return (self._clock() - self._began) / self._timed * (self.total - self.ended)

    def __str__(self) -> str:
        """One line."""
        left = self.seconds_left if self.ended < self.total else None
        return standing(self.total, self.outcomes, left, self.dollars)


def standing(total: int | None, outcomes: Mapping[str, int], seconds_left: float | None, cost: float) -> str:
    """Say in one line how a batch stands."""
    found = Counter(outcomes)
    counts = {
        "done": found["DELIVERED"],
        "review": found["AWAITING_REVIEW"],
        "failed": found["FAILED"],
        "refused": sum(found[name] for name in REFUSED),
    }
    always = ("done", "review", "failed")
    shown = ", ".join(f"{count} {name}" for name, count in counts.items() if count or name in always)
    of = "?" if total is None else total
    left = f"{duration(seconds_left)} left" if seconds_left else ""
    parts = (f"{found.total()} of {of}: {shown}", left, f"{dollars(cost)} so far" if cost else "")
    return " · ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """Write a time in the unit that fits it: ``40 s``, ``7 min``, ``2 h 5 min``."""
    if seconds < 1.5 * _MINUTE:
        return f"{seconds:.0f} s"
    minutes = round(seconds / _MINUTE)
    return f"{minutes} min" if minutes < _HOUR / _MINUTE else f"{minutes // 60} h {minutes % 60} min"


def dollars(amount: float) -> str:
    """Write an amount: cents where there are many, else what there is of one."""
    return f"${amount:,.2f}" if amount >= 1 else f"${amount:.4f}"
