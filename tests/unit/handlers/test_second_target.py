"""The second target becomes what the first one is, whatever order it hears of it in and wherever it dies."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from handlers import deliver, manifests, second_target
from handlers.aws import dossier
from handlers.aws.clients import client
from handlers.settings import settings
from schemas.errors import CleanplateError
from schemas.keys import asset_manifest_key, manifest_key
from schemas.outcome_event import OutcomeEvent
from schemas.run import Run
from schemas.withdrawal import withdrawn_manifest
from tests.documents import DELIVERY
from tests.unit.handlers.conftest import REGION, Upload
from tests.unit.handlers.dying import Died, dying
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, standing

PARTNER = "partner-pictures"
BASE = "https://pictures.partner.example"
KEY = "trip/photo.jpg"
Objects = dict[str, bytes]


@pytest.fixture
def queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Another account's bucket, and the queue of what is to be copied there."""
    s3 = client("s3")
    s3.create_bucket(Bucket=PARTNER, CreateBucketConfiguration={"LocationConstraint": REGION})
    url: str = client("sqs").create_queue(QueueName="copies")["QueueUrl"]
    for name, value in {"SECOND_TARGET": PARTNER, "SECOND_TARGET_URL": BASE, "COPY_QUEUE_URL": url}.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    return url


def lying(bucket: str) -> Objects:
    listed = client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: client("s3").get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}


def whole(objects: Objects) -> dict[str, Any]:
    """Read the manifests of a bucket, and hold each against the files that it names."""
    found = {key: json.loads(text) for key, text in objects.items() if key.endswith(".json")}
    for key, document in found.items():
        for file in document["renditions"]:
            assert len(objects.get(file["key"], b"")) == file["size_bytes"] > 0, f"{key} names what is not there"
    return found


def delivered(upload: Upload, body: bytes = b"picture") -> Run:
    run = begin(upload(KEY, body))
    deliver.deliver(at_delivery(run))
    return run


def withdraw(run: Run) -> None:
    """Take a delivery back, as far as it is seen from the second target."""
    for key in (asset_manifest_key(run.asset_id), manifest_key(KEY)):
        place = manifests.place_of(run.asset_id).model_copy(update={"key": key})
        seen = manifests.manifests.look(place)
        if seen.document and seen.document["asset_id"] == run.asset_id:
            changed = withdrawn_manifest(seen.document, at="2026-11-30T12:00:00Z", reason="rights")
            manifests.manifests.write(place, changed, over=seen)
    for key in lying(DELIVERY):
        if key.startswith(f"assets/{run.asset_id}/") and not key.endswith("/manifest.json"):
            client("s3").delete_object(Bucket=DELIVERY, Key=key)


@pytest.mark.usefixtures("queue")
def test_files_and_manifests_lie_in_both_each_with_addresses_of_its_own(upload: Upload) -> None:
    run = delivered(upload)
    assert second_target.follow(run.asset_id).state == "copied"
    first, second = lying(DELIVERY), lying(PARTNER)
    assert first.keys() == second.keys()
    for key, data in first.items():
        if not key.endswith(".json"):
            assert second[key] == data
            head = client("s3").head_object(Bucket=PARTNER, Key=key)
            assert (head["CacheControl"], head["ContentType"]) == ("public, max-age=31536000, immutable", "image/jpeg")
    own = json.loads(second[asset_manifest_key(run.asset_id)])
    assert own == json.loads(second[manifest_key(KEY)])
    assert own["base"] == BASE
    assert own["fallback"]["src"].startswith(f"{BASE}/assets/{run.asset_id}/")
    here = json.loads(first[manifest_key(KEY)])
    assert {**own, "base": "", "fallback": None} == {**here, "base": "", "fallback": None}


@pytest.mark.usefixtures("queue")
def test_what_is_copied_twice_is_written_once(upload: Upload) -> None:
    run = delivered(upload)
    second_target.follow(run.asset_id)
    with dying(1000, answered=False, services=("s3",)) as made:
        second_target.follow(run.asset_id)
    assert not {"PutObject", "CopyObject", "DeleteObject"} & set(made)


@pytest.mark.usefixtures("queue")
def test_a_newer_upload_takes_the_place_there_too(upload: Upload) -> None:
    older = delivered(upload, b"first")
    second_target.follow(older.asset_id)
    newer = delivered(upload, b"second")
    second_target.follow(newer.asset_id)
    second_target.follow(older.asset_id)  # told late
    found = whole(lying(PARTNER))
    assert found[manifest_key(KEY)]["asset_id"] == newer.asset_id
    assert found[asset_manifest_key(older.asset_id)]["replaced_by"] == newer.asset_id


@pytest.mark.usefixtures("queue")
def test_what_is_withdrawn_goes_there_too(upload: Upload) -> None:
    run = delivered(upload)
    second_target.follow(run.asset_id)
    withdraw(run)
    assert second_target.follow(run.asset_id).state == "removed"
    assert lying(PARTNER).keys() == {asset_manifest_key(run.asset_id), manifest_key(KEY)}
    assert json.loads(lying(PARTNER)[manifest_key(KEY)])["withdrawn"]["reason"] == "rights"


