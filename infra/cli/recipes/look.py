"""``recipes list``, ``show``, ``history`` and ``schema``."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.recipe import Recipe

Reference = Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="Its latest version, or that one.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]


def list_recipes(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List the recipes of the deployment; without one running, those of this version."""
    from infra.cli.recipes.known import known_recipes
    from infra.cli.tables import print_table

    rows = [
        (recipe.reference, recipe.summary, f"x{recipe.upscale.scale}" if recipe.upscale else "", _prompt(recipe))
        for recipe in known_recipes(stack, region, profile)
    ]
    print_table(("recipe", "what it does", "enlarges", "prompt"), rows)
    typer.echo("\nUse one with `cleanplate edit photo.jpg --recipe NAME`.")


def show(reference: Reference, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Show a recipe as YAML, without what is the default: change it, and publish it."""
    from infra.cli.recipes.known import deployed, known_recipe

    typer.echo(as_yaml(known_recipe(reference, deployed(stack, region, profile))), nl=False)


def history(name: Name, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List the versions of a recipe, the latest first. Each can be asked for as NAME@VERSION."""
    from infra.cli.tables import print_table
    from infra.cli.target import connect

    rows = [
        (
            f"{name}@{version.version}",
            (version.published_at or version.origin)[:16].replace("T", " "),
            version.published_by or "",
            version.sha256[:12],
            version.summary,
        )
        for version in connect(stack, region, profile).recipes.history(name)
    ]
    print_table(("version", "published", "by", "sha256", "what it does"), rows)


def schema() -> None:
    """Print the JSON Schema by which editors check recipes; see docs/recipes.md."""
    import json

    from schemas.recipe_text import recipe_schema

    typer.echo(json.dumps(recipe_schema(), indent=2, ensure_ascii=False))


def as_yaml(recipe: "Recipe") -> str:
    """Write a recipe as the shipped ones are written."""
    import yaml

    from schemas.recipe_text import as_written

    return yaml.safe_dump(as_written(recipe), sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)


def _prompt(recipe: "Recipe") -> str:
    if not recipe.takes_prompt:
        return ""
    return "needed" if recipe.prompt is None else "possible"
