"""``cleanplate``: the commands, and errors as one sentence."""

import errno
from typing import Any

import typer
from typer.core import TyperGroup

from infra.cli import (
    batches,
    calibration,
    cost,
    credentials,
    delivered,
    diff,
    edit,
    hooks,
    preview,
    provenance,
    removals,
    replay,
    report,
    review,
    runs,
    spent,
    stack,
    status,
    webhooks,
)
from infra.cli.marks import app as marks
from infra.cli.models import app as models
from infra.cli.recipes import app as recipes
from schemas.errors import CleanplateError


class _Sentences(TyperGroup):
    """A group whose commands may raise our own errors: they are written for people and end with exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except CleanplateError as error:
            typer.secho(f"cleanplate: {error.message}", fg="red", err=True)
            raise typer.Exit(1) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output went away, which click handles
                raise
            typer.secho(f"cleanplate: {error.strerror or error}: {error.filename or ''}", fg="red", err=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_Sentences,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Repair photographs: remove what should not be there, finish, enlarge, deliver.",
)
app.command()(stack.up)
app.command()(stack.down)
app.command()(edit.edit)
app.command()(status.status)
app.command()(cost.cost)
app.command()(spent.costs)
app.command()(runs.run)
app.command()(runs.cancel)
app.command()(report.report)
app.command()(preview.preview)
app.command()(replay.replay)
app.command()(provenance.provenance)
app.command()(diff.diff)
app.command()(removals.withdraw)
app.command()(removals.erase)
app.command()(credentials.verify)
app.add_typer(credentials.app, name="credentials")
app.command()(delivered.link)
app.command()(delivered.picture)
app.command()(delivered.copy)
app.add_typer(review.app, name="review")
app.add_typer(batches.app, name="batch")
app.add_typer(calibration.app, name="calibration")
app.add_typer(hooks.app, name="hooks")
app.add_typer(marks.app, name="marks")
app.add_typer(models.app, name="models")
app.add_typer(recipes.app, name="recipes")
app.add_typer(webhooks.app, name="webhooks")


def main() -> None:
    """Run the command line."""
    app()
