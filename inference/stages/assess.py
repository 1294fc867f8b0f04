"""Measure a finished picture against its source, at native size or enlarged."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from inference.artifacts import ArtifactStore
from inference.compositing.composite import check_size, compose, composed_crop
from inference.compositing.edits import EditLayer, Patch
from inference.compositing.masks import THRESHOLD
from inference.compositing.regions import as_slices
from inference.pictures import Picture
from inference.pictures.picture import to_8_bit
from inference.pictures.strips import strips
from inference.protocols import Assessment, Assessor, FilledBy, Mask, Parameters
from inference.registry import Models
from inference.stages.guarding import guard_edit, guard_enlargement
from inference.stages.job import ENLARGED, Job
from inference.stages.told import told
from schemas.asset import MediaType
from schemas.errors import BadInput
from schemas.signals import Signals
from schemas.stage import StageRequest, StageResult

RING = 64
"""Pixels of surroundings that a measured patch is judged with."""


def assess(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Judge an edit at native size, patch by patch; the worst patch speaks for the picture.

    Pixels outside the mask are compared in the delivered file, decoded again. A JPEG differs everywhere by its own
    coding, so there the lossless composition that was encoded is compared.

    Raises
    ------
    BadInput
        ``edits``, ``edits_size``, ``image_size``, ``mask_size``, or what decoding refuses.
    """
    job = Job(request, store, models)
    source, layer = job.picture("source"), job.edits()
    check_size(source, layer)
    mask = job.mask("mask", source) >= THRESHOLD
    hole, alpha = layer.hole(), layer.alpha()
    changed = _changed(source, _delivered(job, source, layer), (alpha == 0) | (hole & ~mask))
    found = [each for _, each in judged_patches(job.adapter, source, layer, job.parameters)]
    judged = combine(found, changed, float((alpha > 0).mean()))
    return job.result(
        signals=judged.signals.model_copy(update=told(job, models, source, layer)),
        findings=guard_edit(job, models, source, layer, hole),
        confidence=judged.confidence,
        unknown_because=judged.unknown_because,
        width=source.width,
        height=source.height,
    )


def _delivered(job: Job, source: Picture, layer: EditLayer) -> Picture:
    image = job.picture("image")
    if (image.width, image.height) != (source.width, source.height):
        message = f"The image is {image.width} x {image.height}, its source {source.width} x {source.height}."
        raise BadInput(message, code="image_size")
    return image if image.media_type is MediaType.PNG else compose(source, layer)


def assess_upscaled(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Judge an enlargement against the native picture that it was made from.

    Raises
    ------
    BadInput
        ``edits``, ``edits_size``, ``image_size``, or what decoding refuses.
    """
    job = Job(request, store, models)
    source = job.picture("source")
    layer = job.edits() if job.has("edits") else None
    native = compose(source, layer) if layer else source
    enlarged = job.picture("image", ENLARGED)
    if enlarged.width * native.height != enlarged.height * native.width or enlarged.width < native.width:
        message = f"{enlarged.width} x {enlarged.height} is no enlargement of {native.width} x {native.height}."
        raise BadInput(message, code="image_size")
    small, large = native.rgb8(), enlarged.rgb8()
    hole = layer.hole() if layer else None
    judged = job.adapter.assess_upscaled(small, large, hole=hole, parameters=job.parameters)
    return job.result(
        signals=judged.signals,
        findings=guard_enlargement(job, models, small, large),
        confidence=judged.confidence,
        width=enlarged.width,
        height=enlarged.height,
    )


def combine(found: list[Assessment], changed: int, mask_share: float) -> Assessment:
    """Let the worst of each signal speak for the picture. One patch without a confidence leaves none."""
    signals = [assessment.signals for assessment in found]
    worst = {name: _worst((getattr(each, name) for each in signals), badness) for name, badness in _BADNESS.items()}
    facts = {"changed_outside_mask": changed, "mask_share": mask_share} | {
        name: value for name, value in worst.items() if value is not None
    }
    unknown = next((each for each in found if each.confidence is None), None)
    known = [each.confidence for each in found if each.confidence is not None]
    return Assessment(
        Signals.model_validate(facts),
        min(known) if known and unknown is None else None,
        unknown.unknown_because if unknown else None,
    )


def judged_patches(
    adapter: Assessor, source: Picture, layer: EditLayer, parameters: Parameters
) -> list[tuple[Patch, Assessment]]:
    """Judge each patch's crop. Neighbours' holes count as holes there: they may differ from the source too."""
    hole, alpha, measured = layer.hole(), layer.alpha(), layer.measured()
    judged = []
    for patch in layer.patches:
        # What was measured has no context of its own, but is judged against it.
        box = patch.box.widened(RING, source.height, source.width) if patch.measured else patch.box
        place = as_slices(box)
        before = to_8_bit(source.pixels[place].copy())
        after = to_8_bit(composed_crop(source.pixels, layer, box))
        share = alpha[place].astype(np.float32) / np.float32(255)
        fill = FilledBy(patch.model, measured[place], patch.measured)
        judged.append(
            (patch, adapter.assess_native(before, after, hole[place], share, fill=fill, parameters=parameters))
        )
    return judged


def _changed(source: Picture, delivered: Picture, outside: Mask) -> int:
    """Number of pixels that differ where nothing may. Transparency may differ nowhere."""
    deep = delivered.deep == source.deep  # a file of fewer bits is compared in those
    changed = 0
    for rows in strips(source.height):
        before, after = source.pixels[rows], delivered.pixels[rows]
        differing = (before != after if deep else to_8_bit(before) != to_8_bit(after)).any(axis=2) & outside[rows]
        if source.alpha is not None and delivered.alpha is not None and deep:
            differing |= source.alpha[rows] != delivered.alpha[rows]
        changed += int(np.count_nonzero(differing))
    return changed


def _worst(values: Iterable[float | None], badness: Callable[[float], float]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known, key=badness) if known else None


def _from_one(ratio: float) -> float:
    """How far a ratio is from 1, as many times too large as too small."""
    return abs(math.log(max(ratio, 1e-6)))


def _greatness(value: float) -> float:
    return value


def _smallness(value: float) -> float:
    return -value


_BADNESS: dict[str, Callable[[float], float]] = {
    "widest_hole": abs,
    "hole_pixels": abs,
    "seam_ratio": _from_one,
    "ring_colour_delta": abs,
    "noise_ratio": _from_one,
    "sharpness_ratio": _from_one,
    "smooth_delta": abs,
    "border_structure": abs,
    "border_break": abs,
    "slope_delta": abs,
    "slope_spread": abs,
    "texture_distance": abs,
    "self_similarity": _smallness,
    "repetition": abs,
    "residue": _greatness,
}
"""How bad a value of each signal is: the worst of all patches is told."""
