"""Doing it again as a person asks: for good, as a new attempt that comes back to people, or only tried out."""

import hashlib

from handlers import orders, verdicts
from handlers.aws import reviews as kept
from handlers.aws import storage
from handlers.aws import verdicts as labels
from handlers.deciding import deed, run_after
from handlers.holding import check_free, current_asset, lost_race, state_behind
from handlers.pointing import check_inside
from handlers.settings import settings
from schemas.errors import BadInput
from schemas.pointers import S3Pointer
from schemas.proof import proofs_folder
from schemas.records import AssetRecord, ReviewRecord
from schemas.redo import Changes, Strokes
from schemas.redoing import redo
from schemas.review import Person, ReviewState
from schemas.run import Run, RunState
from schemas.verdict import Opinion


def remake(review: ReviewRecord, changes: Changes, person: Person) -> Run:
    """Start a new attempt with changes. The review is decided by it; the attempt opens one of its own.

    Raises
    ------
    Conflict
        ``decided``, ``claimed`` or ``superseded``.
    BadInput
        ``redo``, ``box_outside``, and what else the changes cannot be.
    """
    check_free(review, person)
    asset = current_asset(review)
    run = _planned(review, state_behind(review), changes, asset, trial=False)
    opinion = Opinion(verdict="redo", reason=changes.reason, comment=changes.comment)
    entry = deed(review, "redone", person, opinion, run)
    entry = entry.model_copy(update={"why": "; ".join(part for part in (changes.words, entry.why) if part)[:1000]})
    decided = {"decided_by": person.model_dump(), "next_run": run.run_id}
    writes = kept.changing(review, person, ReviewState.DECIDED, entry, **decided)
    if labels.find(review.run_id, person.who) is None:
        writes.append(labels.putting(verdicts.verdict_on(review, opinion, person)))
    with lost_race(review, person):
        orders.launch(run, asset.size_bytes, replaces=asset, also=writes)
    return run


def try_out(review: ReviewRecord, changes: Changes, person: Person) -> Run:
    """Show what changes would make of it. The asset and its review stay as they are.

    What a trial made is found again by its content where the same changes are then made for good.
    """
    check_free(review, person)
    run = _planned(review, state_behind(review), changes, current_asset(review), trial=True)
    entry = deed(review, "tried", person, run=run)
    kept.note(entry.model_copy(update={"why": changes.words[:1000]}))
    orders.try_out(run)
    return run


def _planned(review: ReviewRecord, state: RunState, changes: Changes, asset: AssetRecord, *, trial: bool) -> Run:
    plan = redo(state, changes, _keep_strokes(review, changes))
    run = run_after(state.run, plan.recipe, plan.given, asset, trial=trial)
    if state.inspection is not None:
        check_inside(run, state.inspection)
    return run


def _keep_strokes(review: ReviewRecord, changes: Changes) -> S3Pointer | None:
    """Write brush strokes where the mask stage reads them, under their hash: they are part of what is replayed."""
    if changes.strokes is None:
        return None
    if not any(stroke.paint for stroke in changes.strokes) and changes.start_from == "empty":
        raise BadInput("An empty mask has nothing to erase: paint what is to go.", code="mask_empty")
    text = Strokes(strokes=changes.strokes).model_dump_json()
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    key = f"{proofs_folder(review.asset_id, review.run_id)}strokes-{sha256[:20]}.json"
    pointer = S3Pointer(bucket=settings().work_bucket, key=key, sha256=sha256)
    storage.write_text(pointer, text)
    return pointer
