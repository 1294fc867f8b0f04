"""Taking a delivery back: it is written down first, with who and why; `taking_down` does the rest.

In this order a crash leaves an asset that says that it is being withdrawn, and the work in the queue. Nothing else may
begin with the asset until that is done, so nothing that a later run delivers is taken away by mistake.
"""

from handlers.api.errors import Conflict
from handlers.aws import dossier, queues, records, reviews, table
from handlers.aws.items import trail_item
from handlers.cancelling import cancel
from handlers.settings import settings
from schemas.asset import Status
from schemas.records import AssetRecord, Outcome, ReviewRecord, now
from schemas.removal import Removal
from schemas.review import Person
from schemas.trail import TrailEntry
from schemas.withdrawal import Withdrawal, WithdrawalOrder


def withdraw(asset: AssetRecord, order: WithdrawalOrder, person: Person) -> AssetRecord:
    """Take back what was delivered of an asset. Asked again, it is seen to that the work is done, and nothing else.

    A run that works on it is cancelled; a review that waits is closed.

    Raises
    ------
    Conflict
        ``nothing_delivered``; ``delivering`` while files of another run are being handed out.
    TransientFailure
        If somebody else changed the asset meanwhile.
    """
    if asset.status is Status.WITHDRAWN:
        if asset.is_being_withdrawn:
            pass_on(asset)
        return asset
    known = dossier.read(asset.asset_id)
    if not any(record.outcome and record.outcome.status is Status.DELIVERED for record in known.runs):
        raise Conflict("Nothing of this picture was delivered.", code="nothing_delivered")
    if not asset.status.is_outcome and (running := known.run(asset.run_id)):
        cancel(running, person)
        asset = records.find_asset(asset.asset_id) or asset
    taken = withdrawn(asset, order, person)
    waiting = reviews.find(asset.asset_id, asset.run_id)
    entry = trail_item(entry_of(taken, order.why, person))
    writes = [records.replacing(taken, asset), table.put(entry), *_closing(waiting)]
    if not table.transact(writes, "withdrawing an asset"):
        raise records.conflict()
    pass_on(taken)
    return taken


def withdrawn(asset: AssetRecord, order: WithdrawalOrder, person: Person) -> AssetRecord:
    """Give an asset the standing of what is being taken back."""
    moment = now()
    reason = f"Withdrawn by {person.name} ({order.reason}). Your original is untouched."
    return asset.model_copy(
        update={
            "status": Status.WITHDRAWN,
            "outcome": Outcome(status=Status.WITHDRAWN, code="withdrawn", reason=reason),
            "withdrawal": Withdrawal(at=moment, by=person, reason=order.reason),
            "updated_at": moment,
        }
    )


def entry_of(taken: AssetRecord, why: str, person: Person) -> TrailEntry:
    """Describe a withdrawal for the asset's trail."""
    return TrailEntry(
        asset_id=taken.asset_id, run_id=taken.run_id, at=taken.updated_at, what="withdrawn", by=person, why=why
    )


def pass_on(asset: AssetRecord) -> None:
    """Put the work that is left into its queue."""
    queues.send(settings().removal_queue_url, [Removal(asset_id=asset.asset_id, what="withdraw").model_dump_json()])


def _closing(review: ReviewRecord | None) -> list[table.Write]:
    return reviews.superseding(review, "It was withdrawn.") if review and review.state.waits else []
