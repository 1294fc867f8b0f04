"""The recipes that this deployment ships, and how one is chosen for a job."""

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from handlers.settings import settings
from schemas.errors import BadInput, PermanentFailure
from schemas.flaws import FlawedDocument
from schemas.job import Job
from schemas.keys import recipe_in_key
from schemas.recipe import DEFAULT_UPSCALERS, Recipe, Tier
from schemas.recipe_text import read_recipe


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


def in_key(key: str) -> Job:
    """Read the job that the first folder of an inbox key is: it names a recipe that we know, or nothing.

    Raises
    ------
    BadInput
        If it names a version that no recipe can have.
    """
    reference = recipe_in_key(key, shipped())
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
        message = f"Recipe `{recipe.name}` only enlarges, which the tier `{tier}` does not."
        raise BadInput(message, code="bad_tier") from None


def _scaled(recipe: Recipe, scale: int) -> Recipe:
    try:
        return recipe.with_scale(scale, DEFAULT_UPSCALERS)
    except (ValueError, ValidationError):
        raise BadInput(f"Recipe `{recipe.name}` cannot enlarge by {scale}.", code="bad_scale") from None


def _worded(recipe: Recipe, job: Job) -> Recipe:
    if not recipe.takes_prompt:
        able = ", ".join(name for name, known in sorted(shipped().items()) if known.takes_prompt) or "none"
        raise BadInput(f"Recipe `{recipe.name}` makes nothing out of words; these do: {able}.", code="prompt_not_used")
    return recipe.with_prompt(job.prompt, job.negative_prompt)
