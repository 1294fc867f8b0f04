"""Reviews: a person's verdict on a result, and all verdicts for whoever measures by them."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers import verdicts
from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.errors import Conflict, NotFound
from handlers.aws import records
from handlers.aws import verdicts as kept
from schemas import ids
from schemas.errors import BadInput
from schemas.records import timestamp
from schemas.role import Role
from schemas.verdict import Opinion, Verdict

router = Router()  # type: ignore[no-untyped-call]
_LONGEST_CURSOR = 200


@router.post("/reviews/<asset_id>/<run_id>/verdict")
@callers.needs(Role.REVIEWER)
def give(asset_id: str, run_id: str) -> dict[str, Any]:
    """Keep what the caller says of a result. Said twice alike it is kept once; a second mind is a conflict."""
    opinion = Opinion.model_validate_json(body_of(router.current_event))
    known = ids.is_asset_id(asset_id) and ids.is_run_id(run_id)
    review = records.find_review(asset_id, run_id) if known else None
    if review is None:
        raise NotFound("Nobody was asked about such a run.", code="unknown_review")
    verdict = verdicts.judge(review, opinion, callers.caller().who)
    if verdict.opinion != opinion:
        said = f"You gave a verdict on this run before: {verdict.opinion.verdict}, {timestamp(verdict.given_at)}."
        raise Conflict(said, code="already_judged")
    return _shown(verdict)


@router.get("/verdicts")
@callers.needs(*callers.ANY_ROLE)
def list_verdicts() -> dict[str, Any]:
    """List all verdicts, page by page: ``?cursor=``."""
    after = router.current_event.get_query_string_value("cursor")
    if after and len(after) > _LONGEST_CURSOR:
        raise BadInput("`cursor` is not one that this list gave.", code="bad_cursor")
    found, cursor = kept.page(after)
    return {"verdicts": [_shown(verdict) for verdict in found], "cursor": cursor}


def _shown(verdict: Verdict) -> dict[str, Any]:
    return verdict.model_dump(mode="json", exclude_none=True)
