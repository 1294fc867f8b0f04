"""Who may act on a review: it still waits, nobody else holds it, and it is about the run that counts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from handlers.api.errors import Conflict
from handlers.aws import records
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
        ``superseded`` if another run has taken over since.
    """
    asset = records.find_asset(review.asset_id)
    if asset is None or asset.run_id != review.run_id:
        raise Conflict("Another run took this one's place; look at that one.", code="superseded")
    return asset


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
        now = kept.find(review.asset_id, review.run_id) or review
        check_free(now, person)
        current_asset(now)
        raise
