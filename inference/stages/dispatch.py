"""From a stage's name to its function."""

from collections.abc import Callable

from inference.artifacts import ArtifactStore
from inference.permitted import Permitted
from inference.registry import Models
from inference.stages.assess import assess, assess_upscaled
from inference.stages.generate import generate
from inference.stages.inpaint import inpaint
from inference.stages.mask import mask
from inference.stages.preview import preview
from inference.stages.refine import refine
from inference.stages.upscale import upscale
from schemas.errors import PermanentFailure
from schemas.stage import Stage, StageRequest, StageResult

_STAGES: dict[Stage, Callable[[StageRequest, ArtifactStore, Models], StageResult]] = {
    Stage.MASK: mask,
    Stage.PREVIEW: preview,
    Stage.GENERATE: generate,
    Stage.INPAINT: inpaint,
    Stage.REFINE: refine,
    Stage.ASSESS: assess,
    Stage.UPSCALE: upscale,
    Stage.ASSESS_UPSCALED: assess_upscaled,
}


def run_stage(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Do what a request asks for, with the models that its permission admits.

    Raises
    ------
    PermanentFailure
        ``unknown_stage`` for a stage that no model does, and what the stage raises.
    """
    if request.stage not in _STAGES:
        raise PermanentFailure(f"No model does the stage `{request.stage}`.", code="unknown_stage")
    return _STAGES[request.stage](request, store, Permitted(models, request.permission))
