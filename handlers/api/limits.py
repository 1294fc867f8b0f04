"""How often one caller may change something: so that one who runs wild keeps nobody else waiting."""

import time

from handlers.api.errors import TooManyRequests
from handlers.aws import table
from handlers.aws.items import rate_key
from handlers.observability import count, logger
from handlers.settings import settings
from schemas.errors import CleanplateError

_WINDOW = 60
_KEPT = 10 * _WINDOW


def check(who: str) -> None:
    """Count a request that changes something. Where it cannot be counted, it is let through.

    Raises
    ------
    TooManyRequests
        If the caller asked for more than the deployment allows in this minute.
    """
    most = settings().writes_per_minute
    if most == 0:
        return
    seconds = time.time()
    window = int(seconds // _WINDOW)
    try:
        asked = table.count_up(rate_key(who, window), expires_at=int(seconds) + _KEPT)
    except CleanplateError as error:
        logger.warning("a request could not be counted", extra={"code": error.code})
        return
    if asked > most:
        count("CallersLimited")
        message = f"More than {most:,} requests that change something in one minute; wait for the next."
        left = int((window + 1) * _WINDOW - seconds) + 1
        raise TooManyRequests(message, code="too_many_requests", seconds=left)
