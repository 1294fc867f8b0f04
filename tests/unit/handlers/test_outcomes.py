"""Outcomes are told from what changed in the table: each once it stands, and nothing else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers import outcomes
from handlers.aws import items, records
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.outcome_event import OutcomeEvent
from schemas.records import AssetRecord, Outcome
from schemas.run import Run
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Call
from tests.unit.handlers.journeys import begin, standing

Entries = list[dict[str, Any]]


def change(before: AssetRecord | None, after: AssetRecord | None) -> dict[str, Any]:
    """Write a change of an asset down as the table's stream does."""
    images = {"OldImage": before and items.asset_item(before), "NewImage": after and items.asset_item(after)}
    written = {name: image for name, image in images.items() if image}
    keys = {name: next(iter(written.values()))[name] for name in ("pk", "sk")}
    return {"Keys": keys, **written}


def ended(run: Run, status: Status = Status.DELIVERED) -> dict[str, Any]:
    """Let a run come to an outcome; return the change of its asset."""
    before = standing(run)
    assert records.conclude(run.asset_id, run.run_id, Outcome(status=status, reason="So.", code="so"))
    return change(before, standing(run))


def test_an_outcome_is_told_on_its_bus_and_no_other(announced: Entries, context: Any) -> None:
    run = begin(documents.PHOTO)
    event = {"Records": [{"eventName": "MODIFY", "dynamodb": ended(run, Status.QUARANTINED)}]}
    assert outcomes.handler(event, context) == {"outcomes": 1}
    (entry,) = announced
    assert (entry["EventBusName"], entry["DetailType"]) == ("cleanplate-outcomes", "Asset Quarantined")
    told = OutcomeEvent.model_validate_json(entry["Detail"])
    assert (told.data.asset_id, told.data.run_id, told.data.reason) == (run.asset_id, run.run_id, "So.")
    assert told == OutcomeEvent.of(standing(run), "cleanplate")


def test_a_batch_told_again_has_the_same_names(announced: Entries, upload: Upload) -> None:
    changes = [ended(begin(upload(f"{number}.jpg"))) for number in range(23)]
    assert [outcomes.tell(changes) for _ in range(2)] == [23, 23]
    names = [json.loads(entry["Detail"])["id"] for entry in announced]
    assert names[:23] == names[23:]
    assert len(set(names)) == 23


def test_what_changes_of_an_asset_beside_its_outcome_is_not_told(announced: Entries) -> None:
    run = begin(documents.PHOTO)
    queued = standing(run)
    records.enter_stage(run.asset_id, run.run_id, Stage.MASK)
    running = standing(run)
    ended(run)
    done = standing(run)
    inspected = done.model_copy(update={"inspection": documents.inspection()})
    for before, after in ((None, queued), (queued, running), (done, inspected), (done, queued), (done, None)):
        assert outcomes.tell([change(before, after)]) == 0
    assert announced == []


def test_a_verdict_after_a_review_is_told_as_well() -> None:
    told = [
        outcomes.outcome_in(change(before, after)) is not None
        for before, after in (
            (_asset(Status.RUNNING), _asset(Status.AWAITING_REVIEW)),
            (_asset(Status.AWAITING_REVIEW), _asset(Status.REJECTED)),
            (_asset(Status.FAILED, "r-1"), _asset(Status.FAILED, "r-2")),
            (None, _asset(Status.QUARANTINED)),
        )
    ]
    assert told == [True] * 4


def test_other_documents_are_no_outcomes() -> None:
    review = {"Keys": {"pk": {"S": "ASSET#a-1"}, "sk": {"S": "REVIEW#r-1"}}, "NewImage": {"state": {"S": "open"}}}
    assert outcomes.outcome_in(review) is None


def test_a_record_that_cannot_be_read_holds_no_other_up(announced: Entries) -> None:
    good = ended(begin(documents.PHOTO))
    bad = {**good, "NewImage": {**good["NewImage"], "status": {"S": "DANCING"}}}
    assert outcomes.tell([bad, good]) == 1


def test_a_bus_that_takes_not_all_is_told_all_again(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = ended(begin(documents.PHOTO))
    partly = {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, {"ErrorCode": "ThrottlingException"}]}
    monkeypatch.setattr(client("events"), "put_events", lambda **_: partly)
    with pytest.raises(TransientFailure, match="ThrottlingException"):
        outcomes.tell([outcome])

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalException", "Message": "later"}}, "PutEvents")

    monkeypatch.setattr(client("events"), "put_events", refuse)
    with pytest.raises(TransientFailure):
        outcomes.tell([outcome])


def test_the_schema_of_events_is_served(call: Call) -> None:
    status, schema = call("GET", "/events/schema")
    assert (status, schema["title"]) == (200, "OutcomeEvent")
    assert '"additionalProperties": false' not in json.dumps(schema)


def _asset(status: Status, run_id: str = "r-1") -> AssetRecord:
    outcome = Outcome(status=status, reason="So.", code="so") if status.is_outcome else None
    moment = datetime(2026, 11, 29, tzinfo=UTC)
    return AssetRecord(
        asset_id="a-1",
        source=documents.PHOTO,
        size_bytes=1,
        run_id=run_id,
        status=status,
        outcome=outcome,
        created_at=moment,
        updated_at=moment,
    )
