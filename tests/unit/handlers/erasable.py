"""A picture that has left its traces everywhere, and a look for what is left of it."""

import json
from typing import Any

from handlers import deliver
from handlers.aws import batch_lists, batches, fetches, proofs, records, storage, table
from handlers.aws import verdicts as labels
from handlers.aws.clients import client
from handlers.aws.endpoints import request_document
from handlers.erasure.ordering import order
from handlers.verdicts import verdict_on
from handlers.webhooks.ordering import call_back
from schemas import ids
from schemas.asset import Status
from schemas.batch import BatchItem, BatchOrder, BatchRecord
from schemas.fetch import FetchRecord, FetchState
from schemas.job import Job
from schemas.outcome_event import OutcomeEvent
from schemas.records import AssetRecord, StageRecord, now
from schemas.review import Person
from schemas.run import Run, RunState
from schemas.stage import Stage
from schemas.verdict import Opinion
from tests import documents
from tests.documents import DELIVERY, INBOX, WORK
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import at_delivery, begin, standing
from tests.unit.handlers.reviewing import review_of

BYTES = b"the face of somebody"
NAME = "somebody-s-wedding"
ADA = Person(who="ada", name="Ada")
BATCH = ids.batch_id("wedding")
SECRETS = (BYTES.decode(), NAME, "a picnic of somebody")


def everywhere(upload: Upload) -> Run:
    """Bring a picture to its delivery, with a mask, a job, a review, a verdict, a batch, a fetch and a callback."""
    key = f"trip/{NAME}.jpg"
    upload(key, BYTES + b", first try")
    for companion in (f"{key}.mask.png", f"trip/{NAME}.job.yaml"):
        upload(companion, BYTES)
    source = upload(key, BYTES)
    recipe = documents.FIND.model_copy(
        update={
            "prompt": SECRETS[2],
            "policy": documents.FIND.policy.model_copy(update={"audit_share": 1}),
        }
    )
    run = begin(source, recipe)
    state = in_places(at_delivery(run))
    _work(run, state)
    deliver.deliver(state)
    review = review_of(run)
    opinion = Opinion(verdict="approve", comment=SECRETS[1])
    assert table.transact([labels.putting(verdict_on(review, opinion, ADA))], "labelling")
    proofs.keep(run.asset_id, run.run_id, "thumbnail.jpg", BYTES, "image/jpeg")
    _in_a_batch(run)
    _fetched(run)
    call_back(OutcomeEvent.of(standing(run), "cleanplate"), "https://example.com/told")
    return run


def in_places(state: RunState) -> RunState:
    """Have stages leave what they made in places named by their content, as requests ask them to."""
    moved = {
        stage: summary.model_copy(
            update={
                "outputs": {
                    name: output.model_copy(update={"key": place_of(stage) + output.key.rpartition("/")[2]})
                    for name, output in summary.outputs.items()
                }
            }
        )
        for stage, summary in state.results.items()
    }
    return state.model_copy(update={"results": moved})


def place_of(stage: Stage) -> str:
    """Name the place in which a stage leaves what it made."""
    return f"stages/{stage}/{'0' * 40}/"


def _work(run: Run, state: RunState) -> None:
    """Leave what models are asked, and what they left, as `submit` and the container do."""
    storage.write_text(request_document(run.run_id, "i-1"), BYTES.decode())
    storage.delete(request_document(run.run_id, "i-1"))
    for stage, summary in state.results.items():
        records.add_stage(
            StageRecord(
                asset_id=run.asset_id,
                run_id=run.run_id,
                stage=stage,
                started_at=now(),
                ended_at=now(),
                inputs={"source": run.source},
                outputs=summary.outputs,
            )
        )
        for output in summary.outputs.values():
            storage.write(output, BYTES, "image/png")


def _in_a_batch(run: Run) -> None:
    asked = BatchOrder(keys=[run.source.key], job=Job())
    record = BatchRecord(
        batch_id=BATCH, job=asked.job, concurrency=1, by=ADA, created_at=now(), started_at=now(), total=2
    )
    batches.begin(record)
    batch_lists.ask_for(BATCH, [run.source.key, "trip/other.jpg"])
    batch_lists.write(BATCH, batch_lists.asked_for(BATCH), 1)
    item = {"batch_id": BATCH, "key": run.source.key, "attempt": 1, "asset_id": run.asset_id, "updated_at": now()}
    batches.wait(BatchItem.model_validate({**item, "task_token": "token-of-the-batch"}))


def _fetched(run: Run) -> None:
    moment = now()
    record = FetchRecord(
        fetch_id=ids.fetch_id(NAME),
        url=f"https://example.com/{NAME}.jpg",
        key=run.source.key,
        job=Job(),
        created_at=moment,
        updated_at=moment,
        expires_at=2_000_000_000,
    )
    fetches.begin(record)
    fetches.end(record, FetchState.FETCHED, {"asset_id": run.asset_id})


def ordered(run: Run) -> AssetRecord:
    """Order the erasure, as an admin does."""
    return order(standing(run), "request", ADA)


def objects() -> dict[str, list[str]]:
    """Find every version of every object that holds, or is called by, what is to be forgotten."""
    found: dict[str, list[str]] = {}
    for bucket in (INBOX, WORK, DELIVERY):
        listed = client("s3").list_object_versions(Bucket=bucket)
        for each in listed.get("Versions", []):
            which = {"Bucket": bucket, "Key": each["Key"], "VersionId": each["VersionId"]}
            body = client("s3").get_object(**which)["Body"].read()
            if NAME in each["Key"] or any(secret.encode() in body for secret in SECRETS):
                found.setdefault(bucket, []).append(each["Key"])
        for mark in listed.get("DeleteMarkers", []):
            if NAME in mark["Key"]:
                found.setdefault(bucket, []).append(mark["Key"])
    return found


def items_with(*texts: str) -> list[dict[str, Any]]:
    """Find every item of the table that holds one of these."""
    pages = client("dynamodb").get_paginator("scan").paginate(TableName="records")
    return [item for page in pages for item in page["Items"] if any(text in json.dumps(item) for text in texts)]


def tombstone_only(run: Run) -> None:
    """Fail unless nothing is left of a picture but that it was erased."""
    left_over = objects()
    assert left_over == {}, left_over
    assert items_with(*SECRETS) == []
    left = {(item["pk"]["S"], item["sk"]["S"].partition("#")[0]) for item in items_with(run.asset_id, run.run_id)}
    assert left == {(f"ASSET#{run.asset_id}", "ASSET"), (f"BATCH#{BATCH}", "ITEM")}
    stone = standing(run)
    assert (stone.status, stone.source.key, stone.is_being_erased) == (Status.ERASED, f"erased/{run.asset_id}", False)
