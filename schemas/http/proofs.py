"""Proofs as people are shown them: links in place of pointers."""

from pydantic import Field

from schemas.http.answer import Answer, Link
from schemas.pointers import Box
from schemas.proof import MOST_AREAS


class AreaShown(Answer):
    """One edited place at full detail, with its surroundings. Boxes are in pixels of the native picture."""

    edited: Box = Field(description="what was edited in this place")
    view: Box = Field(description="what the two pictures show")
    before: Link
    after: Link


class ProofsShown(Answer):
    """Small pictures of an edit. The four overviews are of one size, at most 2,048 pixels a side."""

    width: int = Field(gt=0, description="pixels of the native picture, upright")
    height: int = Field(gt=0, description="pixels of the native picture, upright")
    after_width: int = Field(gt=0, description="pixels of the result, which may be enlarged")
    after_height: int = Field(gt=0, description="pixels of the result, which may be enlarged")
    before: Link
    after: Link
    heat: Link | None = Field(description="where how much changed, transparent elsewhere; `null`: nothing to compare")
    mask: Link | None = Field(description="outline of what was to be replaced; `null` without a mask")
    thumbnail: Link
    areas: list[AreaShown] = Field(max_length=MOST_AREAS, description="the largest first")
    areas_left_out: int = Field(ge=0, description="edited places beyond those, the smallest ones")
