"""Manifests: say which files of an asset are current, at its own place and at that of its upload's key.

The place of the key is what pages follow, and the newest upload's; an asset's own place says besides what took its
place. Both are written with S3's conditional writes, in this order, by whoever is current when they are looked at.
"""

from collections.abc import Sequence
from datetime import datetime

from handlers.aws import manifests, records, storage
from handlers.settings import settings
from schemas import ids, keys
from schemas.delivery_manifest import DeliveryManifest
from schemas.pointers import S3Pointer
from schemas.rendition import Rendition
from schemas.run import Run


def publish(run: Run, renditions: Sequence[Rendition], moment: datetime) -> bool:
    """Write both manifests of a run whose files are all there; ``False``, and no change, if it was overtaken.

    A crash in between is mended by asking again: the same two documents are written once more.

    Raises
    ------
    TransientFailure
        ``manifest_contended``, if others wrote before us every time.
    """
    own, named = (
        place_of(run.asset_id),
        S3Pointer(bucket=settings().delivery_bucket, key=keys.manifest_key(run.source.key)),
    )
    for _ in range(manifests.TRIES):
        # Looked at before asking who is current: what happens after this makes the writes fail.
        seen_own, seen_named = manifests.look(own), manifests.look(named)
        if not is_current(run):
            give_way(run)
            return False
        before = seen_named.document or {}
        replaces = _other(before.get("asset_id"), run) or _other(before.get("replaces"), run)
        document = DeliveryManifest.of(run, renditions, moment, base=settings().delivery_url, replaces=replaces).written
        if manifests.write(own, document, over=seen_own) and manifests.write(named, document, over=seen_named):
            if replaces:
                _note_chain(replaces, run.asset_id)
            return True
    raise manifests.contended()


def is_current(run: Run) -> bool:
    """Whether a run is its asset's latest, and the asset the latest upload under its key."""
    asset = records.find_asset(run.asset_id)
    latest = storage.head(run.source.bucket, run.source.key)
    replaced = latest is not None and latest.pointer.version_id != run.source.version_id
    return asset is not None and asset.run_id == run.run_id and not replaced


def place_of(asset_id: str) -> S3Pointer:
    """Where an asset's own manifest lies."""
    return S3Pointer(bucket=settings().delivery_bucket, key=keys.asset_manifest_key(asset_id))


def note_replaced(asset_id: str, by: str) -> str | None:
    """Say in an asset's own manifest, if it has one, what took its place; return what it had replaced itself."""
    place = place_of(asset_id)
    for _ in range(manifests.TRIES):
        seen = manifests.look(place)
        if seen.document is None:
            return None
        done = seen.document.get("replaced_by") == by
        if done or manifests.write(place, {**seen.document, "replaced_by": by}, over=seen):
            earlier = seen.document.get("replaces")
            return earlier if isinstance(earlier, str) and ids.is_asset_id(earlier) else None
    raise manifests.contended()


def _note_chain(older: str, newer: str) -> None:
    """Note who was replaced; and for the one before it too, whose replacement may have died before it said so."""
    oldest = note_replaced(older, newer)
    if oldest and oldest != newer:
        note_replaced(oldest, older)


def give_way(run: Run) -> None:
    """Correct the first write of a run that another upload overtook before its second one."""
    latest = storage.head(run.source.bucket, run.source.key)
    if latest is not None and latest.pointer.version_id != run.source.version_id:
        newer = ids.asset_id(run.source.bucket, run.source.key, latest.pointer.version_id or "")
        note_replaced(run.asset_id, newer)


def _other(asset_id: object, run: Run) -> str | None:
    return asset_id if isinstance(asset_id, str) and ids.is_asset_id(asset_id) and asset_id != run.asset_id else None
