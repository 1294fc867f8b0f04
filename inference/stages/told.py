"""Signals that an assessment is told, or asks others for: how sure the detector was, whether words are shown."""

from typing import Any

from inference.compositing.composite import composed_crop
from inference.compositing.edits import EditLayer
from inference.parameters import number, text
from inference.pictures import Picture
from inference.pictures.picture import to_8_bit
from inference.protocols import PromptScorer
from inference.registry import Models
from inference.stages.job import Job
from schemas.errors import PermanentFailure
from schemas.stage import Stage


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
