"""Publishing recipes: each text becomes a version that never changes, or is found to be the latest one."""

from typing import NamedTuple

from handlers import recipes
from handlers.api.errors import ChangedMeanwhile, Conflict
from handlers.aws import recipes as store
from schemas.errors import BadInput, TransientFailure
from schemas.flaws import Flaw, FlawedDocument
from schemas.names import RECIPE_NAMES
from schemas.published import MOST_RECIPES, MOST_VERSIONS, RESERVED, PublishedRecipe
from schemas.recipe_text import CODE, is_recipe_name, read_recipe
from schemas.records import now

_TRIES = 5
"""Two who publish at once each get a number; five in the same moment may be asked to come again."""


class Draft(NamedTuple):
    """A text that somebody wants to publish under a name, and what they say about the version that is there.

    ``replaces`` is its hash, ``*`` any version; ``is_first`` says that there must be none.
    """

    name: str
    text: bytes
    is_json: bool
    by: str
    replaces: str | None = None
    is_first: bool = False


class Published(NamedTuple):
    """A version, and whether it is a new one."""

    version: PublishedRecipe
    is_new: bool


def publish(draft: Draft) -> Published:
    """Publish a recipe. The same content again is the same version; other content is the next one.

    Raises
    ------
    FlawedDocument
        ``bad_recipe`` if it is none, or is called otherwise.
    BadInput
        ``bad_recipe_name``, ``too_many_recipes``.
    Conflict
        ``version_conflict`` if it says to be made from a version that is not the latest.
    ChangedMeanwhile
        ``changed_meanwhile`` if the version that is there is not the one that was expected.
    """
    _check_name(draft.name)
    for _ in range(_TRIES):
        before = store.latest(draft.name)
        found = _next(draft, before, recipes.shipped_version(draft.name))
        if not found.is_new:
            return found
        if before is None:
            _check_there_is_room(draft.name)
        if store.publish(found.version, replaces=before):
            store.keep(found.version.recipe)
            recipes.forget(draft.name)
            return found
    raise TransientFailure("Others publish this recipe at the same moment; try again.", code="record_conflict")


def _next(draft: Draft, before: PublishedRecipe | None, ships: PublishedRecipe | None) -> Published:
    """Decide which version a text is, beside the one that is the latest now.

    Its number is above all of this name, also where a later deployment ships a higher one.
    """
    current = before or ships
    _check_expected(draft, current)
    number = max((each.recipe.version for each in (before, ships) if each), default=0)
    read = read_recipe(
        draft.text, is_json=draft.is_json, name=draft.name, version=current.recipe.version if current else 1
    )
    if read.name != draft.name:
        flaw = Flaw(("name",), f"it calls itself `{read.name}` and is published as `{draft.name}`")
        raise FlawedDocument("The recipe", [flaw], code=CODE)
    if current is not None and current.says_the_same(read):
        return Published(current, is_new=False)
    based_on = current.recipe.version if current else number
    if read.version not in (based_on, number + 1) or number >= MOST_VERSIONS:
        raise Conflict(
            f"The recipe says to be version {read.version}; the latest of `{draft.name}` is {based_on or 'none'}. "
            f"Look at what changed, then leave `version` out or make it {number + 1}.",
            code="version_conflict",
        )
    recipe = read.model_copy(update={"version": number + 1})
    version = PublishedRecipe(recipe=recipe, sha256=recipe.sha256, published_at=now(), published_by=draft.by)
    return Published(version, is_new=True)


def _check_name(name: str) -> None:
    if not is_recipe_name(name):
        raise BadInput(f"`{name[:60]}` cannot be a recipe: {RECIPE_NAMES}.", code="bad_recipe_name")
    if name in RESERVED:
        raise BadInput(f"No recipe can be called `{name}`; the API means something else by it.", code="bad_recipe_name")


def _check_there_is_room(name: str) -> None:
    if recipes.shipped_version(name) is None and len(store.all_latest()) >= MOST_RECIPES:
        message = f"There are {MOST_RECIPES} recipes, as many as there may be: publish a version of one of them."
        raise BadInput(message, code="too_many_recipes")


def _check_expected(draft: Draft, current: PublishedRecipe | None) -> None:
    if draft.is_first and current is not None:
        raise ChangedMeanwhile(f"There is a `{draft.name}` already.", code="changed_meanwhile")
    if draft.replaces is None or (current is not None and draft.replaces in ("*", current.sha256)):
        return
    there = f"version {current.recipe.version} is there" if current else "there is none"
    raise ChangedMeanwhile(f"`{draft.name}` is not what you expect: {there}.", code="changed_meanwhile")
