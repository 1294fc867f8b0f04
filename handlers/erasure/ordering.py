"""Ordering an erasure: runs are stopped, then it is written down that the picture goes, with who and why.

From then on nothing of the picture is begun, delivered or told: every other write is for a run that counts no more.
"""

from handlers.api.errors import Conflict
from handlers.aws import dossier, queues, records, table
from handlers.cancelling import cancel
from handlers.settings import settings
from schemas.asset import Status
from schemas.erasure import AnyReason, Erasure
from schemas.records import AssetRecord, Outcome, now
from schemas.removal import Removal
from schemas.review import Person


def order(asset: AssetRecord, reason: AnyReason, person: Person) -> AssetRecord:
    """Have a picture erased, with all that is known of it. Asked again, it is seen to that the work goes on.

    Raises
    ------
    Conflict
        ``delivering`` while files of it are being handed out.
    TransientFailure
        If somebody else changed the asset meanwhile.
    """
    if asset.status is not Status.ERASED:
        _stop_runs(asset.asset_id, person)
        known = records.find_asset(asset.asset_id) or asset
        asset = _going(known, reason, person)
        if not table.transact([records.replacing(asset, known)], "ordering an erasure"):
            raise records.conflict()
    if asset.is_being_erased:
        message = Removal(asset_id=asset.asset_id, what="erase").model_dump_json()
        queues.send(settings().removal_queue_url, [message])
    return asset


def _stop_runs(asset_id: str, person: Person) -> None:
    for record in dossier.read(asset_id).runs:
        if record.outcome is not None:
            continue
        try:
            cancel(record, person)
        except Conflict as error:
            if error.code != "over":  # it came to its end meanwhile, which is as good
                raise


def _going(asset: AssetRecord, reason: AnyReason, person: Person) -> AssetRecord:
    """Keep of an asset only what the work needs: where the original lies, and which batch may wait."""
    moment = now()
    words = f"Erased by {person.name} ({reason})."
    return AssetRecord(
        asset_id=asset.asset_id,
        source=asset.source,
        size_bytes=0,
        batch=asset.batch,
        status=Status.ERASED,
        outcome=Outcome(status=Status.ERASED, code="erased", reason=words),
        erasure=Erasure(at=moment, by=person, reason=reason),
        created_at=asset.created_at,
        updated_at=moment,
    )


def tombstone(asset: AssetRecord, erasure: Erasure) -> AssetRecord:
    """Give what is left: that there was a picture, who erased it, when and why. Nothing says which."""
    nowhere = asset.source.model_copy(update={"key": f"erased/{asset.asset_id}", "version_id": None, "sha256": None})
    return asset.model_copy(
        update={"source": nowhere, "batch": None, "erasure": erasure, "updated_at": erasure.done_at}
    )
