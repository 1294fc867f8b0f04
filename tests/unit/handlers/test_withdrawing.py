"""What is taken back is gone: manifests say so before a file goes, only for the picture meant, and whatever dies."""

import json
from typing import Any

import pytest

from handlers import deliver, launch, outcomes, taking_down, withdrawing
from handlers.aws import manifests, records, storage
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.outcome_event import OutcomeEvent
from schemas.pointers import S3Pointer
from schemas.review import Person
from schemas.run import Run
from schemas.stage import Stage
from schemas.withdrawal import WithdrawalOrder
from tests import documents
from tests.documents import DELIVERY
from tests.unit.handlers.conftest import Upload, executions
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, standing
from tests.unit.handlers.removing import Removals, what, working
from tests.unit.handlers.reviewing import review_of, waiting, with_policy
from tests.unit.handlers.test_outcomes import change

ORDER = {"reason": "privacy", "comment": "A passer-by asked."}


@pytest.fixture
def removals(aws: None, monkeypatch: pytest.MonkeyPatch, context: Any) -> Removals:
    return working(monkeypatch, context)


@pytest.fixture
def delivered(upload: Upload, removals: Removals) -> Run:
    run = begin(upload("trip/photo.jpg"))
    deliver.deliver(at_delivery(run))
    return run


def _files() -> list[str]:
    """List what lies in the delivery bucket, but for assets' own manifests."""
    listed = [entry["Key"] for entry in client("s3").list_objects_v2(Bucket=DELIVERY).get("Contents", [])]
    return [key for key in listed if not key.endswith("/manifest.json")]


def _manifest() -> Any:
    text = storage.read_text(S3Pointer(bucket=DELIVERY, key="manifests/trip/photo.jpg.json"))
    return json.loads(text) if text else None


def _withdraw(call: Call, run: Run, order: Any = ORDER) -> tuple[int, dict[str, Any]]:
    return call("POST", f"/assets/{run.asset_id}/withdraw", body=order)


def test_what_is_withdrawn_is_gone_and_its_manifest_says_so(call: Call, delivered: Run, removals: Removals) -> None:
    status, shown = _withdraw(call, delivered)
    assert (status, shown["status"], shown["outcome"]["code"]) == (202, "WITHDRAWN", "withdrawn")
    assert removals.work() == []
    assert _files() == ["manifests/trip/photo.jpg.json"]
    assert (_manifest()["renditions"], _manifest()["withdrawn"]["reason"]) == ([], "privacy")
    assert ORDER["comment"] not in json.dumps(_manifest())
    ((reference, paths),) = removals.cdn.told.items()
    assert paths == [f"/assets/{delivered.asset_id}/*", "/manifests/trip/photo.jpg.json"]
    assert reference.startswith(delivered.asset_id)
    assert standing(delivered).is_being_withdrawn is False


def test_it_is_in_the_trail_who_took_it_back_and_why(call: Call, delivered: Run) -> None:
    _withdraw(call, delivered)
    _, shown = call("GET", f"/assets/{delivered.asset_id}")
    assert ("withdrawn", "privacy: A passer-by asked.") in [(entry["what"], entry["why"]) for entry in shown["trail"]]
    assert not [name for name in shown["links"] if name.startswith("delivered.")]


def test_a_withdrawal_is_told_once_the_files_are_gone(call: Call, delivered: Run, removals: Removals) -> None:
    before = standing(delivered)
    _withdraw(call, delivered)
    ordered = standing(delivered)
    assert outcomes.outcome_in(change(before, ordered)) is None
    removals.work()
    told = outcomes.outcome_in(change(ordered, standing(delivered)))
    assert isinstance(told, OutcomeEvent)
    assert (told.type, told.data.renditions, told.data.manifest) == ("cleanplate.asset.withdrawn.v1", [], None)


def test_withdrawing_twice_is_withdrawing_once(call: Call, delivered: Run, removals: Removals) -> None:
    first = _withdraw(call, delivered)
    assert _withdraw(call, delivered) == first
    assert len(what(removals.waiting())) == 2  # the first message may have been lost
    assert [taking_down.take_down(delivered.asset_id) for _ in range(2)] == [True, False]
    _withdraw(call, delivered)
    assert removals.waiting() == []
    assert len(removals.cdn.told) == 1


