"""``cleanplate recipes``: files are checked with file, line and field, compared by what they mean, and published."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.client import ApiError
from schemas.http.recipes import RecipeAnswer, RecipeShown, VersionShown
from schemas.recipe import Recipe
from schemas.recipe_text import read_recipe, recipe_schema
from tests.unit.infra.cli.test_commands import _no_stack, run

__all__ = ["_no_stack"]
FOLDER = Path(__file__).parents[4] / "infra" / "recipes"
MINE = "summary: Mine.\nmask: {detector: {model: overlays}}\ninpaint: {model: fsr}\n"


class Shelf:
    """A deployment's recipes, as far as the commands need them."""

    def __init__(self) -> None:
        self.recipes = self
        self.known: list[Recipe] = []

    def list(self) -> list[Recipe]:
        return self.known

    def show(self, reference: str) -> RecipeShown:
        for recipe in reversed(self.known):
            if reference in (recipe.name, recipe.reference):
                return RecipeShown(recipe=recipe, sha256=recipe.sha256, origin="published")
        raise ApiError(f"There is no recipe `{reference}`.", code="unknown_recipe", status=404)

    def publish(self, name: str, text: bytes) -> RecipeAnswer:
        version = 1 + sum(recipe.name == name for recipe in self.known)
        recipe = read_recipe(text, name=name, version=1).model_copy(update={"version": version})
        new = all(recipe.sha256 != each.model_copy(update={"version": version}).sha256 for each in self.known)
        self.known += [recipe] if new else []
        return RecipeAnswer(recipe=self.known[-1], sha256=recipe.sha256, origin="published", new=new)

    def history(self, name: str) -> Any:
        for recipe in reversed(self.known):
            facts = {"version": recipe.version, "sha256": recipe.sha256, "summary": recipe.summary}
            yield VersionShown.model_validate({**facts, "origin": "published", "published_by": "ada"})


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()
    monkeypatch.setattr("infra.cli.target.connect", lambda *_, **__: shelf)
    return shelf


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("mine.yaml")
    path.write_text(MINE)
    return path


def test_every_shipped_recipe_is_good() -> None:
    files = sorted(FOLDER.glob("*.yaml"))
    code, output = run("recipes", "lint", *files)
    assert (code, output) == (0, f"{len(files)} of {len(files)} recipes are good.\n")


@pytest.mark.parametrize(
    ("added", "line"),
    [
        ("polici: {}", "mine.yaml:4:1: polici: there is no such field; did you mean `policy`?"),
        (
            "policy:\n  review: allways",
            "mine.yaml:5:11: policy.review: it should be 'by-score', ",
        ),
        (
            "assess: {model: classical-asess}",
            "mine.yaml:4:17: assess.model: there is no model `classical-asess`; did",
        ),
        (
            "refine: {model: fsr}",
            "mine.yaml:4:17: refine.model: `fsr` is a model of the stage `inpaint`; for `ref",
        ),
        (
            "upscale: {model: span-x4, scale: 2}",
            "mine.yaml:4:18: upscale.model: `span-x4` enlarges 4-fold",
        ),
        (
            "policy: {on_low_confidence: {try: [fsr, nix]}}",
            "mine.yaml:4:41: policy.on_low_confidence.try.1: there",
        ),
        (
            "policy: {conservative: true, on_low_confidence: {try: [patchmatch, sdxl-inpaint]}}",
            "mine.yaml:4:68: policy.on_low_confidence.try.1: `sdxl-inpaint` may invent content",
        ),
        ("summary: x: y", "mine.yaml:4:11: mapping values are not allowed here"),
    ],
)
def test_what_is_wrong_is_said_as_editors_read_it(mine: Path, added: str, line: str) -> None:
    mine.write_text(MINE + added + "\n")
    code, output = run("recipes", "lint", mine, FOLDER / "scene.yaml")
    assert (code, output.splitlines()[0].startswith(line)) == (1, True), output
    assert "1 of 2 recipes are good." in output


def test_a_file_is_published_once_and_then_each_time_it_says_something_else(shelf: Shelf, mine: Path) -> None:
    assert run("recipes", "publish", mine) == (0, "mine@1 is published.\n")
    assert run("recipes", "publish", mine) == (0, "mine@1 says the same already.\n")
    mine.write_text(MINE.replace("fsr", "telea"))
    assert run("recipes", "publish", mine) == (0, "mine@2 is published.\n")
    rows = [row.split("\t") for row in run("recipes", "history", "mine")[1].splitlines()]
    assert [row[0] for row in rows] == ["version", "mine@2", "mine@1"]


def test_where_one_file_is_wrong_none_is_published(shelf: Shelf, mine: Path) -> None:
    Path("other.yaml").write_text(MINE + "colour: red\n")
    code, output = run("recipes", "publish", mine, "other.yaml")
    assert (code, shelf.known) == (1, [])
    assert "other.yaml:4:1: colour: there is no such field" in output


def test_a_file_is_held_against_what_is_deployed(shelf: Shelf, mine: Path) -> None:
    assert "+inpaint.model: fsr" in run("recipes", "diff", mine)[1]
    run("recipes", "publish", mine)
    mine.write_text("# better\npolicy: {review: by-score}\n" + MINE.replace("fsr", "telea"))
    code, output = run("recipes", "diff", mine, "--exit-code")
    changed = [line for line in output.splitlines() if line[:1] in "+-"]
    assert changed == ["--- mine (deployed)", "+++ mine.yaml", "-inpaint.model: fsr", "+inpaint.model: telea"]
    assert code == 1
    mine.write_text("# only a comment\n" + MINE)
    assert run("recipes", "diff", mine, "--exit-code") == (0, "mine.yaml and mine (deployed) mean the same.\n")


def test_a_file_that_cannot_be_compared_is_named(shelf: Shelf, mine: Path) -> None:
    mine.write_text(MINE + "polici: {}\n")
    code, output = run("recipes", "diff", mine)
    assert (code, output.startswith("cleanplate: `mine.yaml` cannot be used: line 4, column 1, `polici`")) == (1, True)


def test_versions_are_compared_with_each_other(shelf: Shelf, mine: Path) -> None:
    run("recipes", "publish", mine)
    mine.write_text(MINE + "tier: web\n")
    run("recipes", "publish", mine)
    assert "+tier: web" in run("recipes", "diff", "mine@1", "mine@2")[1]
    assert "-tier: web" in run("recipes", "diff", "mine", "mine@1")[1]
    code, output = run("recipes", "diff", "mine", "mine@3")
    assert (code, "There is no recipe `mine@3`" in output) == (2, True)


def test_without_a_stack_what_ships_is_compared_and_shown() -> None:
    assert "-mask.detector.model: overlays" in run("recipes", "diff", "remove-watermark", "remove-object")[1]
    code, output = run("recipes", "show", "remove-object")
    assert (code, read_recipe(output)) == (0, read_recipe((FOLDER / "remove-object.yaml").read_bytes()))
    assert run("recipes", "show", "no-such")[0] == 2


def test_what_is_shown_can_be_changed_and_published(shelf: Shelf, mine: Path) -> None:
    run("recipes", "publish", mine)
    document = yaml.safe_load(run("recipes", "show", "mine")[1])
    assert document == {"name": "mine", "version": 1, **yaml.safe_load(MINE)}


def test_the_schema_is_printed() -> None:
    assert json.loads(run("recipes", "schema")[1]) == recipe_schema()
