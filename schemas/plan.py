"""From the state of a run to the next work order: which model, on which inputs, with which parameters."""

from collections.abc import Callable
from typing import Any

from schemas.errors import PermanentFailure
from schemas.mark import as_inputs
from schemas.pointers import S3Pointer
from schemas.policy import Permission
from schemas.recipe import Recipe
from schemas.run import RunState
from schemas.sizes import preview_size, within_bounds
from schemas.stage import Stage, StageRequest

Inputs = dict[str, S3Pointer]
Order = tuple[str, Inputs, dict[str, Any]]
"""Model, inputs, parameters."""


def request_for(stage: Stage, state: RunState, *, work_bucket: str, models: str = "", era: str = "") -> StageRequest:
    """Build the request for a model stage.

    Parameters
    ----------
    era
        Names the time within which an answer may be found again; empty where answers are kept for ever.

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
    permission = _permission(stage, state.run.recipe)
    return StageRequest.build(
        stage,
        model,
        inputs,
        parameters,
        work_bucket=work_bucket,
        models=models,
        permission=permission,
        salt=era if state.run.cache else state.run.run_id,
    )


def _source(state: RunState) -> S3Pointer:
    """Give the upload with its content, so that the same picture under another name finds what was made of it."""
    source, known = state.run.source, state.inspection
    return source.model_copy(update={"sha256": known.sha256}) if known else source


def _supplied(state: RunState) -> S3Pointer | None:
    """Give the mask that came with the upload; with its content, if it is the one that was inspected."""
    mask, known = state.run.mask, state.inspection.mask if state.inspection else None
    return known if known and mask and known.same_version(mask) else mask


def _permission(stage: Stage, recipe: Recipe) -> Permission:
    """A conservative recipe that makes a scene asks for invention, and a person sees it; nothing else may invent."""
    makes = stage in (Stage.PREVIEW, Stage.GENERATE)
    return Permission(invent=makes or not recipe.policy.conservative, non_commercial=not recipe.policy.conservative)


def can_find_a_mask(state: RunState) -> bool:
    """Whether there is any way to a mask: supplied, pointed at, a detector in the recipe, or marks to look for."""
    run = state.run
    has_detector = run.recipe.mask is not None and run.recipe.mask.detector is not None
    pointed_at = any(given is not None for given in (run.mask, run.box, run.point, run.strokes))
    return pointed_at or has_detector or bool(run.marks)


def _mask(state: RunState) -> Order:
    run, step = state.run, state.run.recipe.mask
    if step is None:
        raise _disagrees("mask")
    if run.mask is not None or run.strokes is not None:
        given = {"mask": _supplied(state), "strokes": run.strokes}
        drawn = {name: pointer for name, pointer in given.items() if pointer is not None}
        return step.supplied_model.model, {"source": _source(state), **drawn}, step.supplied_model.parameters
    if run.box is not None:
        parameters = {**step.box_model.parameters, "box": run.box.model_dump()}
        return step.box_model.model, {"source": _source(state)}, parameters
    if run.point is not None:
        parameters = {**step.box_model.parameters, "point": run.point.text}
        return step.box_model.model, {"source": _source(state)}, parameters
    detector = step.detector or (step.marks_model if run.marks else None)
    if detector is not None:
        return detector.model, {"source": _source(state), **as_inputs(run.marks)}, detector.parameters
    raise _disagrees("mask")


def _preview(state: RunState) -> Order:
    recipe = state.run.recipe
    if recipe.preview is None:
        raise _disagrees("preview")
    width, height = preview_size(*_size(state), recipe.preview.long_side)
    asked = {"width": width, "height": height, "scorer": recipe.preview.scorer}
    own = {**recipe.preview.parameters, **_seed(recipe)}
    return recipe.preview.model, _sketch(state), {**own, **_needed_words(recipe), **asked}


def _generate(state: RunState) -> Order:
    recipe = state.run.recipe
    if recipe.generate is None:
        raise _disagrees("generate")
    width, height = _size(state)
    # A scene takes neither the type of its sketch's file, so that an enlargement starts from what is lossless, nor what
    # that file tells of a camera.
    kind = "jpeg" if recipe.deliver.format == "jpeg" else "png"
    asked = {"width": width, "height": height, "format": kind, "keep_metadata": False}
    own = {**recipe.generate.parameters, **_seed(recipe)}
    return recipe.generate.model, _sketch(state), {**own, **_needed_words(recipe), **asked}


def _sketch(state: RunState) -> Inputs:
    step = state.run.recipe.generate
    return {"source": _source(state)} if step is not None and step.from_sketch else {}


def _size(state: RunState) -> tuple[int, int]:
    """Width and height of the scene: the recipe's, else the upload's within bounds."""
    step = state.run.recipe.generate
    if step is not None and step.width is not None and step.height is not None:
        return step.width, step.height
    if state.inspection is None:
        raise PermanentFailure("The upload was never inspected.", code="missing_output")
    return within_bounds(state.inspection.width, state.inspection.height)


def _seed(recipe: Recipe) -> dict[str, Any]:
    """Another seed is another picture: of a scene, of a fill by whichever model, of the grain that is laid over it."""
    return {} if recipe.seed is None else {"seed": recipe.seed}


def _words(recipe: Recipe) -> dict[str, Any]:
    given = {"prompt": recipe.prompt, "negative_prompt": recipe.negative_prompt}
    return {name: text for name, text in given.items() if text is not None}


def _needed_words(recipe: Recipe) -> dict[str, Any]:
    if recipe.prompt is None:
        raise PermanentFailure("Nothing says what the picture is to show.", code="missing_prompt")
    return _words(recipe)


def _inpaint(state: RunState) -> Order:
    step = state.filled_by
    if step is None:
        raise _disagrees("inpaint")
    mask = _need(state, Stage.MASK, "mask")
    seen = state.output(Stage.MASK, "sightings")
    known = as_inputs(state.run.marks) | ({"sightings": seen} if seen else {})
    inputs = {"source": _source(state), "mask": mask, **known}
    looked_at = {"context": state.run.context} if state.run.context is not None else {}
    own = {**step.parameters, **_seed(state.run.recipe)}
    return step.model, inputs, {**own, **_words(state.run.recipe), **looked_at}


def _refine(state: RunState) -> Order:
    recipe = state.run.recipe
    inputs = {"source": _source(state), "edits": _need(state, Stage.INPAINT, "edits")}
    delivery = {"format": recipe.deliver.format, "keep_metadata": recipe.deliver.metadata == "keep"}
    return recipe.refine.model, inputs, {**recipe.refine.parameters, **_seed(recipe), **delivery}


def _assess(state: RunState) -> Order:
    step = state.run.recipe.assess
    inputs = {
        "source": _source(state),
        "mask": _need(state, Stage.MASK, "mask"),
        "edits": _need(state, Stage.REFINE, "edits"),
        "image": _need(state, Stage.REFINE, "image"),
        **as_inputs(state.run.protected),
    }
    return step.model, inputs, {**step.parameters, **_guards(state), **_detected(state), **_shown(state)}


def _shown(state: RunState) -> dict[str, Any]:
    """What a fill was to show, and who can say whether it does."""
    recipe = state.run.recipe
    if recipe.prompt is None or recipe.preview is None:
        return {}
    return {"prompt": recipe.prompt, "scorer": recipe.preview.scorer}


def _upscale(state: RunState) -> Order:
    recipe = state.run.recipe
    if recipe.upscale is None:
        raise _disagrees("upscale")
    delivery = {"format": recipe.deliver.format, "keep_metadata": recipe.deliver.metadata == "keep"}
    parameters = {**recipe.upscale.parameters, **delivery, "scale": recipe.upscale.scale}
    return recipe.upscale.model, {"source": _base(state), **_edits(state)}, parameters


def _assess_upscaled(state: RunState) -> Order:
    step = state.run.recipe.assess
    inputs = {"source": _base(state), "image": _need(state, Stage.UPSCALE, "image"), **_edits(state)}
    return step.model, inputs, {**step.parameters, **_guards(state)}


def _guards(state: RunState) -> dict[str, Any]:
    return {"guards": [guard.value for guard in state.run.recipe.policy.active_guards]}


def _detected(state: RunState) -> dict[str, Any]:
    """How sure a detector was of what the mask covers; nothing where somebody pointed at it."""
    masked = state.results.get(Stage.MASK)
    score = masked.detector_score if masked else None
    return {} if score is None else {"detector_score": score}


def _base(state: RunState) -> S3Pointer:
    """What an enlargement starts from, before any edits are laid on: the scene that was made, else the upload."""
    return state.output(Stage.GENERATE, "image") or _source(state)


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
    Stage.PREVIEW: _preview,
    Stage.GENERATE: _generate,
    Stage.INPAINT: _inpaint,
    Stage.REFINE: _refine,
    Stage.ASSESS: _assess,
    Stage.UPSCALE: _upscale,
    Stage.ASSESS_UPSCALED: _assess_upscaled,
}
