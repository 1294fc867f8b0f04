"""Where a run begins that follows from a verdict, and what it keeps of the run before."""

from schemas.errors import PermanentFailure
from schemas.recipe import Recipe
from schemas.run import Run, RunState
from schemas.stage import Stage

_MASKED = (Stage.MASK,)
_NATIVE = (Stage.MASK, Stage.PREVIEW, Stage.GENERATE, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
KEPT: dict[Stage, tuple[Stage, ...]] = {
    Stage.MASK: (),
    Stage.PREVIEW: _MASKED,
    Stage.GENERATE: (Stage.PREVIEW,),
    Stage.INPAINT: (*_MASKED, Stage.PREVIEW),
    Stage.UPSCALE: _NATIVE,
    Stage.ROUTE: (*_NATIVE, Stage.UPSCALE, Stage.ASSESS_UPSCALED),
}
"""Stages at which a run can begin, with those whose results it starts with. ``inspect`` starts with nothing."""


def starting_state(run: Run, before: RunState | None) -> RunState:
    """Give the state that a run's execution begins with.

    Parameters
    ----------
    before
        How far the parent came; not needed by a run that begins with its inspection.

    Raises
    ------
    PermanentFailure
        If it is needed and missing, or no run can begin there.
    """
    if run.entry is Stage.INSPECT:
        return RunState(run=run)
    if before is None or run.entry not in KEPT:
        raise PermanentFailure(f"Nothing is left of what came before `{run.entry}`.", code="no_parent_state")
    wanted = () if run.ruling and run.ruling.verdict == "original" else KEPT[run.entry]
    results = {stage: before.results[stage] for stage in wanted if stage in before.results}
    made = Stage.INPAINT in results
    return RunState(
        run=run,
        inspection=before.inspection,
        results=results,
        fill=before.fill if made else None,
        trials=before.trials if made else [],
    )


def why_not_from(entry: Stage, recipe: Recipe, before: RunState | None) -> str | None:
    """Say why a run by a recipe cannot begin at a stage, with what the run before left; ``None`` where it can."""
    if entry not in KEPT:
        return f"No run begins at `{entry}`; possible: {', '.join((Stage.INSPECT, *KEPT))}."
    if before is None or before.inspection is None:
        return "The run before left nothing to begin with; begin at `inspect`."
    steps = {
        Stage.MASK: recipe.mask,
        Stage.PREVIEW: recipe.preview,
        Stage.GENERATE: recipe.generate,
        Stage.INPAINT: recipe.inpaint,
        Stage.UPSCALE: recipe.upscale,
        Stage.ROUTE: recipe,
    }
    if steps[entry] is None:
        return f"Recipe `{recipe.name}` has no step `{entry}`."
    if entry is Stage.INPAINT and before.output(Stage.MASK, "mask") is None:
        return "The run before found nothing to remove; begin at `mask`."
    found_nothing = Stage.MASK in before.results and before.output(Stage.MASK, "mask") is None
    made = before.made_by is not None or found_nothing or (recipe.inpaint is None and recipe.generate is None)
    if entry in (Stage.UPSCALE, Stage.ROUTE) and not made:
        return "The run before made no picture; begin where one is made."
    return None
