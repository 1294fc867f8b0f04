"""The trail of a review: who did what, when and why, with what they saw. Entries are added and never changed."""

from typing import Literal

from pydantic import Field

from schemas.pointers import Document, S3Pointer
from schemas.records import Moment
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
