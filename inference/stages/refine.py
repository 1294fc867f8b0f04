"""Make the fills belong to their surroundings, and lay them on the picture."""

import numpy as np

from inference.artifacts import ArtifactStore
from inference.compositing.composite import check_size, composed_crop, lay_on
from inference.compositing.edits import EditLayer, Patch
from inference.compositing.edits_file import pack
from inference.parameters import whole
from inference.pictures import Picture
from inference.pictures.picture import to_8_bit
from inference.registry import Models
from inference.stages.areas import edited_areas
from inference.stages.filling import as_gray
from inference.stages.job import Job, checked_rgb
from schemas.errors import PermanentFailure
from schemas.stage import LARGEST_SEED, StageRequest, StageResult


def refine(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Run a refiner on each patch; write the new ``edits`` and the finished ``image``.

    What was measured under a mark is no fill: it has its own colour and grain, and stays as it is.

    Raises
    ------
    BadInput
        ``edits``, ``edits_size``, or what decoding refuses.
    """
    job = Job(request, store, models)
    picture, layer = job.picture("source"), job.edits()
    check_size(picture, layer)
    patches = [_refined(job, picture, layer, patch) for patch in layer.patches]
    refined = EditLayer(layer.width, layer.height, patches)
    job.write("edits", "edits.zip", pack(refined), "application/zip")
    lay_on(picture.pixels, refined)  # nobody else needs the source any more, and a copy of 60 megapixels is large
    job.write_image(picture)
    return job.result(areas=edited_areas(refined), width=picture.width, height=picture.height)


def _refined(job: Job, picture: Picture, layer: EditLayer, patch: Patch) -> Patch:
    if patch.measured:
        return patch
    # All fills are in place already, so that no refiner measures the unwanted thing in a neighbour's hole.
    crop = to_8_bit(composed_crop(picture.pixels, layer, patch.box))
    seed = whole(job.parameters, "seed", 0, low=0, high=LARGEST_SEED)
    fill, alpha = job.adapter.refine(crop.copy(), crop.copy(), patch.hole, seed=seed, parameters=job.parameters)
    fill = checked_rgb(job.card.name, fill, crop.shape)
    if alpha.shape != patch.hole.shape or not np.isfinite(alpha).all():
        raise PermanentFailure(f"`{job.card.name}` made an unusable composite mask.", code="model_output")
    # Where a refiner leaves the source as it is, 16 bits of it stay too, whatever its mask says.
    alpha = np.where((fill == crop).all(axis=2) & ~patch.hole, 0, alpha)
    return Patch.of(patch.box, as_gray(fill) if picture.was_gray else fill, alpha, patch.hole, patch.model)
