"""Miniatures: small, made once, each of its own file; what cannot be shown stands there crossed out."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handlers import miniatures
from handlers.aws import miniatures as kept
from handlers.aws import records, storage
from handlers.aws.clients import client
from handlers.proofing.miniature import of_mask, of_picture
from schemas.asset import Status
from schemas.miniature import MINIATURE_SIDE, mask_name, miniatures_folder, picture_name
from schemas.pointers import S3Pointer
from schemas.records import StageRecord, now
from schemas.run import Run
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import begin
from tests.unit.handlers.proof_pictures import CLEAN, HOLE, dirty, mask, png


def _event(run: Run) -> dict[str, Any]:
    detail = {"asset_id": run.asset_id}
    return {"source": "cleanplate", "detail-type": "Miniatures Wanted", "detail": detail, "id": "1", "version": "0"}


def _made(run: Run, stage: Stage, name: str, content: bytes) -> S3Pointer:
    """Write a stage down with a file that it made."""
    file = S3Pointer(bucket=documents.WORK, key=f"stages/{stage}/{name}")
    client("s3").put_object(Bucket=file.bucket, Key=file.key, Body=content)
    said = {"asset_id": run.asset_id, "run_id": run.run_id, "stage": stage, "outputs": {name: file}}
    records.add_stage(StageRecord.model_validate(said | {"started_at": now(), "ended_at": now()}))
    return file


def _opened(run: Run, name: str) -> Image.Image:
    body = client("s3").get_object(Bucket=documents.WORK, Key=miniatures_folder(run.asset_id) + name)
    picture = Image.open(io.BytesIO(body["Body"].read()))
    assert picture.get_format_mimetype() == body["ContentType"]
    return picture


def test_every_picture_and_every_mask_gets_one(upload: Upload, context: Any) -> None:
    source = upload("photo.png", png(dirty()))
    run = begin(source)
    hole, repaired = _made(run, Stage.MASK, "mask", png(mask())), _made(run, Stage.REFINE, "image", png(CLEAN))
    assert miniatures.handler(_event(run), context) == {"made": 3}
    assert _opened(run, picture_name(source)).size == _opened(run, picture_name(repaired)).size == CLEAN.size
    layer = _opened(run, mask_name(hole)).convert("RGBA")
    assert layer.getpixel((0, 0))[3] == 0
    assert layer.getpixel((HOLE[0] + 5, HOLE[1] + 5))[3] > 0


def test_asked_again_only_what_is_new_is_made(upload: Upload, context: Any) -> None:
    run = begin(upload("photo.png", png(dirty())))
    assert miniatures.handler(_event(run), context) == {"made": 1}
    assert miniatures.handler(_event(run), context) == {"made": 0}
    _made(run, Stage.REFINE, "image", png(CLEAN))
    assert miniatures.handler(_event(run), context) == {"made": 1}


def test_a_file_that_is_gone_or_no_picture_is_crossed_out_and_not_asked_for_again(upload: Upload, context: Any) -> None:
    run = begin(upload("photo.png", b"no picture"))
    gone = _made(run, Stage.REFINE, "image", b"")
    client("s3").delete_object(Bucket=gone.bucket, Key=gone.key)
    assert miniatures.handler(_event(run), context) == {"made": 2}
    assert len(kept.names(run.asset_id)) == 2
    assert miniatures.handler(_event(run), context) == {"made": 0}


def test_a_picture_of_what_is_erased_meanwhile_is_not_kept(
    upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(upload("photo.png", png(dirty())))
    known = records.find_asset(run.asset_id)
    assert known is not None
    erased = known.model_copy(update={"status": Status.ERASED})
    monkeypatch.setattr(records, "find_asset", lambda _: erased)
    assert miniatures.handler(_event(run), context) == {"made": 0}
    assert kept.names(run.asset_id) == set()


def test_of_an_asset_that_there_is_not_nothing_is_made(aws: None, context: Any) -> None:
    run = documents.run()
    assert miniatures.handler(_event(run), context) == {"made": 0}
    assert list(storage.keys_under(documents.WORK, "reviews/")) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(8, 3000), st.integers(8, 40))
def test_none_is_larger_than_it_may_be_nor_larger_than_its_file(
    tmp_path_factory: pytest.TempPathFactory, long: int, short: int
) -> None:
    path = Path(tmp_path_factory.getbasetemp(), "any.png")
    for size in ((long, short), (short, long)):
        Image.new("RGB", size, "red").save(path)
        with Image.open(io.BytesIO(of_picture(path)[0])) as small:
            assert max(small.size) == min(MINIATURE_SIDE, max(size))
            assert min(small.size) <= min(size)


def test_a_line_of_one_pixel_is_seen_in_the_miniature_of_a_mask(tmp_path: Path) -> None:
    drawn = Image.new("L", (6000, 4000))
    drawn.paste(255, (3000, 0, 3001, 4000))
    drawn.save(tmp_path / "mask.png")
    with Image.open(io.BytesIO(of_mask(tmp_path / "mask.png")[0])) as small:
        alpha = small.convert("RGBA").getchannel("A")
        assert small.size == (640, 427)
        assert max(alpha.crop((318, 200, 323, 201)).get_flattened_data()) == 255


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_has_a_sheet_in_its_place(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    for data, media_type, ending in (of_picture(path), of_mask(path)):
        with Image.open(io.BytesIO(data)) as sheet:
            assert (sheet.get_format_mimetype(), media_type.endswith((ending, "jpeg"))) == (media_type, True)
