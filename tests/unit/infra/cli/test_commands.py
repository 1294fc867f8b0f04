import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from infra.cli.app import app


@pytest.fixture(autouse=True)
def _no_stack(monkeypatch, tmp_path):
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))

    def must_not_start(*_: object, **__: object) -> None:
        pytest.fail("a stack was started")

    monkeypatch.setattr("infra.local.stack.up", must_not_start)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.new("RGB", (16, 16)).save(path)
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}).invoke(app, [*map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--scale", "3"], "possible: 1, 2, 4"),
        (["--box", "1,2,3"], "x,y,width,height"),
        (["--box", "1,2,0,9"], "x,y,width,height"),
        (["--box", "1,2,3,4", "--mask", "PHOTO"], "not both"),
        (["--point", "1"], "x,y in pixels"),
        (["--point", "1,2", "--box", "1,2,3,4"], "only one of them"),
        (["--point", "1,2", "--mask", "PHOTO"], "only one of them"),
        (["--out", "d", "--output", "f.png"], "not both"),
        (["--output", "f.gif"], "must end in"),
        (["--output", "PHOTO"], "overwrite the original"),
        (["--mask", "nowhere.png"], "does not exist"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_starts(photo: Path, options: list[str], words: str):
    code, output = run("edit", photo, *(str(photo) if option == "PHOTO" else option for option in options))
    assert code == 2
    assert words in output


def test_a_missing_file_is_named(tmp_path: Path):
    code, output = run("edit", tmp_path / "absent.png")
    assert code == 2
    assert "absent.png" in output


def test_an_empty_folder_is_refused_in_words(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    code, output = run("edit", tmp_path / "empty")
    assert code == 1
    assert "No pictures in" in output


def test_one_output_file_cannot_hold_two_results(photo: Path, tmp_path: Path):
    second = tmp_path / "second.png"
    second.write_bytes(photo.read_bytes())
    code, output = run("edit", photo, second, "-o", tmp_path / "out.png")
    assert code == 2
    assert "use --out" in output


def test_results_never_replace_originals(photo: Path):
    code, output = run("edit", photo, "--out", photo.parent)
    assert code == 1
    assert "would be overwritten" in output


def test_without_a_stack_status_says_how_to_start_one():
    code, output = run("status")
    assert code == 1
    assert "cleanplate up" in output


def test_without_a_stack_the_shipped_recipes_are_listed():
    code, output = run("recipes")
    assert code == 0
    assert "remove-watermark@5\t" in output


def test_down_without_a_stack_is_done_at_once():
    assert run("down") == (0, "No stack was running.\n")


def test_models_are_listed_with_licence_and_what_is_missing(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("CLEANPLATE_MODELS", str(tmp_path))
    code, output = run("models")
    rows = {row.split("\t")[1]: row.split("\t") for row in output.splitlines()[1:]}
    assert code == 0
    assert rows["patchmatch"][3:] == ["MIT", "yes", "none needed", "", ""]
    assert rows["span-x2"][5:] == ["missing", "0.8 MB", "cleanplate models pull span-x2"]


@pytest.mark.parametrize("arguments", [[], ["span-x2", "--all"]])
def test_pulling_asks_for_names_or_for_all(arguments: list[str]):
    assert run("models", "pull", *arguments)[0] == 2


def test_the_command_line_starts_without_what_only_some_commands_need():
    heavy = {"boto3", "botocore", "numpy", "rich.progress", "cv2", "jinja2", "pydantic"}
    program = "import sys, infra.cli.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not heavy & set(loaded.split())
