"""A sidecar says what is to be done with its photo, before or after it came; a folder's mask serves all its photos."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers import intake, launch, recipes, reconcile
from handlers.aws import queues, records
from handlers.aws.clients import client
from handlers.settings import settings
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.pointers import Box, S3Pointer
from schemas.records import AssetRecord, Outcome
from schemas.review import ReviewState
from schemas.run import Run
from tests.documents import INBOX
from tests.unit.handlers.conftest import Upload, asset_of, executions
from tests.unit.handlers.reviewing import review_of, waiting

PHOTO = "trip/photo.jpg"


def _asset(pointer: S3Pointer) -> AssetRecord:
    found = records.find_asset(asset_of(pointer))
    assert found is not None
    return found


def _run(pointer: S3Pointer) -> Run:
    asset = _asset(pointer)
    record = records.find_run(asset.asset_id, asset.run_id)
    assert record is not None
    return record.run


def _code(pointer: S3Pointer) -> tuple[Status, str, str]:
    asset = _asset(pointer)
    assert asset.outcome is not None
    return asset.status, asset.outcome.code, asset.outcome.reason


SIDECAR = b"""\
recipe: clean-and-print@3
scale: 4
box: 1,2,30,40
seed: 7
format: png
rights: owned
tags: {order: 42, customer: Acme & Sons}
"""


def _recipe_now() -> bytes:
    return SIDECAR.replace(b"@3", f"@{recipes.resolve('clean-and-print').version}".encode())


def test_a_sidecar_says_what_is_done(upload: Upload) -> None:
    upload(f"{PHOTO}.job.yaml", _recipe_now())
    photo = upload(PHOTO)
    launch.look_at(photo)
    run, asset = _run(photo), _asset(photo)
    assert (run.recipe.name, run.recipe.seed, run.recipe.deliver.format) == ("clean-and-print", 7, "png")
    assert run.recipe.upscale is not None
    assert run.recipe.upscale.scale == 4
    assert (run.box, run.rights) == (Box(x=1, y=2, width=30, height=40), "owned")
    assert asset.tags == run.tags == {"order": "42", "customer": "Acme & Sons"}


def test_a_sidecar_wins_over_the_folder_and_the_folder_over_metadata(upload: Upload) -> None:
    metadata = {"recipe": "remove-object", "tags": "order=1", "format": "png"}
    plain, told = upload("enhance/a.jpg", Metadata=metadata), upload("enhance/b.jpg", Metadata=metadata)
    upload("enhance/b.job.yaml", b"recipe: remove-watermark\ntags: {order: two}")
    launch.look_at(plain)
    launch.look_at(told)
    assert (_run(plain).recipe.name, _run(plain).tags) == ("enhance", {"order": "1"})
    assert (_run(told).recipe.name, _run(told).tags) == ("remove-watermark", {"order": "two"})
    assert _run(told).recipe.deliver.format == "png"


def test_the_more_specific_sidecar_is_the_one_that_is_read(upload: Upload) -> None:
    upload("trip/photo.job.yaml", b"format: png")
    upload("trip/photo.jpg.job.yaml", b"format: jpeg")
    first, second = upload("trip/photo.jpg"), upload("trip/photo.tif")
    launch.look_at(first)
    launch.look_at(second)
    assert (_run(first).recipe.deliver.format, _run(second).recipe.deliver.format) == ("jpeg", "png")


def test_a_sidecar_after_its_photo_leads_to_one_new_run_however_often_its_event_comes(upload: Upload) -> None:
    photo = upload(PHOTO)
    launch.look_at(photo)
    before = _run(photo)
    sidecar = upload("trip/photo.job.yaml", b"recipe: enhance")
    for _ in range(10):
        launch.look_at(sidecar)
        launch.look_at(photo)
    assert _run(photo).recipe.name == "enhance"
    assert _asset(photo).job_version == sidecar.version_id
    assert set(executions()) == {before.run_id, _run(photo).run_id}


def test_a_sidecar_that_changes_only_what_is_told_leads_to_a_run_too(upload: Upload) -> None:
    photo = upload(PHOTO)
    launch.look_at(photo)
    launch.look_at(upload(f"{PHOTO}.job.yaml", b"tags: {order: two}"))
    launch.look_at(upload(f"{PHOTO}.job.yaml", b"tags: {order: three}"))
    assert len(executions()) == 3
    assert _asset(photo).tags == {"order": "three"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"recipe: enhance\npropmt: a tree", ("line 2", "`propmt`", "did you mean `prompt`?")),
        (b"scale: 3", ("line 1", "`scale`")),
        (b"box: 1,2,3", ("line 1", "`box`")),
        (b"recipe: [", ("line 1",)),
        (b"", ("empty",)),
        (b"\xff\xfe\x00", ("UTF-8",)),
        (b"prompt: " + b"x" * 70_000, ("65,536",)),
        (b"[" * 60_000, ("nested",)),
        (b"tags: &a {a: *a}", ("anchors",)),
        (b"!!python/object/apply:os.system ['true']", ("tags",)),
    ],
)
def test_a_sidecar_that_cannot_be_read_quarantines_its_photo_in_words(
    upload: Upload, text: bytes, words: tuple[str, ...]
) -> None:
    upload(f"{PHOTO}.job.yaml", text)
    photo = upload(PHOTO)
    launch.look_at(photo)
    status, code, reason = _code(photo)
    assert (status, code, executions()) == (Status.QUARANTINED, "bad_sidecar", {})
    assert reason.startswith("`photo.jpg.job.yaml` ")
    assert all(word in reason for word in words), reason
    assert len(reason) < 400


def test_a_sidecar_that_is_put_right_starts_what_it_says(upload: Upload) -> None:
    photo = upload(PHOTO)
    launch.look_at(upload("trip/photo.job.yaml", b"recipe: enhnace"))
    assert _code(photo)[:2] == (Status.QUARANTINED, "unknown_recipe")
    launch.look_at(upload("trip/photo.job.yaml", b"recipe: enhance"))
    assert _run(photo).recipe.name == "enhance"


def test_whoever_lays_a_wrong_sidecar_beside_a_photo_that_was_done_hears_of_it(upload: Upload) -> None:
    photo = upload(PHOTO)
    launch.look_at(photo)
    run = _run(photo)
    done = Outcome(status=Status.DELIVERED, reason="Good.", code="delivered")
    records.conclude(run.asset_id, run.run_id, done)
    wrong = upload("trip/photo.job.yaml", b"recipe: enhnace")
    launch.look_at(wrong)
    launch.look_at(wrong)
    assert _code(photo)[:2] == (Status.QUARANTINED, "unknown_recipe")
    assert list(executions()) == [run.run_id]


def test_a_review_of_what_a_wrong_sidecar_replaced_is_closed(upload: Upload) -> None:
    run = waiting(upload, key=PHOTO).run
    launch.look_at(upload("trip/photo.job.yaml", b"recipe: enhnace"))
    assert review_of(run).state is ReviewState.SUPERSEDED


def test_a_job_that_says_hold_takes_the_photo_in_and_starts_nothing(upload: Upload, context: Any) -> None:
    photo = upload(PHOTO, Metadata={"hold": "true", "recipe": "enhance", "tags": "order=42"})
    launch.look_at(photo)
    launch.look_at(photo)
    asset = _asset(photo)
    assert (asset.status, asset.run_id, executions()) == (Status.HELD, "", {})
    assert (asset.recipe.partition("@")[0], asset.tags) == ("enhance", {"order": "42"})
    reconcile.handler({}, context)
    assert executions() == {}

    launch.look_at(upload("trip/photo.job.yaml", b"hold: false"))
    assert list(executions()) == [_asset(photo).run_id]
    assert _asset(photo).created_at == asset.created_at


def test_what_has_a_run_is_not_held(upload: Upload) -> None:
    photo = upload(PHOTO)
    launch.look_at(photo)
    launch.look_at(upload("trip/photo.job.yaml", b"hold: true"))
    assert _asset(photo).status is Status.QUEUED


def test_a_held_photo_whose_job_makes_no_sense_is_quarantined_at_once(upload: Upload) -> None:
    photo = upload(PHOTO, Metadata={"hold": "true", "recipe": "nothing-like-it"})
    launch.look_at(photo)
    assert _code(photo)[:2] == (Status.QUARANTINED, "unknown_recipe")


@pytest.mark.parametrize(
    ("url", "code"),
    [("https://169.254.169.254/latest/meta-data", "private_address"), ("http://example.com", "bad_url")],
)
def test_a_callback_to_an_address_that_may_not_be_asked_quarantines(upload: Upload, url: str, code: str) -> None:
    photo = upload(PHOTO, Metadata={"callback": url, "tags": "order=42"})
    launch.look_at(photo)
    assert _code(photo)[:2] == (Status.QUARANTINED, code)
    assert (_asset(photo).callback, _asset(photo).tags) == (url, {"order": "42"})


Queue = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The intake queue; called, it gives what waits in it as Lambda gets it."""
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="intake")["QueueUrl"]
    monkeypatch.setenv("INTAKE_QUEUE_URL", url)
    settings.cache_clear()

    def waiting() -> list[dict[str, Any]]:
        found = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                found.append({"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"})
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    return waiting


