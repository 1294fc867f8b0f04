"""Assets: how they stand, what was done to them, and short-lived links to their pictures."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from handlers.again import again
from handlers.api import callers, runs
from handlers.api.bodies import body_of
from handlers.api.cursors import cursor_in
from handlers.api.errors import NotFound
from handlers.api.once import once
from handlers.aws import dossier, folders, listing, records, storage
from handlers.lineage import stages_behind
from handlers.settings import settings
from schemas import ids
from schemas.asset import Status
from schemas.errors import BadInput
from schemas.job import Job
from schemas.keys import LONGEST_KEY
from schemas.pointers import S3Pointer
from schemas.progress import progress_of
from schemas.records import AssetRecord, RunRecord, StageRecord, timestamp
from schemas.role import Role
from schemas.stage import Stage

router = Router()  # type: ignore[no-untyped-call]
_LONGEST_CURSOR = 100
_LONGEST_FILTER = 150
_MOST_RUNS = 20


class RunRequest(Job):
    """What is to be otherwise than with a picture's own job, and where to begin."""

    entry: Stage = Field(default=Stage.INSPECT, description="stage to begin at, with what the last run made by then")

    @property
    def job(self) -> Job:
        """The part of it that is a job."""
        return Job.model_validate(self.stated)


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def list_assets() -> dict[str, Any]:
    """List assets, the latest first: ``?status=&recipe=&tag=&batch=&cursor=``; or the one at ``?key=``.

    With ``?folder=`` it is what the keys that begin so hold at the moment, in the order of the keys.
    """
    given = router.current_event.get_query_string_value
    if key := given("key"):
        return {"assets": [_summary(_by_key(key))], "cursor": None}
    asked = given("status") or None
    if asked is not None and asked not in list(Status):
        raise BadInput(f"`status` is one of {', '.join(Status)}.", code="bad_status")
    wanted = listing.Wanted(*(_filter(given(name), name) for name in listing.Wanted._fields))
    if folder := given("folder"):
        return _below(folder, Status(asked) if asked else None, wanted)
    before = cursor_in(router.current_event, longest=_LONGEST_CURSOR)
    found, cursor = listing.page([Status(asked)] if asked else list(Status), wanted, before)
    return {"assets": [_summary(asset) for asset in found], "cursor": cursor}


@router.get("/<asset_id>")
@callers.needs(*callers.ANY_ROLE)
def show(asset_id: str) -> dict[str, Any]:
    """Show an asset: its standing, its stages, what people did with it, and links of five minutes."""
    known = dossier.read(asset_id) if ids.is_asset_id(asset_id) else None
    if known is None or known.asset is None:
        raise _unknown(asset_id)
    asset, stages = known.asset, stages_behind(known, known.asset.run_id)
    return {
        **_summary(asset),
        **_progress(asset, known.run(asset.run_id)),
        "runs": [_run(record) for record in known.runs if not record.run.trial][-_MOST_RUNS:],
        "stages": [_stage(record) for record in stages],
        "trail": [entry.model_dump(mode="json", exclude_none=True) for entry in known.trail],
        "copies": [copy.model_dump(mode="json", exclude_none=True) for copy in known.copies],
        "links": _links(asset, stages),
    }


@router.post("/<asset_id>/runs")
@callers.needs(Role.SUBMITTER)
@once()
def run_again(asset_id: str) -> tuple[dict[str, Any], int]:
    """Have a picture done again: by another recipe or job, from the upload or from where the last run got.

    What is left out stays as the picture's own job says it. A review that waits for a verdict is closed.
    """
    asset, asked = find(asset_id), RunRequest.model_validate_json(body_of(router.current_event) or b"{}")
    run = again(asset, asked.job, asked.entry)
    return runs.shown(runs.find(run.run_id)), HTTPStatus.ACCEPTED


def find(asset_id: str) -> AssetRecord:
    """Read an asset by what an address says.

    Raises
    ------
    NotFound
        ``unknown_asset``.
    """
    asset = records.find_asset(asset_id) if ids.is_asset_id(asset_id) else None
    if asset is None:
        raise _unknown(asset_id)
    return asset


def _unknown(asset_id: str) -> NotFound:
    return NotFound(f"There is no asset `{asset_id[:60]}`.", code="unknown_asset")


def _filter(text: str | None, name: str) -> str | None:
    if text is not None and len(text) > _LONGEST_FILTER:
        raise BadInput(f"`{name}` is longer than any that there is.", code="bad_filter")
    return text or None


def _progress(asset: AssetRecord, record: RunRecord | None) -> dict[str, Any]:
    """Say how far the run is, where one is under way."""
    if asset.status.is_outcome or record is None:
        return {}
    ahead = listing.queued_before(asset) if asset.status is Status.QUEUED else None
    return {"progress": progress_of(record.run, asset.stage, ahead).model_dump(mode="json", exclude_none=True)}


def _run(record: RunRecord) -> dict[str, Any]:
    """Say of a run what a list of them needs; ``GET /runs`` tells the rest."""
    run, outcome = record.run, record.outcome
    said = {"status": outcome.status, "code": outcome.code, "reason": outcome.reason} if outcome else {}
    ended = {"ended_at": timestamp(record.ended_at)} if record.ended_at else {}
    began = {"run_id": run.run_id, "attempt": run.attempt, "recipe": run.recipe.reference, "entry": run.entry}
    return {**began, "started_at": timestamp(record.started_at), **ended, **said}


def _below(folder: str, status: Status | None, wanted: listing.Wanted) -> dict[str, Any]:
    if len(folder.encode()) > LONGEST_KEY:
        raise BadInput("`folder` is longer than any key.", code="bad_filter")
    found, cursor = folders.page(folder, cursor_in(router.current_event, longest=LONGEST_KEY))
    shown = [asset for asset in found if status in (None, asset.status) and wanted.fits(asset)]
    return {"assets": [_summary(asset) for asset in shown], "cursor": cursor}


def _by_key(key: str) -> AssetRecord:
    asset = folders.at(key)
    if not asset:
        raise NotFound("Nothing is known under this key.", code="unknown_asset")
    return asset


def _summary(asset: AssetRecord) -> dict[str, Any]:
    return asset.model_dump(mode="json", exclude_none=True)


def _stage(record: StageRecord) -> dict[str, Any]:
    shown = record.model_dump(mode="json", exclude_none=True)
    return {**shown, "wall_seconds": round(record.wall_seconds, 3)}


def _links(asset: AssetRecord, stages: list[StageRecord]) -> dict[str, str]:
    """Link the original, what each stage made of it, and what was delivered."""
    if asset.status is Status.ERASED:
        return {}
    targets: dict[str, S3Pointer] = {"original": asset.source}
    for record in stages:
        for name in ("mask", "image"):
            if name in record.outputs:
                targets[f"{record.stage}.{name}"] = record.outputs[name]
    for rendition in asset.outcome.renditions if asset.outcome else []:
        targets[f"delivered.{rendition.name}"] = S3Pointer(bucket=settings().delivery_bucket, key=rendition.key)
    return {name: storage.presigned_get(pointer) for name, pointer in targets.items()}
