"""Another run of a picture that is known: by another recipe or job, from the upload or from where the last one got."""

from handlers import jobs
from handlers.api.errors import Conflict
from handlers.aws import records, reviews, storage
from handlers.aws.storage import ObjectHead
from handlers.ordering import order
from handlers.orders import Beside, launch, mask_version
from handlers.pointing import check_inside
from schemas.asset import Status
from schemas.entry import why_not_from
from schemas.errors import BadInput
from schemas.given import Given
from schemas.job import Job
from schemas.records import AssetRecord
from schemas.run import Run
from schemas.stage import Stage

_OF_ANY_RECIPE = frozenset(("mask", "box", "point", "rights", "format", "callback", "tags"))
"""What a picture's own job says whatever is done with it; the rest is said to its own recipe alone."""


def again(asset: AssetRecord, wanted: Job, entry: Stage) -> Run:
    """Order and start the next run of a picture. A review that waits for a verdict on the last one is closed.

    Parameters
    ----------
    wanted
        What is to be otherwise than with the picture's own job: its metadata, folder and sidecar.
    entry
        Where to begin, with what the last run had made by then.

    Raises
    ------
    Conflict
        ``erased``; ``under_way`` while another run works on it; ``withdrawing`` while its files are being taken away;
        ``superseded`` if a newer upload took its place.
    BadInput
        ``bad_entry`` if the last run left nothing to begin with there; what else a job cannot be.
    """
    if not asset.status.is_outcome:
        raise Conflict("A run works on it: wait for that one, or cancel it.", code="under_way")
    if asset.status is Status.ERASED:
        raise Conflict("It was erased; nothing is left to work on.", code="erased")
    if asset.is_being_withdrawn:
        raise Conflict("Its files are being taken away; ask again in some seconds.", code="withdrawing")
    photo = current(asset)
    job, beside = own(photo)
    job = merged(job, wanted)
    run = order(photo, job, jobs.mask_for(photo, job), job_version=beside.job_version, attempt=asset.attempt + 1)
    if entry is not Stage.INSPECT:
        run = _from(entry, run, asset)
    launch(run, photo.size_bytes, replaces=asset, beside=beside)
    return run


def current(asset: AssetRecord) -> ObjectHead:
    """Look at a picture that is to be worked on.

    Raises
    ------
    Conflict
        ``superseded`` if a newer upload took its place.
    """
    photo = storage.head(asset.source.bucket, asset.source.key)
    if photo is None or photo.pointer.version_id != asset.source.version_id:
        raise Conflict("A newer upload took this picture's place.", code="superseded")
    return photo


def own_job(photo: ObjectHead) -> Job:
    """Read what is wanted of a picture where nobody says otherwise."""
    return own(photo)[0]


def merged(before: Job, wanted: Job) -> Job:
    """Put what is wanted over a picture's own job. Under another recipe, words and sizes said to its own do not count.

    A batch is told of the runs that it ordered, and of no others.
    """
    kept = {name: value for name, value in before.stated.items() if name not in ("batch", "hold")}
    if wanted.recipe is not None and wanted.recipe != before.recipe:
        kept = {name: value for name, value in kept.items() if name in _OF_ANY_RECIPE}
    return Job.model_validate(kept).over(wanted)


def own(photo: ObjectHead) -> tuple[Job, Beside]:
    """Read a picture's own job, and what of it lies beside the picture. One that cannot be read says nothing."""
    sidecar = jobs.sidecar_of(photo)
    version = sidecar.version if sidecar else ""
    try:
        job = jobs.job_of(photo, sidecar)
        return job, Beside(mask_version(jobs.mask_for(photo, job)), version)
    except BadInput:
        return Job(), Beside("", version)


def _from(entry: Stage, run: Run, asset: AssetRecord) -> Run:
    before = reviews.kept_state(asset.asset_id, asset.run_id) if asset.run_id else None
    if reason := why_not_from(entry, run.recipe, before):
        raise BadInput(reason, code="bad_entry")
    given = run.given | Given(entry=entry, parent=asset.run_id, ordered=True)
    planned = Run.plan(run.asset_id, run.source, run.recipe, attempt=run.attempt, **given)
    while records.find_run(planned.asset_id, planned.run_id):
        planned = planned.again()
    if before is not None and before.inspection is not None:
        check_inside(planned, before.inspection)
    return planned
