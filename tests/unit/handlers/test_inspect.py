"""Inspect reads exactly the version that was uploaded, and its mask, before anything costs money."""

import hashlib
from typing import Any

import pytest

from handlers import inspect
from handlers.aws import records
from handlers.aws.clients import client
from schemas.asset import Inspection, Status
from schemas.errors import BadInput, PermanentFailure
from schemas.pointers import Box, Point, S3Pointer
from schemas.run import RunState
from schemas.stage import Stage
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import begin, standing
from tests.unit.handlers.pictures import COLOUR, encoded, png_of, turned


def _inspect(photo: S3Pointer, context: Any, *, mask: S3Pointer | None = None) -> Inspection:
    run = begin(photo, mask=mask)
    return Inspection.model_validate(
        inspect.handler(RunState(run=run).model_dump(mode="json", exclude_none=True), context)
    )


def test_the_version_of_the_event_is_inspected_and_written_down(upload: Upload, context: Any) -> None:
    photo = upload("trip/photo.jpg", encoded(COLOUR, "JPEG"))
    upload("trip/photo.jpg", b"replaced by something else")
    found = _inspect(photo, context)
    run = begin(photo)
    (width, height) = COLOUR.size
    assert (found.width, found.height) == (width, height)

    again = inspect.inspect(RunState(run=run))
    asset = standing(run)
    assert again == asset.inspection == found
    assert (asset.status, asset.stage) == (Status.RUNNING, Stage.INSPECT)
    stages = records.stages_of(run.asset_id, run.run_id)
    assert stages[-1].inputs["source"].sha256 == found.sha256


def test_a_file_larger_than_allowed_is_refused_while_it_is_read(
    upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_UPLOAD_BYTES", "1000")
    with pytest.raises(BadInput) as raised:
        _inspect(upload("big.png", encoded(COLOUR, "PNG")), context)
    assert raised.value.code == "too_many_bytes"
    assert "1,000" in raised.value.message


def test_limits_are_those_of_the_deployment(upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_PIXELS", "10000")
    with pytest.raises(BadInput) as raised:
        _inspect(upload("a.png", encoded(COLOUR, "PNG")), context)
    assert raised.value.code == "too_many_pixels"


def test_an_upload_that_is_gone_is_bad_input(upload: Upload, context: Any) -> None:
    photo = upload("a.png", encoded(COLOUR, "PNG"))
    client("s3").delete_object(Bucket=photo.bucket, Key=photo.key, VersionId=photo.version_id)
    with pytest.raises(BadInput) as raised:
        _inspect(photo, context)
    assert raised.value.code == "missing_input"


@pytest.mark.parametrize(("x", "y", "inside"), [(119, 159, True), (120, 0, False), (0, 160, False)])
def test_a_box_outside_the_upright_picture_is_refused(upload: Upload, x: int, y: int, inside: bool) -> None:
    run = begin(upload("a.jpg", turned(6)), box=Box(x=x, y=y, width=50, height=50))  # 120 x 160 once upright
    if inside:
        assert inspect.inspect(RunState(run=run)).width == 120
        return
    with pytest.raises(BadInput) as raised:
        inspect.inspect(RunState(run=run))
    assert raised.value.code == "bad_box"
    assert "120 x 160" in raised.value.message


@pytest.mark.parametrize(("x", "y", "inside"), [(119, 159, True), (120, 0, False), (0, 160, False)])
def test_a_click_outside_the_upright_picture_is_refused(upload: Upload, x: int, y: int, inside: bool) -> None:
    run = begin(upload("a.jpg", turned(6)), point=Point(x=x, y=y))  # 120 x 160 once upright
    if inside:
        assert inspect.inspect(RunState(run=run)).height == 160
        return
    with pytest.raises(BadInput, match="120 x 160") as raised:
        inspect.inspect(RunState(run=run))
    assert raised.value.code == "bad_point"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_mask_has_the_size_of_the_upright_picture(upload: Upload, context: Any, orientation: int) -> None:
    photo = upload("a.jpg", turned(orientation))
    upright = COLOUR.size if orientation < 5 else COLOUR.size[::-1]
    fits = upload("a.mask.png", encoded(COLOUR.resize(upright).convert("L"), "PNG"))
    assert _inspect(photo, context, mask=fits).orientation == orientation

    turned_mask = upload("a.mask.png", encoded(COLOUR.resize(upright[::-1]).convert("L"), "PNG"))
    with pytest.raises(BadInput) as raised:
        _inspect(photo, context, mask=turned_mask)
    assert raised.value.code == "mask_size"
    assert ("once turned upright" in raised.value.message) is (orientation > 1)


def test_a_supplied_mask_is_written_down_with_its_hash(upload: Upload, context: Any) -> None:
    data = encoded(COLOUR.convert("L"), "PNG")
    photo, mask = upload("a.png", encoded(COLOUR, "PNG")), upload("a.mask.png", data)
    _inspect(photo, context, mask=mask)
    run = begin(photo, mask=mask)
    (stage, *_) = records.stages_of(run.asset_id, run.run_id)
    assert stage.inputs["mask"] == mask.model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})


@pytest.mark.parametrize(
    ("mask", "code"),
    [
        (b"no picture", "mask_unreadable"),
        (b"", "mask_unreadable"),
        (png_of(50_000, 50_000), "mask_size"),
        (encoded(COLOUR.resize((80, 60)), "PNG"), "mask_size"),
    ],
)
def test_a_mask_that_cannot_be_used_is_refused_in_words(upload: Upload, context: Any, mask: bytes, code: str) -> None:
    photo = upload("a.png", encoded(COLOUR, "PNG"))
    with pytest.raises(BadInput) as raised:
        _inspect(photo, context, mask=upload("a.mask.png", mask))
    assert raised.value.code == code


def test_an_overtaken_run_says_so(upload: Upload) -> None:
    photo = upload("a.png", encoded(COLOUR, "PNG"))
    old = begin(photo)
    begin(photo, mask=upload("a.mask.png", encoded(COLOUR, "PNG")))
    with pytest.raises(PermanentFailure) as raised:
        inspect.inspect(RunState(run=old))
    assert raised.value.code == "superseded"
