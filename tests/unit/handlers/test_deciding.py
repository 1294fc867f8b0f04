"""A verdict is taken once, by one person, together with what follows from it."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers import deliver, orders, route
from handlers.aws import records
from handlers.aws import reviews as kept
from handlers.aws import verdicts as labels
from schemas.asset import Status
from schemas.policy import Route
from schemas.records import Outcome
from schemas.run import Run, RunState
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload, executions
from tests.unit.handlers.http_calls import refused
from tests.unit.handlers.journeys import at_delivery, begin, standing, with_renditions
from tests.unit.handlers.removing import working
from tests.unit.handlers.reviewing import ADA, BEN, Ask, asking, path, review_of, waiting, with_policy


@pytest.fixture
def ask(aws: None, captured: Callable[[str], Any], context: Any) -> Ask:
    return asking(captured, context)


def _started(run_id: str) -> RunState:
    """What an execution was started with."""
    from handlers.aws.clients import client
    from handlers.settings import settings

    arn = settings().state_machine_arn.replace(":stateMachine:", ":execution:") + f":{run_id}"
    return RunState.model_validate_json(client("stepfunctions").describe_execution(executionArn=arn)["input"])


def _approve(ask: Ask, run: Run, who: str = ADA) -> RunState:
    status, body = ask("POST", path(run, "verdict"), {"verdict": "approve"}, who=who)
    assert (status, body["state"]) == (200, "decided"), body
    return _started(body["next_run"])


def test_an_approved_result_is_delivered_as_it_was_seen(ask: Ask, upload: Upload) -> None:
    before = waiting(upload)
    state = _approve(ask, before.run)
    assert (state.run.entry, state.results) == (Stage.ROUTE, before.results)
    assert (state.run.parent, state.run.attempt) == (before.run.run_id, 2)
    decision = route.route(state)
    assert (decision.route, decision.rule, "ada" in decision.reason) == (Route.AUTO, "approved", True)
    assert deliver.deliver(with_renditions(state)).status is Status.DELIVERED
    assert standing(before.run).status is Status.DELIVERED
    assert not review_of(before.run).state.waits


def test_what_stopped_before_its_enlargement_is_enlarged_first_and_looked_at_by_the_rules_again(
    ask: Ask, upload: Upload
) -> None:
    state = _approve(ask, waiting(upload, documents.PRINT).run)
    assert state.run.entry is Stage.UPSCALE
    enlarged = documents.state(state.run, Stage.UPSCALE, Stage.ASSESS_UPSCALED)
    good = state.model_copy(update={"results": {**state.results, **enlarged.results}})
    assert route.route(good).rule == "approved"
    poor = documents.summary(Stage.ASSESS_UPSCALED, confidence=0.1)
    bad = good.model_copy(update={"results": {**good.results, Stage.ASSESS_UPSCALED: poor}})
    assert route.route(bad).rule == "confidence-below-threshold"


def test_a_rejected_picture_is_not_delivered_and_its_original_stays(ask: Ask, upload: Upload) -> None:
    run = waiting(upload).run
    said = {"verdict": "reject", "reason": "invented", "comment": "A second moon."}
    status, body = ask("POST", path(run, "verdict"), said)
    assert (status, body["next_run"]) == (200, None)
    asset = standing(run)
    assert asset.status is Status.REJECTED
    assert asset.outcome is not None
    assert "invented" in asset.outcome.reason
    assert list(executions()) == [run.run_id]


def test_a_rejected_picture_can_be_delivered_as_it_came(ask: Ask, upload: Upload) -> None:
    run = waiting(upload).run
    _, body = ask("POST", path(run, "verdict"), {"verdict": "reject", "reason": "face", "deliver": "original"})
    state = _started(body["next_run"])
    assert (state.results, state.final_image) == ({}, run.source)
    assert route.route(state).rule == "original"
    outcome = deliver.deliver(with_renditions(state))
    assert (outcome.status, [each.sha256 for each in outcome.renditions]) == (Status.DELIVERED, [documents.SHA])


def test_a_second_verdict_is_a_clear_conflict_and_starts_nothing(ask: Ask, upload: Upload) -> None:
    run = waiting(upload).run
    _approve(ask, run)
    before = executions()
    detail = refused(
        ask("POST", path(run, "verdict"), {"verdict": "reject", "reason": "other"}, who=BEN), 409, "decided"
    )
    assert "ada" in detail
    assert executions() == before
    assert len(labels.page()[0]) == 1


def test_the_same_verdict_sent_again_is_taken_once(ask: Ask, upload: Upload) -> None:
    run = waiting(upload).run
    first = ask("POST", path(run, "verdict"), {"verdict": "approve"})
    assert ask("POST", path(run, "verdict"), {"verdict": "approve"}) == first
    assert len(executions()) == 2


def test_two_who_decide_at_the_same_moment_make_one_decision(
    ask: Ask, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = waiting(upload).run
    launch, raced = orders.launch, []

    def overtaken(*arguments: Any, **named: Any) -> None:
        if not raced:
            raced.append(ask("POST", path(run, "verdict"), {"verdict": "reject", "reason": "other"}, who=BEN))
        launch(*arguments, **named)

    monkeypatch.setattr(orders, "launch", overtaken)
    refused(ask("POST", path(run, "verdict"), {"verdict": "approve"}), 409, "decided")
    assert raced[0][0] == 200
    assert standing(run).status is Status.REJECTED
    assert [verdict.who for verdict in labels.page()[0]] == [BEN]


def test_what_another_run_took_the_place_of_cannot_be_decided_any_more(ask: Ask, upload: Upload) -> None:
    run = waiting(upload).run
    begin(run.source, documents.FIND, mask=documents.MASK)
    assert review_of(run).state == "superseded"
    refused(ask("POST", path(run, "verdict"), {"verdict": "approve"}), 409, "decided")
    assert ask("GET", "/reviews")[1]["items"] == []


def test_what_a_newer_upload_took_the_place_of_is_closed_by_the_first_who_decides_it(ask: Ask, upload: Upload) -> None:
    run = waiting(upload).run
    upload("trip/photo.jpg", b"another picture")
    may = ask("GET", path(run))[1]["may"]
    assert (may["approve"], may["redo"], "newer upload" in may["approve_why_not"]) == (False, False, True)
    detail = refused(ask("POST", path(run, "verdict"), {"verdict": "approve"}), 409, "superseded")
    assert "newer upload" in detail
    assert (review_of(run).state, ask("GET", "/reviews")[1]["items"]) == ("superseded", [])
    assert list(executions()) == [run.run_id]


@pytest.mark.parametrize("rule", ["no-mask", "rights-missing", "max-cost", "weights-missing"])
def test_where_nothing_was_made_there_is_nothing_to_approve(ask: Ask, upload: Upload, rule: str) -> None:
    run = begin(upload("trip/photo.jpg"))
    from handlers import reviews

    outcome = Outcome(status=Status.AWAITING_REVIEW, reason="Where?", code="no_mask", rule=rule)
    assert reviews.ask_a_person(documents.state(run), outcome)
    refused(ask("POST", path(run, "verdict"), {"verdict": "approve"}), 400, "nothing_to_approve")
    assert review_of(run).state.waits
    item = ask("GET", path(run))[1]
    assert (item["may"]["approve"], item["may"]["redo"]) == (False, True)
    assert item["may"]["approve_why_not"]


def test_of_an_approved_preview_the_scene_is_made_and_shown_again(ask: Ask, upload: Upload) -> None:
    state = _approve(ask, waiting(upload, documents.WORDED, Stage.PREVIEW, rule="prompt-agreement").run)
    assert (state.run.entry, state.run.ruling) == (Stage.GENERATE, None)
    assert set(state.results) == {Stage.PREVIEW}
    made = {**state.results, Stage.GENERATE: documents.summary(Stage.GENERATE)}
    assert route.route(state.model_copy(update={"results": made})).route is Route.REVIEW


def test_four_eyes_are_two_people(ask: Ask, upload: Upload) -> None:
    run = waiting(upload, with_policy(documents.FIND, four_eyes=True)).run
    assert ask("POST", path(run, "verdict"), {"verdict": "approve"})[1]["state"] == "needs_second"
    item = ask("GET", path(run), who=BEN)[1]
    assert (item["state"], item["second_person"]) == ("needs_second", {"required": True, "first": "ada"})
    refused(ask("POST", path(run, "verdict"), {"verdict": "approve"}), 409, "same_person")
    assert len(executions()) == 1
    _approve(ask, run, BEN)
    whats = [entry.what for entry in kept.trail(run.asset_id, run.run_id)]
    assert whats == ["opened", "approved-first", "approved"]


def test_one_person_is_enough_to_reject(ask: Ask, upload: Upload) -> None:
    run = waiting(upload, with_policy(documents.FIND, four_eyes=True)).run
    ask("POST", path(run, "verdict"), {"verdict": "approve"})
    assert ask("POST", path(run, "verdict"), {"verdict": "reject", "reason": "text"}, who=BEN)[0] == 200
    assert standing(run).status is Status.REJECTED


def test_an_audited_delivery_is_only_labelled_unless_it_is_bad(ask: Ask, upload: Upload) -> None:
    run = begin(upload("trip/photo.jpg"), with_policy(documents.FIND, audit_share=1))
    deliver.deliver(at_delivery(run))
    assert review_of(run).rule == "audit"
    assert ask("POST", path(run, "verdict"), {"verdict": "approve"})[1]["next_run"] is None
    assert standing(run).status is Status.DELIVERED


def test_an_audited_delivery_that_is_rejected_is_taken_back(
    ask: Ask, upload: Upload, monkeypatch: pytest.MonkeyPatch, context: Any
) -> None:
    removals = working(monkeypatch, context)
    run = begin(upload("trip/photo.jpg"), with_policy(documents.FIND, audit_share=1))
    deliver.deliver(at_delivery(run))
    status, decided = ask("POST", path(run, "verdict"), {"verdict": "reject", "reason": "text"})
    assert (status, decided["state"], decided["next_run"]) == (200, "decided", None)
    assert standing(run).status is Status.WITHDRAWN
    assert [entry.what for entry in kept.trail(run.asset_id)] == ["opened", "rejected", "withdrawn"]
    assert removals.work() == []
    assert not standing(run).is_being_withdrawn


def test_many_of_one_reason_are_approved_together_and_the_others_named(ask: Ask, upload: Upload) -> None:
    runs = [waiting(upload, key=f"trip/{number}.jpg").run for number in range(3)]
    ask("POST", path(runs[1], "claim"), {}, who=BEN)
    names = [{"asset_id": run.asset_id, "run_id": run.run_id} for run in runs]
    status, body = ask("POST", "/reviews/approve", {"items": names})
    assert (status, [each["run_id"] for each in body["approved"]]) == (200, [runs[0].run_id, runs[2].run_id])
    (other,) = body["refused"]
    assert (other["run_id"], other["code"]) == (runs[1].run_id, "claimed")


def test_approved_together_by_one_of_two_people_is_not_called_approved(ask: Ask, upload: Upload) -> None:
    run = waiting(upload, with_policy(documents.FIND, four_eyes=True)).run
    names = [{"asset_id": run.asset_id, "run_id": run.run_id}]
    assert ask("POST", "/reviews/approve", {"items": names})[1] == {"approved": [], "need_second": names, "refused": []}
    assert ask("POST", "/reviews/approve", {"items": names}, who=BEN)[1]["approved"] == names


def test_only_what_was_asked_for_one_reason_is_approved_together(ask: Ask, upload: Upload) -> None:
    runs = [
        waiting(upload, key="trip/1.jpg").run,
        waiting(upload, key="trip/2.jpg", rule="guard-faces").run,
    ]
    names = [{"asset_id": run.asset_id, "run_id": run.run_id} for run in runs]
    refused(ask("POST", "/reviews/approve", {"items": names}), 400, "mixed_reasons")
    assert all(review_of(run).state.waits for run in runs)


def test_a_crash_after_the_verdict_was_written_is_mended(
    ask: Ask, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handlers import reconcile
    from schemas.errors import TransientFailure

    run = waiting(upload).run

    def crash(_state: Any) -> None:
        raise TransientFailure("Step Functions is busy.", code="aws_unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(orders.executions, "start", crash)
        assert ask("POST", path(run, "verdict"), {"verdict": "approve"})[0] == 503
    asset = standing(run)
    assert (asset.status, asset.run_id in executions()) == (Status.QUEUED, False)
    reconcile.mend_all()
    assert _started(asset.run_id).run.ruling is not None


def test_a_verdict_survives_a_restart_of_its_run(ask: Ask, upload: Upload) -> None:
    state = _approve(ask, waiting(upload).run)
    again = state.run.restarted()
    orders.launch(again, 1, replaces=standing(state.run))
    restarted = _started(again.run_id)
    assert (restarted.results, restarted.run.ruling) == (state.results, state.run.ruling)
    assert records.find_run(again.asset_id, again.run_id) is not None
