"""What arrives in an attached bucket is copied into the inbox once, and is one of its pictures from then on."""

import json
from datetime import timedelta
from typing import Any

import pytest

from handlers import attached, intake, launch
from handlers.aws import origins, records, storage
from handlers.aws.clients import client
from handlers.settings import settings
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.pointers import S3Pointer
from schemas.words import as_metadata
from tests.documents import DELIVERY, INBOX
from tests.unit.handlers.conftest import REGION, Upload, asset_of, executions

TEAM = "team-photos"


@pytest.fixture(autouse=True)
def bucket(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket of somebody else's, attached."""
    monkeypatch.setenv("ATTACHED_BUCKETS", f"{TEAM},{DELIVERY}")
    settings.cache_clear()
    client("s3").create_bucket(Bucket=TEAM, CreateBucketConfiguration={"LocationConstraint": REGION})
    client("s3").put_bucket_versioning(Bucket=TEAM, VersioningConfiguration={"Status": "Enabled"})


def _arrive(pointer: S3Pointer, context: Any) -> dict[str, Any]:
    found = {"key": pointer.key, "version-id": pointer.version_id}
    detail = {"bucket": {"name": pointer.bucket}, "object": found}
    body = json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})
    record = {"messageId": "0", "body": body, "eventSource": "aws:sqs"}
    answer: dict[str, Any] = intake.handler({"Records": [record]}, context)
    return answer


def _copies(key: str) -> list[str]:
    listed = client("s3").list_object_versions(Bucket=INBOX, Prefix=key).get("Versions", [])
    return [each["VersionId"] for each in listed]


def _copy_of(pointer: S3Pointer) -> S3Pointer:
    found = storage.head(INBOX, f"from/{pointer.bucket}/{pointer.key}")
    assert found is not None
    return found.pointer


def test_a_picture_is_copied_with_what_was_said_of_it_and_where_it_came_from(upload: Upload, context: Any) -> None:
    metadata = {"rights": "owned", "prompt": as_metadata("Grüße")}
    photo = upload("a b/Grüße +.jpg", b"bytes", bucket=TEAM, Metadata=metadata, ContentType="image/jpeg")
    assert _arrive(photo, context) == {"batchItemFailures": []}
    copied = storage.head(INBOX, f"from/{TEAM}/a b/Grüße +.jpg")
    assert copied is not None
    assert copied.metadata == {**metadata, "origin-version": photo.version_id}
    assert copied.content_type == "image/jpeg"
    body = client("s3").get_object(Bucket=INBOX, Key=copied.pointer.key)["Body"].read()
    assert (body, executions()) == (b"bytes", {})  # the copy's own event starts the run


def test_the_same_version_is_copied_once_however_often_its_event_comes(upload: Upload, context: Any) -> None:
    photo = upload("a.jpg", bucket=TEAM)
    for _ in range(5):
        _arrive(photo, context)
    assert len(_copies(f"from/{TEAM}/a.jpg")) == 1
    newer = upload("a.jpg", b"newer", bucket=TEAM)
    for pointer in (photo, newer, photo):
        _arrive(pointer, context)
    assert len(_copies(f"from/{TEAM}/a.jpg")) == 2


