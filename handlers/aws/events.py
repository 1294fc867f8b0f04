"""EventBridge: what happened, for whoever listens. Nothing in a run waits for a listener."""

from collections.abc import Sequence
from typing import Any

from handlers.aws.clients import client, translated
from handlers.observability import count, logger
from handlers.settings import settings
from schemas.announcement import REVIEW_OPENED, SOURCE, Announcement
from schemas.errors import CleanplateError, TransientFailure
from schemas.miniature import MINIATURES_WANTED, MiniaturesWanted
from schemas.outcome_event import DETAIL_TYPES, OutcomeEvent
from schemas.records import ReviewRecord

_MOST_AT_ONCE = 10
"""Entries that one call of PutEvents takes."""


def announce(review: ReviewRecord, what: str = REVIEW_OPENED) -> bool:
    """Say that a review is open; called after it was written down, and never a reason for a run to fail.

    The record is the truth and the event only a message about it. boto3 sends it up to four times. If that fails, or
    the function is cut off between the record and the event, the review is open without having been announced: nobody
    gets a mail, and no proofs are made. A retry of the function does not make up for it, because the outcome is
    already there and a second one is refused. It is made up for when a person opens the item: the API announces a
    review again that has no proofs. So an announcement may come twice, and what listens must not mind.

    Returns
    -------
    bool
        Whether the event was taken.
    """
    entry = {
        "Source": SOURCE,
        "DetailType": what,
        "Detail": Announcement.of(review).model_dump_json(),
        "EventBusName": settings().event_bus,
        "Time": review.opened_at,
    }
    try:
        _put([entry], "announcing a review")
    except CleanplateError as error:
        logger.error("a review was not announced", extra={"run_id": review.run_id, "code": error.code})
        count("ReviewsNotAnnounced")
        return False
    return True


def tell_outcomes(outcomes: Sequence[OutcomeEvent]) -> None:
    """Put outcomes on the bus that is there for them.

    Raises
    ------
    TransientFailure
        If one of them was not taken; some of the others may have been.
    """
    entries = [
        {
            "Source": SOURCE,
            "DetailType": DETAIL_TYPES[outcome.data.status],
            "Detail": outcome.model_dump_json(exclude_none=True),
            "EventBusName": settings().outcome_bus,
            "Time": outcome.time,
        }
        for outcome in outcomes
    ]
    for first in range(0, len(entries), _MOST_AT_ONCE):
        _put(entries[first : first + _MOST_AT_ONCE], "telling outcomes")


def ask_for_miniatures(asset_id: str) -> None:
    """Say that somebody looks at an asset of which miniatures are missing. Said twice, they are made once.

    Raises
    ------
    TransientFailure
        If the event was not taken.
    """
    entry = {
        "Source": SOURCE,
        "DetailType": MINIATURES_WANTED,
        "Detail": MiniaturesWanted(asset_id=asset_id).model_dump_json(),
        "EventBusName": settings().event_bus,
    }
    _put([entry], "asking for miniatures")


def _put(entries: list[dict[str, Any]], doing: str) -> None:
    with translated(doing):
        answer = client("events").put_events(Entries=entries)
    if answer["FailedEntryCount"]:
        code = next((entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry), "unknown")
        raise TransientFailure(f"EventBridge took no event ({code}).", code="event_refused")
