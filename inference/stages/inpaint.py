"""Fill the hole: regions, crops, a model's fill, patches."""

import cv2
import numpy as np

from inference.artifacts import ArtifactStore
from inference.compositing.edits import EditLayer, Patch
from inference.compositing.edits_file import pack
from inference.compositing.masks import THRESHOLD, check_something_is_left
from inference.compositing.regions import Region, as_slices, regions
from inference.parameters import whole
from inference.pictures import Picture
from inference.pictures.picture import to_8_bit
from inference.protocols import Mask, Rgb
from inference.registry import Models
from inference.stages.areas import edited_areas
from inference.stages.job import Job, checked_rgb
from schemas.stage import StageRequest, StageResult


def inpaint(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Run an inpainter on each region and write its fills as ``edits``.

    A grey picture gets grey fills. Models see 8 bits; the composite brings a fill back to 16 where the source has them.

    Raises
    ------
    BadInput
        ``mask_size``, ``mask_covers_everything``, or what decoding refuses.
    """
    job = Job(request, store, models)
    picture = job.picture("source")
    hole = job.mask("mask", picture) >= THRESHOLD
    check_something_is_left(hole)
    patches = [_fill(job, picture, hole, region) for region in regions(hole)]
    layer = EditLayer(picture.width, picture.height, patches)
    job.write("edits", "edits.zip", pack(layer), "application/zip")
    return job.result(areas=edited_areas(layer), width=picture.width, height=picture.height)


def _fill(job: Job, picture: Picture, hole: Mask, region: Region) -> Patch:
    """Fill one region. The model is told of all holes in its crop, but answers for this region's only."""
    place = as_slices(region.crop)
    crop = to_8_bit(picture.pixels[place].copy())
    seed = whole(job.parameters, "seed", 0, low=0, high=2**31 - 1)
    fill = job.adapter.fill(crop, np.ascontiguousarray(hole[place]), seed=seed, parameters=job.parameters)
    fill = checked_rgb(job.card.name, fill, crop.shape)
    if picture.was_gray:
        fill = as_gray(fill)
    return Patch.of(region.crop, fill, region.hole.astype(np.float32), region.hole, job.card.name)


def as_gray(rgb: Rgb) -> Rgb:
    """Luminance (Rec. 601) in three equal channels."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))
