"""How long to wait before the next attempt."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

from handlers.settings import settings

_LONGEST = 11 * 3600
"""Seconds. SQS hides a message for twelve hours at most."""
_JITTER = 0.1
_random = SystemRandom()


def pauses() -> list[int]:
    """Read the pauses between attempts, in seconds; there is one attempt more than pauses."""
    return [int(pause) for pause in settings().webhook_pauses.split(",")]


def pause_after(attempts: int, moment: datetime, answered: Mapping[str, str]) -> int | None:
    """Say how many seconds to wait after so many attempts; ``None`` if it is enough.

    A receiver that says ``Retry-After`` gets its time; what is due at once for many does not come at once for all.

    Parameters
    ----------
    answered
        Headers of the last answer, their names in small letters.
    """
    planned = pauses()
    if attempts > len(planned):
        return None
    usual = planned[attempts - 1] * (1 + _random.uniform(-_JITTER, _JITTER))
    return min(_LONGEST, max(round(usual), _asked_for(answered.get("retry-after", ""), moment)))


def _asked_for(text: str, moment: datetime) -> int:
    """Read ``Retry-After``: seconds, or a date; 0 where it is neither."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    try:
        until = parsedate_to_datetime(text)
        return max(0, int((until - moment).total_seconds())) if until.tzinfo else 0
    except ValueError:
        return 0
