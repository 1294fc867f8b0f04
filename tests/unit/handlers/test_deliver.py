"""Files are immutable and named by content; only the current run of the latest upload moves the manifest."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers import deliver
from handlers import manifests as ours
from handlers.aws import manifests, records, storage
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.pointers import S3Pointer
from schemas.policy import Policy
from schemas.records import Outcome
from schemas.run import Run
from schemas.stage import Stage
from tests import documents
from tests.documents import DELIVERY
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import at_delivery, begin, standing

MANIFEST = S3Pointer(bucket=DELIVERY, key="manifests/trip/photo.jpg.json")


def _manifest() -> Any:
    text = storage.read_text(MANIFEST)
    return json.loads(text) if text else None


def _objects() -> dict[str, str]:
    listed = client("s3").list_object_versions(Bucket=DELIVERY).get("Versions", [])
    assert len({version["Key"] for version in listed}) == len(listed), "an object was written twice"
    return {version["Key"]: version["ETag"] for version in listed}


@pytest.fixture
def photo(upload: Upload) -> S3Pointer:
    return upload(
        "trip/photo.jpg", Metadata={"secret": "home address"}, Tagging="team=holiday", ContentType="text/html"
    )


def test_a_delivery_is_complete_before_the_manifest_names_it(photo: S3Pointer) -> None:
    run = begin(photo)
    outcome = deliver.deliver(at_delivery(run))
    (rendition,) = outcome.renditions
    head = storage.head(DELIVERY, rendition.key)
    assert head is not None
    assert (outcome.status, outcome.code, outcome.confidence) == (Status.DELIVERED, "delivered", 0.9)
    assert outcome.rule == "confidence-reached"
    assert head.size_bytes == rendition.size_bytes > 0
    assert (_manifest()["run_id"], _manifest()["recipe_sha256"]) == (run.run_id, run.recipe.sha256)
    (named,) = _manifest()["renditions"]
    assert named == {**rendition.model_dump(mode="json", exclude_none=True), "url": f"/{rendition.key}"}
    assert standing(run).outcome == outcome


def test_delivered_keys_are_named_by_their_content(photo: S3Pointer) -> None:
    outcome = deliver.deliver(at_delivery(begin(photo)))
    assert outcome.renditions[0].key.endswith(f"/{documents.SHA[:20]}/photo.jpg")


def test_delivering_twice_is_the_same_as_once(photo: S3Pointer) -> None:
    state = at_delivery(begin(photo))
    first = deliver.deliver(state)
    written, stages = _objects(), records.stages_of(state.run.asset_id, state.run.run_id)
    assert deliver.deliver(state) == first
    assert (_objects(), records.stages_of(state.run.asset_id, state.run.run_id)) == (written, stages)


def test_a_crash_after_the_manifest_is_mended_by_the_retry(photo: S3Pointer, monkeypatch: pytest.MonkeyPatch) -> None:
    state = at_delivery(begin(photo))

    def crash(*_arguments: Any) -> bool:
        raise TransientFailure("Throttled.", code="aws_unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(deliver.records, "conclude", crash)
        with pytest.raises(TransientFailure):
            deliver.deliver(state)
    assert deliver.deliver(state).status is Status.DELIVERED
    assert _manifest()["run_id"] == state.run.run_id


def test_nothing_that_the_uploader_wrote_beside_the_pixels_travels(photo: S3Pointer) -> None:
    state = at_delivery(begin(photo, documents.FIND), (Stage.MASK, documents.summary(Stage.MASK, outputs={})))
    (rendition,) = deliver.deliver(state).renditions
    head = client("s3").head_object(Bucket=DELIVERY, Key=rendition.key)
    tags = client("s3").get_object_tagging(Bucket=DELIVERY, Key=rendition.key)["TagSet"]
    assert (head["Metadata"], tags, head["ContentType"]) == ({}, [], "image/jpeg")
    assert head["CacheControl"] == "public, max-age=31536000, immutable"


def test_a_picture_in_which_nothing_was_found_is_delivered_untouched(photo: S3Pointer) -> None:
    run = begin(photo, documents.FIND)
    outcome = deliver.deliver(at_delivery(run, (Stage.MASK, documents.summary(Stage.MASK, outputs={}))))
    body = client("s3").get_object(Bucket=DELIVERY, Key=outcome.renditions[0].key)["Body"].read()
    assert (outcome.code, outcome.rule, body) == ("untouched", "nothing-to-do", b"picture")


def test_an_enlargement_is_delivered_beside_the_native_size(photo: S3Pointer) -> None:
    state = at_delivery(begin(photo, documents.ENLARGE), Stage.UPSCALE, Stage.ASSESS_UPSCALED)
    outcome = deliver.deliver(state)
    names = [(rendition.name, rendition.media_type) for rendition in outcome.renditions]
    assert names == [("native", "image/jpeg"), ("x2", "image/png")]


def test_an_overtaken_run_leaves_the_manifest_alone(photo: S3Pointer) -> None:
    old = at_delivery(begin(photo))
    new = at_delivery(begin(photo, mask=documents.MASK))
    deliver.deliver(new)
    before = _manifest()
    assert deliver.deliver(old).status is Status.SUPERSEDED
    assert _manifest() == before
    assert standing(new.run).status is Status.DELIVERED


def test_a_run_of_a_replaced_upload_leaves_the_manifest_alone(photo: S3Pointer, upload: Upload) -> None:
    state = at_delivery(begin(photo))
    upload("trip/photo.jpg", b"a newer picture")
    outcome = deliver.deliver(state)
    assert (outcome.status, _manifest()) == (Status.SUPERSEDED, None)
    assert standing(state.run).status is Status.SUPERSEDED


def _between_look_and_write(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen after the first delivery was found to be current, and before it writes."""
    is_current, pending = ours.is_current, [act]

    def hooked(run: Run) -> bool:
        current = is_current(run)
        if pending:
            pending.pop()()
        return current

    monkeypatch.setattr(ours, "is_current", hooked)


