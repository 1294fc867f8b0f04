"""Reviews that nobody decides: people are reminded, then the recipe's policy says what becomes of them."""

from datetime import datetime

from handlers.aws import events, records, reviews, table
from handlers.deciding import rejecting
from handlers.observability import count, logger
from schemas.announcement import REVIEW_REMINDER
from schemas.errors import CleanplateError
from schemas.policy import Expiry
from schemas.records import Deadline, ReviewRecord
from schemas.review import ReviewState
from schemas.trail import Deed, TrailEntry


def act_on_deadlines(moment: datetime) -> int:
    """Do what is due at a moment; return how many reviews were due. One that fails holds no other up."""
    due = list(reviews.due(moment))
    for deadline in due:
        try:
            _act(deadline, moment)
        except CleanplateError as error:
            logger.warning("could not act on a deadline", extra={"run_id": deadline.run_id, "code": error.code})
    return len(due)


def _act(deadline: Deadline, moment: datetime) -> None:
    review = reviews.find(deadline.asset_id, deadline.run_id)
    state = reviews.kept_state(deadline.asset_id, deadline.run_id)
    expiry = state.run.recipe.policy.expiry if state else None
    if review is None or expiry is None or not review.state.waits:
        reviews.drop(deadline)
    elif deadline.does == "remind" and review.expires_at is not None:
        later = deadline.model_copy(update={"due_at": review.expires_at, "does": "end"})
        entry = _deed(review, "reminded", moment, f"Nobody decided for {expiry.remind_after_days} days.")
        if table.transact(reviews.postponing(later, entry), "reminding"):  # else somebody decided meanwhile
            count("ReviewReminders")
            events.announce(review, REVIEW_REMINDER)
    else:
        _end(review, expiry, moment)


def _end(review: ReviewRecord, expiry: Expiry, moment: datetime) -> None:
    reason = f"Nobody decided within {expiry.after_days} days."
    if expiry.then == "keep":
        table.transact(reviews.raising(review, _deed(review, "overdue", moment, reason)), "raising a review")
        return
    asset = records.find_asset(review.asset_id)
    writes = reviews.closing(review, ReviewState.EXPIRED, _deed(review, "expired", moment, reason))
    if asset is not None and asset.run_id == review.run_id:
        writes.append(rejecting(asset, f"{reason} Nothing was delivered; your original is untouched."))
    if table.transact(writes, "ending a review"):
        count("ReviewsExpired")


def _deed(review: ReviewRecord, what: Deed, moment: datetime, why: str) -> TrailEntry:
    return TrailEntry.of(review, what, moment, why=why, seen=review.seen)
