"""Recipes: which there are, in which versions, and publishing another one."""

import json
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers import recipes
from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.cursors import cursor_in
from handlers.api.errors import NotFound
from handlers.aws import recipes as store
from handlers.publishing import Draft, publish
from schemas.errors import BadInput
from schemas.published import KeptRecipe, PublishedRecipe
from schemas.recipe_text import recipe_schema
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def list_recipes() -> dict[str, Any]:
    """List the latest version of every recipe."""
    return {"recipes": [recipe.model_dump(mode="json") for recipe in recipes.names()]}


@router.get("/schema")
@callers.needs(*callers.ANY_ROLE)
def schema() -> dict[str, Any]:
    """Describe a recipe's text as a JSON Schema, for editors."""
    return recipe_schema()


@router.get("/by-hash/<sha256>")
@callers.needs(*callers.ANY_ROLE)
def by_hash(sha256: str) -> dict[str, Any]:
    """Show the recipe with this hash: one that a run used, was published, or ships."""
    found = store.kept(sha256) if len(sha256) == 64 else None
    if found is None:
        ships = (recipe for recipe in recipes.shipped().values() if recipe.sha256 == sha256)
        found = next((KeptRecipe(recipe=recipe, sha256=sha256) for recipe in ships), None)
    if found is None:
        raise NotFound("No run used a recipe with this hash.", code="unknown_recipe")
    facts = found.model_dump(mode="json", exclude={"recipe"}, exclude_none=True)
    return {"recipe": found.recipe.model_dump(mode="json"), **facts}


@router.get("/<recipe>/versions")
@callers.needs(*callers.ANY_ROLE)
def versions(recipe: str) -> dict[str, Any]:
    """List the versions of a recipe, the latest first, page by page: ``?cursor=``."""
    _known(recipe)
    before = _before(cursor_in(router.current_event, longest=6))
    page, after = store.versions(recipe, before=before)
    numbers = {each.recipe.version for each in page}
    ships = recipes.shipped_version(recipe)
    if ships and _belongs(ships.recipe.version, numbers, before, after):
        page = sorted([*page, ships], key=lambda each: -each.recipe.version)
    return {"name": recipe, "versions": [_listed(each) for each in page], "cursor": str(after) if after else None}


@router.get("/<recipe>")
@callers.needs(*callers.ANY_ROLE)
def show(recipe: str) -> Response[str]:
    """Show a recipe: ``name`` for its latest version, or ``name@version``."""
    return _answer(_known(recipe))


@router.put("/<recipe>")
@callers.needs(Role.ADMIN)
def put(recipe: str) -> Response[str]:
    """Publish the recipe in the body (YAML, or JSON that says so): other content than the latest makes a new version.

    The body may leave out `name` and `version`. A `version` in it is the one that it was made from, or the next.
    `If-Match` with the tag of the latest version, or `If-None-Match: *` for a first one, refuses where somebody else
    published meanwhile.
    """
    event = router.current_event
    headers = {name.lower(): value for name, value in (event.headers or {}).items()}
    who, text = callers.caller(), body_of(event)
    draft = Draft(
        name=recipe,
        text=text,
        is_json="json" in headers.get("content-type", "") and text.lstrip().startswith(b"{"),
        by=who.name or who.who,
        replaces=headers["if-match"].strip().strip('"')[:64] if "if-match" in headers else None,
        is_first=headers.get("if-none-match", "").strip() == "*",
    )
    version, is_new = publish(draft)
    return _answer(version, new=is_new)


def _known(reference: str) -> PublishedRecipe:
    try:
        return recipes.version_of(reference)
    except BadInput as error:
        raise NotFound(error.message, code=error.code) from None


def _before(cursor: str | None) -> int | None:
    if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
        raise BadInput("`cursor` is not one that this list gave.", code="bad_cursor")
    return int(cursor) if cursor else None


def _belongs(version: int, numbers: set[int], before: int | None, after: int | None) -> bool:
    """Whether what ships stands on this page, which goes from below ``before`` to ``after``."""
    return version not in numbers and (before is None or version < before) and (after is None or version > after)


def _origin(version: PublishedRecipe) -> str:
    return "published" if version.published_at else "shipped"


def _listed(version: PublishedRecipe) -> dict[str, Any]:
    facts = version.model_dump(mode="json", exclude={"recipe"}, exclude_none=True)
    recipe = version.recipe
    return {"version": recipe.version, "summary": recipe.summary, "origin": _origin(version), **facts}


def _answer(version: PublishedRecipe, **more: Any) -> Response[str]:
    facts = version.model_dump(mode="json", exclude={"recipe"}, exclude_none=True)
    shown = {"recipe": version.recipe.model_dump(mode="json"), "origin": _origin(version), **facts, **more}
    headers = {"ETag": f'"{version.sha256}"'}
    return Response(status_code=200, content_type="application/json", body=json.dumps(shown), headers=headers)