def test_a_crash_between_copying_and_noting_it_copies_nothing_twice(
    upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = upload("a.jpg", bucket=TEAM)
    with monkeypatch.context() as patched:
        patched.setattr(origins, "settle", lambda _: None)
        _arrive(photo, context)
    with monkeypatch.context() as patched:
        later = records.now() + timedelta(seconds=61)
        patched.setattr(origins, "now", lambda: later)
        assert _arrive(photo, context) == {"batchItemFailures": []}
    assert len(_copies(f"from/{TEAM}/a.jpg")) == 1
    found = origins.find(TEAM, "a.jpg")
    assert found is not None
    assert found.copied


def test_two_never_copy_from_one_key_at_once(upload: Upload, context: Any) -> None:
    photo = upload("a.jpg", bucket=TEAM)
    assert origins.claim(TEAM, "a.jpg", "another-version") is not None
    assert _arrive(photo, context) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    with pytest.raises(TransientFailure):
        attached.take_in(photo)
    assert _copies("from/") == []


def test_who_comes_while_another_copies_the_same_leaves_it_to_them(upload: Upload, context: Any) -> None:
    photo = upload("a.jpg", bucket=TEAM)
    assert origins.claim(TEAM, "a.jpg", str(photo.version_id)) is not None
    assert _arrive(photo, context) == {"batchItemFailures": []}
    assert _copies("from/") == []


def test_in_a_bucket_without_versions_the_content_counts(upload: Upload, context: Any) -> None:
    client("s3").create_bucket(Bucket="plain", CreateBucketConfiguration={"LocationConstraint": REGION})
    settings.cache_clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ATTACHED_BUCKETS", "plain")
        for body in (b"one", b"one", b"two"):
            client("s3").put_object(Bucket="plain", Key="a.jpg", Body=body)
            _arrive(S3Pointer(bucket="plain", key="a.jpg"), context)
    assert len(_copies("from/plain/a.jpg")) == 2


@pytest.mark.parametrize("key", ["report.pdf", ".hidden.jpg", "folder/"])
def test_what_is_no_picture_stays_where_it_is(upload: Upload, context: Any, key: str) -> None:
    assert _arrive(upload(key, bucket=TEAM), context) == {"batchItemFailures": []}
    assert _copies("from/") == []


def test_nothing_comes_in_from_where_the_system_writes_or_from_what_is_not_attached(
    upload: Upload, context: Any
) -> None:
    client("s3").create_bucket(Bucket="strangers", CreateBucketConfiguration={"LocationConstraint": REGION})
    client("s3").put_object(Bucket="strangers", Key="a.jpg", Body=b"x")
    _arrive(S3Pointer(bucket="strangers", key="a.jpg"), context)
    _arrive(upload("assets/a.jpg", bucket=DELIVERY), context)
    assert _copies("from/") == []


@pytest.mark.parametrize(
    ("key", "metadata", "code"),
    [
        ("a.jpg", {"prompt": "x" * 2000}, "job_too_long"),
        ("k" * 1015 + ".jpg", {}, "bad_path"),
    ],
)
def test_what_cannot_be_copied_is_written_down_in_words(
    upload: Upload, context: Any, key: str, metadata: dict[str, str], code: str
) -> None:
    photo = upload(key, bucket=TEAM, Metadata=metadata)
    for _ in range(2):
        assert _arrive(photo, context) == {"batchItemFailures": []}
    asset = records.find_asset(asset_of(photo))
    assert asset is not None
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code, asset.source) == (Status.QUARANTINED, code, photo)


def test_a_file_that_is_too_large_is_not_copied(upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_UPLOAD_BYTES", "4")
    settings.cache_clear()
    photo = upload("a.jpg", b"12345", bucket=TEAM)
    _arrive(photo, context)
    asset = records.find_asset(asset_of(photo))
    assert asset is not None
    assert asset.outcome is not None
    assert (asset.outcome.code, _copies("from/")) == ("too_many_bytes", [])


def test_folders_sidecars_and_masks_of_an_attached_bucket_mean_there_what_they_mean_in_the_inbox(
    upload: Upload, context: Any
) -> None:
    photos = [
        upload("enhance/a.jpg", bucket=TEAM),
        upload("trip/b.jpg", bucket=TEAM),
        upload("trip/c.jpg", bucket=TEAM, Metadata={"mask": "masks/logo.png"}),
    ]
    beside = [
        upload("trip/b.job.yaml", b"recipe: remove-object", bucket=TEAM),
        upload("trip/_mask.png", bucket=TEAM),
        upload("masks/logo.png", bucket=TEAM),
    ]
    for pointer in [*beside, *photos]:
        _arrive(pointer, context)
    runs = []
    for photo in photos:
        copied = _copy_of(photo)
        launch.look_at(copied)
        asset = records.find_asset(asset_of(copied))
        assert asset is not None
        record = records.find_run(asset.asset_id, asset.run_id)
        assert record is not None
        runs.append(record.run)
    assert [run.recipe.name for run in runs[:2]] == ["enhance", "remove-object"]
    masks = [run.mask.key if run.mask else None for run in runs]
    assert masks == [None, f"from/{TEAM}/trip/_mask.png", f"from/{TEAM}/masks/logo.png"]
