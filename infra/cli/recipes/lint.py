"""``recipes lint``: what is wrong with recipes in files, before anybody publishes them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schemas.flaws import Flaw

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)]


def lint(files: Files) -> None:
    """Check recipes: fields, values, and that every model is there and may do what the policy lets it.

    Writes a line for everything that is wrong, `file:line:column: field: what`, and ends with 1 if there is any.
    """
    from infra.cli.console import printable, say

    wrong = [(file, flaw) for file in files for flaw in flaws_in(file)]
    for file, flaw in wrong:
        typer.echo(printable(line_of(file, flaw)))
    flawed = {file for file, _ in wrong}
    say(f"{len(files) - len(flawed)} of {len(files)} recipes are good.")
    if wrong:
        raise typer.Exit(1)


def flaws_in(file: Path) -> list["Flaw"]:
    """Find what is wrong with a recipe in a file, in its words and in the models that it names."""
    from infra.cli.recipes.models import model_flaws
    from schemas.flaws import FlawedDocument
    from schemas.recipe_text import LARGEST, read_recipe
    from schemas.written import from_yaml

    with file.open("rb") as opened:
        text = opened.read(LARGEST + 1)
    try:
        recipe = read_recipe(text, name=file.stem, version=1)
    except FlawedDocument as error:
        return error.flaws
    written = from_yaml(text.decode("utf-8-sig"))
    found = []
    for flaw in model_flaws(recipe):
        _, spot = written.spot(flaw.path)
        found.append(flaw._replace(place=spot and spot.value))
    return sorted(found, key=lambda flaw: flaw.place or (0, 0))


def line_of(file: Path, flaw: "Flaw") -> str:
    """Write a flaw as compilers do, so that editors jump to its place."""
    line, column = flaw.place or (1, 1)
    field = f" {flaw.field}:" if flaw.path else ""
    return f"{file}:{line}:{column}:{field} {flaw.message}"
