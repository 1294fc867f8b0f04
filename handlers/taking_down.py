"""What follows a withdrawal: the manifests say so, the files go, the CDN forgets both, and then it is told.

A manifest never names a file that is gone: it is changed before the first of them is taken away. Every step finds what
the one before it, or a try before this one, has done.
"""

import json
from typing import Any
from urllib.parse import quote

from handlers.aws import cdn, manifests, records, storage, table
from handlers.observability import count, logger
from handlers.settings import settings
from schemas import keys
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, now, timestamp
from schemas.withdrawal import Withdrawal, withdrawn_manifest


def take_down(asset_id: str) -> bool:
    """Take away what is being withdrawn; ``False`` where that is done, or another standing took its place.

    Raises
    ------
    TransientFailure
        If it is to be tried again.
    """
    asset = records.find_asset(asset_id)
    if asset is None or asset.withdrawal is None or not asset.is_being_withdrawn:
        return False
    folder, manifest_keys = keys.delivered_folder(asset_id), keys.manifest_keys(asset_id, asset.source.key)
    changed = [key for key in manifest_keys if _say_so(key, asset, asset.withdrawal)]
    files = [key for key in storage.keys_under(settings().delivery_bucket, folder) if key not in manifest_keys]
    for key in files:
        storage.delete(S3Pointer(bucket=settings().delivery_bucket, key=key))
    paths = [f"/{folder}*", *(f"/{quote(key)}" for key in changed if not key.startswith(folder))]
    cdn.forget(paths, f"{asset_id}-{timestamp(asset.withdrawal.at)}")
    _finish(asset, asset.withdrawal)
    count("Withdrawn")
    logger.info("withdrawn", extra={"asset_id": asset_id, "files": len(files)})
    return True


def _say_so(key: str, asset: AssetRecord, withdrawal: Withdrawal) -> bool:
    """Change a manifest that is about this asset; ``False`` where none is there, or a later upload's."""
    pointer = S3Pointer(bucket=settings().delivery_bucket, key=key)
    manifest = _manifest_of(pointer, asset)
    if manifest is None:
        return False
    written = withdrawn_manifest(manifest, at=timestamp(withdrawal.at), reason=withdrawal.reason)
    return manifests.replace(pointer, written, while_true=lambda: _manifest_of(pointer, asset) is not None)


def _manifest_of(pointer: S3Pointer, asset: AssetRecord) -> dict[str, Any] | None:
    text = storage.read_text(pointer)
    manifest: dict[str, Any] | None = json.loads(text) if text else None
    return manifest if manifest and manifest.get("asset_id") == asset.asset_id else None


def _finish(asset: AssetRecord, withdrawal: Withdrawal) -> None:
    moment = now()
    done = withdrawal.model_copy(update={"done_at": moment})
    standing = asset.model_copy(update={"withdrawal": done, "updated_at": moment})
    if not table.transact([records.replacing(standing, asset)], "finishing a withdrawal"):
        raise records.conflict()
