"""Previews and scenes, from the request to the file, through the true loading code of tiny pipelines."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.registry import Registry
from inference.stages.dispatch import run_stage
from schemas.errors import BadInput, CleanplateError, PermanentFailure
from schemas.policy import Permission
from schemas.stage import Stage, StageRequest
from tests.unit.inference.conftest import TinyModels
from tests.unit.inference.files import file_of
from tests.unit.inference.generation.test_sketch import drawing
from tests.unit.inference.stages.conftest import Bench

SIZE = {"width": 96, "height": 64}
SCORED = {**SIZE, "scorer": "clip-vit-b32"}


@pytest.fixture
def studio(bench: Bench, tiny: TinyModels) -> Bench:
    bench.models = tiny.registry("sdxl", "sdxl-scribble", "lcm-preview", "flux2-klein", "clip-vit-b32")
    return bench


def sketch(bench: Bench, kind: str = "PNG"):
    return {"source": bench.put("sketch", file_of(drawing(), kind))}


def refused(bench: Bench, stage: str, model: str, inputs: dict, **parameters: object) -> CleanplateError:
    with pytest.raises(CleanplateError) as caught:
        bench.run(stage, model, inputs, **parameters)
    return caught.value


def test_a_preview_is_a_small_png_with_its_agreement_and_both_models(studio: Bench):
    done = studio.run("preview", "lcm-preview", {}, prompt="a cottage", negative_prompt="fog", **SCORED)
    image = Image.open(io.BytesIO(studio.read(done.outputs["image"])))
    assert (image.format, image.size, image.mode) == ("PNG", (96, 64), "RGB")
    assert 0 <= done.signals.prompt_agreement <= 1
    assert (done.signals.changed_outside_mask, done.signals.mask_share) == (0, 0)
    assert (done.model.name, done.scored_by.name) == ("lcm-preview", "clip-vit-b32")
    assert (done.width, done.height) == (96, 64)
    assert done.scored_by.weights


def test_a_preview_of_words_alone_does_not_read_the_sketch(studio: Bench):
    without = studio.run("preview", "lcm-preview", {}, prompt="a cottage", **SCORED)
    beside = studio.run("preview", "lcm-preview", sketch(studio), prompt="a cottage", **SCORED)
    assert studio.read(without.outputs["image"]) == studio.read(beside.outputs["image"])


@pytest.mark.parametrize(
    ("parameters", "kind", "code"),
    [
        ({"scorer": ""}, BadInput, "scorer"),
        ({"scorer": "sdxl"}, PermanentFailure, "unknown_model"),
        ({"prompt": ""}, BadInput, "prompt"),
        ({"width": 20}, BadInput, "parameter"),
        ({"seed": -1}, BadInput, "parameter"),
    ],
)
def test_a_preview_that_cannot_be_made_says_why(studio: Bench, parameters: dict[str, object], kind: type, code: str):
    error = refused(studio, "preview", "lcm-preview", {}, **{"prompt": "a cottage", **SCORED, **parameters})
    assert isinstance(error, kind)
    assert error.code == code


def test_a_scorer_that_the_policy_forbids_is_refused_before_anything_is_made(studio: Bench):
    request = StageRequest.build(Stage.PREVIEW, "lcm-preview", {}, {"prompt": "x", **SCORED}, work_bucket="work")
    strict = request.model_copy(update={"permission": Permission(invent=False)})
    with pytest.raises(PermanentFailure, match="conservative"):
        run_stage(strict, studio.store, studio.models)


def test_a_scene_of_words_has_the_size_and_type_that_were_asked_for(studio: Bench):
    done = studio.run("generate", "sdxl", {}, prompt="a cottage", format="jpeg", keep_metadata=False, seed=5, **SIZE)
    image = Image.open(io.BytesIO(studio.read(done.outputs["image"])))
    assert (image.format, image.size) == ("JPEG", (96, 64))
    assert (done.width, done.height) == (96, 64)
    assert done.areas == []
    assert done.parameters["num_inference_steps"] == 2


def test_the_same_request_makes_the_same_file_and_another_seed_another(studio: Bench):
    one, again, other = (
        studio.read(studio.run("generate", "sdxl", {}, prompt="a cottage", seed=seed, **SIZE).outputs["image"])
        for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


@pytest.mark.parametrize("model", ["sdxl-scribble", "flux2-klein"])
def test_a_scene_follows_the_sketch_and_takes_nothing_else_of_its_file(studio: Bench, model: str):
    exif = Image.Exif()
    exif[0x010F] = "camera"
    source = {"source": studio.put("scan", file_of(drawing(), "JPEG", exif=exif))}
    done = studio.run("generate", model, source, prompt="a cottage", **SIZE)
    image = Image.open(io.BytesIO(studio.read(done.outputs["image"])))
    assert (image.format, image.size) == ("JPEG", (96, 64))
    assert not image.getexif()


def test_line_art_that_is_drawn_by_its_transparency_is_seen_as_on_paper(studio: Bench):
    ink = 255 - drawing()[..., 0]
    clear = np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink])
    made = [
        studio.run("generate", "sdxl-scribble", {"source": studio.put(name, file_of(page))}, prompt="a hut", **SIZE)
        for name, page in (("clear", Image.fromarray(clear)), ("paper", drawing()))
    ]
    one, other = (studio.picture(done.outputs["image"]).pixels for done in made)
    np.testing.assert_array_equal(one, other)


def test_a_gray_sketch_does_not_make_a_gray_scene(studio: Bench):
    source = {"source": studio.put("gray", file_of(Image.fromarray(drawing()).convert("L")))}
    done = studio.run("generate", "sdxl-scribble", source, prompt="a cottage", **SIZE)
    assert not studio.picture(done.outputs["image"]).was_gray


def test_a_recipe_that_gives_a_sketch_to_a_model_of_words_hears_so(studio: Bench):
    error = refused(studio, "generate", "sdxl", sketch(studio), prompt="a cottage", **SIZE)
    assert (type(error), error.code) == (PermanentFailure, "no_sketch_model")


@pytest.mark.parametrize("missing", ["width", "height", "prompt"])
def test_a_scene_without_a_size_or_a_prompt_is_refused(studio: Bench, missing: str):
    parameters = {name: value for name, value in {"prompt": "a hut", **SIZE}.items() if name != missing}
    error = refused(studio, "generate", "sdxl", {}, **parameters)
    assert isinstance(error, BadInput)
    assert missing in error.message


def test_a_model_without_weights_says_how_to_add_them(tmp_path: Path):
    with pytest.raises(PermanentFailure, match="cleanplate models add") as caught:
        Registry(weights=tmp_path).load("sdxl-scribble")
    assert caught.value.code == "weights_missing"
