"""Verdicts: one a person and run, whose is never the body's to say, and with what was said of that very result."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers import reviews
from handlers.aws import records, table
from handlers.aws import verdicts as kept
from schemas.asset import Status
from schemas.finding import Change, Finding, Guard
from schemas.pointers import S3Pointer
from schemas.records import Outcome, StageRecord, now
from schemas.run import Run
from schemas.stage import ModelUse, Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.documented import answered
from tests.unit.handlers.http_calls import Answer, refused
from tests.unit.handlers.journeys import at_delivery, begin
from tests.unit.schemas.test_agreement import verdict

EDITOR = "arn:aws:iam::123456789012:user/editor"
FOUND = Finding(guard=Guard.TEXT, change=Change.CHANGED, detail="`42` reads `47`.")
Say = Callable[..., Answer]


@pytest.fixture
def say(aws: None, captured: Callable[[str], Any], context: Any) -> Say:
    def send(path: str, document: Any, *, who: str | None = EDITOR) -> Answer:
        event = captured("http-api-post")
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["body"] = json.dumps(document)
        event["requestContext"]["authorizer"]["iam"]["userArn"] = who
        answer = answered(event, context)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def _stage(run: Run, stage: Stage, model: str, given: str, made: str | None = None, **facts: Any) -> None:
    moment = now()
    records.add_stage(
        StageRecord(
            asset_id=run.asset_id,
            run_id=run.run_id,
            stage=stage,
            started_at=moment,
            ended_at=moment,
            inputs={"image": run.source, "given": S3Pointer(bucket=documents.WORK, key=given)},
            outputs={"made": S3Pointer(bucket=documents.WORK, key=made)} if made else {},
            model=ModelUse(name=model, version="1", licence="MIT", commercial_use=True),
            **facts,
        )
    )


@pytest.fixture
def waiting(upload: Upload) -> Run:
    """A run that waits for a person: a first model's fill was shown, and another's was dropped."""
    run = begin(upload("trip/photo.jpg"))
    state = at_delivery(run)
    shown = state.latest_image.key
    _stage(run, Stage.INPAINT, "shown-model", "mask", "edits")
    _stage(run, Stage.REFINE, "refiner", "edits", shown)
    _stage(run, Stage.ASSESS, "assessor", shown, signals=documents.GOOD)
    other = documents.GOOD.model_copy(update={"mask_share": 0.9})
    _stage(run, Stage.INPAINT, "dropped-model", "mask", "other-edits")
    _stage(run, Stage.REFINE, "refiner", "other-edits", "other-image")
    _stage(run, Stage.ASSESS, "assessor", "other-image", signals=other)
    outcome = Outcome(
        status=Status.AWAITING_REVIEW,
        reason="A number changed.",
        code="review",
        rule="guard-text",
        confidence=0.7,
        findings=[FOUND],
    )
    assert reviews.ask_a_person(state, outcome)
    return run


def _path(run: Run) -> str:
    return f"/reviews/{run.asset_id}/{run.run_id}/verdict"


def test_a_verdict_is_kept_with_what_the_machine_said_of_the_result_that_was_shown(say: Say, waiting: Run) -> None:
    status, body = say(_path(waiting), {"verdict": "reject", "reason": "text", "comment": " 47 is wrong "})
    assert status == 200
    (verdict,), cursor = kept.page()
    said = verdict.model_dump(mode="json", exclude_none=True)
    assert (body, cursor) == ({**said, "state": "decided", "next_run": None}, None)
    assert (verdict.who, verdict.model, verdict.recipe) == (EDITOR, "shown-model", "find@1")
    assert (verdict.signals, verdict.findings, verdict.confidence) == (documents.GOOD, [FOUND], 0.7)
    assert (verdict.rule, verdict.opinion.comment, verdict.good) == ("guard-text", "47 is wrong", False)


def test_a_repeated_request_is_kept_once_and_a_second_mind_is_a_conflict(say: Say, waiting: Run) -> None:
    first = say(_path(waiting), {"verdict": "approve"})
    assert say(_path(waiting), {"verdict": "approve"}) == first
    detail = refused(say(_path(waiting), {"verdict": "reject", "reason": "other"}), 409, "already_judged")
    assert "approve" in detail
    assert [verdict.opinion.verdict for verdict in kept.page()[0]] == ["approve"]


def test_pages_of_verdicts_join(aws: None) -> None:
    for number in range(5):
        table.transact([kept.putting(verdict(0.5, True).model_copy(update={"run_id": f"r-{number}"}))], "recording")
    first, cursor = kept.page(limit=3)
    second, end = kept.page(cursor, limit=3)
    assert (sorted(each.run_id for each in first + second), end) == ([f"r-{number}" for number in range(5)], None)


def test_who_is_never_taken_from_the_body_and_nobody_has_no_verdict(say: Say, waiting: Run) -> None:
    refused(say(_path(waiting), {"verdict": "approve", "who": "the boss"}), 400, "bad_request")
    refused(say(_path(waiting), {"verdict": "approve"}, who=None), 401, "no_identity")
    assert kept.page() == ([], None)


@pytest.mark.parametrize("names", ["a-1/r-1", "a-" + "0" * 24 + "/r-" + "0" * 40, "a-" + "0" * 24 + "/x"])
def test_only_what_was_asked_can_be_answered(say: Say, names: str) -> None:
    refused(say(f"/reviews/{names}/verdict", {"verdict": "approve"}), 404, "unknown_review")


@pytest.mark.parametrize(
    "document", [{}, {"verdict": "maybe"}, {"verdict": "reject"}, {"verdict": "approve", "comment": "c" * 501}, "text"]
)
def test_an_opinion_that_is_none_is_refused(say: Say, waiting: Run, document: Any) -> None:
    refused(say(_path(waiting), document), 400, "bad_request")
