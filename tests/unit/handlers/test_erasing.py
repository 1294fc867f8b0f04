"""What is erased is nowhere: no version, no record, no name; whatever dies on the way, and nobody else's is touched."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import deliver, launch, outcomes
from handlers.aws import batch_lists, batches, records, shared, storage, table
from handlers.aws.clients import client
from handlers.erasure.carrying_out import sweep
from schemas.asset import Status
from schemas.outcome_event import OutcomeEvent
from schemas.pointers import S3Pointer
from schemas.removal import Removal
from schemas.run import Run
from schemas.stage import Stage
from tests.documents import DELIVERY, WORK
from tests.unit.handlers.conftest import TaskTokens, Upload, executions, start_afresh
from tests.unit.handlers.erasable import (
    BATCH,
    BYTES,
    NAME,
    everywhere,
    items_with,
    objects,
    ordered,
    place_of,
    tombstone_only,
)
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, standing
from tests.unit.handlers.removing import Removals, what, working
from tests.unit.handlers.test_outcomes import change


@pytest.fixture
def removals(aws: None, tokens: TaskTokens, monkeypatch: pytest.MonkeyPatch, context: Any) -> Removals:
    webhooks = client("sqs").create_queue(QueueName="webhooks")["QueueUrl"]
    monkeypatch.setenv("WEBHOOK_QUEUE_URL", webhooks)
    return working(monkeypatch, context)


@pytest.fixture
def run(removals: Removals, upload: Upload) -> Run:
    return everywhere(upload)


def _erase(call: Call, run: Run) -> tuple[int, dict[str, Any]]:
    return call("DELETE", f"/assets/{run.asset_id}", reason="request")


def test_the_example_has_left_traces_everywhere(run: Run) -> None:
    assert {name: len(keys) > 0 for name, keys in objects().items()} == dict.fromkeys(objects(), True)
    assert len(objects()) == 3
    kinds = {item["pk"]["S"].partition("#")[0] for item in items_with(NAME, run.asset_id, run.run_id)}
    assert kinds >= {"ASSET", "RUN", "VERDICTS", "BATCH", "FETCH", "BROUGHT", "DELIVERY", "TOLD"}


def test_nothing_is_left_but_that_it_was_erased(call: Call, run: Run, removals: Removals) -> None:
    status, shown = _erase(call, run)
    assert (status, shown["state"], shown["reason"]) == (202, "erasing", "request")
    removals.drain()
    tombstone_only(run)
    status, shown = call("GET", f"/erasures/{run.asset_id}")
    assert (status, shown["state"]) == (200, "erased")
    assert shown["objects"] > 8
    assert shown["records"] > 8
    assert any(f"/assets/{run.asset_id}/*" in paths for paths in removals.cdn.told.values())


def test_what_is_left_can_be_asked_for_and_leads_nowhere(call: Call, run: Run, removals: Removals) -> None:
    _erase(call, run)
    removals.drain()
    status, shown = call("GET", f"/assets/{run.asset_id}")
    assert (status, shown["status"], shown["links"], shown["runs"], shown["trail"]) == (200, "ERASED", {}, [], [])
    refused(call("POST", f"/assets/{run.asset_id}/runs", body={}), 409, "erased")
    refused(call("POST", f"/assets/{run.asset_id}/withdraw", body={"reason": "other"}), 409, "nothing_delivered")
    refused(call("GET", f"/runs/{run.run_id}"), 404, "unknown_run")
    refused(call("GET", f"/recipes/by-hash/{run.recipe.sha256}"), 404, "unknown_recipe")


def test_it_is_told_once_it_is_gone_and_says_nothing_of_it(call: Call, run: Run, removals: Removals) -> None:
    before = standing(run)
    _erase(call, run)
    going = standing(run)
    assert outcomes.outcome_in(change(before, going)) is None
    removals.drain()
    told = outcomes.outcome_in(change(going, standing(run)))
    assert isinstance(told, OutcomeEvent)
    assert (told.type, told.data.status) == ("cleanplate.asset.erased.v1", Status.ERASED)
    assert NAME not in told.model_dump_json()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(st.integers(1, 120), st.sampled_from(["before-call", "after-call"])), max_size=4))
def test_it_may_die_anywhere_and_nothing_is_left_in_the_end(
    removals: Removals, upload: Upload, faults: list[tuple[int, str]]
) -> None:
    start_afresh()
    for queue in ("webhooks", "removals"):
        client("sqs").create_queue(QueueName=queue)
    run = everywhere(upload)
    ordered(run)
    pending = removals.waiting()
    for number, kind in faults:
        with _dying(number, kind):
            pending = [message for message in pending if removals.take(message)] + removals.waiting()
    while pending := [message for message in pending if removals.take(message)] + removals.waiting():
        pass
    tombstone_only(run)


class _dying:  # noqa: N801  reads as a sentence
    """Let the n-th call of AWS fail: before it is made, or after it had its effect and before anybody hears of it."""

    def __init__(self, number: int, kind: str) -> None:
        self._left, self._kind = number, kind

    def _count(self, **_: Any) -> None:
        self._left -= 1
        if self._left <= 0:
            raise EndpointConnectionError(endpoint_url="https://gone")

    def _each(self, act: Callable[[Any], None]) -> None:
        for service in ("s3", "dynamodb"):
            act(client(service).meta.events)

    def __enter__(self) -> None:
        self._each(lambda events: events.register(f"{self._kind}.*", self._count, unique_id="dying"))

    def __exit__(self, *_: object) -> None:
        self._each(lambda events: events.unregister(f"{self._kind}.*", self._count, unique_id="dying"))


def test_erasing_twice_is_erasing_once(call: Call, run: Run, removals: Removals) -> None:
    first = _erase(call, run)
    assert _erase(call, run) == first
    assert [each["what"] for each in what(removals.waiting())] == ["erase", "erase"]
    ordered(run)
    removals.drain()
    _erase(call, run)
    assert removals.waiting() == []


def test_every_upload_to_the_key_goes_and_one_that_comes_later_stays(
    call: Call, removals: Removals, upload: Upload
) -> None:
    first = begin(upload("trip/photo.jpg", BYTES))
    deliver.deliver(at_delivery(first))
    second = begin(upload("trip/photo.jpg", BYTES))
    launch.standings.supersede(first.source)
    _erase(call, second)
    removals.drain()
    assert [standing(run).status for run in (first, second)] == [Status.ERASED, Status.ERASED]
    assert objects() == {}


def test_what_is_shared_stays_for_the_other_until_that_one_goes_too(removals: Removals, upload: Upload) -> None:
    runs = [begin(upload(f"trip/{name}.jpg", BYTES)) for name in "ab"]
    place = place_of(Stage.MASK)
    made = S3Pointer(bucket=WORK, key=f"{place}mask.png")
    storage.write(made, BYTES, "image/png")
    for run in runs:
        shared.use(place, run.asset_id)
    ordered(runs[0])
    removals.drain()
    assert storage.head(WORK, made.key) is not None
    ordered(runs[1])
    removals.drain()
    assert storage.head(WORK, made.key) is None
    assert table.sort_keys(f"SHARED#{place}", "looking") == []


def test_companions_of_others_stay(removals: Removals, upload: Upload) -> None:
    kept = [upload(key) for key in ("trip/photo.mask.png", "trip/photo.png", "trip/_mask.png", "trip/photo2.jpg")]
    run = begin(upload("trip/photo.jpg", BYTES))
    ordered(run)
    removals.drain()
    assert storage.head(run.source.bucket, run.source.key) is None
    assert all(storage.head(each.bucket, each.key) for each in kept)


def test_a_run_is_stopped_first_and_what_it_still_makes_is_swept(
    call: Call, removals: Removals, upload: Upload
) -> None:
    run = begin(upload("trip/photo.jpg", BYTES))
    place = f"stages/inpaint/{'0' * 40}/"
    shared.use(place, run.asset_id)
    records.enter_stage(run.asset_id, run.run_id, Stage.INPAINT)
    _erase(call, run)
    assert executions()[run.run_id] == "ABORTED"
    message = what(removals.waiting())[0]
    client("sqs").send_message(QueueUrl=removals.url, MessageBody=Removal.model_validate(message).model_dump_json())
    removals.drain()
    assert objects() == {}
    late = S3Pointer(bucket=WORK, key=f"{place}edits.zip")
    storage.write(late, BYTES, "application/zip")
    assert sweep(Removal(asset_id=run.asset_id, what="sweep", runs=[run.run_id], places=[place])) == 1
    assert objects() == {}


def test_nothing_is_swept_of_what_was_not_erased(upload: Upload, removals: Removals) -> None:
    run = everywhere(upload)
    before = objects()
    assert sweep(Removal(asset_id=run.asset_id, what="sweep", runs=[run.run_id])) == 0
    assert objects() == before


def test_while_files_are_handed_out_it_is_asked_again(call: Call, upload: Upload, removals: Removals) -> None:
    run = begin(upload("trip/photo.jpg"))
    records.enter_stage(run.asset_id, run.run_id, Stage.DELIVER)
    refused(_erase(call, run), 409, "delivering")
    assert standing(run).status is Status.RUNNING


def test_a_batch_waits_no_longer_and_its_list_forgets_the_key(run: Run, removals: Removals, tokens: TaskTokens) -> None:
    ordered(run)
    removals.drain()
    assert [told["taskToken"] for told in tokens.answered] == ["token-of-the-batch"]
    assert [line.key for line in batch_lists.asked_for(BATCH)] == ["trip/other.jpg"]
    (item,) = batches.items_of(BATCH)
    assert (item.status, item.key, item.needs_work(9)) == (Status.ERASED, f"erased/{run.asset_id}", False)


def test_a_repeated_event_brings_nothing_back(run: Run, removals: Removals) -> None:
    source = run.source
    ordered(run)
    launch.look_at(source)
    removals.drain()
    launch.look_at(source)
    tombstone_only(run)


def test_a_newer_uploads_manifest_is_not_taken_for_the_erased_ones(run: Run, removals: Removals) -> None:
    going = ordered(run)
    assert going.erasure is not None
    removals.waiting()
    key = f"manifests/{run.source.key}.json"
    from handlers.erasure.objects import remove_delivered

    earlier = going.erasure.model_copy(update={"at": going.created_at.replace(year=2020)})
    remove_delivered(going, earlier)
    assert storage.head(DELIVERY, key) is not None


@pytest.mark.parametrize("reason", [None, "", "because Jane Doe asked"])
def test_why_is_one_word_that_names_nobody(call: Call, run: Run, reason: str | None) -> None:
    query = {} if reason is None else {"reason": reason}
    refused(call("DELETE", f"/assets/{run.asset_id}", **query), 400, "bad_request")
    assert standing(run).status is Status.DELIVERED


def test_what_nobody_had_erased_has_no_erasure(call: Call, run: Run) -> None:
    refused(call("GET", f"/erasures/{run.asset_id}"), 404, "not_erased")
    refused(call("GET", f"/erasures/a-{'0' * 24}"), 404, "unknown_asset")
