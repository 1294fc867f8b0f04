"""``cleanplate batch``: one order for many pictures that lie in the inbox already."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.console import say
from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.client import Client
    from schemas.http.batches import BatchDetail

app = typer.Typer(no_args_is_help=True, help="Work through many pictures that lie in the inbox already.")
BatchId = Annotated[str, typer.Argument(metavar="BATCH", help="See `cleanplate batch list`.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until it is over, and show how it stands.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="NAME=TEXT", help="Outcomes carry it; repeatable.")]
TryFirst = Annotated[
    int | None, typer.Option("--try", min=1, max=20, metavar="N", help="Do N first, show what came of them, and ask.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask after --try.")]
FAILED = 1
INTERRUPTED = 130


@app.command()
def start(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    prefix: Annotated[str | None, typer.Argument(help="All photos in the inbox whose keys begin so.")] = None,
    manifest: Annotated[str | None, typer.Option(metavar="KEY", help="List in the inbox: .csv, .jsonl, .json.")] = None,
    keys: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Local file with a key a line, 1,000 at most.")
    ] = None,
    recipe: Annotated[str | None, typer.Option(help="Instead of each picture's own.")] = None,
    prompt: Annotated[str | None, typer.Option(help="What a generated picture shows.")] = None,
    scale: Annotated[int | None, typer.Option(help="Enlargement: 1, 2 or 4.")] = None,
    tier: Annotated[str | None, typer.Option(help="preview, web or print.")] = None,
    rights: Annotated[str | None, typer.Option(help="What you state: `owned` or `licensed`.")] = None,
    tag: Tags = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Do every step anew.")] = False,
    at_once: Annotated[int, typer.Option(min=1, max=100, help="Pictures under way at the same time.")] = 20,
    name: Annotated[str, typer.Option(help="For people.")] = "",
    try_first: TryFirst = None,
    yes: Yes = False,
    wait: Wait = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Start a batch over a prefix, a manifest or keys, also of pictures that were done before."""
    from infra.cli import asked
    from infra.cli.target import connect

    if sum(source is not None for source in (prefix, manifest, keys)) != 1:
        raise typer.BadParameter("give a prefix, --manifest or --keys, one of them.", param_hint="PREFIX")
    job = asked.job(
        recipe=recipe,
        prompt=prompt,
        scale=asked.checked_scale(scale),
        tier=tier,
        rights=rights,
        tags=_tags(tag),
        cache=False if no_cache else None,
    )
    listed = _lines(keys) if keys else None
    client = connect(stack, region, profile)
    batch = client.batches.start(
        prefix=prefix, manifest=manifest, keys=listed, job=job, concurrency=at_once, name=name, try_first=try_first
    )
    typer.echo(batch.batch_id)
    if try_first and not _tried(client, batch.batch_id, yes):
        return
    if wait:
        _follow(client, batch.batch_id)


@app.command()
def show(
    batch: BatchId, wait: Wait = False, stack: Stack = None, region: Region = None, profile: Profile = None
) -> None:
    """Say how a batch stands: what is done, how long the rest will take, what it cost so far."""
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    if wait:
        _follow(client, batch)
    else:
        typer.echo(line_of(client.batches.show(batch)))


@app.command("list")
def list_batches(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List batches, the latest first."""
    from infra.cli.tables import print_table
    from infra.cli.target import connect

    rows = [
        (each.batch_id, each.state.value, f"{each.created_at:%Y-%m-%d %H:%M}", str(each.total or ""), each.name)
        for each in connect(stack, region, profile).batches.all()
    ]
    print_table(("batch", "state", "begun", "pictures", "name"), rows)


@app.command()
def stop(batch: BatchId, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Begin nothing more of a batch. What is under way comes to its end."""
    from infra.cli.target import connect

    typer.echo(line_of(connect(stack, region, profile).batches.stop(batch)))


@app.command()
def resume(
    batch: BatchId, wait: Wait = False, stack: Stack = None, region: Region = None, profile: Profile = None
) -> None:
    """Go on with a batch: what has no outcome, failed or was cancelled is done; nothing else is touched."""
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    typer.echo(line_of(client.batches.resume(batch)))
    if wait:
        _follow(client, batch)


@app.command()
def report(
    batch: BatchId,
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Gets index.html and batch.csv.")],
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Write a summary of a batch: a page, and the same as CSV."""
    from infra.cli.target import connect
    from infra.report.record import item_record
    from infra.report.summary import write_summary

    client = connect(stack, region, profile)
    shown = client.batches.show(batch)
    items = sorted(client.batches.items(batch), key=lambda item: item.key)
    title = shown.name or f"Batch {batch}"
    typer.echo(str(write_summary([item_record(item) for item in items], folder, title=title)))


def line_of(batch: "BatchDetail") -> str:
    """Say in one line how a batch stands."""
    from infra.cli.console import printable
    from infra.cli.tally import standing

    counted = batch.progress
    line = f"{batch.state.value}  {standing(counted.total, counted.outcomes, counted.seconds_left, counted.dollars)}"
    return printable(f"{line}  {batch.reason}" if batch.reason else line)


def _tried(client: "Client", batch_id: str, yes: bool) -> bool:
    """Wait for what is tried first, and have somebody decide; whether the batch goes on."""
    from infra.cli.batch_trial import decide
    from schemas.batch import BatchState

    batch = _follow(client, batch_id, say)
    return batch.state is BatchState.TRIED and decide(client, batch, yes=yes)


def _follow(client: "Client", batch_id: str, tell: "Callable[[str], None]" = typer.echo) -> "BatchDetail":
    """Tell how a batch stands whenever that changes, until it runs no longer; its end decides the exit code."""
    from schemas.batch import BatchState

    told = ""

    def look(batch: "BatchDetail") -> None:
        nonlocal told
        line = line_of(batch)
        if line.split(" · ", 1)[0] != told.split(" · ", 1)[0]:  # the time that is left changes with every look
            tell(line)
        told = line

    try:
        ended = client.batches.wait(batch_id, look, timeout=14 * 24 * 3600)
    except KeyboardInterrupt:
        print("The batch goes on; see `cleanplate batch show`.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    if ended.state is BatchState.FAILED:
        raise typer.Exit(FAILED)
    return ended


def _tags(said: list[str] | None) -> "dict[str, str] | None":
    if not said:
        return None
    pairs = [each.partition("=") for each in said]
    if not all(equals for _, equals, _ in pairs):
        raise typer.BadParameter("a tag is name=text.", param_hint="--tag")
    return {name: text for name, _, text in pairs}


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.strip()]
