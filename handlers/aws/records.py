"""DynamoDB: what is written down. Every write that could be late is conditional on the run it belongs to (rule 3)."""

from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws import items, table
from handlers.aws.clients import client, error_code, translated
from handlers.observability import logger
from handlers.settings import settings
from schemas.asset import Inspection, Status
from schemas.errors import PermanentFailure, TransientFailure
from schemas.records import (
    AssetRecord,
    Callback,
    CallbackPlace,
    Outcome,
    RunRecord,
    StageRecord,
    now,
    timestamp,
)
from schemas.stage import Stage

_IS_CURRENT = "run_id = :run AND #status IN (:queued, :running)"


def begin(
    asset: AssetRecord, run: RunRecord | None, *, replaces: AssetRecord | None, also: Sequence[table.Write] = ()
) -> None:
    """Write an asset's new standing, and the run that gives it, in one transaction with what is to be written ``also``.

    Raises
    ------
    TransientFailure
        If the standing changed since ``replaces`` was read, or another condition did not hold: look again, and decide
        again.
    """
    writes = [replacing(asset, replaces), *(_putting(run) if run else []), *also]
    if not table.transact(writes, "recording a run"):
        raise conflict()


def _putting(run: RunRecord) -> list[table.Write]:
    return [table.put(items.run_item(run)), table.put(items.run_place_item(run.run))]


def conflict() -> TransientFailure:
    """Make the error for conditions that did not hold: somebody else wrote meanwhile."""
    return TransientFailure("The asset changed while its run was being recorded.", code="record_conflict")


def replacing(asset: AssetRecord, replaces: AssetRecord | None) -> table.Write:
    """Write down an asset's new standing, if the one that was read still stands; for `table.transact`."""
    put = table.put(items.asset_item(asset), new=replaces is None)
    if replaces is not None:
        put["Put"]["ConditionExpression"] = "updated_at = :seen"
        put["Put"]["ExpressionAttributeValues"] = {":seen": items.to_wire(_json(replaces)["updated_at"])}
    return put


def find_asset(asset_id: str) -> AssetRecord | None:
    """Read an asset's standing."""
    found = table.get(items.asset_key(asset_id))
    return table.checked(AssetRecord, found) if found else None


def find_run(asset_id: str, run_id: str) -> RunRecord | None:
    """Read a run."""
    found = table.get(items.run_key(asset_id, run_id))
    return table.checked(RunRecord, found) if found else None


def place_of(run_id: str) -> str | None:
    """Find the asset of a run; runs that an older deployment wrote down are not found."""
    found = table.get(items.run_place_key(run_id))
    return str(found["asset_id"]) if found else None


def stages_of(asset_id: str, run_id: str) -> list[StageRecord]:
    """Read the stages of a run in the order of their start."""
    values = {":pk": f"ASSET#{asset_id}", ":prefix": items.stage_prefix(run_id)}
    found = table.query(StageRecord, "pk = :pk AND begins_with(sk, :prefix)", values, "reading stages")
    return sorted(found, key=lambda record: record.started_at)


def with_status(status: Status, *, before: str | None = None, limit: int = 50) -> tuple[list[AssetRecord], str | None]:
    """List assets in a status, the latest first, and where the next page starts.

    A record that cannot be read is left out: one of them must not hide all others.
    """
    values = {":status": items.to_wire(status)}
    condition = "index_pk = :status"
    if before:
        condition += " AND index_sk < :before"
        values[":before"] = items.to_wire(before)
    with translated("listing assets"):
        page = client("dynamodb").query(
            TableName=settings().table,
            IndexName="by-status",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            Limit=limit,
        )
    found = [asset for item in page["Items"] if (asset := checked_or_none(item))]
    more = "LastEvaluatedKey" in page and page["Items"]
    return found, page["Items"][-1]["index_sk"]["S"] if more else None


def all_with_status(status: Status) -> Iterator[AssetRecord]:
    """All assets in a status, page by page."""
    before: str | None = None
    while True:
        found, before = with_status(status, before=before, limit=200)
        yield from found
        if before is None:
            return


def enter_stage(asset_id: str, run_id: str, stage: Stage, inspection: Inspection | None = None) -> bool:
    """Note that a run reached a stage; ``False`` if another run has taken over, or this one is already over."""
    changes = {"stage": stage.value, "status": Status.RUNNING.value}
    if inspection is not None:
        changes["inspection"] = _json(inspection)
    return table.transact([_asset_update(asset_id, run_id, changes)], "noting a stage")


