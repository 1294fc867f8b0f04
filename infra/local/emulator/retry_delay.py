"""``MaxDelaySeconds`` and ``JitterStrategy`` of a retrier.

AWS
    Waits ``IntervalSeconds * BackoffRate ** attempt``, at most ``MaxDelaySeconds``; with ``FULL`` jitter a random time
    between zero and that.
ministack
    Ignores both fields.
"""

import random
from typing import Any

from ministack.services import stepfunctions

Retrier = dict[str, Any]


def apply() -> None:
    """Work the two fields into the interval that ministack waits."""
    find = stepfunctions._find_matching_retrier

    def find_with_delay(retriers: list[Retrier], error: str, counts: dict[int, int]) -> tuple[Retrier | None, int]:
        retrier, index = find(retriers, error, counts)
        if retrier is None:
            return None, index
        return {**retrier, "IntervalSeconds": _delay(retrier, counts.get(index, 0)), "BackoffRate": 1}, index

    stepfunctions._find_matching_retrier = find_with_delay


def _delay(retrier: Retrier, attempt: int) -> float:
    delay: float = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** attempt
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    full_jitter = retrier.get("JitterStrategy") == "FULL"
    return random.uniform(0, delay) if full_jitter else delay  # noqa: S311  spreads retries, guards nothing
