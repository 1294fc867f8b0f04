"""``cleanplate recipes``: what can be asked for."""

from typing import TYPE_CHECKING

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.recipe import Recipe


def recipes(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List the recipes of the deployment; without one running, those of this version."""
    from infra.cli.recipes import known_recipes
    from infra.cli.tables import print_table

    rows = [
        (recipe.reference, recipe.summary, f"x{recipe.upscale.scale}" if recipe.upscale else "", _prompt(recipe))
        for recipe in known_recipes(stack, region, profile)
    ]
    print_table(("recipe", "what it does", "enlarges", "prompt"), rows)
    typer.echo("\nUse one with `cleanplate edit photo.jpg --recipe NAME`.")


def _prompt(recipe: "Recipe") -> str:
    if not recipe.takes_prompt:
        return ""
    return "needed" if recipe.prompt is None else "possible"