def add_stage(record: StageRecord) -> bool:
    """Append a stage to a run's provenance, which is never written over.

    Returns
    -------
    bool
        Whether this call wrote it. ``False``: the stage was written down before, by a copy of the same message or an
        attempt that was cut off after it; the first record stays.
    """
    with translated("recording a stage"):
        try:
            client("dynamodb").put_item(
                TableName=settings().table,
                Item=items.stage_item(record),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise
            logger.info("stage written down before", extra={"run_id": record.run_id, "stage": record.stage})
            return False
    return True


def conclude(asset_id: str, run_id: str, outcome: Outcome, also: Sequence[table.Write] = ()) -> bool:
    """Write how a run ended, unless another run has taken over or it has ended before; and what goes with it.

    Returns
    -------
    bool
        Whether this outcome is now the asset's.
    """
    said = _json(outcome)
    writes = [
        _asset_update(asset_id, run_id, {"status": outcome.status.value, "outcome": said}),
        _run_update(asset_id, run_id, said),
        *also,
    ]
    if table.transact(writes, "recording an outcome"):
        return True
    late = outcome.model_copy(update={"status": Status.SUPERSEDED, "code": "superseded"})
    table.transact([_run_update(asset_id, run_id, _json(late))], "recording a late outcome")
    return False


def cancel(asset_id: str, run_id: str, outcome: Outcome) -> bool:
    """Write that a run was cancelled, unless it has ended, or its files are being handed out.

    Of a run that another has overtaken it is only noted that it is over.
    """
    said = _json(outcome)
    ending = _asset_update(asset_id, run_id, {"status": outcome.status.value, "outcome": said})
    ending["Update"]["ConditionExpression"] += " AND (attribute_not_exists(stage) OR stage <> :deliver)"
    ending["Update"]["ExpressionAttributeValues"][":deliver"] = items.to_wire(Stage.DELIVER)
    if table.transact([ending, _run_update(asset_id, run_id, said)], "cancelling a run"):
        return True
    asset = find_asset(asset_id)
    if asset is None or asset.run_id != run_id:
        late = outcome.model_copy(update={"status": Status.SUPERSEDED, "code": "superseded"})
        table.transact([_run_update(asset_id, run_id, _json(late))], "recording a late outcome")
    return False


def add_run(record: RunRecord) -> None:
    """Write down a run that changes nothing of its asset."""
    table.transact(_putting(record), "recording a trial")


def end_trial(asset_id: str, run_id: str, outcome: Outcome, also: Sequence[table.Write] = ()) -> bool:
    """Write how a trial ended, with what goes with it; ``False`` if it has ended before."""
    return table.transact([_run_update(asset_id, run_id, _json(outcome)), *also], "recording a trial's outcome")


def put_callback(callback: Callback) -> bool:
    """Remember who waits; ``False`` if that was already remembered (the same request, sent again)."""
    writes = [table.put(items.callback_item(callback), new=True), table.put(items.callback_place_item(callback))]
    return table.transact(writes, "remembering a callback")


def find_callback(inference_id: str) -> Callback | None:
    """Find who waits for an inference."""
    found = table.get(items.callback_key(inference_id))
    return table.checked(Callback, found) if found else None


def forget_callback(callback: Callback) -> None:
    """Forget a callback that was answered."""
    places = (items.callback_key(callback.inference_id), items.callback_place_key(callback))
    table.transact([table.delete(key) for key in places], "forgetting a callback")


def waited_for(asset_id: str, run_id: str) -> list[Callback]:
    """Read who waits for inferences of a run."""
    values = {":pk": f"ASSET#{asset_id}", ":prefix": items.waits_prefix(run_id)}
    places = table.query(CallbackPlace, "pk = :pk AND begins_with(sk, :prefix)", values, "reading what a run waits for")
    found = [find_callback(place.inference_id) for place in places]
    return [callback for callback in found if callback is not None]


def checked_or_none(item: items.Item) -> AssetRecord | None:
    """Make an asset of an item of a list; ``None``, and a line in the log, if it cannot be read."""
    fields = items.from_item(item)
    try:
        return table.checked(AssetRecord, fields)
    except PermanentFailure:
        logger.error("unreadable asset record", extra={"asset_id": fields.get("asset_id")})
        return None


def _json(document: Any) -> Any:
    return document.model_dump(mode="json", exclude_none=True)


def _asset_update(asset_id: str, run_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    moment = timestamp(now())
    index = items.index_of(changes["status"], moment, asset_id)
    values = {":run": run_id, ":queued": Status.QUEUED, ":running": Status.RUNNING}
    return table.update(items.asset_key(asset_id), {**changes, **index, "updated_at": moment}, _IS_CURRENT, values)


def _run_update(asset_id: str, run_id: str, outcome: Any) -> dict[str, Any]:
    changes = {"outcome": outcome, "ended_at": timestamp(now())}
    condition = "attribute_exists(pk) AND attribute_not_exists(outcome)"
    return table.update(items.run_key(asset_id, run_id), changes, condition, {})
