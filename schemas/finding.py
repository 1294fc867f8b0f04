"""What a guard found: a fact about one place of an output that no score may outweigh."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.pointers import Box, Document


class Guard(StrEnum):
    """What is looked after. Each can send an output to a person whatever its confidence."""

    TEXT = "text"
    FACES = "faces"
    LOGOS = "logos"
    CODES = "codes"


class Change(StrEnum):
    """What happened to it.

    ``touched``: the mask reaches into it, and it was not what was to be removed. ``changed``: it reads or looks
    otherwise than before. ``invented``: it is in the output and was not in the source. ``lost``: it could be read
    before and cannot be now. ``remains``: it was to be removed and is still there. ``unchecked``: nobody could look.
    """

    TOUCHED = "touched"
    CHANGED = "changed"
    INVENTED = "invented"
    LOST = "lost"
    REMAINS = "remains"
    UNCHECKED = "unchecked"


class Finding(Document):
    """One thing that a guard found. ``box`` is in pixels of the oriented picture at native size."""

    guard: Guard
    change: Change
    box: Box | None = Field(default=None, description="where; `None` for `unchecked`")
    detail: Annotated[str, StringConstraints(max_length=200)] = Field(description="what a person should know, in words")


MOST_FINDINGS = 20
"""Findings that a stage answers with: more would say nothing new to a person, and a run's state is bounded."""
