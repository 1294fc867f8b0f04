"""The recipes that there are, shipped and published, and how one is chosen for a job."""

import re
import time
from collections.abc import Container
from functools import cache, lru_cache
from pathlib import Path

from pydantic import ValidationError

from handlers.aws import recipes as store
from handlers.settings import settings
from schemas.errors import BadInput, PermanentFailure
from schemas.flaws import FlawedDocument
from schemas.job import Job
from schemas.keys import recipe_in_key
from schemas.published import PublishedRecipe
from schemas.recipe import DEFAULT_UPSCALERS, Recipe, Tier
from schemas.recipe_text import is_recipe_name, read_recipe

_SECONDS = 10
"""For so long a name means the version that was found for it; then it is looked up again."""
_remembered: dict[str, tuple[float, PublishedRecipe]] = {}


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
        recipe = read_recipe(path.read_bytes())
    except FlawedDocument as error:
        message = f"The recipe `{path.name}` is not valid: {error.flaws[0].words}."
        raise PermanentFailure(message, code="bad_recipe") from error
    if recipe.name != path.stem:  # else two files could claim one name, and the last would win unseen
        raise PermanentFailure(f"The recipe in `{path.name}` calls itself `{recipe.name}`.", code="bad_recipe")
    return recipe


def shipped_version(name: str) -> PublishedRecipe | None:
    """Show the recipe that ships under a name as a version."""
    recipe = shipped().get(name)
    return PublishedRecipe.shipped(recipe) if recipe else None


def resolve(reference: str) -> Recipe:
    """Find a recipe by ``name`` or ``name@version``.

    A name alone means its latest version; one that was published somewhere else becomes known here within ten seconds.

    Raises
    ------
    BadInput
        If there is none; names those there are.
    """
    return version_of(reference).recipe


def version_of(reference: str) -> PublishedRecipe:
    """Find a version of a recipe as `resolve` does, with its hash and where it comes from."""
    name, at, version = reference.partition("@")
    current = _latest(name) if is_recipe_name(name) else None
    if current is None:
        known = ", ".join(recipe.name for recipe in names())
        raise BadInput(f"There is no recipe `{name[:60]}`; there are: {known}.", code="unknown_recipe")
    if not at or version == str(current.recipe.version):
        return current
    try:
        return _version(name, version)
    except LookupError:
        raise BadInput(
            f"Recipe `{name}` has no version `{version[:10]}` here; its latest is {current.recipe.version}.",
            code="unknown_recipe",
        ) from None


def names() -> list[Recipe]:
    """List the latest version of every recipe, by name. What was published under a shipped name stands in its place."""
    published = {each.recipe.name: each.recipe for each in store.all_latest()}
    return [recipe for _, recipe in sorted({**shipped(), **published}.items())]


def forget(name: str | None = None) -> None:
    """Look a recipe up anew when it is next asked for; all of them without a name."""
    if name is None:
        _remembered.clear()
        _version.cache_clear()
        shipped.cache_clear()
    _remembered.pop(name or "", None)


def _latest(name: str) -> PublishedRecipe | None:
    """Find the latest version. What there is none of is not remembered: it may be published before its first photo."""
    until, found = _remembered.get(name, (0.0, None))
    if time.monotonic() >= until:
        found = store.latest(name) or shipped_version(name)
        if found is not None:
            _remembered[name] = (time.monotonic() + _SECONDS, found)
    return found


@lru_cache(maxsize=256)
def _version(name: str, version: str) -> PublishedRecipe:
    """Find a version: a published one, else what ships now, else what shipped once and was used.

    Raises
    ------
    LookupError
        If there is none, which is not remembered.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,5}", version):
        raise LookupError
    number, ships = int(version), shipped_version(name)
    found = store.find(name, number)
    if found is None:
        found = ships if ships and ships.recipe.version == number else store.find_shipped(name, number)
    if found is None:
        raise LookupError
    return found


class _Known(Container[str]):
    """The names of recipes, each looked up when it is asked for."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and is_recipe_name(name) and _latest(name) is not None


def in_key(key: str) -> Job:
    """Read the job that the first folder of an inbox key is: it names a recipe that we know, or nothing.

    Raises
    ------
    BadInput
        If it names a version that no recipe can have.
    """
    reference = recipe_in_key(key, _Known())
    try:
        return Job(recipe=reference) if reference else Job()
    except ValidationError:
        raise BadInput("The folder names a version that no recipe has.", code="unknown_recipe") from None


def for_job(job: Job) -> Recipe:
    """Choose the recipe of a job, with what the job wants otherwise.

    Raises
    ------
    BadInput
        If there is no such recipe, or it cannot do what is wanted.
    """
    recipe = resolve(job.recipe or settings().default_recipe)
    if job.tier is not None:
        recipe = _tiered(recipe, job.tier)
    if job.scale is not None:
        recipe = _scaled(recipe, job.scale)
    if job.format is not None:
        recipe = recipe.with_format(job.format)
    if job.prompt is not None or job.negative_prompt is not None:
        recipe = _worded(recipe, job)
    return recipe if job.seed is None else recipe.with_seed(job.seed)


def _tiered(recipe: Recipe, tier: Tier) -> Recipe:
    try:
        return recipe.with_tier(tier)
    except (ValueError, ValidationError):
        message = f"At the tier `{tier}` nothing would be left to do of recipe `{recipe.name}`."
        raise BadInput(message, code="bad_tier") from None


def _scaled(recipe: Recipe, scale: int) -> Recipe:
    try:
        return recipe.with_scale(scale, DEFAULT_UPSCALERS)
    except (ValueError, ValidationError):
        raise BadInput(f"Recipe `{recipe.name}` cannot enlarge by {scale}.", code="bad_scale") from None


def _worded(recipe: Recipe, job: Job) -> Recipe:
    if not recipe.takes_prompt:
        able = ", ".join(known.name for known in names() if known.takes_prompt) or "none"
        raise BadInput(f"Recipe `{recipe.name}` makes nothing out of words; these do: {able}.", code="prompt_not_used")
    return recipe.with_prompt(job.prompt, job.negative_prompt)
