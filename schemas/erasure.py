"""Erasure: a picture and all that is known of it go, for good; what is left says that, who did it and why."""

from typing import Literal

from pydantic import Field

from schemas.moments import Moment
from schemas.pointers import Document
from schemas.review import Person

ErasureReason = Literal["request", "consent", "rights", "mistake", "other"]
"""Why, in one word: somebody's own request, a consent that was taken back, ... No free text, which may name people."""

AnyReason = ErasureReason | Literal["retention"]
"""The same, or that the deployment keeps nothing for longer: nobody has to ask for that."""


class ErasureQuestion(Document):
    """What whoever erases has to say."""

    reason: ErasureReason = Field(description="why, in one word; it stays in the tombstone")


class Erasure(Document):
    """How a picture and all records of it went. Until ``done_at`` they are still being taken away.

    No hash of it is kept: whoever has the picture could prove by it that it was here.
    """

    at: Moment
    by: Person
    reason: AnyReason
    done_at: Moment | None = None
    objects: int = Field(default=0, ge=0, description="versions of objects that were taken away")
    records: int = Field(default=0, ge=0, description="records that were taken away")
