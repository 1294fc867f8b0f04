"""Miniatures: small pictures of what an asset was and became at each stage, for the page that tells its life.

They lie under ``reviews/<asset>/miniatures/`` in the work bucket, each named by the file that it shows. So what two
runs share is made once, and which are there is seen from one listing: there is no document that could say otherwise.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.asset import Status
from schemas.ids import digest
from schemas.pointers import Document, S3Pointer
from schemas.records import AssetRecord, StageFacts

MINIATURE_SIDE = 640
"""Longest side, pixels: sharp at the 320 that the page gives it on a screen of twice as many."""
MOST_MINIATURES = 200
"""Of one asset. Its files beyond that are shown without a picture."""
PICTURE, MASK = ".jpg", ".png"
"""Endings of their names: a picture, or a mask as a layer that lies over the picture."""
MINIATURES_WANTED = "Miniatures Wanted"
"""EventBridge's ``detail-type`` of the event that somebody looks at an asset of which some are missing."""


class MiniaturesWanted(Document):
    """Somebody looks at an asset."""

    asset_id: str


class WantedEvent(BaseModel):
    """The event as EventBridge delivers it; fields of the envelope that AWS adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: Literal["cleanplate"]
    detail_type: Annotated[Literal["Miniatures Wanted"], Field(alias="detail-type")]
    detail: MiniaturesWanted


def miniatures_folder(asset_id: str) -> str:
    """Prefix, in the work bucket, of an asset's miniatures."""
    return f"reviews/{asset_id}/miniatures/"


def picture_name(pointer: S3Pointer) -> str:
    """Name the miniature of a picture."""
    return _named(pointer) + PICTURE


def mask_name(pointer: S3Pointer) -> str:
    """Name the miniature of a mask."""
    return _named(pointer) + MASK


def miniatures_of(asset: AssetRecord, stages: Iterable[StageFacts]) -> dict[str, S3Pointer]:
    """Name all miniatures of an asset, each with the file that it shows; the upload first. What is erased has none."""
    if asset.status is Status.ERASED:
        return {}
    named = {picture_name(asset.source): asset.source}
    for stage in stages:
        if image := stage.outputs.get("image"):
            named[picture_name(image)] = image
        if mask := stage.outputs.get("mask"):
            named[mask_name(mask)] = mask
    return dict(list(named.items())[:MOST_MINIATURES])


def _named(pointer: S3Pointer) -> str:
    return digest("miniature", pointer.bucket, pointer.key, pointer.version_id or "")[:24]
