"""Proofs: small pictures of an edit, made once, so that a person sees a review at once whatever the size of the files.

All boxes are in pixels of the oriented native picture. Pictures lie under ``reviews/<asset>/<run>/`` in the work
bucket, and this document beside them as ``proofs.json``.
"""

from pydantic import Field

from schemas.pointers import Box, Document, S3Pointer

OVERVIEW_SIDE = 2048
"""Longest side of an overview, pixels: what a large screen shows, at some 0.5 MB."""
AREA_SIDE = 1024
"""Longest side of one area's detail, native pixels."""
MOST_AREAS = 24
"""Areas that are shown in detail; the smallest ones beyond that are only counted."""
THUMBNAIL = "thumbnail.jpg"
"""Name of the thumbnail: a list of a hundred links it without looking whether it is there."""
THUMBNAIL_SIDE = 256
"""Longest side of a thumbnail, pixels."""


class Area(Document):
    """One edited place at full detail, with its surroundings.

    ``after`` has more pixels than ``before`` where the result was enlarged; both show the same ``view``.
    """

    edited: Box = Field(description="what was edited in this place")
    view: Box = Field(description="what the two pictures show")
    before: S3Pointer
    after: S3Pointer


class Proofs(Document):
    """What a reviewer is shown of a result.

    The four overviews are of one size, that of the larger picture as far as ``OVERVIEW_SIDE`` allows; only where the
    two pictures have different shapes, before and after are each of their own. A crossed-out sheet stands for a file
    that cannot be shown.

    ``heat`` is transparent where nothing changed, ``mask`` where nothing was to be replaced. Both are missing where
    there is nothing to compare with: a scene made of a sketch, a run that stopped before its mask. ``heat`` and the
    areas are missing where nothing was made either, or only a preview.
    """

    width: int = Field(gt=0, description="of the native picture")
    height: int = Field(gt=0, description="of the native picture")
    after_width: int = Field(gt=0)
    after_height: int = Field(gt=0)
    before: S3Pointer
    after: S3Pointer
    heat: S3Pointer | None = None
    mask: S3Pointer | None = None
    thumbnail: S3Pointer
    areas: list[Area] = Field(default=[], max_length=MOST_AREAS)
    areas_left_out: int = Field(default=0, ge=0)


def proofs_folder(asset_id: str, run_id: str) -> str:
    """Prefix, in the work bucket, of everything that is made for one review."""
    return f"reviews/{asset_id}/{run_id}/"
