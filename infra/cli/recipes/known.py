"""The recipes: as deployed, or as shipped where nothing is deployed yet; and those in files."""

from pathlib import Path

import typer

from infra.client import ApiError, Client
from schemas.errors import PermanentFailure
from schemas.recipe import Recipe
from schemas.recipe_text import read_recipe

SHIPPED = Path(__file__).parents[2] / "recipes"


def known_recipes(stack: str | None, region: str | None, profile: str | None) -> list[Recipe]:
    """Ask the deployment; where no stack runs on this machine, read the files that `up` would deploy."""
    client = deployed(stack, region, profile)
    return client.recipes.list() if client else _shipped()


def known_recipe(reference: str, client: Client | None) -> Recipe:
    """Find a recipe by ``name`` or ``name@version``; without a deployment among those that ship.

    Raises
    ------
    typer.BadParameter
        If there is none; names those there are.
    """
    if client is not None:
        try:
            return client.recipes.show(reference).recipe
        except ApiError as error:
            if error.code != "unknown_recipe":
                raise
            raise typer.BadParameter(error.message) from None
    there = _shipped()
    found = next((recipe for recipe in there if reference in (recipe.name, recipe.reference)), None)
    if found is None:
        names = ", ".join(recipe.name for recipe in there)
        raise typer.BadParameter(f"no `{reference}` ships, and no stack runs; there are: {names}.")
    return found


def deployed(stack: str | None, region: str | None, profile: str | None) -> Client | None:
    """Connect; ``None`` where no stack is named and none runs on this machine."""
    from infra.cli.target import connect

    try:
        return connect(stack, region, profile)
    except PermanentFailure:
        if stack:
            raise
        return None


def _shipped() -> list[Recipe]:
    return [read_recipe(path.read_bytes()) for path in sorted(SHIPPED.glob("*.yaml"))]
