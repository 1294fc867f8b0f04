"""``cleanplate hooks``: places where content systems send their events."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.job import Job

app = typer.Typer(
    no_args_is_help=True, help="Take pictures in from a content system: WordPress, Contentful, Sanity ..."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.")]
Kind = Annotated[str, typer.Option(help="Who sends: generic, wordpress, contentful or sanity.")]
JobFile = Annotated[
    Path | None, typer.Option("--job", exists=True, dir_okay=False, help="Whole job, as a sidecar says it.")
]
SecretFile = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="File with the secret, where the content system has made it."),
]


@app.command()
def add(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    name: Name,
    kind: Kind = "generic",
    job: JobFile = None,
    recipe: Annotated[str | None, typer.Option(help="`name` or `name@version`.")] = None,
    rights: Annotated[str | None, typer.Option(help="What you state about its pictures: owned or licensed.")] = None,
    callback: Annotated[str | None, typer.Option(help="Address that is told of each outcome.")] = None,
    folder: Annotated[str, typer.Option(help="Folder of the inbox, below the recipe's name.")] = "",
    host: Annotated[list[str] | None, typer.Option(help="Where pictures may lie; may be given several times.")] = None,
    secret_file: SecretFile = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Make a hook, or change it. A new one's secret is printed once: give it to the content system."""
    from infra.cli.target import connect

    said = _job(job, recipe=recipe, rights=rights, callback=callback)
    secret = secret_file.read_text().strip() if secret_file else None
    hooks = connect(stack, region, profile).hooks
    made = hooks.put(name, _checked_kind(kind), said, folder=folder, hosts=host or (), secret=secret)
    typer.echo(f"address  {hooks.address(made)}")
    typer.echo(f"secret   {made.secret}" if made.secret else "secret   as it was given or made before")


@app.command("list")
def list_hooks(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List the hooks, without their secrets."""
    from infra.cli.console import say
    from infra.cli.tables import print_table
    from infra.cli.target import connect

    hooks = connect(stack, region, profile).hooks
    found = hooks.list()
    rows = [(hook.name, hook.kind.value, hook.job.recipe or "as deployed", hooks.address(hook)) for hook in found]
    print_table(("hook", "kind", "recipe", "address"), rows)
    if not rows:
        say("None yet: `cleanplate hooks add NAME --kind wordpress`.")


@app.command()
def rotate(name: Name, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Make a new secret and print it; the older one is good for 24 hours more."""
    from infra.cli.target import connect

    typer.echo(f"secret   {connect(stack, region, profile).hooks.rotate(name).secret}")


@app.command()
def remove(name: Name, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Take a hook away, and its secret. What it has ordered goes on."""
    from infra.cli.target import connect

    typer.echo(f"Removed `{connect(stack, region, profile).hooks.remove(name).name}`.")


def _job(file: Path | None, **options: str | None) -> "Job":
    """Read the job's file, and put the options over it."""
    from infra.cli import asked
    from schemas.job import Job
    from schemas.reading import read_document

    said = asked.job(**options)
    if file is None:
        return said
    text = file.read_bytes()
    return read_document(Job, text, what=f"`{file.name}`", code="bad_job", largest=len(text)).over(said)


def _checked_kind(kind: str) -> str:
    from infra.cli import asked
    from schemas.hook import HookKind

    return asked.checked_word(kind, tuple(HookKind), "--kind") or kind
