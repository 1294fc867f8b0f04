"""``cleanplate review``: the queue of results that wait for people, on the command line."""

import json
from typing import TYPE_CHECKING, Annotated, Literal, cast, get_args

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from infra.client import Client
    from schemas.http.reviews import TrailShown
    from schemas.verdict import Reason

app = typer.Typer(no_args_is_help=True, help="Results that wait for people: list, show, approve, reject, redo.")

Asset = Annotated[str, typer.Argument(help="Asset id, or key in the inbox.")]
Comment = Annotated[str | None, typer.Option(help="Anything else, at most 500 characters.")]
Why = Annotated[str | None, typer.Option(help="What is wrong, in one word; a wrong one lists them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a document.")]


@app.command(name="list")
def list_waiting(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    recipe: Annotated[str | None, typer.Option(help="Only of this recipe.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only what this rule sent to people.")] = None,
    max_confidence: Annotated[float | None, typer.Option(min=0, max=1, help="Only up to this confidence.")] = None,
    older_than_hours: Annotated[float | None, typer.Option(min=0, help="Only what waits longer than this.")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only what you hold.")] = False,
    as_json: AsJson = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """List what waits, in the order in which people should look."""
    from infra.cli.tables import print_table
    from infra.cli.target import connect

    filters = {
        "recipe": recipe,
        "rule": rule,
        "max_confidence": None if max_confidence is None else str(max_confidence),
        "older_than_hours": None if older_than_hours is None else str(older_than_hours),
        "mine": "true" if mine else None,
    }
    found = list(connect(stack, region, profile).reviews.waiting(**filters))
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], indent=1))
        return
    rows = [
        (
            each.asset_id,
            each.rule,
            "" if each.confidence is None else f"{each.confidence:.2f}",
            f"{each.opened_at:%Y-%m-%d %H:%M}",
            each.claimed_by or "",
            each.name,
        )
        for each in found
    ]
    print_table(("asset", "rule", "confidence", "since", "held by", "name"), rows)


@app.command()
def show(
    asset: Asset, as_json: AsJson = False, stack: Stack = None, region: Region = None, profile: Profile = None
) -> None:
    """Show one: why it was flagged, what was measured, its pictures and its trail."""
    from infra.cli.console import printable
    from infra.cli.tables import print_table

    client, asset_id, run_id = _review(asset, stack, region, profile)
    item = client.reviews.show(asset_id, run_id)
    if as_json:
        typer.echo(item.model_dump_json(indent=1))
        return
    typer.echo(printable(f"{item.asset_id}  {item.state}  {item.recipe}  {item.name}"))
    typer.echo(printable(item.reason))
    for finding in item.findings:
        box = finding.box
        place = f" at {box.x},{box.y} {box.width}x{box.height}" if box else ""
        typer.echo(printable(f"  {finding.guard} {finding.change}{place}: {finding.detail}"))
    typer.echo()
    print_table(("signal", "value", "in words"), [(each.name, each.value, each.words) for each in item.signals])
    typer.echo()
    trail = client.reviews.trail(asset_id, run_id)
    print_table(("when", "who", "what", "why"), [_deed(entry) for entry in trail])
    typer.echo("\nLinks, good for five minutes:")
    for name, link in item.files.items():
        typer.echo(f"  {name:<8} {printable(link)}")


