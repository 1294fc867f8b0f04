"""Scenes on the real template: tiny generators of random weights stand in the model store, as ``models add`` puts them.

Random weights make no sense of words, so how well a preview agrees with its prompt is chance. The recipes here ask for
0 or 1 of it, and the chain must go on or stop by the score that was truly measured.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from typer.testing import CliRunner

from infra.cli.app import app
from infra.client import AssetView, Job
from infra.local import home, stack
from schemas.asset import Status
from schemas.stage import Stage
from schemas.words import as_metadata
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.project import project_with
from tests.unit.inference.tiny.saved import SAVED

WORDS = "ein Leuchtturm in der Dämmerung, 灯台"
SMALL = {"megapixels": 0.004, "num_inference_steps": 2}
PREVIEW = {"model": "lcm-preview", "scorer": "clip-vit-b32", "parameters": SMALL}
SCRIBBLE = {"model": "sdxl-scribble", "parameters": SMALL}
ENLARGED = {"model": "lanczos-x2", "scale": 2}
UNGUARDED = {"text": False, "faces": False, "codes": False, "logos": False}
"""The models here are the tiny ones only: what guards look with is missing, which would go to a person."""
RECIPES: dict[str, dict[str, Any]] = {
    "understood": {"preview": PREVIEW | {"ask_below": 0}, "generate": SCRIBBLE, "policy": {"conservative": True}},
    "not-understood": {"preview": PREVIEW | {"ask_below": 1}, "generate": SCRIBBLE, "policy": {"review": "never"}},
    "delivered": {"generate": SCRIBBLE, "upscale": ENLARGED, "policy": {"review": "never", "guards": UNGUARDED}},
    "worded-fill": {
        "mask": {},
        "preview": PREVIEW | {"ask_below": 0},
        "inpaint": {"model": "sdxl-inpaint", "parameters": SMALL},
    },
    "half-there": {"preview": PREVIEW | {"ask_below": 0}, "generate": {"model": "sdxl-canny"}},
}


def _add_models(folder: Path, *names: str) -> None:
    """Save tiny models as their makers publish them, and add each with the command that a user takes."""
    for name in names:
        SAVED[name](folder / name)
        result = CliRunner().invoke(app, ["models", "add", str(folder / name), "--model", name])
        assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("scenes")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CLEANPLATE_HOME", str(folder / "home"))
        patched.setenv("CLEANPLATE_MODELS", str(folder / "models"))
        _add_models(folder, "lcm-preview", "clip-vit-b32", "sdxl-scribble", "sdxl-inpaint")
        options = stack.Options(template=project_with(RECIPES, folder / "project"), models=folder / "models")
        with stack.temporary(options) as info:
            yield Deployment(info)


def _sketch() -> bytes:
    paper = Image.new("RGB", (96, 72), "white")
    ImageDraw.Draw(paper).line([(8, 60), (48, 12), (88, 60)], fill="black", width=3)
    return pictures.encoded(paper)


def _drawn(scenes: Deployment, recipe: str, **metadata: str) -> tuple[str, AssetView]:
    key = scenes.key(recipe, "sketch.png")
    return key, scenes.outcome(scenes.put(key, _sketch(), **metadata), timeout=240)


def _stages(asset: AssetView) -> list[Stage]:
    return [stage.stage for stage in asset.stages]


def _review(scenes: Deployment, asset: AssetView) -> dict[str, Any]:
    (review,) = scenes.items(asset.asset_id, "REVIEW#")
    return review


def test_words_are_looked_at_before_a_scene_is_ordered(scenes: Deployment) -> None:
    asset_id = scenes.put(scenes.key("understood", "sketch.png"), _sketch(), prompt=as_metadata(WORDS), hold="true")
    assert scenes.outcome(asset_id).status is Status.HELD
    previews = scenes.client.previews
    seen = previews.wait(previews.start(asset_id, "prompt"))
    assert (seen.state, seen.code, seen.mask) == ("done", "previewed", None)
    assert seen.agreement is not None
    assert 0 <= seen.agreement <= 1
    assert seen.picture is not None
    other = previews.wait(previews.start(asset_id, "prompt", Job(prompt="a mill by a brook")))
    assert (other.state, other.run_id != seen.run_id) == ("done", True)
    assert scenes.client.asset(asset_id).status is Status.HELD


def test_without_a_generators_weights_a_person_is_asked_and_told_how_to_add_them(scenes: Deployment) -> None:
    key, asset = _drawn(scenes, "sketch-to-scene", prompt=as_metadata(WORDS))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code) == (Status.AWAITING_REVIEW, "weights_missing")
    assert "`sd15-scribble-preview`" in asset.outcome.reason
    assert "cleanplate models add" in asset.outcome.reason
    assert _review(scenes, asset)["prompt"] == {"S": WORDS}
    assert (_stages(asset), scenes.manifest(key)) == ([Stage.INSPECT], None)


def test_a_preview_that_does_not_show_its_prompt_stops_the_chain_before_anything_expensive(scenes: Deployment) -> None:
    key, asset = _drawn(scenes, "not-understood", prompt="a lighthouse at dusk")
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.rule) == (Status.AWAITING_REVIEW, "prompt-agreement")
    assert _stages(asset) == [Stage.INSPECT, Stage.PREVIEW, Stage.ROUTE]
    preview = asset.stages[1]
    assert preview.scored_by is not None
    assert preview.scored_by.name == "clip-vit-b32"
    assert preview.signals is not None
    assert preview.signals.prompt_agreement is not None
    assert f"{preview.signals.prompt_agreement:.2f}" in asset.outcome.reason
    assert _review(scenes, asset)["after"]["M"]["key"] == {"S": preview.outputs["image"].key}
    assert scenes.manifest(key) is None


def test_a_preview_that_shows_its_prompt_lets_the_scene_be_made_and_a_person_sees_it(scenes: Deployment) -> None:
    key, asset = _drawn(scenes, "understood", prompt=as_metadata(WORDS))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.rule) == (Status.AWAITING_REVIEW, "generated")
    assert _stages(asset) == [Stage.INSPECT, Stage.PREVIEW, Stage.GENERATE, Stage.ROUTE]
    made = asset.stages[2]
    assert made.parameters["prompt"] == WORDS
    assert made.model is not None
    assert (made.model.name, made.model.weights != []) == ("sdxl-scribble", True)
    assert asset.best_image is not None
    assert asset.best_image.url == asset.links["generate.image"]
    assert (asset.outcome.confidence, scenes.manifest(key)) == (None, None)


def test_where_the_recipe_waives_people_scene_and_enlargement_are_delivered(scenes: Deployment) -> None:
    key, asset = _drawn(scenes, "delivered", prompt="a lighthouse at dusk", **{"negative-prompt": "people"})
    assert asset.status is Status.DELIVERED, asset.outcome
    assert _stages(asset)[1:4] == [Stage.GENERATE, Stage.UPSCALE, Stage.ASSESS_UPSCALED]
    assert pictures.decoded(scenes.delivered(key)).shape == (256, 341, 3)
    assert pictures.decoded(scenes.delivered(key, "x2")).shape == (512, 682, 3)


def test_a_fill_by_words_is_previewed_once_there_is_a_mask_and_before_it_is_made(scenes: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee(128, 96), "A", 30)
    key = scenes.key("worded-fill", "photo.png")
    scenes.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = scenes.outcome(scenes.put(key, pictures.encoded(dirty.photo), prompt="wood"), timeout=240)
    assert _stages(asset)[1:5] == [Stage.MASK, Stage.PREVIEW, Stage.INPAINT, Stage.REFINE], asset.outcome
    assert asset.stages[3].parameters["prompt"] == "wood"
    assert asset.best_image is not None
    assert asset.best_image.url == asset.links["refine.image"] or asset.status is Status.DELIVERED


def test_a_model_that_is_missing_after_the_preview_leaves_the_preview_to_look_at(scenes: Deployment) -> None:
    _, asset = _drawn(scenes, "half-there", prompt="a lighthouse at dusk")
    assert asset.outcome is not None
    assert asset.outcome.code == "weights_missing"
    assert "`sdxl-canny`" in asset.outcome.reason
    assert _review(scenes, asset)["after"]["M"]["key"] == {"S": asset.stages[1].outputs["image"].key}


def test_a_sketch_without_words_waits_for_a_person(scenes: Deployment) -> None:
    _, asset = _drawn(scenes, "sketch-to-scene")
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.rule) == (Status.AWAITING_REVIEW, "no-prompt")


def test_the_command_line_turns_a_sketch_into_a_scene(
    scenes: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    home.make_current(scenes.info.state_dir)
    (tmp_path / "sketch.png").write_bytes(_sketch())
    order = ["edit", str(tmp_path / "sketch.png"), "--recipe", "understood", "--prompt", WORDS, "--include-unreviewed"]
    result = CliRunner().invoke(app, [*order, "-o", str(tmp_path / "scene.png")])
    assert result.exit_code == 3, result.output
    with Image.open(tmp_path / "scene.png") as scene:
        assert scene.size == (341, 256)
