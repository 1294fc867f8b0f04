"""Recipes: what makes one valid, and that all we ship are, with models that exist and keep their promises."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from schemas.model_card import ModelCard
from schemas.recipe import DEFAULT_UPSCALERS, ModelStep, Recipe
from schemas.stage import Stage
from tests.documents import EDIT, ENLARGE, PRINT

ROOT = Path(__file__).parents[3]
SHIPPED = {path.stem: path for path in sorted((ROOT / "infra" / "recipes").glob("*.yaml"))}
CARDS = {path.stem: path for path in sorted((ROOT / "inference" / "cards").glob("*.yaml"))}


def _recipe(name: str) -> Recipe:
    return Recipe.model_validate(yaml.safe_load(SHIPPED[name].read_text()))


def _card(name: str) -> ModelCard:
    return ModelCard.model_validate(yaml.safe_load(CARDS[name].read_text()))


def _models(recipe: Recipe) -> dict[str, Stage]:
    """Every model that a recipe can call for, with the stage it works in."""
    named: list[tuple[Any, Stage]] = [
        (recipe.preview, Stage.PREVIEW),
        (recipe.generate, Stage.GENERATE),
        (recipe.inpaint, Stage.INPAINT),
        (recipe.upscale, Stage.UPSCALE),
        (recipe.assess, Stage.ASSESS),
    ]
    if recipe.mask:
        masks = (recipe.mask.detector, recipe.mask.marks_model, recipe.mask.box_model, recipe.mask.supplied_model)
        named += [(step, Stage.MASK) for step in masks]
        named.append((recipe.refine, Stage.REFINE))
    scorer = {recipe.preview.scorer: Stage.SCORE} if recipe.preview else {}
    return {step.model: stage for step, stage in named if step} | scorer


def test_there_are_recipes_and_cards() -> None:
    assert {"remove-watermark", "remove-object", "remove-people", "enhance", "clean-and-print"} <= set(SHIPPED)
    assert {"sketch-to-scene", "scene"} <= set(SHIPPED)
    assert len(CARDS) >= len(DEFAULT_UPSCALERS)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_is_valid_and_named_like_its_file(name: str) -> None:
    assert _recipe(name).name == name


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_valid_and_named_like_its_file(name: str) -> None:
    assert _card(name).name == name


@pytest.mark.parametrize("name", SHIPPED)
def test_every_model_of_a_shipped_recipe_has_a_card_for_its_stage(name: str) -> None:
    for model, stage in _models(_recipe(name)).items():
        assert model in CARDS, f"{name} names {model}, which has no card in inference/cards"
        assert _card(model).stage is stage


@pytest.mark.parametrize("name", SHIPPED)
def test_a_conservative_recipe_names_no_model_that_invents(name: str) -> None:
    recipe = _recipe(name)
    inventing = [model for model in _models(recipe) if _card(model).generative]
    assert not (recipe.policy.conservative and inventing)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_scene_is_seen_by_a_person_and_its_prompt_is_checked_first(name: str) -> None:
    recipe = _recipe(name)
    assert recipe.generate is None or (recipe.preview is not None and recipe.policy.review == "always")


@pytest.mark.parametrize("name", SHIPPED)
def test_an_upscaler_enlarges_by_the_factor_of_its_recipe(name: str) -> None:
    upscale = _recipe(name).upscale
    assert upscale is None or _card(upscale.model).scale == upscale.scale


@pytest.mark.parametrize(("scale", "model"), DEFAULT_UPSCALERS.items())
def test_a_default_upscaler_enlarges_by_its_factor(scale: int, model: str) -> None:
    assert _card(model).scale == scale


@pytest.mark.parametrize(
    "change",
    [
        {"mask": None},
        {"inpaint": None},
        {"mask": None, "inpaint": None},
        {"name": "Edit"},
        {"name": "e"},
        {"name": "../edit"},
        {"version": 0},
        {"colour": "red"},
        {"inpaint": {"model": "../weights"}},
        {"upscale": {"model": "span-x2", "scale": 1}},
        {"policy": {"review": "sometimes"}},
        {"policy": {"deliver_above": 1.1}},
        {"deliver": {"format": "svg"}},
    ],
)
def test_a_recipe_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Recipe.model_validate(EDIT.model_dump() | change)


def test_a_recipe_is_never_changed() -> None:
    with pytest.raises(ValidationError):
        EDIT.version = 2  # type: ignore[misc]


def test_the_hash_of_a_recipe_tells_every_difference() -> None:
    other = EDIT.model_copy(update={"inpaint": ModelStep(model="by-hole", parameters={"margin": 1})})
    assert len({EDIT.sha256, other.sha256, PRINT.sha256}) == 3
    assert EDIT.sha256 == Recipe.model_validate(EDIT.model_dump()).sha256


def test_the_scale_alone_can_be_changed() -> None:
    larger = EDIT.with_scale(4, DEFAULT_UPSCALERS)
    assert larger.upscale is not None
    assert (larger.upscale.model, larger.upscale.scale) == ("span-x4", 4)
    assert larger.with_scale(1, DEFAULT_UPSCALERS) == EDIT
    assert PRINT.with_scale(2, {}) is PRINT


@pytest.mark.parametrize(("recipe", "scale"), [(EDIT, 3), (EDIT, 0), (EDIT, -2), (ENLARGE, 1)])
def test_a_scale_that_no_model_gives_is_refused(recipe: Recipe, scale: int) -> None:
    with pytest.raises(ValueError, match=r"no model|does nothing"):
        recipe.with_scale(scale, DEFAULT_UPSCALERS)
