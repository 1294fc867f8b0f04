"""Previews as the API shows them."""

from typing import Literal

from pydantic import Field

from schemas.cost import Cost
from schemas.http.answer import Answer, AssetId, Link, RunId
from schemas.pointers import Box


class AreaCovered(Answer):
    """One place that the mask covers. Boxes are in pixels of the upright picture."""

    box: Box
    share: float = Field(gt=0, le=1, description="of the picture's pixels")


class PreviewStarted(Answer):
    """A look that was ordered, or had been before."""

    asset_id: AssetId
    run_id: RunId


class PreviewShown(Answer):
    """How a look at a picture stands, and what there is to see. What says nothing is left out."""

    asset_id: AssetId
    run_id: RunId
    state: Literal["running", "done", "stopped"] = Field(description="`stopped`: it came to nothing, see `reason`")
    want: Literal["mask", "prompt"] = Field(description="what was asked for")
    code: str | None = Field(default=None, description="short stable word for how it ended")
    reason: str | None = Field(default=None, description="the same, for people")
    width: int | None = Field(default=None, gt=0, description="pixels of the upright picture")
    height: int | None = Field(default=None, gt=0, description="pixels of the upright picture")
    mask: Link | None = None
    masked_by: str | None = Field(default=None, description="the model that found the mask")
    areas: list[AreaCovered] = Field(default=[], max_length=20, description="what the mask covers, the largest first")
    share: float | None = Field(default=None, ge=0, le=1, description="what the mask covers, of the picture's pixels")
    picture: Link | None = None
    agreement: float | None = Field(default=None, ge=0, le=1, description="of the small picture with its words")
    cost: Cost | None = Field(default=None, description="what the models took")
