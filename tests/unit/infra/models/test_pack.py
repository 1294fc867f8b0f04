"""The packed models hold all that a container needs, and nothing that could run code by being loaded."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from infra.models.pack import pack
from infra.models.revision import revision, sources
from schemas.errors import PermanentFailure


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    pack(folder / "model.tar.gz", ["by-hole", "supplied-mask"])
    with tarfile.open(folder / "model.tar.gz") as archive:
        archive.extractall(folder / "model", filter="data")
    return folder / "model"


def test_the_entry_imports_from_the_artifact_alone(unpacked: Path) -> None:
    program = "import serve, inference; print(inference.__file__); serve.model_fn, serve.transform_fn"
    command = [sys.executable, "-P", "-c", program]
    environment = {"PYTHONPATH": str(unpacked / "code"), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked))


def test_every_requirement_is_an_exact_version(unpacked: Path) -> None:
    lines = (unpacked / "code" / "requirements.txt").read_text().splitlines()
    assert lines
    assert all("==" in line for line in lines)


def test_packing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    keys = [pack(tmp_path / name, ["fsr"]) for name in ("a", "b")]
    assert keys[0] == keys[1]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_missing_weights_are_named_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="cleanplate models pull span-x2"):
        pack(tmp_path / "model.tar.gz", ["span-x2"], folder=tmp_path / "empty")
    assert not (tmp_path / "model.tar.gz").exists()


def test_the_revision_changes_with_any_file_of_the_serving_program(tmp_path: Path) -> None:
    for name, content in (("a.py", "1"), ("cards/b.yaml", "2"), ("notes.txt", "not served")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    before = revision(tmp_path)
    (tmp_path / "notes.txt").write_text("still not served")
    assert revision(tmp_path) == before
    (tmp_path / "cards" / "b.yaml").write_text("3")
    assert revision(tmp_path) != before
    assert [path.name for path in sources(tmp_path)] == ["a.py", "b.yaml"]
