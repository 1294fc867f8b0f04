"""A picture at an address comes into the inbox once, with its job, or it is said why not."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from handlers import fetch, outbound
from handlers.aws import fetches
from handlers.aws.clients import client
from handlers.fetching import order
from handlers.outbound import Downloaded
from handlers.settings import settings
from schemas import ids
from schemas.errors import BadInput, CleanplateError, PermanentFailure, TransientFailure
from schemas.fetch import FetchRecord, FetchState
from schemas.job import Job
from tests.documents import INBOX
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Call, refused

URL = "https://cms.example/photo.png?signature=secret"
KEY = "remove-watermark/trip/photo.png"
JOB = Job(rights="owned", tags={"cms": "wp-17"}, prompt="größe")


def png(colour: str = "red") -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


class Site:
    """What lies at the address, and how often it was asked for."""

    def __init__(self) -> None:
        self.body: bytes | CleanplateError = png()
        self.asked: list[str] = []

    def check(self, url: str) -> None:
        if "private" in url:
            raise BadInput("Not public.", code="private_address")

    def download(self, url: str, path: Path, *, max_bytes: int, timeout: float) -> Downloaded:
        self.asked.append(url)
        assert max_bytes == settings().max_bytes
        if isinstance(self.body, CleanplateError):
            raise self.body
        path.write_bytes(self.body)
        return Downloaded(len(self.body), "ab" * 32 if self.body == png() else "cd" * 32, "text/html")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    found = Site()
    monkeypatch.setattr(outbound, "check", found.check)
    monkeypatch.setattr(outbound, "download", found.download)
    return found


@pytest.fixture
def queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    url = str(client("sqs").create_queue(QueueName="fetches")["QueueUrl"])
    monkeypatch.setenv("FETCH_QUEUE_URL", url)
    settings.cache_clear()
    return url


@pytest.fixture
def receive(queue: str, context: Any) -> Callable[..., list[str]]:
    """Let the function have the next message of the queue; return the messages that it says it could not handle."""

    def once(*, tries: int = 1, times: int = 1) -> list[str]:
        (message,) = client("sqs").receive_message(QueueUrl=queue, VisibilityTimeout=0)["Messages"]
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {"ApproximateReceiveCount": str(tries)},
            "eventSource": "aws:sqs",
        }
        failures = fetch.handler({"Records": [record] * times}, context)["batchItemFailures"]
        return [failure["itemIdentifier"] for failure in failures]

    return once


def now_of(record: FetchRecord) -> FetchRecord:
    found = fetches.find(record.fetch_id)
    assert found is not None
    return found


def versions() -> list[dict[str, Any]]:
    return list(client("s3").list_object_versions(Bucket=INBOX, Prefix=KEY).get("Versions", []))


def test_a_picture_comes_with_its_job_and_the_record_says_what_it_became(site: Site, receive: Any) -> None:
    ordered = order(URL, KEY, JOB)
    assert ordered.state is FetchState.WAITING
    assert receive() == []
    done = now_of(ordered)
    found = client("s3").get_object(Bucket=INBOX, Key=KEY)
    assert found["Body"].read() == png()
    assert Job.from_metadata(found["Metadata"]) == JOB
    assert (found["ContentType"], found["Metadata"]["fetched-sha256"]) == ("image/png", "ab" * 32)
    assert (done.state, done.sha256, done.size_bytes) == (FetchState.FETCHED, "ab" * 32, len(png()))
    assert done.asset_id == ids.asset_id(INBOX, KEY, found["VersionId"])


def test_ten_copies_of_a_message_fetch_once(site: Site, receive: Any) -> None:
    order(URL, KEY, JOB)
    receive(times=10)
    assert (len(site.asked), len(versions())) == (1, 1)


def test_a_try_that_was_cut_off_after_the_upload_leaves_nothing_twice(
    site: Site, receive: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = order(URL, KEY, JOB)

    def cut_off(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(fetches, "end", cut_off)
        with pytest.raises(KeyboardInterrupt):
            receive()
    assert (now_of(ordered).state, len(versions())) == (FetchState.WAITING, 1)
    receive(tries=2)
    assert (now_of(ordered).state, len(versions())) == (FetchState.FETCHED, 1)


@pytest.mark.parametrize(("job", "number"), [(JOB, 1), (JOB.over(Job(cache=False)), 2), (Job(rights="licensed"), 2)])
def test_the_same_picture_again_is_a_new_version_only_where_something_else_is_asked(
    site: Site, queue: str, job: Job, number: int
) -> None:
    first, second = order(URL, KEY, JOB), order(URL, KEY, job)
    fetch.fetch(first.fetch_id, last=False)
    fetch.fetch(second.fetch_id, last=False)
    assert len(versions()) == number
    assert len({now_of(first).asset_id, now_of(second).asset_id}) == number


def test_a_changed_picture_takes_the_olders_place(site: Site, queue: str) -> None:
    first, second = order(URL, KEY, JOB), order(URL, KEY, JOB)
    fetch.fetch(first.fetch_id, last=False)
    site.body = png("blue")
    fetch.fetch(second.fetch_id, last=False)
    assert len(versions()) == 2
    assert client("s3").get_object(Bucket=INBOX, Key=KEY)["Body"].read() == png("blue")


def test_what_others_wrote_meanwhile_is_looked_at_before_it_is_replaced(
    site: Site, queue: str, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = order(URL, KEY, JOB)
    put = fetch.storage.put_file

    def slower(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(fetch.storage, "put_file", put)
        upload(KEY, b"somebody else's")
        return put(*arguments, **more)

    monkeypatch.setattr(fetch.storage, "put_file", slower)
    fetch.fetch(ordered.fetch_id, last=False)
    assert now_of(ordered).state is FetchState.FETCHED
    assert [version["Size"] for version in versions()] == [len(png()), len(b"somebody else's")]


def test_a_page_does_not_take_a_pictures_place(site: Site, queue: str, upload: Upload) -> None:
    upload(KEY, png("blue"))
    site.body = b"<html>Please sign in</html>"
    ordered = order(URL, KEY, JOB)
    fetch.fetch(ordered.fetch_id, last=False)
    assert (now_of(ordered).state, now_of(ordered).code) == (FetchState.FAILED, "unknown_type")
    assert len(versions()) == 1


def test_what_is_refused_for_good_is_not_tried_again(site: Site, receive: Any) -> None:
    site.body = BadInput("`cms.example` answered 404 and gave no file.", code="source_refused")
    ordered = order(URL, KEY, JOB)
    assert receive() == []
    done = now_of(ordered)
    assert (done.state, done.code, done.reason) == (FetchState.FAILED, "source_refused", site.body.message)


@pytest.mark.parametrize("kind", [TransientFailure, PermanentFailure])
def test_what_may_help_later_comes_again_after_growing_pauses_and_ends_in_words(
    site: Site, receive: Any, kind: type[CleanplateError], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[int] = []
    monkeypatch.setattr(fetch.queues, "delay", lambda _queue, _handle, seconds: pauses.append(seconds))
    site.body = kind("Busy.", code="source_busy")
    ordered = order(URL, KEY, JOB)
    for tries in (1, 2, 3, 4):
        assert len(receive(tries=tries)) == 1
        assert now_of(ordered).state is FetchState.WAITING
    assert pauses == sorted(set(pauses))
    assert receive(tries=5) == []
    assert (now_of(ordered).state, now_of(ordered).code) == (FetchState.FAILED, "source_busy")


def test_a_pause_is_one_that_the_queue_knows(site: Site, receive: Any) -> None:
    site.body = TransientFailure("Busy.", code="source_busy")
    order(URL, KEY, JOB)
    assert len(receive()) == 1


def test_the_same_order_is_given_once_and_its_lost_message_is_sent_again(site: Site, queue: str) -> None:
    orders = [order(URL, KEY, JOB, idempotency="event 17") for _ in range(3)]
    assert len({each.fetch_id for each in orders}) == 1
    waiting = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    assert waiting["Attributes"]["ApproximateNumberOfMessages"] == "3"
    fetch.fetch(orders[0].fetch_id, last=False)
    assert order(URL, KEY, JOB, idempotency="event 17").state is FetchState.FETCHED
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("url", "key", "job", "code"),
    [
        ("https://private.example/", KEY, JOB, "private_address"),
        (URL, "remove-watermark/../photo.png", JOB, "bad_path"),
        (URL, "remove-watermark/.hidden", JOB, "bad_path"),
        (URL, KEY, Job(prompt="ü" * 1000), "job_too_long"),
    ],
)
def test_what_cannot_be_fetched_is_refused_at_once(
    site: Site, queue: str, url: str, key: str, job: Job, code: str
) -> None:
    with pytest.raises(BadInput) as failed:
        order(url, key, job)
    assert failed.value.code == code
    waiting = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    assert waiting["Attributes"]["ApproximateNumberOfMessages"] == "0"


def test_an_order_is_shown_without_what_may_be_secret_in_its_address(site: Site, queue: str, call: Call) -> None:
    ordered = order(URL, KEY, JOB)
    status, shown = call("GET", f"/fetches/{ordered.fetch_id}")
    assert (status, shown["state"], shown["source"]) == (200, "waiting", "https://cms.example/photo.png")
    fetch.fetch(ordered.fetch_id, last=False)
    _, shown = call("GET", f"/fetches/{ordered.fetch_id}")
    assert (shown["state"], shown["asset_id"]) == ("fetched", now_of(ordered).asset_id)
    assert "secret" not in json.dumps(shown)
    assert "secret" not in now_of(ordered).model_dump_json()


@pytest.mark.parametrize("name", ["f-" + "0" * 24, "nonsense"])
def test_an_unknown_order_is_said_to_be_unknown(call: Call, name: str) -> None:
    refused(call("GET", f"/fetches/{name}"), 404, "unknown_fetch")
