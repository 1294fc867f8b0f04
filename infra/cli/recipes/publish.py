"""``recipes publish``: from files to versions of a deployment."""

import typer

from infra.cli.options import Profile, Region, Stack
from infra.cli.recipes.lint import Files


def publish(files: Files, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Publish recipes. Other content than the latest version makes the next one; the same content changes nothing.

    All files are checked first: where one is wrong, none is published. A file that names no recipe is called like
    itself; `version` may be left out, and the deployment counts.
    """
    from infra.cli.console import printable, say
    from infra.cli.recipes.lint import flaws_in, line_of
    from infra.cli.target import connect
    from schemas.recipe_text import read_recipe

    wrong = [line_of(file, flaw) for file in files for flaw in flaws_in(file)]
    for line in wrong:
        say(printable(line))
    if wrong:
        say("Nothing was published.")
        raise typer.Exit(1)
    client = connect(stack, region, profile, start=True)
    for file in files:
        text = file.read_bytes()
        name = read_recipe(text, name=file.stem, version=1).name
        answer = client.recipes.publish(name, text)
        reference = answer.recipe.reference
        typer.echo(f"{reference} is published." if answer.new else f"{reference} says the same already.")
