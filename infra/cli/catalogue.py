"""``cleanplate recipes``: what can be asked for."""

import typer

from infra.cli.options import Profile, Region, Stack


def recipes(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List the recipes of the deployment; without one running, those of this version."""
    from infra.cli.recipes import known_recipes
    from infra.cli.tables import print_table

    rows = [
        (recipe.reference, recipe.summary, f"x{recipe.upscale.scale}" if recipe.upscale else "")
        for recipe in known_recipes(stack, region, profile)
    ]
    print_table(("recipe", "what it does", "enlarges"), rows)
    typer.echo("\nUse one with `cleanplate edit photo.jpg --recipe NAME`.")
