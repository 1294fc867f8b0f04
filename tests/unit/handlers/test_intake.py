"""Events come at least once and in any order; runs come exactly once."""

import itertools
import json
from typing import Any

import pytest

from handlers import intake, launch, orders
from handlers.aws import executions as adapter
from handlers.aws import records
from handlers.aws.clients import client
from handlers.settings import settings
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.pointers import Box, Point, S3Pointer
from schemas.records import Outcome
from schemas.run import RunState
from tests.documents import INBOX
from tests.unit.handlers.conftest import STATE_MACHINE, Upload, asset_of, executions, stop


def _batch(*pointers: S3Pointer) -> dict[str, Any]:
    def record(number: int, pointer: S3Pointer) -> dict[str, Any]:
        found = {"key": pointer.key, "version-id": pointer.version_id}
        detail = {"bucket": {"name": pointer.bucket}, "object": found}
        body = json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})
        return {"messageId": str(number), "body": body, "eventSource": "aws:sqs"}

    return {"Records": [record(number, pointer) for number, pointer in enumerate(pointers)]}


def _started_with(run_id: str) -> RunState:
    arn = STATE_MACHINE.replace(":stateMachine:", ":execution:") + f":{run_id}"
    return RunState.model_validate_json(client("stepfunctions").describe_execution(executionArn=arn)["input"])


def _asset(pointer: S3Pointer) -> Any:
    found = records.find_asset(asset_of(pointer))
    assert found is not None
    return found


def test_keys_arrive_as_they_were_written(captured: Any, upload: Upload, context: Any) -> None:
    event = captured("sqs-object-created")
    keys = [json.loads(record["body"])["detail"]["object"]["key"] for record in event["Records"]]
    pointers = [upload(key) for key in keys]
    for record, pointer in zip(event["Records"], pointers, strict=True):
        body = json.loads(record["body"])
        body["detail"]["object"]["version-id"] = pointer.version_id
        record["body"] = json.dumps(body)

    assert intake.handler(event, context) == {"batchItemFailures": []}
    assert [_asset(pointer).source.key for pointer in pointers] == keys
    assert len(executions()) == len(keys)


def test_ten_copies_of_an_upload_event_start_one_run(upload: Upload, context: Any) -> None:
    photo = upload("trip/photo.jpg")
    intake.handler(_batch(*[photo] * 10), context)
    intake.handler(_batch(photo), context)
    assert list(executions()) == [_asset(photo).run_id]


def test_photo_and_mask_give_one_run_in_any_order_of_their_events(upload: Upload, context: Any) -> None:
    mask, photo = upload("trip/photo.mask.png"), upload("trip/photo.jpg")
    for order in itertools.permutations([mask, photo, photo]):
        intake.handler(_batch(*order), context)
    (name,) = executions()
    assert _started_with(name).run.mask == mask


def test_a_mask_that_comes_later_starts_one_new_run_and_its_copies_none(upload: Upload, context: Any) -> None:
    photo = upload("trip/photo.jpg")
    intake.handler(_batch(photo), context)
    first = _asset(photo)
    mask = upload("trip/photo.mask.png")
    intake.handler(_batch(*[mask] * 10, photo), context)
    second = _asset(photo)
    assert set(executions()) == {first.run_id, second.run_id}
    assert (second.mask_version, second.created_at) == (mask.version_id, first.created_at)


def test_a_replaced_mask_starts_a_run_of_its_own(upload: Upload, context: Any) -> None:
    photo = upload("trip/photo.jpg")
    for _ in range(2):
        intake.handler(_batch(upload("trip/photo.mask.png")), context)
    assert len(executions()) == 2
    assert _asset(photo).attempt == 1


def test_a_mask_that_is_taken_away_gives_a_new_attempt_and_keeps_the_old_run(upload: Upload, context: Any) -> None:
    photo = upload("trip/photo.jpg")
    intake.handler(_batch(photo), context)
    intake.handler(_batch(upload("trip/photo.mask.png")), context)
    client("s3").delete_object(Bucket=INBOX, Key="trip/photo.mask.png")
    intake.handler(_batch(photo), context)
    assert (_asset(photo).attempt, len(executions())) == (2, 3)


def test_one_mask_serves_every_type_of_its_photo(upload: Upload, context: Any) -> None:
    photos = [upload(f"trip/photo.{ending}") for ending in ("jpg", "png", "tif")]
    mask = upload("trip/photo.mask.png")
    specific = upload("trip/photo.png.mask.png")
    intake.handler(_batch(mask, specific), context)
    masks = [_asset(photo).mask_version for photo in photos]
    assert masks == [mask.version_id, specific.version_id, mask.version_id]


