"""The command line against the running stack, in this process."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from infra.cli.app import app
from infra.demo.photographs import load
from infra.local import home
from infra.local.info import StackInfo

pytestmark = pytest.mark.stack


@pytest.fixture(autouse=True)
def _current(local_stack: StackInfo, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    home.make_current(local_stack.state_dir)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph with a line scratched into it, and its mask beside it."""
    picture = load("coffee.png").crop((0, 200, 160, 320))
    picture.paste("white", (40, 60, 60, 62))
    mask = Image.new("L", picture.size)
    mask.paste(255, (39, 59, 61, 63))
    path = tmp_path / "in" / "photo.png"
    path.parent.mkdir()
    picture.save(path)
    mask.save(path.with_name("photo.mask.png"))
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        picture.load()
        return picture


def edit(tmp_path: Path, *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    code, output = run("edit", *arguments, "--rights", "owned", "--json", tmp_path / "records.json")
    assert (tmp_path / "records.json").exists(), output
    return code, json.loads((tmp_path / "records.json").read_text())


def test_a_photo_with_its_mask_beside_it_is_delivered_and_nothing_else_changes(photo: Path, tmp_path: Path):
    code, records = edit(tmp_path, photo, "--out", tmp_path / "out")
    assert (code, records[0]["outcome"]) == (0, "DELIVERED")
    assert records[0]["output"] == str(tmp_path / "out" / "photo.png")
    before, after = np.asarray(opened(photo)), np.asarray(opened(tmp_path / "out" / "photo.png"))
    changed = (before != after).any(axis=2)
    assert changed[60:62, 40:60].mean() > 0.9
    assert not changed[np.asarray(opened(photo.with_name("photo.mask.png"))) == 0].any()


def test_a_record_tells_every_stage_with_its_seconds(photo: Path, tmp_path: Path):
    _, records = edit(tmp_path, photo, "--no-cache")  # another test had the same picture done
    stages = {stage["stage"]: stage for stage in records[0]["stages"]}
    assert list(stages) == ["inspect", "mask", "inpaint", "refine", "assess", "judge", "route", "render", "deliver"]
    assert stages["inpaint"]["seconds"] >= stages["inpaint"]["model_seconds"] > 0
    assert 0 < records[0]["confidence"] <= 1


def test_one_damaged_file_in_a_folder_is_quarantined_and_the_rest_is_delivered(photo: Path, tmp_path: Path):
    (photo.parent / "sub").mkdir()
    (photo.parent / "sub" / "cut off.png").write_bytes(photo.read_bytes()[:2000])
    (photo.parent / "empty.png").touch()
    code, records = edit(tmp_path, photo.parent, "--out", tmp_path / "out")
    outcomes = {Path(record["file"]).name: record["outcome"] for record in records}
    assert outcomes == {"photo.png": "DELIVERED", "cut off.png": "QUARANTINED", "empty.png": "REJECTED"}
    assert code == 4
    results = [path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")]
    assert results == ["photo.png"]


@pytest.mark.parametrize("name", ["Köln & co +1%20#.png", "-rf.png", "${filename}.png", "日本.png"])
def test_any_file_name_gets_through(photo: Path, tmp_path: Path, name: str):
    odd = photo.with_name(name)
    photo.rename(odd)
    code, records = edit(tmp_path, photo.parent, "--mask", photo.with_name("photo.mask.png"), "--out", tmp_path / "out")
    assert (code, [record["outcome"] for record in records]) == (0, ["DELIVERED"])
    assert (tmp_path / "out" / name).is_file()


def test_a_picture_that_waits_for_a_person_is_saved_only_when_asked_for(photo: Path, tmp_path: Path):
    big = Image.new("L", opened(photo).size)
    big.paste(255, (20, 20, 140, 100))
    big.save(photo.with_name("photo.mask.png"))
    code, records = edit(tmp_path, photo, "--out", tmp_path / "out")
    assert (code, records[0]["outcome"], records[0]["output"]) == (3, "AWAITING_REVIEW", None)
    _, records = edit(tmp_path, photo, "--out", tmp_path / "out", "--include-unreviewed")
    assert records[0]["output"] == str(tmp_path / "out" / "photo.png")
    assert "covers" in records[0]["reason"]


def test_one_output_file_is_converted_to_the_type_of_its_name(photo: Path, tmp_path: Path):
    code, _ = edit(tmp_path, photo, "-o", tmp_path / "clean.jpg")
    assert code == 0
    found = opened(tmp_path / "clean.jpg")
    assert (found.format, found.size) == ("JPEG", (160, 120))


@pytest.mark.weights
def test_a_jpeg_saved_as_png_is_not_compressed_a_second_time(photo: Path, tmp_path: Path):
    jpeg = photo.with_name("shot.jpg")
    opened(photo).convert("RGB").save(jpeg, quality=80)
    code, _ = run(
        "edit", jpeg, "--rights", "owned", "--mask", photo.with_name("photo.mask.png"), "-o", tmp_path / "clean.png"
    )
    assert code == 0
    before, after = np.asarray(opened(jpeg)), np.asarray(opened(tmp_path / "clean.png"))
    changed = (before != after).any(axis=2)
    assert changed[60:62, 40:60].mean() > 0.9
    assert not changed[np.asarray(opened(photo.with_name("photo.mask.png"))) == 0].any()


def test_scale_enlarges_what_the_recipe_would_not(photo: Path, tmp_path: Path):
    code, records = edit(tmp_path, photo, "--scale", "2", "-o", tmp_path / "large.png")
    assert code == 0, records
    assert opened(tmp_path / "large.png").size == (320, 240)


def test_a_box_is_enough(photo: Path, tmp_path: Path):
    code, records = edit(tmp_path, photo, "--recipe", "remove-object", "--box", "36,54,30,14")
    assert code in (0, 3)
    assert records[0]["stages"][1]["model"] == "grabcut"


def test_an_unknown_recipe_is_refused_with_those_there_are(photo: Path):
    code, output = run("edit", photo, "--recipe", "no-such-thing")
    assert code == 2
    assert "remove-object" in output


def test_json_on_stdout_is_nothing_but_json(photo: Path):
    result = CliRunner().invoke(app, ["edit", str(photo), "--rights", "owned", "--json", "-"])
    assert [record["outcome"] for record in json.loads(result.stdout)] == ["DELIVERED"]
    assert "DELIVERED" in result.stderr


def test_status_shows_an_asset_by_its_id_and_by_its_key(photo: Path, tmp_path: Path):
    _, records = edit(tmp_path, photo)
    for name in (records[0]["asset_id"], records[0]["key"]):
        code, output = run("status", name, "--follow")
        assert code == 0
        assert "DELIVERED" in output
        assert "inpaint\t" in output
        assert "delivered.native" in output


def test_status_counts_and_lists_the_latest(photo: Path, tmp_path: Path):
    _, records = edit(tmp_path, photo)
    code, output = run("status")
    assert code == 0
    assert records[0]["asset_id"] in output


def test_an_asset_that_nobody_knows_is_said_so():
    code, output = run("status", "a-000000000000000000000000")
    assert code == 1
    assert "There is no asset" in output
