"""A review that was announced gets its pictures, once, with the document that names them last."""

import io
import json
from typing import Any

import pytest
from PIL import Image

from handlers import proofs, reviews
from handlers.aws import proofs as kept
from handlers.aws import reviews as reviews_kept
from handlers.aws import storage
from handlers.aws.clients import client
from schemas.announcement import Announcement
from schemas.asset import Status
from schemas.pointers import S3Pointer
from schemas.proof import THUMBNAIL, Proofs, proofs_folder
from schemas.records import Outcome
from schemas.run import Run
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.journeys import begin
from tests.unit.handlers.proof_pictures import CLEAN, dirty, mask, png

WAITS = Outcome(status=Status.AWAITING_REVIEW, reason="Low.", code="low", rule="low")
EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)


def _waiting(upload: Any, *stages: Stage) -> Run:
    """Bring a run to a person, with the files that its stages made."""
    run = begin(upload("photo.png", png(dirty())))
    state = documents.state(run, *stages)
    files = {Stage.MASK: ("mask", png(mask())), Stage.REFINE: ("image", png(CLEAN))}
    for stage, (name, content) in files.items():
        if pointer := state.output(stage, name):
            client("s3").put_object(Bucket=pointer.bucket, Key=pointer.key, Body=content)
    assert reviews.ask_a_person(state, WAITS)
    return run


def _event(run: Run) -> dict[str, Any]:
    review = reviews_kept.find(run.asset_id, run.run_id)
    assert review is not None
    detail = json.loads(Announcement.of(review).model_dump_json())
    return {"source": "cleanplate", "detail-type": "Review Opened", "detail": detail, "id": "1", "version": "0"}


def _found(run: Run) -> Proofs:
    found = kept.find(run.asset_id, run.run_id)
    assert found is not None
    return found


def _opened(pointer: S3Pointer | None) -> Image.Image:
    assert pointer is not None
    body = client("s3").get_object(Bucket=pointer.bucket, Key=pointer.key)
    picture = Image.open(io.BytesIO(body["Body"].read()))
    assert picture.get_format_mimetype() == body["ContentType"]
    picture.load()
    return picture


def test_an_announced_review_gets_pictures_that_open(upload: Any, context: Any) -> None:
    run = _waiting(upload, *EDITED)
    assert kept.find(run.asset_id, run.run_id) is None
    assert proofs.handler(_event(run), context) == {"made": True}
    found = _found(run)
    assert (found.width, found.height) == CLEAN.size
    assert found.thumbnail.key.endswith(f"/{THUMBNAIL}")
    for pointer in (found.before, found.after, found.heat, found.mask, found.thumbnail):
        assert _opened(pointer)
    (area,) = found.areas
    assert _opened(area.before).size == _opened(area.after).size == (area.view.width, area.view.height)
    folder = proofs_folder(run.asset_id, run.run_id)
    assert all(key.startswith(folder) for key in storage.keys_under(documents.WORK, "reviews/"))


def test_asked_again_nothing_is_done(upload: Any, context: Any) -> None:
    run = _waiting(upload, *EDITED)
    assert [proofs.handler(_event(run), context)["made"] for _ in range(2)] == [True, False]
    key = proofs_folder(run.asset_id, run.run_id) + "before.jpg"
    versions = client("s3").list_object_versions(Bucket=documents.WORK, Prefix=key)["Versions"]
    assert len(versions) == 1


def test_the_document_is_written_after_what_it_points_at(
    upload: Any, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = storage.write
    monkeypatch.setattr(storage, "write", lambda p, d, t: (written.append(p.key), write(p, d, t)))
    run = _waiting(upload, *EDITED)
    proofs.handler(_event(run), context)
    assert [key.rsplit("/", 1)[1] == "proofs.json" for key in written] == [False] * (len(written) - 1) + [True]


def test_proofs_of_another_deployments_shape_are_made_again(upload: Any, context: Any) -> None:
    run = _waiting(upload, *EDITED)
    key = proofs_folder(run.asset_id, run.run_id) + "proofs.json"
    client("s3").put_object(Bucket=documents.WORK, Key=key, Body=b'{"shape": "old"}')
    assert kept.find(run.asset_id, run.run_id) is None
    assert proofs.handler(_event(run), context) == {"made": True}
    assert _found(run).areas


def test_a_run_that_stopped_before_its_mask_shows_the_upload(upload: Any, context: Any) -> None:
    run = _waiting(upload)
    proofs.handler(_event(run), context)
    found = _found(run)
    assert (found.heat, found.mask, found.areas) == (None, None, [])
    assert _opened(found.before).size == _opened(found.after).size == CLEAN.size


def test_files_that_are_gone_are_left_out(upload: Any, context: Any) -> None:
    run = _waiting(upload, *EDITED)
    review = reviews_kept.find(run.asset_id, run.run_id)
    assert review is not None
    client("s3").delete_object(Bucket=review.after.bucket, Key=review.after.key)
    assert proofs.handler(_event(run), context) == {"made": True}
    assert (_found(run).heat, _found(run).areas) == (None, [])


def test_an_event_without_a_review_makes_nothing(upload: Any, context: Any) -> None:
    run = _waiting(upload)
    event = _event(run)
    event["detail"]["run_id"] = "r-other"
    assert proofs.handler(event, context) == {"made": False}
