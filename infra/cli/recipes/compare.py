"""``recipes diff``: what another recipe does otherwise."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from infra.client import Client
    from schemas.recipe import Recipe

SIDE = "A file, NAME or NAME@VERSION."
_CONTEXT = 1


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help=SIDE)],
    second: Annotated[
        str | None, typer.Argument(metavar="B", help=f"{SIDE} Without it, a file A is held against what is deployed.")
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 if they differ.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Compare what two recipes mean, defaults included: how they are written makes no difference."""
    import difflib

    from infra.cli.console import printable, say
    from infra.cli.recipes.known import deployed
    from schemas.recipe_text import meaning

    client = deployed(stack, region, profile)
    if second is None:
        new = _read(first, client)
        old, old_name = _deployed(new.name, client), f"{new.name} (deployed)"
        new_name = first
    else:
        old, new = _read(first, client), _read(second, client)
        old_name, new_name = first, second
    old_lines = meaning(old) if old else []
    lines = list(difflib.unified_diff(old_lines, meaning(new), old_name, new_name, lineterm="", n=_CONTEXT))
    for line in lines:
        typer.echo(printable(line))
    if not lines:
        say(f"{first} and {second or old_name} mean the same.")
    if lines and exit_code:
        raise typer.Exit(1)


def _read(given: str, client: "Client | None") -> "Recipe":
    from infra.cli.recipes.known import known_recipe
    from schemas.flaws import FlawedDocument
    from schemas.recipe_text import LARGEST, read_recipe

    path = Path(given)
    if not path.is_file():
        return known_recipe(given, client)
    with path.open("rb") as opened:
        text = opened.read(LARGEST + 1)
    try:
        return read_recipe(text, name=path.stem, version=1)
    except FlawedDocument as error:
        raise FlawedDocument(f"`{path}`", error.flaws, code=error.code) from None


def _deployed(name: str, client: "Client | None") -> "Recipe | None":
    """Find what a file is held against; ``None`` where it would be the first of its name."""
    from infra.cli.console import say
    from infra.cli.recipes.known import known_recipe

    try:
        return known_recipe(name, client)
    except typer.BadParameter:
        say(f"There is no `{name}` yet.")
        return None
