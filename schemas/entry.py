"""Where a run begins that follows from a verdict, and what it keeps of the run before."""

from schemas.errors import PermanentFailure
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
