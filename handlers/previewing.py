"""Previews: what would be removed, or what words look like, before anything that costs much is done."""

from typing import Literal

from handlers import jobs
from handlers.again import current, merged, own_job
from handlers.aws import executions, records
from handlers.ordering import order
from handlers.orders import try_out
from schemas.asset import Status
from schemas.errors import BadInput
from schemas.given import Given
from schemas.job import Job
from schemas.recipe import Recipe
from schemas.records import AssetRecord, RunRecord
from schemas.run import Run
from schemas.stage import Stage

Wanted = Literal["mask", "prompt"]
_STAGES: dict[Wanted, Stage] = {"mask": Stage.MASK, "prompt": Stage.PREVIEW}


def preview(asset: AssetRecord, want: Wanted, job: Job) -> Run:
    """Order a look at a picture. Its standing is left alone, whatever it is; the same look is ordered once.

    What it makes is found again by its content where the same is then done for good.

    Raises
    ------
    Conflict
        ``superseded`` if a newer upload took the picture's place.
    BadInput
        ``no_preview`` if the recipe has no such step; what else a job cannot be.
    """
    photo = current(asset)
    job = merged(own_job(photo), job)
    planned = order(photo, job, jobs.mask_for(photo, job))
    if reason := _why_not(want, planned.recipe):
        raise BadInput(reason, code="no_preview")
    given = planned.given | Given(trial=True, until=_STAGES[want])
    run = Run.plan(asset.asset_id, photo.pointer, planned.recipe, **given)
    while known := records.find_run(run.asset_id, run.run_id):
        if _is_good(known):
            return known.run
        run = run.again()
    try_out(run)
    return run


def _is_good(known: RunRecord) -> bool:
    """Whether a look that was ordered before has been taken, or still may be: one that was cut off never will."""
    if known.outcome is not None:
        return known.outcome.status not in (Status.FAILED, Status.CANCELLED)
    return executions.status_of(known.run.run_id) == "RUNNING"


def _why_not(want: Wanted, recipe: Recipe) -> str | None:
    if want == "mask" and recipe.mask is None:
        return f"Recipe `{recipe.name}` removes nothing, so there is no mask to look at."
    if want == "prompt" and recipe.preview is None:
        return f"Recipe `{recipe.name}` has no light generator that could show what the words look like."
    return None
