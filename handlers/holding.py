"""Who may act on a review: it still waits, nobody else holds it, and it is about the run that counts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from handlers.api.errors import Conflict
from handlers.aws import records, storage, table
from handlers.aws import reviews as kept
from schemas.errors import PermanentFailure, TransientFailure
from schemas.records import AssetRecord, ReviewRecord
from schemas.review import Claim, Person
from schemas.run import RunState


def check_free(review: ReviewRecord, person: Person) -> None:
    """Refuse in words what somebody else holds, or what waits no longer.

    Raises
    ------
    Conflict
        ``decided`` or ``claimed``.
    """
    if not review.state.waits:
        who = f" by {review.decided_by.name}" if review.decided_by else ""
        raise Conflict(f"This review is over: {review.state.replace('_', ' ')}{who}.", code="decided")
    held = live_claim(review)
    if held is not None and held.who != person.who:
        until = time.strftime("%H:%M UTC", time.gmtime(held.lease_ends))
        raise Conflict(f"{held.name} is looking at it until {until}.", code="claimed")


def live_claim(review: ReviewRecord) -> Claim | None:
    """Give the claim on a review, unless its lease has ended."""
    return review.claim if review.claim and review.claim.lease_ends >= time.time() else None


def current_asset(review: ReviewRecord) -> AssetRecord:
    """Read the asset of a review.

    Raises
    ------
    Conflict
        ``superseded`` if another run or a newer upload has taken over since; the review is closed then.
    """
    asset = records.find_asset(review.asset_id)
    if (why := why_superseded(review, asset)) or asset is None:
        if review.state.waits:
            table.transact(kept.superseding(review, why), "closing a review")
        raise Conflict(why or "Nothing is known of its picture.", code="superseded")
    return asset


def why_superseded(review: ReviewRecord, asset: AssetRecord | None) -> str | None:
    """Say what took the place of a review's picture; ``None`` where nothing did."""
    if asset is None or asset.run_id != review.run_id:
        return "Another run took this one's place; look at that one."
    latest = storage.head(review.before.bucket, review.before.key)
    if latest is not None and latest.pointer.version_id != review.before.version_id:
        return "A newer upload took this picture's place."
    return None


def state_behind(review: ReviewRecord) -> RunState:
    """Read how far the run came.

    Raises
    ------
    PermanentFailure
        ``no_parent_state``, for a review that an older deployment opened.
    """
    state = kept.kept_state(review.asset_id, review.run_id)
    if state is None:
        raise PermanentFailure("Nothing is left of the run; upload the picture again.", code="no_parent_state")
    return state


@contextmanager
def lost_race(review: ReviewRecord, person: Person) -> Iterator[None]:
    """Say who was faster where a write's conditions did not hold; where nobody was, it may be asked again."""
    try:
        yield
    except TransientFailure as error:
        if error.code != "record_conflict":
            raise
        seen = kept.find(review.asset_id, review.run_id) or review
        check_free(seen, person)
        current_asset(seen)
        raise
