"""``cleanplate calibration report``: whether the confidence agrees with people, and when to fit it again."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.agreement import Agreement

app = typer.Typer(no_args_is_help=True, help="Hold the confidence against people's verdicts.")


@app.callback()
def group() -> None:
    """Keep this a group with one command: typer would else leave the command's name out."""


@app.command()
def report(
    as_json: Annotated[bool, typer.Option("--json", help="Print a document.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Show how confidence and verdicts agree, by model and by recipe; audited deliveries apart."""
    from infra.cli.tables import print_table
    from infra.cli.target import connect
    from schemas import agreement

    found = agreement.report(connect(stack, region, profile).verdicts.all())
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], indent=1))
        return
    if not found:
        typer.echo("No verdicts yet; give some with `cleanplate review`.")
        return
    columns = ("sample", "by", "group", "n", "unknown", "says", "people", "95 %", "AUROC", "ECE", "advice")
    print_table(columns, [_row(each) for each in found])
    typer.echo(
        "\nAudits are deliveries that chance chose; they speak for all. Reviews are what a rule sent to a person."
    )


def _row(each: "Agreement") -> tuple[str, ...]:
    interval = "" if each.low is None or each.high is None else f"{each.low:.2f}..{each.high:.2f}"
    numbers = (_figure(each.confidence), _figure(each.good), interval, _figure(each.auroc), _figure(each.error))
    return (each.sample, each.by, each.group, str(each.count), str(each.without_confidence), *numbers, each.advice)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
