"""A redo: what a person changes of a run before it is done again."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.given import Rights
from schemas.names import ModelName
from schemas.pointers import Box, Document
from schemas.verdict import Comment, Reason
from schemas.words import PromptText

MOST_STROKES, MOST_POINTS = 400, 20_000
_FARTHEST = 1_000_000
Coordinate = Annotated[float, Field(ge=-1000, le=_FARTHEST, allow_inf_nan=False)]
"""Pixels of the oriented native picture; a brush may begin a little outside of it."""


class Stroke(Document):
    """One movement of the brush: a line with round ends through ``points``."""

    paint: bool = Field(description="`true` adds to the mask, `false` takes away from it")
    radius: float = Field(ge=0.5, le=5000, allow_inf_nan=False, description="native pixels")
    points: list[tuple[Coordinate, Coordinate]] = Field(min_length=1, max_length=MOST_POINTS)


class Strokes(Document):
    """What was painted, in its order. Vectors and no bitmap: small, of any size, and they can be replayed."""

    strokes: list[Stroke] = Field(min_length=1, max_length=MOST_STROKES)

    @model_validator(mode="after")
    def _is_bounded(self) -> "Strokes":
        if sum(len(stroke.points) for stroke in self.strokes) > MOST_POINTS:
            raise ValueError(f"strokes have at most {MOST_POINTS} points together")
        return self


class Changes(Document):
    """What is to be otherwise. What is left out stays as it was.

    ``strokes`` are drawn onto the mask that there is, or onto an empty one; a ``box`` looks for the object in it.
    ``context`` is how much of the surroundings a model looks at, 1 as usual. ``rights`` states them where nobody had;
    ``allow_cost`` lifts the recipe's bound for this asset.
    """

    strokes: list[Stroke] | None = Field(
        default=None, description=f"in their order, at most {MOST_STROKES}, with {MOST_POINTS} points together"
    )
    start_from: Literal["mask", "empty"] = "mask"
    box: Box | None = None
    model: ModelName | None = None
    prompt: PromptText | None = None
    conservative: Literal[True] | None = None
    context: float | None = Field(default=None, ge=0.25, le=4, allow_inf_nan=False)
    rights: Rights | None = None
    allow_cost: Literal[True] | None = None
    reason: Reason | None = None
    comment: Comment | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "Changes":
        if self.strokes is not None:
            Strokes(strokes=self.strokes)
            if self.box is not None:
                raise ValueError("give `strokes` or a `box`, not both")
        return self

    @property
    def moves_the_mask(self) -> bool:
        """Whether something else is to be replaced than before."""
        return self.strokes is not None or self.box is not None

    @property
    def words(self) -> str:
        """What was changed, in words."""
        told = [
            "the mask" if self.strokes else "",
            "a box" if self.box else "",
            f"model {self.model}" if self.model else "",
            "the prompt" if self.prompt else "",
            "conservative" if self.conservative else "",
            f"context {self.context:g}" if self.context else "",
            f"rights {self.rights}" if self.rights else "",
            "the cost allowed" if self.allow_cost else "",
        ]
        return ", ".join(part for part in told if part) or "nothing"
