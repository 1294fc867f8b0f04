"""Assets: how they stand, what was done to them, and short-lived links to their pictures."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.cursors import cursor_in
from handlers.api.errors import NotFound
from handlers.aws import records, reviews, storage
from handlers.lineage import stages_behind
from handlers.settings import settings
from schemas import ids
from schemas.asset import Status
from schemas.errors import BadInput
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, StageRecord

router = Router()  # type: ignore[no-untyped-call]
_LONGEST_CURSOR = 100


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def list_assets() -> dict[str, Any]:
    """List assets of one status, the latest first: ``?status=DELIVERED&cursor=``; or the one at ``?key=``."""
    key = router.current_event.get_query_string_value("key")
    if key:
        return {"assets": [_summary(_by_key(key))], "cursor": None}
    asked = router.current_event.get_query_string_value("status", "") or ""
    if asked not in list(Status):
        raise BadInput(f"Give `status`, one of {', '.join(Status)}, or `key`.", code="bad_status")
    before = cursor_in(router.current_event, longest=_LONGEST_CURSOR)
    found, cursor = records.with_status(Status(asked), before=before)
    return {"assets": [_summary(asset) for asset in found], "cursor": cursor}


@router.get("/<asset_id>")
@callers.needs(*callers.ANY_ROLE)
def show(asset_id: str) -> dict[str, Any]:
    """Show an asset: its standing, its stages, what people did with it, and links of five minutes."""
    asset = records.find_asset(asset_id) if ids.is_asset_id(asset_id) else None
    if asset is None:
        raise NotFound(f"There is no asset `{asset_id[:60]}`.", code="unknown_asset")
    stages = stages_behind(asset_id, asset.run_id) if asset.run_id else []
    return {
        **_summary(asset),
        "stages": [_stage(record) for record in stages],
        "trail": [entry.model_dump(mode="json", exclude_none=True) for entry in reviews.trail(asset_id)],
        "links": _links(asset, stages),
    }


def _by_key(key: str) -> AssetRecord:
    found = storage.head(settings().inbox_bucket, key)
    asset = found and records.find_asset(ids.asset_id(settings().inbox_bucket, key, found.pointer.version_id or ""))
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
    targets: dict[str, S3Pointer] = {"original": asset.source}
    for record in stages:
        for name in ("mask", "image"):
            if name in record.outputs:
                targets[f"{record.stage}.{name}"] = record.outputs[name]
    for rendition in asset.outcome.renditions if asset.outcome else []:
        targets[f"delivered.{rendition.name}"] = S3Pointer(bucket=settings().delivery_bucket, key=rendition.key)
    return {name: storage.presigned_get(pointer) for name, pointer in targets.items()}
