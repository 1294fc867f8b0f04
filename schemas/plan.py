"""From the state of a run to the next work order: which model, on which inputs, with which parameters."""

from collections.abc import Callable
from typing import Any

from schemas.errors import PermanentFailure
from schemas.pointers import S3Pointer
from schemas.run import RunState
from schemas.stage import Stage, StageRequest

Inputs = dict[str, S3Pointer]
Order = tuple[str, Inputs, dict[str, Any]]
"""Model, inputs, parameters."""


def request_for(stage: Stage, state: RunState, *, work_bucket: str, models: str = "") -> StageRequest:
    """Build the request for a model stage.

    Raises
    ------
    PermanentFailure
        If the recipe has no such stage, or an earlier stage did not leave what this one needs. Both mean that the
        state machine and the recipe disagree.
    """
    try:
        order = _ORDERS[stage]
    except KeyError:
        raise PermanentFailure(f"`{stage}` is not a model's stage.", code="not_a_model_stage") from None
    model, inputs, parameters = order(state)
    return StageRequest.build(stage, model, inputs, parameters, work_bucket=work_bucket, models=models)


def can_find_a_mask(state: RunState) -> bool:
    """Whether there is any way to a mask: one was supplied, a box was drawn, or the recipe has a detector."""
    run = state.run
    has_detector = run.recipe.mask is not None and run.recipe.mask.detector is not None
    return run.mask is not None or run.box is not None or has_detector


def _mask(state: RunState) -> Order:
    run, step = state.run, state.run.recipe.mask
    if step is None:
        raise _disagrees("mask")
    if run.mask is not None:
        return (
            step.supplied_model.model,
            {"source": run.source, "mask": run.mask},
            step.supplied_model.parameters,
        )
    if run.box is not None:
        parameters = {**step.box_model.parameters, "box": run.box.model_dump()}
        return step.box_model.model, {"source": run.source}, parameters
    if step.detector is not None:
        return step.detector.model, {"source": run.source}, step.detector.parameters
    raise _disagrees("mask")


def _inpaint(state: RunState) -> Order:
    step = state.run.recipe.inpaint
    if step is None:
        raise _disagrees("inpaint")
    return step.model, {"source": state.run.source, "mask": _need(state, Stage.MASK, "mask")}, step.parameters


def _refine(state: RunState) -> Order:
    recipe = state.run.recipe
    inputs = {"source": state.run.source, "edits": _need(state, Stage.INPAINT, "edits")}
    delivery = {"format": recipe.deliver.format, "keep_metadata": recipe.deliver.keep_metadata}
    return recipe.refine.model, inputs, {**recipe.refine.parameters, **delivery}


def _assess(state: RunState) -> Order:
    step = state.run.recipe.assess
    inputs = {
        "source": state.run.source,
        "mask": _need(state, Stage.MASK, "mask"),
        "edits": _need(state, Stage.REFINE, "edits"),
        "image": _need(state, Stage.REFINE, "image"),
    }
    return step.model, inputs, step.parameters


def _upscale(state: RunState) -> Order:
    recipe = state.run.recipe
    if recipe.upscale is None:
        raise _disagrees("upscale")
    delivery = {"format": recipe.deliver.format, "keep_metadata": recipe.deliver.keep_metadata}
    parameters = {**recipe.upscale.parameters, **delivery, "scale": recipe.upscale.scale}
    return recipe.upscale.model, {"source": state.run.source, **_edits(state)}, parameters


def _assess_upscaled(state: RunState) -> Order:
    step = state.run.recipe.assess
    inputs = {"source": state.run.source, "image": _need(state, Stage.UPSCALE, "image"), **_edits(state)}
    return step.model, inputs, step.parameters


def _edits(state: RunState) -> Inputs:
    edits = state.output(Stage.REFINE, "edits")
    return {"edits": edits} if edits else {}


def _need(state: RunState, stage: Stage, name: str) -> S3Pointer:
    pointer = state.output(stage, name)
    if pointer is None:
        raise PermanentFailure(f"`{stage}` left no `{name}`.", code="missing_output")
    return pointer


def _disagrees(stage: str) -> PermanentFailure:
    return PermanentFailure(f"The recipe has no `{stage}` step for this picture.", code="no_such_step")


_ORDERS: dict[Stage, Callable[[RunState], Order]] = {
    Stage.MASK: _mask,
    Stage.INPAINT: _inpaint,
    Stage.REFINE: _refine,
    Stage.ASSESS: _assess,
    Stage.UPSCALE: _upscale,
    Stage.ASSESS_UPSCALED: _assess_upscaled,
}
