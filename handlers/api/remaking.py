"""Doing it again: for good, or only tried out."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.errors import NotFound
from handlers.api.reviews import find
from handlers.aws import records
from handlers.aws import reviews as kept
from handlers.proofs_shown import proofs_of
from handlers.remaking import remake, try_out
from schemas import ids
from schemas.asset import Status
from schemas.consequence import why_not_approve
from schemas.redo import Changes
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]


@router.post("/reviews/<asset_id>/<run_id>/redo")
@callers.needs(Role.REVIEWER)
def redo(asset_id: str, run_id: str) -> dict[str, Any]:
    """Have it made again with changes; the new attempt comes back as a review of its own."""
    person, changes = callers.person(), Changes.model_validate_json(body_of(router.current_event))
    return {"run_id": remake(find(asset_id, run_id), changes, person).run_id}


@router.post("/reviews/<asset_id>/<run_id>/trials")
@callers.needs(Role.REVIEWER)
def start_trial(asset_id: str, run_id: str) -> dict[str, Any]:
    """Try changes out; ask for ``trials/RUN`` until it is done."""
    person, changes = callers.person(), Changes.model_validate_json(body_of(router.current_event))
    return {"run_id": try_out(find(asset_id, run_id), changes, person).run_id}


@router.get("/reviews/<asset_id>/<run_id>/trials/<trial_id>")
@callers.needs(Role.REVIEWER)
def show_trial(asset_id: str, run_id: str, trial_id: str) -> dict[str, Any]:
    """Show how a trial stands, and what it made; `reason` is what a rule objects to, or why nothing was made."""
    review = find(asset_id, run_id)
    record = records.find_run(asset_id, trial_id) if ids.is_run_id(trial_id) else None
    run = record.run if record else None
    if record is None or run is None or not run.trial or run.replay_of or run.parent != review.run_id:
        raise NotFound("There is no such trial.", code="unknown_trial")
    outcome = record.outcome
    if outcome is None:
        return {"state": "running", "reason": None, "proofs": None}
    shown, state = kept.find(asset_id, trial_id), kept.kept_state(asset_id, trial_id)
    asks = outcome.status is Status.AWAITING_REVIEW
    if not asks or shown is None or state is None or why_not_approve(state, shown.rule):
        return {"state": "failed", "reason": outcome.reason, "proofs": None}
    objection = None if shown.rule == "trial" else outcome.reason
    return {"state": "done", "reason": objection, "proofs": proofs_of(asset_id, trial_id)}
