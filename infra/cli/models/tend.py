"""``models verify``, ``models remove`` and ``models pack``."""

from pathlib import Path
from typing import Annotated

import typer

from infra.cli.console import printable

SomeNames = Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", show_default=False)]


def verify(names: SomeNames = None) -> None:
    """Read every weight file again, and say which are missing, changed, or belong to no model.

    Exit code 1 if any file is not what its card says.
    """
    from infra.models.verify import verify as judge

    bad = right = 0
    for verdict in judge(names or []):
        if verdict.state == "right":
            right += 1
        else:
            cells = (verdict.state, verdict.model or "-", verdict.file, verdict.said)
            typer.echo("\t".join(map(printable, cells)))
        bad += verdict.bad
    typer.echo(f"{right} weight files are right, {bad} are not.")
    raise typer.Exit(1 if bad else 0)


def remove(
    names: SomeNames = None,
    strays: Annotated[
        bool, typer.Option("--strays", help="Files that no card names, and unfinished downloads.")
    ] = False,
) -> None:
    """Delete models' weights, and cards of your own. What another model needs too stays."""
    from infra.cli.models.words import size
    from infra.models.remove import remove as delete
    from infra.models.remove import remove_strays

    if bool(names) == strays:
        raise typer.BadParameter("name models, or give --strays.")
    done = delete(names) if names else remove_strays()
    stayed = f" Other models keep {', '.join(done.shared)}." if done.shared else ""
    typer.echo(printable(f"{done.files} files deleted, {size(done.freed_bytes) or '0 MB'} freed.{stayed}"))


def pack(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Artifact to write, for example model.tar.gz.")],
    names: SomeNames = None,
) -> None:
    """Pack the serving program with weights for SageMaker; says the key to upload it under."""
    from infra.cli.models.words import size
    from infra.models.pack import pack as write

    done = write(target, names or [])
    typer.echo(f"{target}: {size(target.stat().st_size)}, with {', '.join(done.models)}.")
    if done.left_out and not names:
        typer.echo(f"Left out, as their files were not added: {', '.join(done.left_out)}.")
    typer.echo(f"Upload it as {done.key}, and deploy with ModelKey={done.key}.")
