"""What is to be taken away, as the queue of such work holds it."""

from typing import Literal

from pydantic import Field

from schemas.pointers import Document


class Removal(Document):
    """One piece of work: of which asset, and how much of it.

    ``forget`` orders an erasure for what nothing happened with for too long, if that is still so.
    ``sweep`` looks once more after an erasure, for what a model or an event left late. By then no record says where to
    look, so the message does: names of runs and places, which are hashes.
    """

    asset_id: str
    what: Literal["withdraw", "erase", "sweep", "forget"]
    runs: list[str] = Field(default=[], description="whose requests may have come late")
    places: list[str] = Field(default=[], description="where a stage may have been at work")
