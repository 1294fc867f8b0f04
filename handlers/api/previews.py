"""Previews: a look at what would be removed, or at what words make, for cents."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from handlers import previewing
from handlers.api import assets, callers
from handlers.api.bodies import body_of
from handlers.api.errors import NotFound
from handlers.api.once import once
from handlers.aws import records, reviews, storage
from handlers.settle import read_result
from schemas import ids
from schemas.asset import Status
from schemas.job import Job
from schemas.records import RunRecord
from schemas.role import Role
from schemas.routing import SHOWN
from schemas.run import RunState
from schemas.stage import Stage

router = Router()  # type: ignore[no-untyped-call]


class PreviewRequest(Job):
    """What to look at, and what is to be otherwise than with the picture's own job."""

    asset_id: str = Field(max_length=60, description="of a picture that is there; `hold` brings one and starts nothing")
    want: previewing.Wanted = Field(description="`mask`: what would be removed; `prompt`: what the words look like")

    @property
    def job(self) -> Job:
        """The part of it that is a job."""
        return Job.model_validate(self.stated)


@router.post("/")
@callers.needs(Role.SUBMITTER, Role.REVIEWER)
@once()
def start() -> tuple[dict[str, Any], int]:
    """Order a look; ask for it under `/previews/ASSET/RUN` until it is there. The picture's standing is left alone."""
    asked = PreviewRequest.model_validate_json(body_of(router.current_event))
    run = previewing.preview(assets.find(asked.asset_id), asked.want, asked.job)
    return {"asset_id": run.asset_id, "run_id": run.run_id}, HTTPStatus.ACCEPTED


@router.get("/<asset_id>/<run_id>")
@callers.needs(*callers.ANY_ROLE)
def show(asset_id: str, run_id: str) -> dict[str, Any]:
    """Show how a look stands, and what there is to see."""
    known = ids.is_asset_id(asset_id) and ids.is_run_id(run_id)
    record = records.find_run(asset_id, run_id) if known else None
    if record is None or record.run.until is None:
        raise NotFound("There is no such preview.", code="unknown_preview")
    state = reviews.kept_state(asset_id, run_id) if record.outcome else None
    shown = {"asset_id": asset_id, "run_id": run_id, **_standing(record), **(_seen(state) if state else {})}
    return {name: value for name, value in shown.items() if value is not None}


def _standing(record: RunRecord) -> dict[str, Any]:
    outcome = record.outcome
    want = "mask" if record.run.until is Stage.MASK else "prompt"
    if outcome is None:
        return {"state": "running", "want": want}
    done = outcome.status is Status.AWAITING_REVIEW and outcome.rule in SHOWN
    cost = outcome.cost.model_dump(mode="json", exclude_none=True) if outcome.cost else None
    state = "done" if done else "stopped"
    return {"state": state, "want": want, "reason": outcome.reason, "code": outcome.code, "cost": cost}


def _seen(state: RunState) -> dict[str, Any]:
    size = state.inspection
    shown: dict[str, Any] = {"width": size.width, "height": size.height} if size else {}
    if masked := state.results.get(Stage.MASK):
        result = read_result(masked.result)
        areas = [area.model_dump(mode="json") for area in result.masked] if result else []
        shown |= {"areas": areas, "share": result.masked_share if result else None, "masked_by": masked.model}
    for name, stage, output in (("mask", Stage.MASK, "mask"), ("picture", Stage.PREVIEW, "image")):
        if pointer := state.output(stage, output):
            shown[name] = storage.presigned_get(pointer)
    if (made := state.results.get(Stage.PREVIEW)) and made.signals:
        shown["agreement"] = made.signals.prompt_agreement
    return shown
