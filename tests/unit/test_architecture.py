"""The house keeps its arrows, its file sizes and its dependencies."""

import ast
import importlib.metadata
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "inference", "handlers", "infra")
MAY_IMPORT = {
    "schemas": {"schemas"},
    "inference": {"inference", "schemas"},
    "handlers": {"handlers", "schemas"},
    "infra": set(ROOMS),
}
NEVER = {
    "schemas": {"boto3", "botocore", "numpy", "cv2", "PIL", "requests", "torch"},
    "inference": {"sagemaker", "aws_lambda_powertools"},
    "handlers": {"inference", "infra", "torch", "numpy", "cv2", "sagemaker", "onnxruntime", "ncnn"},
    "infra": set[str](),
}
LINES = 200


def _files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    """Name every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_point_down_only(room: str) -> None:
    assert _files(room)
    for path in _files(room):
        tops = {name.partition(".")[0] for name in _imports(path)}
        wrong = (tops & set(ROOMS) - MAY_IMPORT[room]) | (tops & NEVER[room])
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_only_the_adapters_know_boto3() -> None:
    knowing = {
        path.relative_to(ROOT).parent.as_posix()
        for path in _files("handlers")
        if {"boto3", "botocore"} & {name.partition(".")[0] for name in _imports(path)}
    }
    assert knowing == {"handlers/aws"}


def test_no_handler_loads_what_a_lambda_does_not_carry() -> None:
    """Through whatever it imports: each in a fresh interpreter would take a minute, all in one finds the same."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in _files("handlers")
    ]
    script = (
        f"import importlib, json, sys; [*map(importlib.import_module, {modules})]; print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded & {"handlers", "schemas"} == {"handlers", "schemas"}
    assert not loaded & NEVER["handlers"]
    assert "boto3" not in loaded, "boto3 is slow to import; adapters load it when they need it"


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_is_longer_than_a_reader_can_hold(room: str) -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): sum(1 for line in path.read_text().splitlines() if line.strip())
        for path in _files(room)
    }
    assert {name: length for name, length in lengths.items() if length > LINES} == {}


def test_exactly_one_opencv_is_installed() -> None:
    """Three distributions unpack over one ``cv2`` folder, and the last one wins unseen."""
    installed = {dist.metadata["Name"].lower() for dist in importlib.metadata.distributions()}
    assert {name for name in installed if name.startswith("opencv")} == {"opencv-contrib-python-headless"}


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    listed = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    for requirement in listed:
        (line,) = [line for line in text.splitlines() if f'"{requirement}"' in line]
        assert len(line.partition("#")[2].strip()) >= len("types"), requirement
