"""A restorer's work as patches: what it computed back and what was invented are told apart."""

import cv2
import numpy as np

from inference.compositing.edits import Patch
from inference.compositing.regions import Region, as_slices, regions
from inference.parameters import whole
from inference.pictures import Picture
from inference.protocols import Mask, Restored, Rgb
from inference.registry import Models
from inference.stages.filling import Filling, as_gray
from inference.stages.job import Job, checked_rgb
from inference.stages.marks import sighted_marks_of
from schemas.errors import PermanentFailure
from schemas.permission import check_permitted
from schemas.pointers import Box
from schemas.sighting import Sighting
from schemas.stage import LARGEST_SEED, Stage


def restore(job: Job, models: Models, picture: Picture, hole: Mask) -> tuple[list[Patch], list[Sighting]]:
    """Run a restorer on the whole picture; return its work, and the registered marks that it took off.

    The parameter ``fill`` names the inpainter for what cannot be computed back, ``fill_parameters`` holds its own.

    Raises
    ------
    BadInput
        ``sightings``: what an earlier stage saw of registered marks cannot be of this picture.
    PermanentFailure
        ``unknown_model`` for a fill that is none, ``model_output``, or what the policy does not permit.
    """
    filling = _filling(job, models, gray=picture.was_gray)
    seed = whole(job.parameters, "seed", 0, low=0, high=LARGEST_SEED)
    rgb = picture.rgb8()
    restored: Restored = job.adapter.restore(
        rgb, hole, sighted_marks_of(job, picture), fill=filling.picture, seed=seed, parameters=job.parameters
    )
    made = checked_rgb(job.card.name, restored.rgb, rgb.shape)
    if restored.measured.shape != hole.shape:
        raise PermanentFailure(f"`{job.card.name}` made an unusable mask.", code="model_output")
    made = as_gray(made) if picture.was_gray else made
    measured = hole & restored.measured
    patches = [
        *(_measured(made, region, job.card.name) for region in regions(measured)),
        *(_invented(made, region, filling.name) for region in regions(hole & ~measured)),
    ]
    return patches, restored.sighted


def _filling(job: Job, models: Models, *, gray: bool) -> Filling:
    name = str(job.parameters.get("fill", "by-hole"))
    card = models.card(name, Stage.INPAINT)
    check_permitted(card, job.request.permission)
    own = {"seed": job.parameters.get("seed", 0), **job.parameters.get("fill_parameters", {})}
    return Filling(name, models.load(name), {**card.defaults, **own}, gray=gray)


def _invented(rgb: Rgb, region: Region, model: str) -> Patch:
    return Patch.of(region.crop, rgb[as_slices(region.crop)], region.hole.astype(np.float32), region.hole, model)


def _measured(rgb: Rgb, region: Region, model: str) -> Patch:
    """Cut to the hole itself: nothing around it decided anything."""
    left, top, width, height = cv2.boundingRect(region.hole.astype(np.uint8))
    box = Box(x=region.crop.x + left, y=region.crop.y + top, width=width, height=height)
    hole = region.hole[top : top + height, left : left + width]
    return Patch.of(box, rgb[as_slices(box)], hole.astype(np.float32), hole, model, measured=True)
