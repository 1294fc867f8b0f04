"""The trail of an asset: who did what, when and why, with what they saw. Entries are added and never changed."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from schemas.pointers import Document, S3Pointer
from schemas.records import Moment, ReviewRecord
from schemas.review import Person

Deed = Literal[
    "opened",
    "claimed",
    "released",
    "approved",
    "approved-first",
    "rejected",
    "redone",
    "tried",
    "reminded",
    "overdue",
    "expired",
    "superseded",
    "withdrawn",
]
SYSTEM = Person(who="cleanplate", name="Cleanplate")
"""Who did what no person did."""


class TrailEntry(Document):
    """One deed. ``seen`` is what lay before whoever did it, by version and hash."""

    asset_id: str
    run_id: str
    at: Moment
    what: Deed
    by: Person
    why: str | None = Field(default=None, max_length=1000)
    seen: dict[str, S3Pointer] = {}
    next_run: str | None = Field(default=None, description="the run that this led to")

    @classmethod
    def of(cls, review: ReviewRecord, what: Deed, at: datetime, *, by: Person = SYSTEM, **more: Any) -> "TrailEntry":
        """Describe what was done with a review; ``more`` is ``why``, ``seen`` and ``next_run``."""
        return cls(asset_id=review.asset_id, run_id=review.run_id, at=at, what=what, by=by, **more)
