"""Replays: doing a recorded run again to see whether it comes out the same; and what the stages of a run made."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers import replaying
from handlers.api import callers
from handlers.api.errors import NotFound
from handlers.api.once import once
from handlers.api.runs import find
from handlers.aws import executions, records, replays, storage
from schemas.records import RunRecord, StageRecord
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]
_SHOWN = ("mask", "image")
"""Outputs that are pictures."""


@router.post("/runs/<run_id>/replay")
@callers.needs(Role.SUBMITTER, Role.REVIEWER)
@once()
def start(run_id: str) -> tuple[dict[str, Any], int]:
    """Do a run again, the same in everything; ask for `/replays/RUN` until it is done. The picture is left alone.

    It costs what the run would cost without anything found again, and delivers nothing.
    """
    run = replaying.replay(find(run_id))
    return {**_named(run.run_id, run_id, run.asset_id), "state": "running"}, HTTPStatus.ACCEPTED


@router.get("/replays/<run_id>")
@callers.needs(*callers.ANY_ROLE)
def show(run_id: str) -> dict[str, Any]:
    """Show how a replay stands, and which stages came out the same."""
    record = find(run_id)
    run, outcome = record.run, record.outcome
    if run.replay_of is None:
        raise NotFound("This run is no replay.", code="unknown_replay")
    named = _named(run.run_id, run.replay_of, run.asset_id)
    if outcome is None:
        return {**named, **_unfinished(run.run_id)}
    found = replays.find(run.asset_id, run.run_id)
    state = "done" if found is not None and outcome.code == "replayed" else "stopped"
    shown = {**named, "state": state, "code": outcome.code, "reason": outcome.reason}
    if found is not None:
        shown |= found.model_dump(mode="json", exclude_none=True, include={"identical", "stages"})
    cost = outcome.cost.model_dump(mode="json", exclude_none=True) if outcome.cost else None
    return {**shown, **({"cost": cost} if cost else {})}


@router.get("/runs/<run_id>/stages")
@callers.needs(*callers.ANY_ROLE)
def show_stages(run_id: str) -> dict[str, Any]:
    """Show what each stage of a run made and how, with links of five minutes to the pictures."""
    record = find(run_id)
    run = record.run
    stages = records.stages_of(run.asset_id, run.run_id)
    outcome = record.outcome.model_dump(mode="json", exclude_none=True) if record.outcome else None
    return {
        "run_id": run.run_id,
        "asset_id": run.asset_id,
        "key": run.source.key,
        "recipe": run.recipe.reference,
        "recipe_sha256": record.recipe_sha256,
        "attempt": run.attempt,
        **({"outcome": outcome} if outcome else {}),
        "stages": [stage.model_dump(mode="json", exclude_none=True) for stage in stages],
        "links": _links(record, stages),
    }


def _named(run_id: str, replay_of: str, asset_id: str) -> dict[str, Any]:
    return {"run_id": run_id, "replay_of": replay_of, "asset_id": asset_id}


def _unfinished(run_id: str) -> dict[str, Any]:
    """One that was cut off never ends by itself: nobody waits for it, so it is not started again."""
    if executions.status_of(run_id) == "RUNNING":
        return {"state": "running"}
    return {"state": "stopped", "code": "cut_off", "reason": "The work was cut off; order the replay again."}


def _links(record: RunRecord, stages: list[StageRecord]) -> dict[str, str]:
    targets = {"original": record.run.source}
    for stage in stages:
        targets |= {f"{stage.stage}.{name}": stage.outputs[name] for name in _SHOWN if name in stage.outputs}
    return {name: storage.presigned_get(pointer) for name, pointer in targets.items()}
