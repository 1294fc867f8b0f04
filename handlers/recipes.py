"""The recipes that this deployment ships, and how one is chosen for an upload."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import yaml
from pydantic import ValidationError

from handlers.settings import settings
from schemas.errors import BadInput, PermanentFailure
from schemas.keys import recipe_in_key
from schemas.recipe import DEFAULT_UPSCALERS, DeliveryFormat, Recipe, Tier
from schemas.words import LONGEST_PROMPT, from_metadata


@cache
def shipped() -> dict[str, Recipe]:
    """Read the recipes by name.

    Raises
    ------
    PermanentFailure
        If the folder is missing or a recipe in it is not valid.
    """
    folder = settings().recipes_folder
    recipes = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    if not recipes:
        raise PermanentFailure(f"There are no recipes in `{folder}`.", code="no_recipes")
    return {recipe.name: recipe for recipe in recipes}


def _read(path: Path) -> Recipe:
    try:
        recipe = Recipe.model_validate(yaml.safe_load(path.read_text()))
    except (ValidationError, yaml.YAMLError) as error:
        raise PermanentFailure(f"The recipe `{path.name}` is not valid.", code="bad_recipe") from error
    if recipe.name != path.stem:  # else two files could claim one name, and the last would win unseen
        raise PermanentFailure(f"The recipe in `{path.name}` calls itself `{recipe.name}`.", code="bad_recipe")
    return recipe


def resolve(reference: str) -> Recipe:
    """Find a recipe by ``name`` or ``name@version``.

    Raises
    ------
    BadInput
        If there is none; names those there are.
    """
    name, at, version = reference.partition("@")
    recipe = shipped().get(name)
    if recipe is None:
        known = ", ".join(sorted(shipped()))
        raise BadInput(f"There is no recipe `{name[:60]}`; there are: {known}.", code="unknown_recipe")
    if at and version != str(recipe.version):
        raise BadInput(
            f"Recipe `{name}` has no version `{version[:10]}` here; it has {recipe.version}.", code="unknown_recipe"
        )
    return recipe


def for_upload(key: str, metadata: Mapping[str, str]) -> Recipe:
    """Choose the recipe of an upload: first folder of its key, else its metadata, else the default.

    Metadata ``tier`` (preview, web or print) says how much is done, ``scale`` (1, 2 or 4) the enlargement, ``format``
    (source, png or jpeg) the delivered type, ``prompt`` and ``negative-prompt`` the words that a picture is made of.

    Raises
    ------
    BadInput
        If the metadata asks for something that there is not.
    """
    reference = recipe_in_key(key, shipped()) or metadata.get("recipe") or settings().default_recipe
    recipe = resolve(reference)
    if "tier" in metadata:
        recipe = _tiered(recipe, metadata["tier"])
    if "scale" in metadata:
        recipe = _scaled(recipe, metadata["scale"])
    if "format" in metadata:
        recipe = _delivered_as(recipe, metadata["format"])
    if "prompt" in metadata or "negative-prompt" in metadata:
        recipe = _worded(recipe, metadata)
    return recipe


def _tiered(recipe: Recipe, tier: str) -> Recipe:
    for known in get_args(Tier):
        if tier == known:
            try:
                return recipe.with_tier(known)
            except (ValueError, ValidationError):
                message = f"Recipe `{recipe.name}` only enlarges, which the tier `{known}` does not."
                raise BadInput(message, code="bad_tier") from None
    raise BadInput(f"There is no tier `{tier[:10]}`; possible: {', '.join(get_args(Tier))}.", code="bad_tier")


def _scaled(recipe: Recipe, scale: str) -> Recipe:
    try:
        return recipe.with_scale(int(scale), DEFAULT_UPSCALERS)
    except (ValueError, ValidationError):
        allowed = ", ".join(map(str, [1, *sorted(DEFAULT_UPSCALERS)]))
        raise BadInput(
            f"Recipe `{recipe.name}` cannot enlarge by `{scale[:10]}`; possible: {allowed}.", code="bad_scale"
        ) from None


def _delivered_as(recipe: Recipe, name: str) -> Recipe:
    try:
        return recipe.with_format(name)
    except (ValueError, ValidationError):
        possible = ", ".join(get_args(DeliveryFormat))
        raise BadInput(
            f"Pictures cannot be delivered as `{name[:10]}`; possible: {possible}.", code="bad_format"
        ) from None


def _worded(recipe: Recipe, metadata: Mapping[str, str]) -> Recipe:
    if not recipe.takes_prompt:
        able = ", ".join(name for name, known in sorted(shipped().items()) if known.takes_prompt) or "none"
        raise BadInput(f"Recipe `{recipe.name}` makes nothing out of words; these do: {able}.", code="prompt_not_used")
    given = (metadata.get("prompt"), metadata.get("negative-prompt"))
    try:
        prompt, negative = (None if value is None else from_metadata(value) for value in given)
        return recipe.with_prompt(prompt, negative)
    except (ValueError, ValidationError):
        raise BadInput(
            f"A prompt has 1 to {LONGEST_PROMPT} characters; in metadata it is ASCII, or encoded as RFC 2047 says.",
            code="bad_prompt",
        ) from None
