"""What people ask of the queue of reviews."""

from pydantic import Field

from schemas.finding import Guard
from schemas.pointers import Document

LARGEST_PAGE = 100


class Filters(Document):
    """Which waiting reviews to list; what is ``None`` asks for nothing.

    ``recipe`` is a name, or ``name@version``. A review without a confidence is in no range of it.
    """

    recipe: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9-]{1,47}(@[0-9]{1,9})?$")
    rule: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9-]{0,63}$")
    guard: Guard | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    max_confidence: float | None = Field(default=None, ge=0, le=1)
    older_than_hours: float | None = Field(default=None, ge=0, le=100_000)
    mine: bool = False


class Counts(Document):
    """How many reviews wait, by the rule that asked and by recipe. ``at_least``: more wait than were counted."""

    open: int
    at_least: bool
    by_rule: dict[str, int]
    by_recipe: dict[str, int]