@pytest.mark.parametrize("cut", ["delete", "replace", "forget", "transact"])
def test_a_crash_anywhere_is_mended_by_the_next_try(
    call: Call, delivered: Run, removals: Removals, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    _withdraw(call, delivered)

    def crash(*_arguments: Any, **_more: Any) -> Any:
        raise TransientFailure("Throttled.", code="aws_unavailable")

    place = {"delete": storage, "replace": manifests, "forget": taking_down.cdn, "transact": taking_down.table}[cut]
    (message,) = removals.waiting()
    with monkeypatch.context() as patched:
        patched.setattr(place, cut, crash)
        assert removals.take(message) == [message["MessageId"]]
    named = [rendition["key"] for rendition in _manifest()["renditions"]]
    assert set(named) <= set(_files())
    assert standing(delivered).is_being_withdrawn
    assert removals.take(message, tries=2) == []
    assert _files() == ["manifests/trip/photo.jpg.json"]
    assert not standing(delivered).is_being_withdrawn


def test_nothing_begins_with_it_until_its_files_are_gone_and_then_it_can_be_delivered_again(
    call: Call, delivered: Run, removals: Removals
) -> None:
    _withdraw(call, delivered)
    refused(call("POST", f"/assets/{delivered.asset_id}/runs", body={}), 409, "withdrawing")
    removals.work()
    again = begin(delivered.source)
    assert deliver.deliver(at_delivery(again)).status is Status.DELIVERED
    assert "withdrawn" not in _manifest()
    assert {rendition["key"] for rendition in _manifest()["renditions"]} <= set(_files())
    assert not removals.work()
    assert taking_down.take_down(delivered.asset_id) is False


def test_no_event_brings_a_withdrawn_picture_back(
    call: Call, delivered: Run, removals: Removals, upload: Upload
) -> None:
    _withdraw(call, delivered)
    removals.work()
    known = executions()
    launch.look_at(upload("trip/photo.jpg.mask.png"))
    launch.look_at(delivered.source)
    assert (executions(), standing(delivered).status) == (known, Status.WITHDRAWN)


def test_the_manifest_of_a_newer_upload_is_left_alone(
    call: Call, delivered: Run, removals: Removals, upload: Upload
) -> None:
    newer = begin(upload("trip/photo.jpg", b"newer"))
    deliver.deliver(at_delivery(newer))
    before = _manifest()
    _withdraw(call, delivered)
    removals.work()
    assert _manifest() == before
    assert {key.split("/")[1] for key in _files() if key.startswith("assets/")} == {newer.asset_id}


def test_a_run_that_works_on_it_is_cancelled_first(call: Call, delivered: Run) -> None:
    again = begin(delivered.source, mask=documents.MASK)
    assert _withdraw(call, delivered)[1]["status"] == "WITHDRAWN"
    assert executions()[again.run_id] == "ABORTED"


def test_while_files_are_handed_out_it_is_asked_again(call: Call, delivered: Run) -> None:
    again = begin(delivered.source, mask=documents.MASK)
    records.enter_stage(again.asset_id, again.run_id, Stage.DELIVER)
    refused(_withdraw(call, delivered), 409, "delivering")


def test_what_was_never_delivered_cannot_be_taken_back(call: Call, upload: Upload, removals: Removals) -> None:
    state = waiting(upload)
    refused(_withdraw(call, state.run), 409, "nothing_delivered")
    assert review_of(state.run).state.waits


def test_a_review_of_what_is_taken_back_waits_no_longer(call: Call, upload: Upload, removals: Removals) -> None:
    run = begin(upload("trip/photo.jpg"), with_policy(documents.FIND, audit_share=1))
    deliver.deliver(at_delivery(run))
    assert review_of(run).state.waits
    _withdraw(call, run)
    assert not review_of(run).state.waits


@pytest.mark.parametrize("order", [{}, {"reason": "bored"}, {"reason": "other", "comment": "x" * 501}, {"why": "x"}])
def test_a_withdrawal_has_a_reason_that_can_be_counted(call: Call, delivered: Run, order: Any) -> None:
    refused(_withdraw(call, delivered, order), 400, "bad_request")
    assert standing(delivered).status is Status.DELIVERED


def test_whoever_changed_the_asset_meanwhile_wins(delivered: Run, removals: Removals) -> None:
    seen = standing(delivered)
    begin(delivered.source, mask=documents.MASK)
    with pytest.raises(TransientFailure, match="changed"):
        withdrawing.withdraw(seen, WithdrawalOrder(reason="privacy"), Person(who="ada", name="Ada"))
    assert removals.waiting() == []
