"""Registered marks: what is taken for artwork, that nothing of it is ever lost, and which runs look for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from handlers import marks
from handlers.aws import marks as records
from handlers.aws import storage
from handlers.aws.clients import client
from handlers.aws.records import find_asset, find_run
from handlers.launch import look_at
from handlers.recipes import resolve
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.mark import ARTWORK, MOST_MARKS
from schemas.pointers import S3Pointer
from tests.documents import WORK
from tests.unit.handlers.conftest import Upload, asset_of
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.pictures import COLOUR, GREY_16, animated, encoded, png_of

LOGO = Image.new("RGBA", (32, 16))
LOGO.paste((255, 255, 255, 128), (8, 4, 24, 12))
PNG = encoded(LOGO, "PNG")
OTHER = encoded(LOGO.transpose(Image.Transpose.ROTATE_90), "PNG")


def _keys() -> list[str]:
    return list(storage.keys_under(WORK, "marks/"))


def _bytes(pointer: dict[str, Any]) -> bytes:
    which = {"Bucket": pointer["bucket"], "Key": pointer["key"], "VersionId": pointer["version_id"]}
    body: bytes = client("s3").get_object(**which)["Body"].read()
    return body


def test_a_registered_mark_is_listed_and_shown_with_its_artwork(call: Call) -> None:
    status, mark = call("PUT", "/marks/acme", body=PNG)
    assert (status, mark["name"], mark["width"], mark["height"]) == (200, "acme", 32, 16)
    assert mark["artwork"]["key"] == f"marks/acme/{mark['sha256']}.png"
    assert _bytes(mark["artwork"]) == PNG
    assert call("GET", "/marks") == (200, {"marks": [mark], "most": MOST_MARKS})
    _, shown = call("GET", "/marks/acme")
    assert shown.pop("link").startswith("https://")
    assert shown == mark


def test_the_same_again_changes_nothing(call: Call) -> None:
    _, first = call("PUT", "/marks/acme", body=PNG)
    assert call("PUT", "/marks/acme", body=PNG) == (200, first)
    versions = client("s3").list_object_versions(Bucket=WORK, Prefix="marks/")["Versions"]
    assert [version["VersionId"] for version in versions] == [first["artwork"]["version_id"]]


def test_new_artwork_takes_the_name_and_the_old_file_stays(call: Call) -> None:
    _, first = call("PUT", "/marks/acme", body=PNG)
    _, second = call("PUT", "/marks/acme", body=OTHER)
    assert call("GET", "/marks")[1]["marks"] == [second]
    assert (_bytes(first["artwork"]), _bytes(second["artwork"])) == (PNG, OTHER)


def test_a_removed_mark_is_gone_for_everybody_but_its_files(call: Call) -> None:
    _, mark = call("PUT", "/marks/acme", body=PNG)
    assert call("DELETE", "/marks/acme")[0] == 200
    assert call("GET", "/marks")[1]["marks"] == []
    refused(call("GET", "/marks/acme"), 404, "unknown_mark")
    refused(call("DELETE", "/marks/acme"), 404, "unknown_mark")
    assert _bytes(mark["artwork"]) == PNG


def test_a_removed_mark_comes_back_with_the_file_that_was_there(call: Call) -> None:
    _, first = call("PUT", "/marks/acme", body=PNG)
    call("DELETE", "/marks/acme")
    _, again = call("PUT", "/marks/acme", body=PNG)
    assert (again["artwork"], "removed_at" in again) == (first["artwork"], False)
    assert call("GET", "/marks")[1]["marks"] == [again]


@pytest.mark.parametrize(
    "picture",
    [LOGO, LOGO.convert("LA"), LOGO.convert("P"), LOGO.getchannel("A"), COLOUR],
)
def test_colours_greys_and_palettes_are_artwork(call: Call, picture: Image.Image) -> None:
    assert call("PUT", "/marks/acme", body=encoded(picture, "PNG"))[0] == 200


def test_sixteen_bit_grey_is_artwork(call: Call) -> None:
    grey = GREY_16.copy()
    grey.paste(5000, (10, 10, 40, 40))
    assert call("PUT", "/marks/acme", body=encoded(grey, "PNG"))[0] == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"no picture", "unknown_type"),
        (encoded(COLOUR, "JPEG"), "artwork_type"),
        (encoded(COLOUR, "WEBP"), "artwork_type"),
        (animated("PNG"), "several_frames"),
        (encoded(COLOUR, "PNG")[:-300], "truncated"),
        (encoded(Image.new("RGB", (32, 16), "navy"), "PNG"), "blank_artwork"),
        (encoded(Image.new("RGBA", (32, 16), (255, 0, 0, 90)), "PNG"), "blank_artwork"),
        (encoded(Image.new("RGBA", (32, 16), (255, 0, 0, 0)), "PNG"), "blank_artwork"),
        (encoded(GREY_16, "PNG"), "blank_artwork"),
        (encoded(Image.new("L", (32, 7)), "PNG"), "bad_dimensions"),
        (png_of(8193, 8), "bad_dimensions"),
        (png_of(8000, 8000), "too_many_pixels"),
        (PNG + bytes(ARTWORK.max_bytes), "too_many_bytes"),
    ],
)
def test_what_is_no_artwork_is_refused_and_kept_nowhere(call: Call, body: bytes, code: str) -> None:
    refused(call("PUT", "/marks/acme", body=body), 400, code)
    assert (_keys(), records.registered_marks()) == ([], [])


@pytest.mark.parametrize("name", ["Acme", "a_b", "a.b", "a" * 41, "%C3%A4"])
def test_a_name_that_could_be_anything_else_is_refused(call: Call, name: str) -> None:
    refused(call("PUT", f"/marks/{name}", body=PNG), 400, "bad_mark_name")


def test_more_marks_than_a_run_can_look_for_are_refused_by_name(call: Call) -> None:
    for number in range(MOST_MARKS):
        assert call("PUT", f"/marks/m{number:02}", body=PNG)[0] == 200
    detail = refused(call("PUT", "/marks/one-more", body=PNG), 400, "too_many_marks")
    assert "m00, m01" in detail
    assert call("PUT", "/marks/m00", body=OTHER)[0] == 200
    call("DELETE", "/marks/m01")
    assert call("PUT", "/marks/one-more", body=PNG)[0] == 200


def test_of_two_who_change_a_mark_at_once_the_second_looks_again(aws: None) -> None:
    first = marks.add("acme", PNG)
    second = marks.add("acme", OTHER)
    with pytest.raises(TransientFailure):
        records.register(first, replaces=first)
    with pytest.raises(TransientFailure):
        records.remove(first)
    assert records.registered_marks() == [second]


@pytest.fixture
def recipe_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Ship one recipe, ``own``, with these marks."""
    monkeypatch.setenv("RECIPES_FOLDER", str(tmp_path))
    monkeypatch.setenv("DEFAULT_RECIPE", "own")

    def ship(wanted: str) -> None:
        text = f"name: own\nversion: 1\nsummary: x\nmask: {{marks: {wanted}}}\ninpaint: {{model: unblend}}\n"
        (tmp_path / "own.yaml").write_text(text)

    return ship


