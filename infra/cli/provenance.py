"""``cleanplate provenance``: what is written down of a run, and which runs a model or a person had to do with."""

import itertools
import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.http.provenance import FoundRunShown
    from schemas.provenance import RunProvenance, TracedStage

SUBJECT = "Run id; or asset id or key in the inbox, for its latest run. Or one of the options, to find runs."
_DAY = ["%Y-%m-%d"]


def provenance(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    subject: Annotated[str | None, typer.Argument(help=SUBJECT)] = None,
    model: Annotated[str | None, typer.Option(help="Model, `name` or `name@version`.")] = None,
    weights: Annotated[str | None, typer.Option(help="SHA-256 of a weight file.")] = None,
    recipe: Annotated[str | None, typer.Option(help="Recipe, `name` or `name@version`.")] = None,
    reviewer: Annotated[str | None, typer.Option(help="Name or identity of whoever gave a verdict.")] = None,
    part: Annotated[str | None, typer.Option(help="What the model did: made, chose, measured or tried.")] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="First day, UTC.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="Last day, UTC.")] = None,
    status: Annotated[str | None, typer.Option(help="How they ended, such as `delivered`.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Runs that are listed.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: one document, or a list.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Trace a run from its upload to its files; or find runs by model, weights, recipe, reviewer and days."""
    from infra.cli.asked import checked_word
    from infra.cli.runs import run_of
    from infra.cli.target import connect
    from schemas.asset import Status

    client = connect(stack, region, profile)
    if subject is not None:
        trace = client.provenance.trace(
            run_of(client, subject, otherwise="No run is known of this picture.", code="unknown_run")
        )
        typer.echo(trace.model_dump_json(indent=2, exclude_none=True)) if as_json else _tell(trace)
        return
    if status is not None:
        checked_word(status.upper(), tuple(Status), "--status")
    found = client.provenance.find(
        model=model,
        weights=weights,
        recipe=recipe,
        reviewer=reviewer,
        part=part,
        first=first.date() if first else None,
        last=last.date() if last else None,
        status=Status(status.upper()) if status else None,
    )
    runs = list(itertools.islice(found, most))
    if as_json:
        typer.echo(json.dumps([run.model_dump(mode="json", exclude_none=True) for run in runs], indent=2))
    else:
        _list(runs)


def _tell(trace: "RunProvenance") -> None:
    """Print a run for people: what was ordered, each stage, who decided, and the files."""
    from infra.cli.console import printable
    from infra.cli.tables import print_table

    outcome = trace.outcome
    order = trace.order
    typer.echo(printable(f"{trace.run_id}  {outcome.status if outcome else 'under way'}  {order.recipe.reference}"))
    typer.echo(printable(f"upload   {order.source.key}  sha256 {trace.source.sha256 or 'unknown'}"))
    if trace.mask:
        typer.echo(printable(f"mask     {trace.mask.uri}  sha256 {trace.mask.sha256 or 'unknown'}"))
    if trace.edited_share is not None:
        typer.echo(f"edited   {trace.edited_share:.2%} of the picture")
    if outcome:
        typer.echo(printable(f"outcome  {outcome.reason}"))
    typer.echo()
    columns = ("stage", "part", "seconds", "model", "weights", "device", "decision", "note")
    print_table(columns, [_row(stage) for stage in trace.stages])
    for deed in trace.deeds:
        why = f": {deed.why}" if deed.why else ""
        typer.echo(printable(f"{deed.at:%Y-%m-%d %H:%M:%S}  {deed.what} by {deed.by.name}{why}"))
    for file in outcome.renditions if outcome else []:
        typer.echo(printable(f"file     {file.name:<8} {file.width} x {file.height}  {file.key}  sha256 {file.sha256}"))
    older = {name for stage in trace.stages for name in stage.lacks}
    if older:
        typer.echo(f"Written by an older deployment, which did not write down: {', '.join(sorted(older))}.")


def _row(stage: "TracedStage") -> tuple[str, ...]:
    model = stage.model
    seconds = stage.model_seconds if stage.model_seconds is not None else stage.wall_seconds
    return (
        stage.stage.value if stage.trial == 1 else f"{stage.stage} {stage.trial}",
        stage.part,
        "reused" if stage.reused else f"{seconds:.2f}",
        f"{model.name}@{model.version}" if model else "",
        " ".join(each.sha256[:12] for each in model.weights) if model else "",
        (model.device if model else stage.device) or "",
        " ".join(filter(None, (stage.decision, stage.rule))),
        stage.note or "",
    )


def _list(runs: list["FoundRunShown"]) -> None:
    from infra.cli.tables import print_table

    rows = [
        (
            run.run_id,
            f"{run.at:%Y-%m-%d %H:%M:%S}",
            run.status.value if run.current else f"{run.status.value} (replaced)",
            run.recipe,
            f"{run.model.name}@{run.model.version} {run.model.part}" if run.model else "",
            " ".join(run.delivered) or run.key,
        )
        for run in runs
    ]
    print_table(("run", "ended", "status", "recipe", "model", "files, or the upload"), rows)
