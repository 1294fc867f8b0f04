"""``edit`` says at once where a prompt is missing or would be read by nobody, and passes on what is given."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from infra.cli.app import app
from infra.client import ApiError, Job
from schemas.errors import TransientFailure
from schemas.published import PublishedRecipe
from tests.documents import ENLARGE, SCENE, WORDED


class Deployment:
    """Knows three recipes and takes no upload."""

    def __init__(self) -> None:
        self.asked: list[Job] = []

        self.recipes = self

    def list(self) -> list[Any]:
        return [SCENE, WORDED.model_copy(update={"name": "worded"}), ENLARGE]

    def show(self, reference: str) -> PublishedRecipe:
        for recipe in self.list():
            if reference in (recipe.name, recipe.reference):
                return PublishedRecipe.shipped(recipe)
        raise ApiError("There is none; there are: scene, worded, enlarge.", code="unknown_recipe", status=404)

    def upload(self, path: str, file: Path, job: Job, **_: Any) -> str:
        self.asked.append(job)
        raise TransientFailure("Enough.", code="enough")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    found = Deployment()
    monkeypatch.setattr("infra.cli.target.connect", lambda *_, **__: found)
    return found


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    path = tmp_path / "sketch.png"
    Image.new("RGB", (16, 16)).save(path)
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}).invoke(app, [*map(str, arguments)])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--recipe", "scene"], "`scene` needs one"),
        (["--recipe", "scene@1"], "`scene` needs one"),
        (["--recipe", "enlarge", "--prompt", "a tree"], "`enlarge` makes nothing out of words"),
        (["--recipe", "none", "--prompt", "a tree"], "scene, worded, enlarge"),
    ],
)
def test_a_prompt_and_its_recipe_must_fit(deployment: Deployment, sketch: Path, options: list[str], words: str) -> None:
    code, output = run("edit", sketch, *options)
    assert (code, deployment.asked) == (2, [])
    assert words in output


@pytest.mark.parametrize(
    ("options", "job"),
    [
        (["--recipe", "worded"], Job(recipe="worded")),
        (["--recipe", "scene", "--prompt", "灯台"], Job(recipe="scene", prompt="灯台")),
        (
            ["--recipe", "scene", "--prompt", "a", "--negative-prompt", "b"],
            Job(recipe="scene", prompt="a", negative_prompt="b"),
        ),
    ],
)
def test_words_go_with_the_picture(deployment: Deployment, sketch: Path, options: list[str], job: Job) -> None:
    run("edit", sketch, *options)
    assert deployment.asked == [job]


def test_the_list_of_recipes_says_which_need_words(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.cli.recipes.known.known_recipes", lambda *_: deployment.list())
    rows = [line.split("\t") for line in run("recipes")[1].splitlines() if "@" in line]
    assert [(row[0], row[-1]) for row in rows] == [
        ("scene@1", "needed"),
        ("worded@1", "possible"),
        ("enlarge@1", ""),
    ]
