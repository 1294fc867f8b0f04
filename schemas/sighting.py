"""Where registered marks were seen in a picture: found once, by the mask stage, and handed on to be taken off."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.mark import MOST_MARKS, MarkName
from schemas.pointers import Box, Document, S3Pointer
from schemas.stage import Detection

MOST_SIGHTINGS = MOST_MARKS * 256
"""Of all marks together; the search gives up at some two hundred copies of one."""
_FARTHEST = 1_000_000
Place = Annotated[float, Field(ge=-_FARTHEST, le=_FARTHEST, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=1, le=_FARTHEST, allow_inf_nan=False)]
Kernel = Literal["area", "bicubic", "lanczos", "bilinear", "linear", "cubic"]
"""What brought the artwork to its size: Pillow's kernels, and OpenCV's ``area``, ``linear`` and ``cubic``."""


class Paint(StrEnum):
    """In which colours a mark was laid on: many register the coloured artwork and stamp it in white or black."""

    OWN = "own"
    WHITE = "white"
    BLACK = "black"


class Sighting(Document):
    """One copy of a registered mark, told so that it can be drawn again as it was drawn.

    ``x`` and ``y`` are its middle in pixels of the upright picture, from the corner of the first one; ``width`` and
    ``height`` those of the whole artwork before it is turned, counter-clockwise, by ``turn`` degrees.
    """

    name: MarkName
    x: Place
    y: Place
    width: Length
    height: Length
    turn: float = Field(ge=-180, le=180, allow_inf_nan=False)
    paint: Paint
    kernel: Kernel
    opacity: float = Field(gt=0, le=1.1, description="times that of the artwork; estimates may exceed 1 a little")
    likeness: float = Field(ge=0, le=1, description="correlation of the picture's steps with the mark's")
    box: Box = Field(description="what it changes")

    @property
    def detection(self) -> Detection:
        """Reduce it to what is shown of it."""
        return Detection(label=f"mark {self.name}", score=self.likeness, box=self.box)


class Sightings(Document):
    """What a look at a picture found: the artwork that was looked for, and where; nothing is an answer as well."""

    artwork: dict[MarkName, S3Pointer]
    found: list[Sighting] = Field(max_length=MOST_SIGHTINGS)

    @model_validator(mode="after")
    def _only_of_known_artwork(self) -> Self:
        if not {sighting.name for sighting in self.found} <= self.artwork.keys():
            raise ValueError("a mark was seen that nobody looked for")
        return self