def test_a_mask_finds_its_photo_among_thousands_with_a_similar_name(
    upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    keys_under = launch.storage.keys_under
    monkeypatch.setattr(
        launch.storage, "keys_under", lambda bucket, prefix: listed.append(prefix) or keys_under(bucket, prefix)
    )
    photo, mask = upload("trip/img.jpg"), upload("trip/img.mask.png")
    upload("trip/img-0001.jpg")
    intake.handler(_batch(mask), context)
    assert listed == ["trip/img."]
    assert list(executions()) == [_asset(photo).run_id]


def test_an_event_for_an_older_version_starts_nothing_and_is_written_down(upload: Upload, context: Any) -> None:
    older, newer = upload("trip/photo.jpg", b"older"), upload("trip/photo.jpg", b"newer")
    intake.handler(_batch(older, older), context)
    assert (executions(), _asset(older).status) == ({}, Status.SUPERSEDED)
    intake.handler(_batch(newer, older), context)
    assert list(executions()) == [_asset(newer).run_id]


def test_an_event_for_an_older_version_leaves_its_run_alone(upload: Upload, context: Any) -> None:
    older = upload("trip/photo.jpg", b"older")
    intake.handler(_batch(older), context)
    upload("trip/photo.jpg", b"newer")
    intake.handler(_batch(older), context)
    assert _asset(older).status is Status.QUEUED


def test_a_crash_between_writing_and_starting_is_mended_by_the_retry(
    upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = upload("trip/photo.jpg")

    def crash(_run: Any) -> None:
        raise TransientFailure("Step Functions is busy.", code="aws_unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(orders.executions, "start", crash)
        answer = intake.handler(_batch(photo), context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert (_asset(photo).status, executions()) == (Status.QUEUED, {})

    assert intake.handler(_batch(photo), context) == {"batchItemFailures": []}
    assert list(executions()) == [_asset(photo).run_id]


def test_a_run_that_has_an_outcome_is_not_started_by_another_copy(upload: Upload, context: Any) -> None:
    photo = upload("trip/photo.jpg")
    intake.handler(_batch(photo), context)
    asset = _asset(photo)
    stop(asset.run_id)
    records.conclude(asset.asset_id, asset.run_id, Outcome(status=Status.FAILED, reason="No.", code="failed"))
    intake.handler(_batch(photo), context)
    assert _asset(photo).status is Status.FAILED
    assert len(executions()) == 1


def test_an_execution_that_was_started_before_is_success(upload: Upload) -> None:
    launch.look_at(upload("trip/photo.jpg"))
    (name,) = executions()
    run = _started_with(name).run
    stop(name)
    assert adapter.start(RunState(run=run)) is False


def test_two_that_record_the_same_asset_at_once_agree_through_the_retry(upload: Upload) -> None:
    photo = upload("trip/photo.jpg")
    launch.look_at(photo)
    run = _started_with(_asset(photo).run_id).run
    with pytest.raises(TransientFailure) as raised:
        orders.launch(run, 1, replaces=None)
    assert raised.value.code == "record_conflict"


def test_a_mask_that_is_recorded_between_look_and_write_is_looked_at_again_at_once(
    upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, late = upload("trip/photo.jpg"), []
    begin = records.begin

    def overtaken(*arguments: Any, **named: Any) -> None:
        if not late:
            late.append(upload("trip/photo.mask.png"))
            launch.look_at(late[0])
        begin(*arguments, **named)

    monkeypatch.setattr(records, "begin", overtaken)
    assert intake.handler(_batch(photo), context) == {"batchItemFailures": []}
    assert list(executions()) == [_asset(photo).run_id]
    assert _asset(photo).mask_version == late[0].version_id


def test_a_conflict_that_does_not_end_goes_back_to_the_queue(
    upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def conflict(*_arguments: Any, **_named: Any) -> None:
        tries.append(1)
        raise TransientFailure("The asset changed.", code="record_conflict")

    monkeypatch.setattr(records, "begin", conflict)
    assert intake.handler(_batch(upload("a.jpg")), context) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert len(tries) == 3


def test_one_bad_message_goes_back_alone(upload: Upload, context: Any) -> None:
    photo = upload("trip/photo.jpg")
    event = _batch(photo)
    event["Records"].append({"messageId": "bad", "body": "{}", "eventSource": "aws:sqs"})
    assert intake.handler(event, context) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert len(executions()) == 1


@pytest.mark.parametrize("key", ["trip/", "trip/.DS_Store", ".hidden.jpg"])
def test_folder_markers_and_hidden_files_ask_for_nothing(upload: Upload, context: Any, key: str) -> None:
    assert intake.handler(_batch(upload(key)), context) == {"batchItemFailures": []}
    assert executions() == {}


def test_an_object_that_is_gone_asks_for_nothing(aws: None, context: Any) -> None:
    gone = S3Pointer(bucket=INBOX, key="trip/photo.jpg", version_id="v1")
    assert intake.handler(_batch(gone), context) == {"batchItemFailures": []}
    assert executions() == {}


def test_the_first_folder_names_the_recipe_and_metadata_the_rest(upload: Upload) -> None:
    photo = upload(
        "clean-and-print/a.jpg", Metadata={"scale": "4", "box": "1,2,30,40", "recipe": "enhance", "format": "png"}
    )
    launch.look_at(photo)
    run = _started_with(_asset(photo).run_id).run
    assert run.recipe.name == "clean-and-print"
    assert run.recipe.upscale is not None
    assert run.recipe.upscale.scale == 4
    assert run.recipe.deliver.format == "png"
    assert run.box == Box(x=1, y=2, width=30, height=40)


@pytest.mark.parametrize(
    ("metadata", "deployment", "stated"),
    [
        ({}, "", None),
        ({"rights": "licensed"}, "", "licensed"),
        ({}, "owned", "owned"),
        ({"rights": "licensed"}, "owned", "licensed"),
    ],
)
def test_rights_are_stated_with_the_upload_or_for_the_whole_inbox(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, metadata: dict[str, str], deployment: str, stated: str | None
) -> None:
    monkeypatch.setenv("RIGHTS", deployment)
    settings.cache_clear()
    photo = upload("remove-watermark/a.jpg", Metadata=metadata)
    launch.look_at(photo)
    assert _started_with(_asset(photo).run_id).run.rights == stated


def test_a_statement_of_rights_that_says_something_else_is_refused(upload: Upload) -> None:
    photo = upload("remove-watermark/a.jpg", Metadata={"rights": "found on the web"})
    launch.look_at(photo)
    outcome = _asset(photo).outcome
    assert outcome is not None
    assert (outcome.status, outcome.code) == (Status.QUARANTINED, "bad_rights")


def test_metadata_can_hold_a_click(upload: Upload) -> None:
    photo = upload("remove-object/a.jpg", Metadata={"point": "30, 40"})
    launch.look_at(photo)
    assert _started_with(_asset(photo).run_id).run.point == Point(x=30, y=40)


def test_metadata_can_name_a_mask_anywhere_in_the_inbox(upload: Upload) -> None:
    mask = upload("masks/logo.png")
    photo = upload("trip/photo.jpg", Metadata={"mask": "masks/logo.png"})
    upload("trip/photo.mask.png")
    launch.look_at(photo)
    assert _started_with(_asset(photo).run_id).run.mask == mask


@pytest.mark.parametrize(
    ("key", "metadata", "code"),
    [
        ("a.jpg", {"recipe": "remove-everything"}, "unknown_recipe"),
        ("a.jpg", {"recipe": "enhance@99"}, "unknown_recipe"),
        ("enhance@99/a.jpg", {}, "unknown_recipe"),
        ("a.jpg", {"recipe": "enhance@"}, "unknown_recipe"),
        ("a.jpg", {"scale": "3"}, "bad_scale"),
        ("a.jpg", {"scale": "two"}, "bad_scale"),
        ("a.jpg", {"scale": "9" * 1000}, "bad_scale"),
        ("enhance/a.jpg", {"scale": "1"}, "bad_scale"),
        ("a.jpg", {"format": "gif"}, "bad_format"),
        ("a.jpg", {"box": "1,2,3"}, "bad_box"),
        ("a.jpg", {"box": "1,2,0,4"}, "bad_box"),
        ("a.jpg", {"box": "1,2,3," + "9" * 50}, "bad_box"),
        ("a.jpg", {"point": "1,2,3"}, "bad_point"),
        ("a.jpg", {"point": "-1,2"}, "bad_point"),
        ("a.jpg", {"mask": "nowhere.png"}, "mask_missing"),
        ("a.jpg", {"mask": "k" * 1500}, "mask_missing"),
    ],
)
def test_instructions_that_make_no_sense_quarantine_the_upload(
    upload: Upload, context: Any, key: str, metadata: dict[str, str], code: str
) -> None:
    photo = upload(key, Metadata=metadata)
    assert intake.handler(_batch(photo, photo), context) == {"batchItemFailures": []}
    asset = _asset(photo)
    assert (asset.status, asset.outcome.code) == (Status.QUARANTINED, code)
    assert len(asset.outcome.reason) < 300
    assert executions() == {}


def test_a_mask_that_was_named_too_early_is_found_by_the_next_look(upload: Upload) -> None:
    photo = upload("a.jpg", Metadata={"mask": "late.png"})
    launch.look_at(photo)
    assert _asset(photo).status is Status.QUARANTINED
    mask = upload("late.png")
    launch.look_at(photo)
    assert _started_with(_asset(photo).run_id).run.mask == mask
