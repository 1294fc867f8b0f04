"""Whoever opens a review says so, once it is written down; that nobody listens is no reason to fail."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from handlers import deliver, reviews
from handlers.aws import events
from handlers.aws import reviews as reviews_kept
from handlers.aws.clients import client
from schemas.announcement import Announcement, ReviewOpened
from schemas.asset import Status
from schemas.records import Outcome, ReviewRecord, now
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.journeys import at_delivery, begin

WAITS = Outcome(status=Status.AWAITING_REVIEW, reason="Low.", code="low", rule="low", confidence=0.2)
REVIEW = ReviewRecord(
    asset_id="a-1",
    run_id="r-1",
    opened_at=now(),
    rule="low",
    reason="Low.",
    before=documents.PHOTO,
    after=documents.PHOTO,
)


def test_a_review_is_announced_with_what_a_mail_needs(announced: list[dict[str, Any]]) -> None:
    run = begin(documents.PHOTO)
    assert reviews.ask_a_person(documents.state(run, Stage.MASK), WAITS)
    (entry,) = announced
    assert (entry["Source"], entry["DetailType"], entry["EventBusName"]) == (
        "cleanplate",
        "Review Opened",
        "cleanplate-reviews",
    )
    said = Announcement.model_validate_json(entry["Detail"])
    review = reviews_kept.find(run.asset_id, run.run_id)
    assert review is not None
    assert said == Announcement(
        asset_id=run.asset_id,
        run_id=run.run_id,
        rule="low",
        reason="Low.",
        recipe="find@1",
        confidence=0.2,
        opened_at=review.opened_at,
        name="photo.jpg",
    )


def test_only_the_first_of_two_openings_is_announced(announced: list[dict[str, Any]]) -> None:
    state = documents.state(begin(documents.PHOTO), Stage.MASK)
    assert [reviews.ask_a_person(state, WAITS) for _ in range(2)] == [True, False]
    assert len(announced) == 1


def test_an_overtaken_run_announces_nothing(announced: list[dict[str, Any]]) -> None:
    old = begin(documents.PHOTO)
    begin(documents.PHOTO, mask=documents.MASK)
    assert not reviews.ask_a_person(documents.state(old, Stage.MASK), WAITS)
    assert announced == []


def test_a_delivery_that_people_look_at_is_announced_and_no_other(upload: Any, announced: list[dict[str, Any]]) -> None:
    for share, expected in ((0, 0), (1, 1)):
        recipe = documents.FIND.model_copy(
            update={"policy": documents.FIND.policy.model_copy(update={"audit_share": share})}
        )
        deliver.deliver(at_delivery(begin(upload(f"photo-{share}.jpg"), recipe)))
        assert len(announced) == expected


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "PutEvents"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "later"}}, "PutEvents"),
        EndpointConnectionError(endpoint_url="https://events"),
    ],
)
def test_a_review_is_open_even_if_nobody_can_be_told(
    aws: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(**_: Any) -> None:
        raise error

    monkeypatch.setattr(client("events"), "put_events", refuse)
    run = begin(documents.PHOTO)
    assert reviews.ask_a_person(documents.state(run, Stage.MASK), WAITS)
    assert reviews_kept.find(run.asset_id, run.run_id)


def test_an_event_that_was_not_taken_is_no_announcement(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}
    assert events.announce(REVIEW)
    monkeypatch.setattr(client("events"), "put_events", lambda **_: answer)
    assert not events.announce(REVIEW)


def test_the_event_is_read_as_it_was_written_whatever_the_envelope_holds() -> None:
    said = Announcement.of(REVIEW)
    envelope = {"version": "0", "id": "1", "region": "eu-central-1", "detail-type": "Review Opened"}
    event = {**envelope, "source": "cleanplate", "detail": json.loads(said.model_dump_json())}
    assert ReviewOpened.model_validate(event).detail == said
