"""From a job to the order of a run, with everything that decides its outcome resolved."""

from handlers import jobs, marks, recipes
from handlers.aws import records
from handlers.aws.storage import ObjectHead
from handlers.statements import rights_of
from schemas import ids
from schemas.job import Job
from schemas.pointers import S3Pointer
from schemas.run import Run


def order(photo: ObjectHead, job: Job, mask: S3Pointer | None, *, job_version: str = "", attempt: int = 1) -> Run:
    """Plan the run that does a job, under a name that no run has yet.

    Raises
    ------
    BadInput
        If the job cannot be done: no such recipe, a mark that is not registered, a callback to a private address.
    """
    jobs.check_callback(job)
    recipe = recipes.for_job(job)
    wanted, protected = marks.for_run(recipe)
    asset_id = ids.asset_id(photo.pointer.bucket, photo.pointer.key, photo.pointer.version_id or "")
    run = Run.plan(
        asset_id,
        photo.pointer,
        recipe,
        attempt=attempt,
        mask=mask,
        box=job.box,
        point=job.point,
        marks=wanted,
        protected=protected,
        rights=rights_of(job),
        job_version=job_version,
        callback=job.callback,
        tags=job.tags,
        batch=job.batch,
        cache=job.cache,
    )
    while records.find_run(asset_id, run.run_id):  # a mask that was taken away again: that run is history
        run = run.again()
    return run