@pytest.mark.parametrize("manifest_exists", [False, True])
def test_of_two_deliveries_at_once_the_newer_wins(
    photo: S3Pointer, upload: Upload, monkeypatch: pytest.MonkeyPatch, manifest_exists: bool
) -> None:
    if manifest_exists:
        deliver.deliver(at_delivery(begin(upload("trip/photo.jpg", b"the very first"))))
        photo = upload("trip/photo.jpg", b"again")
    old = at_delivery(begin(photo))
    newer: list[str] = []

    def newer_upload_is_delivered() -> None:
        run = begin(upload("trip/photo.jpg", b"a newer picture"))
        newer.append(run.run_id)
        deliver.deliver(at_delivery(run))

    _between_look_and_write(monkeypatch, newer_upload_is_delivered)
    assert deliver.deliver(old).status is Status.SUPERSEDED
    assert _manifest()["run_id"] == newer[0]


def test_the_newer_of_two_deliveries_wins_also_when_it_writes_last(
    photo: S3Pointer, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = at_delivery(begin(photo))
    new_source = upload("trip/photo.jpg", b"a newer picture")
    new = at_delivery(begin(new_source))
    _between_look_and_write(monkeypatch, lambda: deliver.deliver(old))
    assert deliver.deliver(new).status is Status.DELIVERED
    assert _manifest()["run_id"] == new.run.run_id


def test_a_manifest_that_others_keep_writing_is_given_up_for_now(aws: None) -> None:
    def another_writes() -> bool:
        storage.write_text(MANIFEST, json.dumps({"writer": len(_versions())}))
        return True

    def _versions() -> list[Any]:
        return client("s3").list_object_versions(Bucket=DELIVERY).get("Versions", [])

    with pytest.raises(TransientFailure) as raised:
        manifests.replace(MANIFEST, {"mine": True}, while_true=another_writes)
    assert raised.value.code == "manifest_contended"
    assert "mine" not in _manifest()


def test_the_manifest_is_never_cached(photo: S3Pointer) -> None:
    deliver.deliver(at_delivery(begin(photo)))
    head = client("s3").head_object(Bucket=MANIFEST.bucket, Key=MANIFEST.key)
    assert (head["CacheControl"], head["ContentType"]) == ("no-cache", "application/json")


def test_the_handler_answers_with_the_outcome(photo: S3Pointer, context: Any) -> None:
    state = at_delivery(begin(photo))
    answer = deliver.handler(state.model_dump(mode="json", exclude_none=True), context)
    assert Outcome.model_validate(answer).status is Status.DELIVERED


@pytest.mark.parametrize(("share", "reviews"), [(1.0, 1), (0.0, 0)])
def test_an_audited_delivery_is_delivered_and_also_shown_to_a_person(
    photo: S3Pointer, share: float, reviews: int
) -> None:
    recipe = documents.EDIT.model_copy(update={"policy": Policy(audit_share=share)})
    run = begin(photo, recipe=recipe)
    outcome = deliver.deliver(at_delivery(run))
    assert outcome.status is Status.DELIVERED
    opened = client("dynamodb").query(
        TableName="records",
        KeyConditionExpression="pk = :pk AND begins_with(sk, :review)",
        ExpressionAttributeValues={":pk": {"S": f"ASSET#{run.asset_id}"}, ":review": {"S": "REVIEW#"}},
    )["Items"]
    assert [item["rule"]["S"] for item in opened] == ["audit"] * reviews
