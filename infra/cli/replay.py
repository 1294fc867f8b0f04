"""``cleanplate replay``: do a recorded run again, and see which stages come out the same."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.http.replays import ReplayShown, StageReplayShown

_MOST_REASONS = 4


def replay(
    subject: Annotated[
        str, typer.Argument(metavar="RUN", help="Run id; or asset id or key, for the run that counts of it.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for it.", min=1)] = 3600,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Do a recorded run again and say per stage whether the bytes are the same. Nothing of the picture is changed.

    Ends with 0 if all that was repeated is identical, else with 1.
    """
    from infra.cli.runs import run_of
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    started = client.replays.start(run_of(client, subject))
    if not as_json:
        typer.echo(f"{started.run_id}  replay of {started.replay_of}")
    found = client.replays.wait(started.run_id, timeout=timeout)
    typer.echo(found.model_dump_json(indent=1, exclude_none=True)) if as_json else _tell(found)
    if not found.identical:
        raise typer.Exit(1)


def _tell(found: "ReplayShown") -> None:
    from infra.cli.console import printable
    from infra.cli.tables import print_table

    print_table(("stage", "same", "model", "why"), [_row(stage) for stage in found.stages])
    typer.echo(printable(found.reason or found.state))


def _row(stage: "StageReplayShown") -> tuple[str, ...]:
    name = stage.stage if stage.number == 1 else f"{stage.stage} {stage.number}"
    return name, stage.sameness.replace("-", " "), stage.model or "", _why(stage)


def _why(stage: "StageReplayShown") -> str:
    otherwise = [f"{each.what}: {each.before or 'none'} -> {each.after or 'none'}" for each in stage.because]
    shown = otherwise[:_MOST_REASONS]
    if len(otherwise) > len(shown):
        shown.append(f"{len(otherwise) - len(shown)} more")
    if not otherwise and stage.sameness == "differs" and not stage.note:
        shown = [
            f"{each.what}: {each.before or 'none'} -> {each.after or 'none'}" for each in stage.made[:_MOST_REASONS]
        ]
    return "; ".join(filter(None, (stage.note, *shown)))
