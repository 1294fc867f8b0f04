"""Scenes: recipes that make them, what their models are asked, when the chain stops, what is delivered."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.errors import PermanentFailure
from schemas.plan import request_for
from schemas.policy import Policy, Route
from schemas.recipe import GenerateStep, PreviewStep, Recipe
from schemas.renditions import masters
from schemas.routing import lowest_confidence, route_of
from schemas.run import RunState
from schemas.stage import Stage, StageRequest
from tests import documents
from tests.documents import EDIT, ENLARGE, PHOTO, PRINT, SCENE, SHA, WORDED, WORK

PREVIEW = PreviewStep(model="light", scorer="clip", ask_below=0.5)
LARGE = WORDED.model_copy(update={"upscale": ENLARGE.upscale})
CANVAS = WORDED.model_copy(update={"generate": GenerateStep(model="sdxl", from_sketch=False)})


def _request(stage: Stage, recipe: Recipe, *done: Stage, **inspected: Any) -> StageRequest:
    state = documents.state(documents.run(recipe), *done)
    inspection = documents.inspection(**inspected)
    return request_for(stage, state.model_copy(update={"inspection": inspection}), work_bucket=WORK)


@pytest.mark.parametrize(
    ("recipe", "change", "words"),
    [
        (SCENE, {"mask": EDIT.mask, "inpaint": EDIT.inpaint}, "not both"),
        (SCENE, {"generate": None}, "does nothing"),
        (ENLARGE, {"preview": PREVIEW}, "neither"),
        (ENLARGE, {"prompt": "a tree"}, "nothing in this recipe reads a prompt"),
        (ENLARGE, {"negative_prompt": "a tree"}, "nothing in this recipe reads a prompt"),
        (SCENE, {"policy": {"conservative": True, "review": "never"}}, "contradicts"),
        (SCENE, {"generate": {"model": "sdxl", "width": 512}}, "both"),
        (SCENE, {"generate": {"model": "sdxl", "width": 512, "height": 10_000}}, "2048"),
        (SCENE, {"preview": {"model": "light", "scorer": "clip", "ask_below": 1.1}}, "less than or equal to 1"),
        (SCENE, {"prompt": "x" * 1001}, "1000"),
    ],
)
def test_a_recipe_that_contradicts_itself_is_refused_in_words(
    recipe: Recipe, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        Recipe.model_validate(recipe.model_dump() | change)


@pytest.mark.parametrize(
    "change", [{"preview": None}, {"upscale": {"model": "span-x2", "scale": 2}}, {"policy": {"review": "never"}}]
)
def test_a_scene_may_lack_a_preview_be_enlarged_and_waive_people(change: dict[str, Any]) -> None:
    assert Recipe.model_validate(SCENE.model_dump() | change).needs_prompt


def test_a_preview_may_stand_before_an_inpainter_that_takes_words() -> None:
    recipe = Recipe.model_validate(EDIT.model_dump() | {"preview": PREVIEW, "prompt": "a lawn"})
    request = _request(Stage.PREVIEW, recipe, Stage.MASK)
    assert (request.inputs, request.parameters["prompt"]) == ({}, "a lawn")  # a photo is no sketch to follow
    assert _request(Stage.INPAINT, recipe, Stage.MASK).parameters == {"prompt": "a lawn"}


def test_words_of_an_upload_replace_the_recipes_own_and_change_its_hash() -> None:
    assert (WORDED.prompt, WORDED.negative_prompt) == ("a lighthouse at dusk", "people")
    other = WORDED.with_prompt("a mill", None)
    assert (other.prompt, other.negative_prompt, other.reference) == ("a mill", "people", WORDED.reference)
    assert len({SCENE.sha256, WORDED.sha256, other.sha256}) == 3


@pytest.mark.parametrize(("recipe", "prompt"), [(ENLARGE, "a tree"), (EDIT, "a tree"), (SCENE, ""), (SCENE, " \n")])
def test_words_that_nobody_reads_or_that_say_nothing_are_refused(recipe: Recipe, prompt: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        recipe.with_prompt(prompt, None)


def test_a_preview_is_small_of_the_uploads_shape_and_names_its_scorer() -> None:
    request = _request(Stage.PREVIEW, WORDED, width=2000, height=1000)
    assert (request.model, request.inputs) == ("light", {"source": PHOTO.model_copy(update={"sha256": SHA})})
    assert request.parameters == {
        "prompt": "a lighthouse at dusk",
        "negative_prompt": "people",
        "width": 512,
        "height": 256,
        "scorer": "clip",
    }


@pytest.mark.parametrize(
    ("step", "upload", "size"),
    [
        ({}, (640, 480), (640, 480)),
        ({}, (8000, 6000), (2048, 1536)),
        ({}, (64, 48), (341, 256)),
        ({"width": 1024, "height": 768}, (64, 48), (1024, 768)),
    ],
)
def test_a_scene_has_the_recipes_size_or_the_uploads_within_bounds(
    step: dict[str, int], upload: tuple[int, int], size: tuple[int, int]
) -> None:
    recipe = WORDED.model_copy(update={"generate": GenerateStep(model="sdxl", **step)})
    asked = _request(Stage.GENERATE, recipe, width=upload[0], height=upload[1]).parameters
    assert (asked["width"], asked["height"]) == size
    assert (asked["format"], asked["keep_metadata"]) == ("png", False)


def test_a_canvas_gives_its_size_alone() -> None:
    assert _request(Stage.GENERATE, CANVAS).inputs == {}
    assert _request(Stage.PREVIEW, CANVAS).inputs == {}


def test_an_enlargement_starts_from_the_scene() -> None:
    scene = documents.state(documents.run(LARGE), Stage.GENERATE).output(Stage.GENERATE, "image")
    assert _request(Stage.UPSCALE, LARGE, Stage.GENERATE).inputs == {"source": scene}
    assessed = _request(Stage.ASSESS_UPSCALED, LARGE, Stage.GENERATE, Stage.UPSCALE)
    assert assessed.inputs["source"] == scene


@pytest.mark.parametrize(
    ("recipe", "stage", "code"),
    [
        (SCENE, Stage.PREVIEW, "missing_prompt"),
        (SCENE, Stage.GENERATE, "missing_prompt"),
        (EDIT, Stage.PREVIEW, "no_such_step"),
        (EDIT, Stage.GENERATE, "no_such_step"),
    ],
)
def test_what_the_recipe_cannot_ask_for_is_not_asked(recipe: Recipe, stage: Stage, code: str) -> None:
    with pytest.raises(PermanentFailure) as raised:
        _request(stage, recipe)
    assert raised.value.code == code


def _previewed(agreement: float | None, recipe: Recipe = WORDED) -> RunState:
    signals = documents.AGREES.model_copy(update={"prompt_agreement": agreement})
    return documents.state(documents.run(recipe), (Stage.PREVIEW, documents.summary(Stage.PREVIEW, signals=signals)))


BOLD = WORDED.model_copy(update={"policy": Policy(review="never")})


@pytest.mark.parametrize(
    ("state", "route", "rule"),
    [
        (documents.state(documents.run(SCENE)), Route.REVIEW, "no-prompt"),
        (_previewed(0.49), Route.REVIEW, "prompt-agreement"),
        (_previewed(0.49, BOLD), Route.REVIEW, "prompt-agreement"),
        (_previewed(None), Route.REVIEW, "prompt-not-scored"),
        (_previewed(0.9), Route.REVIEW, "not-generated"),
        (documents.state(documents.run(WORDED), Stage.PREVIEW, Stage.GENERATE), Route.REVIEW, "generated"),
        (documents.state(documents.run(BOLD), Stage.PREVIEW, Stage.GENERATE), Route.AUTO, "review-never"),
    ],
)
def test_a_scene_is_routed_by_how_far_it_got(state: RunState, route: Route, rule: str) -> None:
    decision = route_of(state)
    assert (decision.route, decision.rule) == (route, rule)
    assert decision.reason.endswith(".")


def test_a_low_agreement_is_said_with_both_numbers() -> None:
    assert {"0.31", "0.50:"} <= set(route_of(_previewed(0.31)).reason.replace(",", "").split())


@pytest.mark.parametrize("review", ["by-score", "always"])  # `never` is refused when the recipe is read
def test_no_conservative_recipe_delivers_a_scene_without_a_person(review: str) -> None:
    careful = WORDED.model_copy(update={"policy": Policy(review=review, conservative=True, deliver_above=0)})
    stages = (Stage.PREVIEW, Stage.GENERATE, Stage.UPSCALE, Stage.ASSESS_UPSCALED)
    assert route_of(documents.state(documents.run(careful), *stages)).route is Route.REVIEW


def test_a_faithful_enlargement_gives_an_invented_scene_no_confidence() -> None:
    state = documents.state(documents.run(LARGE), Stage.GENERATE, Stage.UPSCALE, Stage.ASSESS_UPSCALED)
    assert lowest_confidence(state) is None


def test_the_scene_and_its_enlargement_are_delivered_and_never_the_sketch() -> None:
    state = documents.state(documents.run(LARGE), Stage.PREVIEW, Stage.GENERATE, Stage.UPSCALE)
    assert [(master.name, master.source.key) for master in masters(state)] == [
        ("native", "stages/generate/image.png"),
        ("x2", "stages/upscale/image.png"),
    ]


def test_a_person_is_shown_the_last_picture_that_there_is() -> None:
    run = documents.run(LARGE)
    shown = [documents.state(run, *done).latest_image.key for done in ((), (Stage.PREVIEW,), (Stage.GENERATE,))]
    assert shown == [PHOTO.key, "stages/preview/image.png", "stages/generate/image.png"]
    assert documents.state(documents.run(PRINT), Stage.UPSCALE).latest_image.key == "stages/upscale/image.png"
