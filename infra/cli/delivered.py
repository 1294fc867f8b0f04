"""``cleanplate link``, ``picture`` and ``copy``: where delivered files are read, and their copies elsewhere."""

from typing import Annotated

import typer

from infra.cli.options import Profile, Region, Stack
from infra.cli.runs import Asset

Seconds = Annotated[
    int | None, typer.Option(min=60, max=604800, help="How long signed addresses are good for; an hour without it.")
]


def link(
    asset: Asset,
    seconds: Seconds = None,
    as_json: Annotated[bool, typer.Option("--json", help="The API's whole answer.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Print where the delivered files of a picture are read at the CDN, signed where it lets in nobody else."""
    from infra.cli.runs import asset_of
    from infra.cli.tables import print_table
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    found = client.delivered.links(asset_of(client, asset), seconds=seconds)
    if as_json:
        typer.echo(found.model_dump_json(indent=2, exclude_none=True))
        return
    print_table(("file", "address"), [*found.links.items(), ("manifest", found.manifest)])
    if found.expires_at:
        typer.echo(f"Good until {found.expires_at:%Y-%m-%d %H:%M:%S} UTC, for whoever has them.", err=True)


def picture(
    asset: Asset,
    alt: Annotated[str, typer.Option(help="What it shows, for who does not see it.")] = "",
    sizes: Annotated[str, typer.Option(help="How wide it is on the page, as the attribute `sizes` says it.")] = "100vw",
    seconds: Seconds = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Print the <picture> element that shows a delivered picture on a page."""
    from infra.cli.runs import asset_of
    from infra.cli.target import connect
    from schemas.errors import PermanentFailure
    from schemas.picture_sources import picture_html

    client = connect(stack, region, profile)
    html = picture_html(client.delivered.links(asset_of(client, asset), seconds=seconds), alt=alt, sizes=sizes)
    if html is None:
        raise PermanentFailure("No browser shows any of its files; `cleanplate link` lists them.", code="not_for_pages")
    typer.echo(html)


def copy(asset: Asset, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Have what is delivered of a picture copied to the second target once more, after that was given up."""
    from infra.cli.runs import asset_of
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    ordered = client.delivered.copy_again(asset_of(client, asset))
    typer.echo(f"{ordered.asset_id}  will be copied to {ordered.bucket}")
