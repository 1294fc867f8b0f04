"""``cleanplate report``: the lives of assets as one HTML file."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from infra.client import Client
    from schemas.http.life import AssetLife

Names = Annotated[
    list[str], typer.Argument(metavar="NAME...", help="Asset id, key in the inbox, or beginning of keys: a folder.")
]
Out = Annotated[Path, typer.Option("--out", "-o", dir_okay=False, help="The HTML file.")]
Most = Annotated[int, typer.Option(min=1, max=5000, help="Assets in the file; of more than that it says how many.")]
Megabytes = Annotated[int, typer.Option("--max-mb", min=1, max=500, help="What all pictures together may take.")]
Pictures = Annotated[bool, typer.Option("--pictures/--no-pictures", help="With small pictures of every stage.")]


def report(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    names: Names,
    out: Out,
    title: Annotated[str, typer.Option(help="Title of the page.")] = "Cleanplate",
    most: Most = 200,
    max_mb: Megabytes = 50,
    pictures: Pictures = True,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Tell the life of assets in one HTML file: runs, stages, pictures, parameters, decisions, deeds of people.

    The file needs nothing beside it and holds no links: it can be mailed and archived.
    """
    from infra.cli.target import connect
    from infra.report.lives import write_lives
    from schemas.errors import PermanentFailure

    client = connect(stack, region, profile)
    found = list(dict.fromkeys(asset_id for name in names for asset_id in islice(named(client, name), most + 5000)))
    if not found:
        raise PermanentFailure(f"There is no asset at {', '.join(names)}.", code="unknown_asset")
    left_out = max(0, len(found) - most)
    fetch = client.lives.picture if pictures else None
    lives = _lives(client, found[:most], pictures)
    without = write_lives(lives, out, fetch, title=title, largest=max_mb * 1_000_000, left_out=left_out)
    number = f"{len(found)} {'asset' if len(found) == 1 else 'assets'}"
    said = [f"{most} of {number}" if left_out else number]
    said += [f"{without} pictures had no room: raise --max-mb"] if without else []
    typer.echo(f"{out}  {', '.join(said)}, {out.stat().st_size / 1e6:.1f} MB")


def named(client: "Client", name: str) -> Iterator[str]:
    """Give the ids of the assets that a name stands for: its own, that at a key, or those of a folder."""
    from infra.client import ApiError
    from schemas.ids import is_asset_id

    if is_asset_id(name):
        yield name
        return
    if not name.endswith("/"):
        try:
            yield client.asset_at(name)
        except ApiError as error:
            if error.code != "unknown_asset":
                raise
        else:
            return
    yield from (asset.asset_id for asset in client.lives.below(name.rstrip("/") + "/"))


def _lives(client: "Client", names: list[str], pictures: bool) -> Iterator["AssetLife"]:
    """Ask for all pictures first, so that they are made while the first assets are written down."""
    from infra.cli.console import say

    if pictures:
        for name in names:
            client.lives.ask_for_pictures(name)
    for number, name in enumerate(names, 1):
        if number % 25 == 0:
            say(f"{number} of {len(names)}")
        yield client.lives.with_pictures(name) if pictures else client.lives.of(name)
