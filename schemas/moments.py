"""Times as documents have them: UTC, in one form."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def now() -> datetime:
    """Return the current time, UTC."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """Write a UTC time as documents do (``...Z``), so that times compare equal wherever they were written."""
    return moment.isoformat().replace("+00:00", "Z")


def _as_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be ordered")
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_as_utc)]
