"""Signals that an assessment is told, or asks others for: how sure the detector was, whether words are shown."""

from typing import Any

from inference.compositing.composite import composed_crop
from inference.compositing.edits import EditLayer
from inference.compositing.regions import as_slices
from inference.parameters import number, text
from inference.pictures import Picture
from inference.pictures.picture import to_8_bit
from inference.protocols import FilledBy, Mask, PromptScorer, Rgb
from inference.registry import Models
from inference.stages.job import Job
from schemas.errors import PermanentFailure
from schemas.pointers import Box
from schemas.signals import Signals
from schemas.stage import Stage

CONTEXT = 64
"""Pixels around an edit that a scorer of words sees with it, and an enlargement is judged with."""
MOST = 4
"""Patches of an enlargement that are judged: the largest."""
_SHOWS = ("seam_ratio", "ring_colour_delta", "noise_ratio", "sharpness_ratio", "texture_distance")
"""What an enlargement may do to an edit: other nets sharpen a fill otherwise than what is around it."""


def told(job: Job, models: Models, source: Picture, layer: EditLayer) -> dict[str, Any]:
    """Read ``detector_score`` and, where the request holds a ``prompt`` and a ``scorer``, ask how well it is shown.

    A scorer that is not here gives no signal, and no failure: the preview would have failed before.
    """
    found: dict[str, Any] = {}
    if "detector_score" in job.parameters:
        found["detector_score"] = number(job.parameters, "detector_score", 0, low=0, high=1)
    if layer.patches and "prompt" in job.parameters and "scorer" in job.parameters:
        agreement = _agreement(job, models, source, layer)
        found |= {} if agreement is None else {"prompt_agreement": agreement}
    return found


def _agreement(job: Job, models: Models, source: Picture, layer: EditLayer) -> float | None:
    try:
        card = models.card(text(job.parameters, "scorer", longest=63), Stage.SCORE)
        scorer: PromptScorer = models.load(card.name)
    except PermanentFailure:
        return None
    largest = max(layer.patches, key=lambda patch: int(patch.hole.sum()))
    shown = to_8_bit(composed_crop(source.pixels, layer, largest.box))
    agreement = scorer.agreement(shown, text(job.parameters, "prompt"), parameters=card.defaults)
    return min(max(float(agreement), 0.0), 1.0)


def shows_enlarged(job: Job, enlarged: Rgb, layer: EditLayer) -> dict[str, float]:
    """Measure the largest edits in an enlargement, where they must not show either; the worst of each signal."""
    factor = enlarged.shape[1] // layer.width
    hole = layer.hole()
    worst: dict[str, float] = {}
    for patch in sorted(layer.patches, key=lambda each: -int(each.hole.sum()))[:MOST]:
        place = patch.box.widened(CONTEXT, layer.height, layer.width)
        signals = _measured(job, enlarged, hole, place, factor, patch.model)
        for name in _SHOWS:
            value = getattr(signals, name)
            if value is not None and (name not in worst or abs(value - 1) > abs(worst[name] - 1)):
                worst[name] = value
    return worst


def _measured(job: Job, enlarged: Rgb, hole: Mask, place: Box, factor: int, model: str) -> Signals:
    inside = hole[as_slices(place)].repeat(factor, axis=0).repeat(factor, axis=1)
    box = Box(x=place.x * factor, y=place.y * factor, width=place.width * factor, height=place.height * factor)
    crop = enlarged[as_slices(box)]
    fill = FilledBy(model, inside & False)
    judged = job.adapter.assess_native(
        crop, crop, inside, inside.astype("float32"), fill=fill, parameters=job.parameters
    )
    signals: Signals = judged.signals
    return signals
