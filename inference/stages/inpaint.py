"""Fill the hole: regions, crops, a model's fill, patches. Or restore what shows through it."""

import numpy as np

from inference.artifacts import ArtifactStore
from inference.compositing.edits import EditLayer, Patch
from inference.compositing.edits_file import pack
from inference.compositing.masks import THRESHOLD, check_something_is_left
from inference.compositing.regions import Region, as_slices, regions
from inference.parameters import number
from inference.pictures import Picture
from inference.pictures.picture import to_8_bit
from inference.protocols import Mask, Restorer
from inference.registry import Models
from inference.stages.areas import edited_areas
from inference.stages.filling import Filling
from inference.stages.job import Job
from inference.stages.marks import write_sightings
from inference.stages.restoring import restore
from schemas.stage import EditedArea, Stage, StageRequest, StageResult


def inpaint(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Run an inpainter on each region, or a restorer on the picture, and write what they made as ``edits``.

    Registered marks that were computed back are written as ``sightings``, whether the mask stage had seen them or not.
    A grey picture gets grey fills. Models see 8 bits; the composite brings a fill back to 16 where the source has them.

    Raises
    ------
    BadInput
        ``mask_size``, ``mask_covers_everything``, ``sightings``, or what decoding refuses.
    """
    job = Job(request, store, models)
    picture = job.picture("source")
    hole = job.mask("mask", picture) >= THRESHOLD
    check_something_is_left(hole)
    if isinstance(job.adapter, Restorer):
        patches, sighted = restore(job, models, picture, hole)
    else:
        filling = Filling(job.card.name, job.adapter, job.parameters, gray=picture.was_gray)
        context = number(job.parameters, "context", 1.0, low=0.25, high=4.0)
        patches, sighted = [_fill(filling, picture, hole, region) for region in regions(hole, context)], []
    layer = EditLayer(picture.width, picture.height, patches)
    job.write("edits", "edits.zip", pack(layer), "application/zip")
    if sighted:
        write_sightings(job, sighted)
    detections = [one.detection for one in sighted]
    areas = [_said(area, models) for area in edited_areas(layer)]
    return job.result(areas=areas, detections=detections, width=picture.width, height=picture.height)


def _said(area: EditedArea, models: Models) -> EditedArea:
    """Say of an area's model what its card says: a restorer's fill is another model than the restorer."""
    card = models.card(area.model, Stage.INPAINT)
    return area.model_copy(update={"version": card.version, "generative": card.generative})


def _fill(filling: Filling, picture: Picture, hole: Mask, region: Region) -> Patch:
    """Fill one region. The model is told of all holes in its crop, but answers for this region's only."""
    place = as_slices(region.crop)
    fill = filling.crop(to_8_bit(picture.pixels[place].copy()), hole[place])
    return Patch.of(region.crop, fill, region.hole.astype(np.float32), region.hole, filling.name)
