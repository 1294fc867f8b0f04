"""``cleanplate models``: what can do the work, under which licence, and its weights."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID

app = typer.Typer(invoke_without_command=True, help="List the models, or fetch their weights.")


@app.callback()
def models(context: typer.Context) -> None:
    """List the models with their licences."""
    if context.invoked_subcommand:
        return
    from inference.registry import Registry
    from inference.weights import models_folder, weight_path
    from infra.cli.tables import print_table
    from schemas.model_card import ModelCard

    def weights(card: ModelCard) -> str:
        if card.unmet:
            return f"to be added: cleanplate models add FILE_OR_URL --sha256 HEX --model {card.name}"
        if not card.weights:
            return "none needed"
        present = all(weight_path(models_folder(), file).is_file() for file in card.weights)
        return "present" if present else f"missing: cleanplate models pull {card.name}"

    cards = sorted(Registry().cards(), key=lambda card: (card.stage.value, card.name))
    rows = [
        (card.stage.value, card.name, card.version, card.licence, "yes" if card.commercial_use else "no", weights(card))
        for card in cards
    ]
    print_table(("stage", "model", "version", "licence", "commercial use", "weights"), rows)


@app.command()
def pull(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="The weights of every model.")] = False,
) -> None:
    """Fetch weights, checked by their SHA-256; what is there already stays."""
    if bool(names) == every:
        raise typer.BadParameter("name models, or give --all.")
    from infra.models.store import pull as fetch

    with _Bars() as bars:
        paths = fetch(names or [], bars.show)
    typer.echo(f"{len(paths)} weight files present.")


@app.command()
def pack(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Artifact to write, for example model.tar.gz.")],
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", show_default=False)] = None,
) -> None:
    """Pack the serving program with its weights for SageMaker; says the key to upload it under."""
    from infra.models.pack import pack as write

    key = write(target, names or [])
    typer.echo(f"{target}: {target.stat().st_size / 1e6:.0f} MB. Upload it as {key}, and deploy with ModelKey={key}.")


class _Bars:
    """One bar a file on a terminal, one line a file elsewhere."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

        console = Console(stderr=True)
        self._live = console.is_terminal
        self._bars = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), console=console)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "_Bars":
        if self._live:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._bars.stop()

    def show(self, file: str, done: int, size: int) -> None:
        """Tell how far a file is."""
        if file not in self._tasks:
            self._tasks[file] = self._bars.add_task(file, total=size)
            if not self._live:
                print(f"fetching {file} ({size:,} bytes)", file=sys.stderr, flush=True)
        self._bars.update(self._tasks[file], completed=done)