@app.command()
def approve(
    asset: Asset,
    comment: Comment = None,
    touched_up: Annotated[
        bool, typer.Option("--touched-up", help="Good only after somebody changed it by hand.")
    ] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Deliver a result that waits; it is enlarged first where its recipe asks for that."""
    from schemas.verdict import Opinion

    client, asset_id, run_id = _review(asset, stack, region, profile)
    opinion = Opinion(verdict="approve", unchanged=not touched_up, comment=_comment(comment))
    decision = client.reviews.decide(asset_id, run_id, opinion)
    follows = "delivering" if decision.next_run else _over(decision.state)
    typer.echo(f"Approved by {decision.name or decision.who}; {follows}.")


@app.command()
def reject(
    asset: Asset,
    reason: Why = None,
    deliver: Annotated[str, typer.Option(metavar="nothing|original", help="What becomes of the picture.")] = "nothing",
    comment: Comment = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Reject a result: deliver nothing, or the original as it came."""
    from schemas.verdict import Opinion

    if deliver not in ("nothing", "original"):
        raise typer.BadParameter("it is nothing or original.", param_hint="--deliver")
    wrong = _reason(reason, needed=True)
    client, asset_id, run_id = _review(asset, stack, region, profile)
    opinion = Opinion(
        verdict="reject",
        reason=wrong,
        comment=_comment(comment),
        deliver=cast("Literal['nothing', 'original']", deliver),
    )
    decision = client.reviews.decide(asset_id, run_id, opinion)
    typer.echo(f"Rejected by {decision.name or decision.who}; {deliver} is delivered.")


@app.command()
def redo(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    asset: Asset,
    model: Annotated[str | None, typer.Option(help="Another model for the fill.")] = None,
    prompt: Annotated[str | None, typer.Option(help="Other words, where the recipe takes some.")] = None,
    box: Annotated[str | None, typer.Option(metavar="X,Y,W,H", help="The object in this box.")] = None,
    context: Annotated[
        float | None, typer.Option(min=0.25, max=4, help="How much of the surroundings to look at; 1 is usual.")
    ] = None,
    conservative: Annotated[bool, typer.Option("--conservative", help="Invent nothing.")] = False,
    rights: Annotated[str | None, typer.Option(metavar="owned|licensed", help="State the rights.")] = None,
    allow_cost: Annotated[bool, typer.Option("--allow-cost", help="Whatever it costs.")] = False,
    reason: Why = None,
    comment: Comment = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Have it made again with changes; the new attempt comes back as a review."""
    from pydantic import ValidationError

    from schemas.pointers import Box
    from schemas.redo import Changes

    given = {
        "model": model,
        "prompt": prompt,
        "context": context,
        "conservative": conservative or None,
        "rights": rights,
        "allow_cost": allow_cost or None,
        "reason": _reason(reason),
        "comment": _comment(comment),
    }
    try:
        changes = Changes.model_validate({**given, "box": Box.parse(box) if box else None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise typer.BadParameter(f"{first['msg']}.", param_hint=f"--{first['loc'][0]}".replace("_", "-")) from None
    except ValueError:
        raise typer.BadParameter("a box is four whole numbers x,y,width,height.", param_hint="--box") from None
    client, asset_id, run_id = _review(asset, stack, region, profile)
    run = client.reviews.redo(asset_id, run_id, changes)
    typer.echo(f"Making it again with {changes.words}: run {run}. It comes back as a review.")


def _review(asset: str, stack: str | None, region: str | None, profile: str | None) -> "tuple[Client, str, str]":
    """Find the deployment, the asset and its current run."""
    from infra.cli.target import connect
    from schemas.errors import PermanentFailure

    client = connect(stack, region, profile)
    asset_id = asset if asset.startswith("a-") else client.asset_at(asset)
    found = client.asset(asset_id)
    if found is None:
        raise PermanentFailure(f"There is no asset `{asset_id}`.", code="unknown_asset")
    return client, asset_id, found.run_id


def _reason(word: str | None, *, needed: bool = False) -> "Reason | None":
    from schemas.verdict import Reason

    words = ", ".join(get_args(Reason))
    if word is None and needed:
        raise typer.BadParameter(f"a rejection needs one of {words}.", param_hint="--reason")
    if word is not None and word not in get_args(Reason):
        raise typer.BadParameter(f"it is one of {words}.", param_hint="--reason")
    return cast("Reason | None", word)


def _comment(text: str | None) -> str | None:
    if text is not None and not 1 <= len(text.strip()) <= 500:
        raise typer.BadParameter("it has 1 to 500 characters.", param_hint="--comment")
    return text


def _over(state: str) -> str:
    return "a second person must approve it too" if state == "needs_second" else "it was delivered before"


def _deed(entry: "TrailShown") -> tuple[str, str, str, str]:
    return f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.by.name, entry.what, entry.why or ""
