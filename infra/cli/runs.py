"""``cleanplate run`` and ``cleanplate cancel``: have a picture done again, or not at all."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from infra.client import Client

Asset = Annotated[str, typer.Argument(help="Asset id, or key in the inbox.")]
RECIPE = "Recipe, `name` or `name@version`; without it the picture's own."
BOX = "Around the object to remove: x,y,width,height in pixels."
POINT = "A click on the object to remove: x,y in pixels."


def run(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    asset: Asset,
    recipe: Annotated[str | None, typer.Option(help=RECIPE)] = None,
    entry: Annotated[str, typer.Option(help="Stage to begin at, with what the last run made by then.")] = "inspect",
    box: Annotated[str | None, typer.Option(help=BOX)] = None,
    point: Annotated[str | None, typer.Option(help=POINT)] = None,
    prompt: Annotated[str | None, typer.Option(help="What a generated picture shows.")] = None,
    scale: Annotated[int | None, typer.Option(help="Enlargement: 1, 2 or 4.")] = None,
    rights: Annotated[str | None, typer.Option(help="What you state: `owned` or `licensed`.")] = None,
    cache: Annotated[bool, typer.Option("--cache/--no-cache", help="Find again what is known, or do all anew.")] = True,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the outcome.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Have a picture done again: by another recipe, with other wishes, or from a later stage."""
    from infra.cli.asked import checked_word, job
    from infra.cli.target import connect
    from schemas.entry import KEPT
    from schemas.stage import Stage

    checked_word(entry, (Stage.INSPECT, *KEPT), "--entry")
    wanted = job(recipe=recipe, box=box, point=point, prompt=prompt, scale=scale, rights=rights, cache=cache or None)
    if not cache:
        wanted = job(**wanted.stated, cache=False)
    client = connect(stack, region, profile)
    asset_id = asset_of(client, asset)
    typer.echo(f"{client.runs.again(asset_id, wanted, entry=Stage(entry)).run_id}  attempt started")
    if wait:
        found = client.wait([asset_id], timeout=24 * 3600)[asset_id]
        typer.echo(f"{found.status.value}  {found.outcome.reason if found.outcome else ''}")


def cancel(
    subject: Annotated[str, typer.Argument(help="Run id; or asset id or key, for the run that works on it.")],
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Cancel a run that is under way. It delivers nothing, and the original is untouched."""
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    run_id = run_of(client, subject, otherwise="No run works on this picture.", code="nothing_to_cancel")
    cancelled = client.runs.cancel(run_id)
    typer.echo(f"{run_id}  {cancelled.status.value}  {cancelled.outcome.reason if cancelled.outcome else ''}")


def asset_of(client: "Client", name: str) -> str:
    """Give the id of an asset that is named by it, or by its key."""
    from schemas.ids import is_asset_id

    return name if is_asset_id(name) else client.asset_at(name)


def run_of(
    client: "Client", name: str, *, otherwise: str = "No run worked on this picture.", code: str = "no_run"
) -> str:
    """Give the id of a run that is named by it, or by its asset or the asset's key: then it is the one that counts.

    Raises
    ------
    PermanentFailure
        ``code``, saying ``otherwise``, if nothing was ever done with that asset.
    """
    from schemas.errors import PermanentFailure
    from schemas.ids import is_run_id

    if is_run_id(name):
        return name
    asset = client.asset(asset_of(client, name))
    if asset is None or not asset.run_id:
        raise PermanentFailure(otherwise, code=code)
    return asset.run_id
