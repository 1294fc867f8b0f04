"""Enlarge the finished picture."""

import math
from typing import cast

import cv2

from inference.artifacts import ArtifactStore
from inference.compositing.composite import compose
from inference.pictures import Picture
from inference.protocols import Samples
from inference.registry import Models
from inference.stages.job import ENLARGED, Job, checked_samples
from inference.stages.people import refuse_people
from schemas.errors import BadInput, PermanentFailure
from schemas.stage import StageRequest, StageResult


def upscale(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Enlarge the source with its edits laid on, from the lossless composition and not from a delivered JPEG.

    16 bits stay 16. Transparency is enlarged with Lanczos.

    Raises
    ------
    BadInput
        ``too_large_to_enlarge``, ``scale``, ``edits``, ``edits_size``, or what decoding refuses.
    PermanentFailure
        ``people_in_picture`` where a generative model would work on people.
    """
    job = Job(request, store, models)
    source = job.picture("source")
    scale = _scale(job)
    _check_size(job, source, scale)
    native = compose(source, job.edits()) if job.has("edits") else source
    shape = (native.height * scale, native.width * scale, 3)
    refuse_people(job.card, native.rgb8(), models)
    made = job.adapter.enlarge(native.pixels, parameters=job.parameters)
    pixels = checked_samples(job.card.name, made, shape, native.pixels.dtype)
    alpha = None
    if native.alpha is not None:
        alpha = cast(Samples, cv2.resize(native.alpha, shape[1::-1], interpolation=cv2.INTER_LANCZOS4))
    job.write_image(native.with_pixels(pixels, alpha))
    return job.result(width=shape[1], height=shape[0])


def _scale(job: Job) -> int:
    scale = job.card.scale
    if scale is None:
        raise PermanentFailure(f"The card of `{job.card.name}` names no scale.", code="broken_card")
    if job.parameters.get("scale", scale) != scale:
        raise BadInput(f"`{job.card.name}` enlarges by {scale}, not by {job.parameters['scale']}.", code="scale")
    return scale


def _check_size(job: Job, source: Picture, scale: int) -> None:
    """Refuse before the minutes of work, not after."""
    megapixels = source.width * source.height / 1e6
    largest = min(job.card.max_megapixels or math.inf, ENLARGED.max_pixels / 1e6 / scale**2)
    if megapixels > largest or max(source.width, source.height) * scale > ENLARGED.max_side:
        message = (
            f"A picture of {megapixels:.1f} megapixels is too large to enlarge by {scale}: {largest:.0f} are allowed."
        )
        raise BadInput(message, code="too_large_to_enlarge")
