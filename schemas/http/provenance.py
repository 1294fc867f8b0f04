"""Runs as they are found by what did them."""

from pydantic import Field

from schemas.found_by import FoundRun
from schemas.http.answer import OPEN, Answer, Cursor


class FoundRunShown(FoundRun):
    """A run that was found. What there is nothing to say about is left out."""

    model_config = OPEN


class FoundRuns(Answer):
    """Runs that have something in common, the latest first."""

    runs: list[FoundRunShown] = Field(description="at most about 50; may be fewer, or none, with more to come")
    cursor: Cursor
