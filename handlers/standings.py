"""Assets that no run is started for: refused, held, or overtaken before anything began."""

from handlers.aws import records
from handlers.aws.storage import ObjectHead
from handlers.observability import count
from handlers.orders import mask_version, superseding
from schemas import ids
from schemas.asset import Status
from schemas.errors import BadInput
from schemas.job import Job
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, Outcome, now
from schemas.run import Run


def refuse(photo: ObjectHead, job: Job | None, job_version: str, error: BadInput, known: AssetRecord | None) -> None:
    """Quarantine a picture whose job makes no sense; nothing is lost, nothing runs.

    What is known already stays as it is, unless another sidecar was laid beside it since: whoever wrote that waits to
    hear what is wrong with it.
    """
    if known and known.job_version == job_version:
        return
    outcome = Outcome(status=Status.QUARANTINED, reason=error.message, code=error.code)
    asset = _standing(photo.pointer, photo.size_bytes, outcome, known)
    asset = asset.model_copy(update={"job_version": job_version, **_told(job)})
    records.begin(asset, None, replaces=known, also=superseding(known))
    count("Quarantined")


def hold(photo: ObjectHead, run: Run, known: AssetRecord | None) -> None:
    """Take a picture in and start nothing, whose job was understood. What has a run already goes on."""
    if known and known.run_id:
        return
    outcome = Outcome(status=Status.HELD, code="held", reason="It was taken in, and waits for an order.")
    changes = {
        "recipe": run.recipe.reference,
        "mask_version": mask_version(run.mask),
        "job_version": run.job_version,
        "tags": run.tags,
        "batch": run.batch,
        "callback": run.callback,
    }
    records.begin(
        _standing(photo.pointer, photo.size_bytes, outcome, known).model_copy(update=changes), None, replaces=known
    )
    count("Held")


def supersede(older: S3Pointer) -> None:
    """An event for a version that is no longer the latest: write that down once, and start nothing."""
    if records.find_asset(ids.asset_id(older.bucket, older.key, older.version_id or "")):
        return
    outcome = Outcome(status=Status.SUPERSEDED, code="superseded", reason="A newer upload took this one's place.")
    records.begin(_standing(older, 0, outcome, None), None, replaces=None)


def _standing(source: S3Pointer, size_bytes: int, outcome: Outcome, known: AssetRecord | None) -> AssetRecord:
    moment = now()
    return AssetRecord(
        asset_id=ids.asset_id(source.bucket, source.key, source.version_id or ""),
        source=source,
        size_bytes=size_bytes,
        attempt=known.attempt if known else 0,
        inspection=known.inspection if known else None,
        status=outcome.status,
        outcome=outcome,
        created_at=known.created_at if known else moment,
        updated_at=moment,
    )


def _told(job: Job | None) -> dict[str, object]:
    """Whom to tell of it, where the job could be read."""
    return {"tags": job.tags, "batch": job.batch, "callback": job.callback} if job else {}
