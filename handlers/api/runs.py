"""Runs: how one stands, and cancelling it."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.errors import NotFound
from handlers.aws import records
from handlers.cancelling import cancel
from schemas import ids
from schemas.asset import Status
from schemas.records import RunRecord
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]


@router.get("/<run_id>")
@callers.needs(*callers.ANY_ROLE)
def show(run_id: str) -> dict[str, Any]:
    """Show a run: what was ordered, how it stands, and how it ended."""
    return shown(find(run_id))


@router.delete("/<run_id>")
@callers.needs(Role.SUBMITTER)
def stop(run_id: str) -> dict[str, Any]:
    """Cancel a run that is under way. It delivers nothing; what it made by then can be found again by other runs."""
    return shown(cancel(find(run_id), callers.person()))


def find(run_id: str) -> RunRecord:
    """Read a run by what an address says.

    Raises
    ------
    NotFound
        ``unknown_run``.
    """
    asset_id = records.place_of(run_id) if ids.is_run_id(run_id) else None
    record = records.find_run(asset_id, run_id) if asset_id else None
    if record is None:
        raise NotFound(f"There is no run `{run_id[:60]}`.", code="unknown_run")
    return record


def shown(record: RunRecord) -> dict[str, Any]:
    """Write a run as it is answered."""
    asset = records.find_asset(record.run.asset_id)
    current = asset if asset and asset.run_id == record.run.run_id else None
    if record.outcome is not None:
        status = record.outcome.status
    elif record.run.trial:
        status = Status.RUNNING
    else:
        status = current.status if current else Status.SUPERSEDED
    facts = {"run_id": record.run.run_id, "asset_id": record.run.asset_id, "status": status}
    stage = {"stage": current.stage} if current and current.stage and not status.is_outcome else {}
    return {**record.model_dump(mode="json", exclude_none=True), **facts, **stage}