@pytest.mark.usefixtures("queue")
def test_what_is_erased_leaves_nothing_there(upload: Upload) -> None:
    run, kept = delivered(upload), "assets/a-of-somebody-else/x.jpg"
    second_target.follow(run.asset_id)
    client("s3").put_object(Bucket=PARTNER, Key=kept, Body=b"theirs")
    for key in lying(DELIVERY):
        client("s3").delete_object(Bucket=DELIVERY, Key=key)
    for call in range(40):
        with suppress(Died), dying(call, answered=bool(call % 2)) as made:
            second_target.follow(run.asset_id)
        if len(made) <= call:
            break
    assert lying(PARTNER).keys() == {kept}
    assert dossier.read(run.asset_id).copies == []


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("answered", [False, True], ids=["before", "answer-lost"])
def test_wherever_it_dies_no_manifest_names_what_is_not_there_and_the_next_try_finishes(
    upload: Upload, answered: bool
) -> None:
    run = delivered(upload)
    for call in range(40):
        for key in lying(PARTNER):
            client("s3").delete_object(Bucket=PARTNER, Key=key)
        with suppress(Died), dying(call, answered=answered) as made:
            second_target.follow(run.asset_id)
        whole(lying(PARTNER))
        second_target.follow(run.asset_id)
        assert whole(lying(PARTNER)).keys() == whole(lying(DELIVERY)).keys()
        if len(made) <= call:
            break
    assert 8 < len(made) < 40


events = st.lists(st.tuples(st.sampled_from(["deliver", "withdraw", "hear", "die"]), st.integers(0, 3)), max_size=8)


@pytest.mark.usefixtures("queue")
@hypothesis_settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events)
def test_in_whatever_order_it_hears_both_are_the_same_in_the_end(
    upload: Upload, happened: list[tuple[str, int]]
) -> None:
    for bucket in (DELIVERY, PARTNER):
        for key in lying(bucket):
            client("s3").delete_object(Bucket=bucket, Key=key)
    runs = [delivered(upload, b"0")]
    for number, (what, which) in enumerate(happened, start=1):
        run = runs[-1 - which % len(runs)]
        if what == "deliver":
            runs.append(delivered(upload, str(number).encode()))
        elif what == "withdraw":
            withdraw(run)
        else:
            with suppress(Died), dying(which * 3 if what == "die" else 1000, answered=bool(number % 2)):
                second_target.follow(run.asset_id)
        whole(lying(PARTNER))
    for run in runs:
        second_target.follow(run.asset_id)
    first, second = whole(lying(DELIVERY)), whole(lying(PARTNER))
    assert {key: (each["run_id"], each["renditions"]) for key, each in first.items()} == {
        key: (each["run_id"], each["renditions"]) for key, each in second.items()
    }
    assert {each.get("replaced_by") for each in first.values()} == {each.get("replaced_by") for each in second.values()}


def event_of(run: Run) -> str:
    told = OutcomeEvent.of(standing(run), "shop").model_dump(mode="json", exclude_none=True)
    return json.dumps({"source": "cleanplate", "detail-type": "Asset Delivered", "detail": told})


def take(queue: str, body: str, context: Any) -> list[str]:
    """Let the function take a message out of its queue; return what it gives back to it."""
    client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    (message,) = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
    }
    answer = second_target.handler({"Records": [record]}, context)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_second_bucket_that_takes_nothing_loses_no_delivery_and_it_is_seen(
    queue: str, upload: Upload, call: Call, context: Any
) -> None:
    run = delivered(upload)
    client("s3").delete_bucket(Bucket=PARTNER)
    assert len(take(queue, event_of(run), context)) == 1
    status, shown = call("GET", f"/assets/{run.asset_id}")
    (copy,) = shown["copies"]
    assert (status, shown["status"], copy["state"], copy["bucket"]) == (200, "DELIVERED", "failed", PARTNER)
    assert copy["code"].startswith("aws_")
    assert copy["reason"]
    with pytest.raises(CleanplateError):
        second_target.follow(run.asset_id)


def test_it_is_copied_once_the_bucket_is_there_again_when_somebody_asks(
    queue: str, upload: Upload, call: Call, context: Any
) -> None:
    run = delivered(upload)
    status, ordered = call("POST", f"/assets/{run.asset_id}/copies")
    assert (status, ordered) == (202, {"asset_id": run.asset_id, "bucket": PARTNER})
    (message,) = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert take(queue, message["Body"], context) == []
    _, shown = call("GET", f"/assets/{run.asset_id}")
    assert [(copy["state"], copy["run_id"]) for copy in shown["copies"]] == [("copied", run.run_id)]


def test_where_there_is_no_second_target_none_is_asked_for(call: Call, upload: Upload) -> None:
    run = delivered(upload)
    refused(call("POST", f"/assets/{run.asset_id}/copies"), 409, "no_second_target")
