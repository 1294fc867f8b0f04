"""EventBridge: what happened, for whoever listens. Nothing in a run waits for a listener."""

from handlers.aws.clients import client, translated
from handlers.observability import count, logger
from handlers.settings import settings
from schemas.announcement import REVIEW_OPENED, SOURCE, Announcement
from schemas.errors import CleanplateError, TransientFailure
from schemas.records import ReviewRecord


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
        _put(entry)
    except CleanplateError as error:
        logger.error("a review was not announced", extra={"run_id": review.run_id, "code": error.code})
        count("ReviewsNotAnnounced")
        return False
    return True


def _put(entry: dict[str, object]) -> None:
    with translated("announcing a review"):
        answer = client("events").put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        code = answer["Entries"][0].get("ErrorCode", "unknown")
        raise TransientFailure(f"EventBridge took no event ({code}).", code="event_refused")
