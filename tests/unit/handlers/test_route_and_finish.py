"""How a run ends when nothing is delivered: a review, or an outcome in words that gives nothing away."""

from typing import Any

import pytest

from handlers import finish, route
from handlers.aws import records
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.run import RunState
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.journeys import begin, standing

EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)


def _wire(state: RunState) -> dict[str, Any]:
    document: dict[str, Any] = state.model_dump(mode="json", exclude_none=True)
    return document


def _reviews() -> list[dict[str, Any]]:
    found = client("dynamodb").scan(TableName="records")["Items"]
    return [records.items.from_item(item) for item in found if item["sk"]["S"].startswith("REVIEW#")]


def test_a_confident_result_goes_on_to_delivery(aws: None, context: Any) -> None:
    run = begin(documents.PHOTO)
    decision = route.handler(_wire(documents.state(run, *EDITED, Stage.ASSESS)), context)
    assert (decision["route"], decision["rule"]) == ("auto", "confidence-reached")
    (stage,) = records.stages_of(run.asset_id, run.run_id)
    assert (stage.stage, stage.note, stage.confidence) == (Stage.ROUTE, decision["reason"], 0.9)
    assert (_reviews(), standing(run).status) == ([], Status.QUEUED)


def test_an_unsure_result_opens_one_review_and_ends_the_run(aws: None, context: Any) -> None:
    run = begin(documents.PHOTO)
    unsure = documents.summary(Stage.ASSESS, confidence=0.2)
    state = documents.state(run, *EDITED, (Stage.ASSESS, unsure))
    for _ in range(2):
        assert route.handler(_wire(state), context)["route"] == "review"
    (review,) = _reviews()
    assert (review["rule"], review["confidence"]) == ("confidence-below-threshold", 0.2)
    assert review["after"]["key"] == "stages/refine/image.jpg"
    outcome = standing(run).outcome
    assert outcome is not None
    assert (outcome.status, outcome.code) == (Status.AWAITING_REVIEW, "confidence_below_threshold")


def test_the_confidence_that_is_shown_is_the_one_that_decided(aws: None, context: Any) -> None:
    run = begin(documents.PHOTO, documents.PRINT, mask=documents.MASK)
    unsure, sure = documents.summary(Stage.ASSESS, confidence=0.3), documents.summary(Stage.ASSESS_UPSCALED)
    state = documents.state(run, *EDITED, (Stage.ASSESS, unsure), Stage.UPSCALE, (Stage.ASSESS_UPSCALED, sure))
    route.handler(_wire(state), context)
    (review,) = _reviews()
    assert (review["confidence"], review["after"]["key"]) == (0.3, "stages/upscale/image.png")
    assert "0.30" in review["reason"]


def test_a_picture_without_a_way_to_a_mask_waits_for_a_person(aws: None, context: Any) -> None:
    run = begin(documents.PHOTO, documents.EDIT)
    route.handler(_wire(documents.state(run)), context)
    (review,) = _reviews()
    assert (review["rule"], review["after"], "mask" in review) == ("no-mask", review["before"], False)


def test_an_overtaken_run_opens_no_review(aws: None, context: Any) -> None:
    old = begin(documents.PHOTO, documents.EDIT)
    new = begin(documents.PHOTO, mask=documents.MASK)
    route.handler(_wire(documents.state(old)), context)
    assert (_reviews(), standing(new).status) == ([], Status.QUEUED)


def test_a_caught_error_becomes_an_outcome_for_people(aws: None, captured: Any, context: Any) -> None:
    run = begin(documents.PHOTO)
    answer = finish.handler({"state": _wire(RunState(run=run)), "error": captured("states-lambda-error")}, context)
    assert (answer["status"], answer["code"]) == ("QUARANTINED", "truncated")
    assert answer["reason"] == "The picture is damaged or cut off: it does not decode to its end."
    assert standing(run).status is Status.QUARANTINED


@pytest.mark.parametrize(
    ("error", "cause", "code"),
    [
        ("KeyError", '{"errorMessage": "/var/task/secret", "stackTrace": ["File x.py"]}', "internal"),
        ("Runtime.ExitError", '{"errorMessage": "RequestId: 1 Error: Runtime exited: signal: killed"}', "internal"),
        ("States.Timeout", "", "timeout"),
        ("States.DataLimitExceeded", "the state is arn:aws:secret", "state_too_large"),
        ("PermanentFailure", "not JSON, from arn:aws:secret", "failed"),
    ],
)
def test_no_internals_reach_people(aws: None, context: Any, error: str, cause: str, code: str) -> None:
    run = begin(documents.PHOTO)
    event = {"state": _wire(RunState(run=run)), "error": {"Error": error, "Cause": cause}}
    answer = finish.handler(event, context)
    assert (answer["status"], answer["code"]) == ("FAILED", code)
    for internal in ("secret", "x.py", "RequestId", "killed"):
        assert internal not in answer["reason"]
    assert answer["reason"].endswith(".")


def test_an_overtaken_run_that_fails_changes_nothing(aws: None, captured: Any, context: Any) -> None:
    old = begin(documents.PHOTO)
    new = begin(documents.PHOTO, mask=documents.MASK)
    event = {"state": _wire(RunState(run=old)), "error": captured("states-lambda-error")}
    finish.handler(event, context)
    assert standing(new).status is Status.QUEUED
    finish.handler(
        event | {"error": {"Error": "PermanentFailure", "Cause": '{"errorMessage": "superseded: Overtaken."}'}}, context
    )
    assert standing(new).status is Status.QUEUED
