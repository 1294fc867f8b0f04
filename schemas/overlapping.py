"""A secret that can be changed while both sides use it: the one before it stays good for a day."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import ConfigDict, Field

from schemas.pointers import Document
from schemas.records import Moment

OVERLAP = timedelta(hours=24)
"""How long the older secret is still good after a change."""


class OverlappingSecrets(Document):
    """A secret, and the one before it while that is still good."""

    model_config = ConfigDict(hide_input_in_errors=True)  # a secret is one in a stack trace too

    current: str = Field(repr=False)
    previous: str | None = Field(default=None, repr=False)
    previous_until: Moment | None = None

    def replaced_by(self, secret: str, moment: datetime) -> Self:
        """Make another secret the current one; this one is good beside it for a day."""
        return type(self)(current=secret, previous=self.current, previous_until=moment + OVERLAP)

    def good_at(self, moment: datetime) -> list[str]:
        """Secrets that are good at a moment, the current one first."""
        overlaps = self.previous and self.previous_until and moment < self.previous_until
        return [self.current, *([self.previous] if overlaps and self.previous else [])]
