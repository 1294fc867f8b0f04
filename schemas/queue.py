"""What people ask of the queue of reviews."""

from pydantic import Field

from schemas.finding import Guard
from schemas.pointers import Document

LARGEST_PAGE = 100


class Filters(Document):
    """Which waiting reviews to list; what is ``None`` asks for nothing.

    ``recipe`` is a name, or ``name@version``. A review without a confidence is in no range of it.
    """

    recipe: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9-]{1,47}(@[0-9]{1,9})?$", description="a name, or `name@version`"
    )
    rule: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9-]{0,63}$", description="which rule asked a person")
    guard: Guard | None = Field(default=None, description="what was touched")
    min_confidence: float | None = Field(default=None, ge=0, le=1, description="at least as sure as this")
    max_confidence: float | None = Field(default=None, ge=0, le=1, description="at most as sure as this")
    older_than_hours: float | None = Field(default=None, ge=0, le=100_000, description="waiting for longer than this")
    mine: bool = Field(default=False, description="only what the caller holds")


class Counts(Document):
    """How many reviews wait, by the rule that asked and by recipe. ``at_least``: more wait than were counted."""

    open: int
    at_least: bool
    by_rule: dict[str, int]
    by_recipe: dict[str, int]
