"""Reviews: what waits for people, who looks at it, and what they decide."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.cursors import cursor_in
from handlers.api.errors import Conflict, NotFound
from handlers.api.queue import asked
from handlers.aws import review_queue
from handlers.aws import reviews as kept
from handlers.aws import verdicts as labels
from handlers.deciding import Decided, decide, deed
from handlers.holding import check_free, live_claim
from handlers.showing import show_item, summary
from schemas import ids
from schemas.bulk import Bulk
from schemas.errors import BadInput, CleanplateError
from schemas.records import ReviewRecord
from schemas.review import ReviewState
from schemas.role import Role
from schemas.verdict import Opinion

router = Router()  # type: ignore[no-untyped-call]


@router.get("/reviews")
@callers.needs(Role.REVIEWER)
def list_reviews() -> dict[str, Any]:
    """List what waits, in the order in which people should look: ``?recipe=&rule=&guard=&min_confidence=...``."""
    person = callers.person()
    filters, cursor, limit = asked(router.current_event)
    found, after = review_queue.page(filters, person.who, cursor, limit)
    return {"items": [summary(review, person) for review in found], "cursor": after}


@router.get("/reviews/counts")
@callers.needs(Role.REVIEWER)
def count_reviews() -> dict[str, Any]:
    """Count what waits, by rule and by recipe."""
    return review_queue.counts().model_dump(mode="json")


@router.post("/reviews/approve")
@callers.needs(Role.REVIEWER)
def approve_many() -> dict[str, Any]:
    """Approve several of one reason. Each is decided alone: what cannot be is named, and holds no other up."""
    person, bulk = callers.person(), Bulk.model_validate_json(body_of(router.current_event))
    reviews = [find(each.asset_id, each.run_id) for each in bulk.items]
    if len({review.rule for review in reviews}) > 1:
        raise BadInput("These were not all asked about for the same reason.", code="mixed_reasons")
    outcome: dict[str, list[dict[str, str]]] = {"approved": [], "need_second": [], "refused": []}
    opinion = Opinion(verdict="approve", comment=bulk.comment)
    for review in reviews:
        name = {"asset_id": review.asset_id, "run_id": review.run_id}
        try:
            decided = decide(review, opinion, person)
        except CleanplateError as error:
            outcome["refused"].append({**name, "code": error.code, "detail": error.message})
        else:
            outcome["need_second" if decided.state is ReviewState.NEEDS_SECOND else "approved"].append(name)
    return outcome


@router.get("/reviews/<asset_id>/<run_id>")
@callers.needs(Role.REVIEWER)
def show(asset_id: str, run_id: str) -> dict[str, Any]:
    """Show all that a person needs to decide."""
    person = callers.person()
    return show_item(find(asset_id, run_id), person)


@router.post("/reviews/<asset_id>/<run_id>/claim")
@callers.needs(Role.REVIEWER)
def claim(asset_id: str, run_id: str) -> dict[str, Any]:
    """Hold a review for ten minutes, or for ten more."""
    person, review = callers.person(), find(asset_id, run_id)
    check_free(review, person)
    renews = review.claim is not None and review.claim.who == person.who
    held = kept.claim(review, person, None if renews else deed(review, "claimed", person))
    if held is None:
        now = find(asset_id, run_id)
        check_free(now, person)
        raise Conflict("Somebody was faster; ask again.", code="claimed")
    return {"claimed_by": held.name, "claimed_until": held.lease_ends, "mine": True}


@router.delete("/reviews/<asset_id>/<run_id>/claim")
@callers.needs(Role.REVIEWER)
def release(asset_id: str, run_id: str) -> dict[str, Any]:
    """Give a review back. What this person does not hold is left as it is."""
    person, review = callers.person(), find(asset_id, run_id)
    held = live_claim(review)
    if held is not None and held.who == person.who and review.state.waits:
        kept.release(review, person.who, deed(review, "released", person))
    return {}


@router.post("/reviews/<asset_id>/<run_id>/verdict")
@callers.needs(Role.REVIEWER)
def give(asset_id: str, run_id: str) -> dict[str, Any]:
    """Decide. Said twice alike it is decided once; a second mind is a conflict."""
    person, opinion = callers.person(), Opinion.model_validate_json(body_of(router.current_event))
    if opinion.verdict == "redo":
        raise BadInput("Say what is to be otherwise: send the changes to `.../redo`.", code="bad_request")
    return _decided(decide(find(asset_id, run_id), opinion, person))


@router.get("/reviews/<asset_id>/<run_id>/trail")
@callers.needs(Role.REVIEWER)
def trail(asset_id: str, run_id: str) -> dict[str, Any]:
    """Show who did what, when and why."""
    review = find(asset_id, run_id)
    return {"entries": [entry.model_dump(mode="json") for entry in kept.trail(review.asset_id, review.run_id)]}


@router.get("/verdicts")
@callers.needs(*callers.ANY_ROLE)
def list_verdicts() -> dict[str, Any]:
    """List all verdicts, page by page: ``?cursor=``."""
    found, cursor = labels.page(cursor_in(router.current_event))
    return {"verdicts": [verdict.model_dump(mode="json", exclude_none=True) for verdict in found], "cursor": cursor}


def find(asset_id: str, run_id: str) -> ReviewRecord:
    """Read a review by what a URL says.

    Raises
    ------
    NotFound
        ``unknown_review``.
    """
    known = ids.is_asset_id(asset_id) and ids.is_run_id(run_id)
    review = kept.find(asset_id, run_id) if known else None
    if review is None:
        raise NotFound("Nobody was asked about such a run.", code="unknown_review")
    return review


def _decided(decided: Decided) -> dict[str, Any]:
    verdict = decided.verdict.model_dump(mode="json", exclude_none=True)
    return {**verdict, "state": decided.state, "next_run": decided.next_run}