def _marks_of_run(photo: S3Pointer) -> dict[str, S3Pointer]:
    look_at(photo)
    asset = find_asset(asset_of(photo))
    assert asset is not None
    record = find_run(asset.asset_id, asset.run_id)
    assert record is not None
    return record.run.marks


@pytest.mark.parametrize(("wanted", "expected"), [("all", {"acme", "other"}), ("none", set()), ("[other]", {"other"})])
def test_a_run_carries_the_artwork_that_its_recipe_asks_for(
    upload: Upload, recipe_with: Callable[[str], None], wanted: str, expected: set[str]
) -> None:
    recipe_with(wanted)
    there = {mark.name: mark.artwork for mark in (marks.add("acme", PNG), marks.add("other", OTHER))}
    assert _marks_of_run(upload("photo.jpg")) == {name: there[name] for name in expected}


def test_a_run_keeps_its_marks_whatever_becomes_of_them(upload: Upload, recipe_with: Callable[[str], None]) -> None:
    recipe_with("all")
    before = marks.add("acme", PNG)
    photo = upload("photo.jpg")
    assert _marks_of_run(photo) == {"acme": before.artwork}
    after = marks.add("acme", OTHER)
    assert _marks_of_run(photo) == {"acme": before.artwork}
    assert _marks_of_run(upload("photo.jpg", b"newer")) == {"acme": after.artwork}
    records.remove(after)
    assert _marks_of_run(upload("photo.jpg", b"newest")) == {}


def test_a_recipe_that_names_an_unknown_mark_quarantines_with_those_there_are(
    upload: Upload, recipe_with: Callable[[str], None], call: Call
) -> None:
    recipe_with("[acme, missing]")
    marks.add("acme", PNG)
    photo = upload("photo.jpg")
    look_at(photo)
    asset = find_asset(asset_of(photo))
    assert asset is not None
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code) == (Status.QUARANTINED, "unknown_mark")
    assert "`missing`" in asset.outcome.reason
    assert "acme" in asset.outcome.reason
    refused(call("POST", "/assets", body={"path": "a.jpg"}), 400, "unknown_mark")


def test_what_ships_for_watermarks_looks_for_every_mark(aws: None) -> None:
    mark = marks.add("acme", PNG)
    for name in ("remove-watermark", "clean-and-print"):
        assert marks.wanted_by(resolve(name)) == {"acme": mark.artwork}
    for name in ("remove-object", "remove-people", "enhance", "scene"):
        assert marks.wanted_by(resolve(name)) == {}
