"""Recipes as code, against the running stack: published, used, published again, and every version still at hand."""

from pathlib import Path

import pytest

from infra.client import ApiError
from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.test_cli_edit import _current, photo, run

__all__ = ["_current", "photo"]
pytestmark = pytest.mark.stack

FIRST = """\
name: house-style
summary: Fill quickly what a mask shows, and keep the type of file.
mask: {}
inpaint: {model: telea}
policy: {review: never}
"""
SECOND = FIRST.replace("telea", "fsr")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "house-style.yaml"


def _photo(deployment: Deployment, recipe: str) -> str:
    """Upload a photograph with letters on it, and their mask before it."""
    key = deployment.key(recipe, "photo.png")
    dirty = pictures.lettered(pictures.coffee(160, 120), size=24)
    deployment.put(key.replace(".png", ".mask.png"), pictures.encoded(dirty.mask))
    return deployment.put(key, pictures.encoded(dirty.photo))


def _filled_by(deployment: Deployment, asset_id: str) -> tuple[str, str, str]:
    asset = deployment.outcome(asset_id)
    assert asset.status is Status.DELIVERED, asset.outcome
    (fill,) = [stage for stage in asset.stages if stage.stage == "inpaint"]
    (item,) = deployment.items(asset_id, "RUN#")
    assert fill.model is not None
    return asset.recipe, fill.model.name, item["recipe_sha256"]["S"]


def test_a_recipe_is_published_used_changed_and_every_version_goes_on_working(
    deployment: Deployment, file: Path
) -> None:
    file.write_text(FIRST)
    assert run("recipes", "publish", file) == (0, "house-style@1 is published.\n")
    assert run("recipes", "publish", file) == (0, "house-style@1 says the same already.\n")
    first = _photo(deployment, "house-style")
    assert _filled_by(deployment, first)[:2] == ("house-style@1", "telea")

    file.write_text(SECOND)
    assert "+inpaint.model: fsr" in run("recipes", "diff", file)[1]
    assert run("recipes", "publish", file) == (0, "house-style@2 is published.\n")
    second, old = _photo(deployment, "house-style@2"), _photo(deployment, "house-style@1")
    reference, model, sha256 = _filled_by(deployment, second)
    assert (reference, model) == ("house-style@2", "fsr")
    assert _filled_by(deployment, old)[:2] == ("house-style@1", "telea")

    assert deployment.client.recipes.by_hash(sha256) == deployment.client.recipes.show("house-style@2").recipe
    history = [line.split("\t")[0] for line in run("recipes", "history", "house-style")[1].splitlines()]
    assert history == ["version", "house-style@2", "house-style@1"]
    assert run("recipes", "diff", "house-style@2", file, "--exit-code")[0] == 0
    assert "house-style@2\t" in run("recipes", "list")[1]


def test_a_refused_recipe_is_named_by_its_line_before_and_at_the_api(deployment: Deployment, file: Path) -> None:
    file.write_text(FIRST + "polici: {}\n")
    code, output = run("recipes", "publish", file)
    assert (code, f"{file}:6:1: polici: there is no such field; did you mean `policy`?" in output) == (1, True)
    with pytest.raises(ApiError, match=r"line 6, column 1, `polici`: .* did you mean `policy`\?") as raised:
        deployment.client.recipes.publish("house-style-2", file.read_bytes())
    assert raised.value.code == "bad_recipe"
    with pytest.raises(ApiError):
        deployment.client.recipes.show("house-style-2")


def test_the_words_of_a_run_are_found_by_its_hash(deployment: Deployment) -> None:
    key = deployment.key("scene", "canvas.png")
    asset_id = deployment.put(key, pictures.encoded(pictures.coffee(300, 256)), prompt="a quiet harbour", seed="7")
    deployment.outcome(asset_id)
    (item,) = deployment.items(asset_id, "RUN#")
    kept = deployment.client.recipes.by_hash(item["recipe_sha256"]["S"])
    assert (kept.name, kept.prompt) == ("scene", "a quiet harbour")


def test_edit_takes_any_published_version(deployment: Deployment, file: Path, photo: Path, tmp_path: Path) -> None:
    for text in (FIRST, SECOND):
        file.write_text(text.replace("house-style", "studio-style"))
        assert run("recipes", "publish", file)[0] == 0
    code, output = run("edit", photo, "--recipe", "studio-style@1", "--out", tmp_path / "out")
    assert code == 0, output
    assert run("edit", photo, "--recipe", "studio-style@3", "--out", tmp_path / "more")[0] == 2