def _drain(queue: Queue, context: Any) -> int:
    """Let intake work until the queue is empty; return how many messages there were."""
    count = 0
    while waiting := queue():
        assert intake.handler({"Records": waiting}, context) == {"batchItemFailures": []}
        count += len(waiting)
    return count


def test_a_folders_mask_serves_every_photo_of_the_folder_and_of_no_other(upload: Upload) -> None:
    mask = upload("trip/_mask.png")
    inside, below = upload("trip/a.jpg"), upload("trip/more/a.jpg")
    for photo in (inside, below):
        launch.look_at(photo)
    assert (_run(inside).mask, _run(below).mask) == (mask, None)


def test_a_mask_of_ones_own_a_box_or_a_click_is_more_specific_than_the_folders(upload: Upload) -> None:
    upload("trip/_mask.png")
    own = upload("trip/a.mask.png")
    masked, boxed = upload("trip/a.jpg"), upload("trip/b.jpg", Metadata={"box": "1,2,3,4"})
    clicked = upload("trip/c.jpg", Metadata={"point": "1,2"})
    for photo in (masked, boxed, clicked):
        launch.look_at(photo)
    assert (_run(masked).mask, _run(boxed).mask, _run(clicked).mask) == (own, None, None)


def test_a_folders_mask_that_comes_late_makes_one_new_run_for_each_photo_without_a_mask(
    upload: Upload, queue: Queue, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.spreading._PAGE", 4)
    photos = [upload(f"trip/{number}.jpg") for number in range(7)]
    own = upload("trip/0.mask.png")
    other = upload("trip/more/a.jpg")
    for photo in [*photos, other]:
        launch.look_at(photo)
    mask = upload("trip/_mask.png")
    for _ in range(3):
        launch.look_at(mask)
    assert _drain(queue, context) >= 3 * 7

    assert [_run(photo).mask for photo in photos] == [own] + [mask] * 6
    assert _run(other).mask is None
    assert len(executions()) == 7 + 1 + 6


def test_messages_that_a_queue_did_not_take_are_sent_again_by_a_retry(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client("sqs"), "send_message_batch", lambda **_: {"Failed": [{"Id": "0"}]})
    with pytest.raises(TransientFailure):
        queues.send(settings().intake_queue_url, ["a"])


def test_a_sweep_starts_what_sidecars_and_masks_belong_to_and_not_themselves(upload: Upload, context: Any) -> None:
    upload("trip/_mask.png")
    upload("trip/photo.job.yaml", b"recipe: enhance")
    photo = upload(PHOTO)
    reconcile.handler({"sweep": True}, context)
    assert list(executions()) == [_asset(photo).run_id]


def test_sidecars_without_a_photo_ask_for_nothing(upload: Upload, context: Any) -> None:
    for key in ("trip/alone.job.yaml", "trip/x.mask.png.job.yaml", ".job.yaml"):
        launch.look_at(upload(key, b"recipe: enhance"))
    assert executions() == {}


def test_what_is_written_on_the_queue_is_read_from_it(aws: None, upload: Upload, queue: Queue, context: Any) -> None:
    photo = upload("trip/Grüße + mehr/a.jpg")
    body = json.dumps(
        {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {"bucket": {"name": INBOX}, "object": {"key": photo.key}},
        }
    )
    queues.send(settings().intake_queue_url, [body] * 11)
    assert _drain(queue, context) == 11
    assert list(executions()) == [_asset(photo).run_id]
