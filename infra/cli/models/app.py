"""The commands of ``cleanplate models`` in one group."""

import typer

from infra.cli.models import bring, look, tend

app = typer.Typer(
    invoke_without_command=True, help="List the models; fetch, add, check, remove and pack their weights."
)


@app.callback()
def models(context: typer.Context) -> None:
    """List the models; fetch, add, check, remove and pack their weights."""
    if not context.invoked_subcommand:
        look.list_models(as_json=False)


app.command("list")(look.list_models)
app.command()(look.show)
app.command()(bring.pull)
app.command()(bring.add)
app.command()(tend.verify)
app.command()(tend.remove)
app.command()(tend.pack)
