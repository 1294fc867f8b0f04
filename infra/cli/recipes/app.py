"""The commands of ``cleanplate recipes`` in one group; without one of them it lists."""

import typer

from infra.cli.options import Profile, Region, Stack
from infra.cli.recipes import compare, lint, look, publish

app = typer.Typer(help="List recipes, and keep your own as code: checked, compared, published in versions.")
app.command("list")(look.list_recipes)
app.command()(look.show)
app.command()(lint.lint)
app.command()(compare.diff)
app.command()(publish.publish)
app.command()(look.history)
app.command()(look.schema)


@app.callback(invoke_without_command=True)
def recipes(context: typer.Context, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List recipes, and keep your own as code: checked, compared, published in versions."""
    if context.invoked_subcommand is None:
        look.list_recipes(stack, region, profile)
