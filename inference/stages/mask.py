"""Find the area to replace."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError

from inference.artifacts import ArtifactStore
from inference.compositing.masks import check_same_size, check_something_is_left
from inference.masking.painted import painted, read_strokes
from inference.masking.registered import beside_registered
from inference.pictures import Picture
from inference.protocols import Found, Mask, Rgb
from inference.registry import Models
from inference.stages.covered import masked_areas
from inference.stages.job import Job
from inference.stages.marks import marks_of, write_sightings
from schemas.errors import BadInput
from schemas.pointers import Box
from schemas.stage import StageRequest, StageResult

LARGEST_STROKES = 2 << 20
"""Bytes of a JSON document that holds as many points as are allowed."""


def mask(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Run a masker; ``mask`` is absent from the outputs when it found nothing.

    Registered marks (inputs ``mark-...``) are looked for beside whatever a detector finds, unless somebody pointed at
    what is to go. What a look at them found, if only nothing, is written as ``sightings``.

    Raises
    ------
    BadInput
        ``mask_size``, ``mask_covers_everything``, ``mask_empty``, ``strokes``, ``box``, or what decoding refuses.
    """
    job = Job(request, store, models)
    picture = job.picture("source")
    supplied = _drawn(job, picture)
    box = read_box(job.parameters, picture)

    def find(rgb: Rgb) -> Found:
        found: Found = job.adapter.find(rgb, supplied=supplied, box=box, parameters=job.parameters)
        check_same_size(found.mask, picture.width, picture.height)
        return found

    pointed_at = supplied is not None or box is not None or "point" in job.parameters
    marks = [] if pointed_at else marks_of(job)
    found, sighted = beside_registered(picture.rgb8(), marks, find) if marks else (find(picture.rgb8()), [])
    if marks:
        write_sightings(job, sighted)
    if found.mask.any():
        check_something_is_left(found.mask)
        job.write("mask", "mask.png", _mask_file(found.mask), "image/png")
    masked = masked_areas(found.mask)
    share = float((found.mask > 0).mean())
    size = {"width": picture.width, "height": picture.height}
    return job.result(detections=found.detections, masked=masked, masked_share=share, **size)


def _drawn(job: Job, picture: Picture) -> NDArray[np.uint8] | None:
    """The mask that was given, with a person's strokes on it; ``None`` without any."""
    given = job.mask("mask", picture) if job.has("mask") else None
    if not job.has("strokes"):
        return given
    strokes = read_strokes(job.read("strokes", LARGEST_STROKES))
    drawn = painted(np.zeros((picture.height, picture.width), np.uint8) if given is None else given, strokes)
    if not drawn.any():
        raise BadInput("Nothing is left of the mask: everything was erased.", code="mask_empty")
    return drawn


def read_box(parameters: Mapping[str, Any], picture: Picture) -> Box | None:
    """The drawn box, clipped to the picture.

    Raises
    ------
    BadInput
        ``box`` when it is none, or lies outside.
    """
    given = parameters.get("box")
    if given is None:
        return None
    try:
        box = Box.parse(given) if isinstance(given, str) else Box.model_validate(given)
    except (ValueError, ValidationError) as error:
        raise BadInput("A box is x,y,width,height in whole pixels of the upright picture.", code="box") from error
    if box.x >= picture.width or box.y >= picture.height:
        raise BadInput(f"The box lies outside of the picture of {picture.width} x {picture.height}.", code="box")
    return Box(
        x=box.x,
        y=box.y,
        width=min(box.width, picture.width - box.x),
        height=min(box.height, picture.height - box.y),
    )


def _mask_file(area: Mask) -> bytes:
    """8-bit grey, 255 = replace. Level 6: masks are flat, and the slower level makes them ten times smaller."""
    out = io.BytesIO()
    Image.fromarray(area).convert("L").save(out, "PNG", compress_level=6)
    return out.getvalue()
