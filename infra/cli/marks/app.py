"""The commands of ``cleanplate marks`` in one group."""

import typer

from infra.cli.marks import bring, learn, look

app = typer.Typer(no_args_is_help=True, help="Register your watermarks: runs find them and compute them back.")
app.command()(bring.add)
app.command()(learn.learn)
app.command("list")(look.list_marks)
app.command()(look.show)
app.command()(bring.remove)
