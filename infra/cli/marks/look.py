"""``marks list`` and ``marks show``."""

from pathlib import Path
from typing import Annotated

import typer

from infra.cli.marks.bring import Name
from infra.cli.options import Profile, Region, Stack

Output = Annotated[Path | None, typer.Option("-o", "--output", dir_okay=False, help="Save the artwork here.")]


def list_marks(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List the registered marks."""
    from infra.cli.console import say
    from infra.cli.tables import print_table
    from infra.cli.target import connect

    rows = [
        (mark.name, f"{mark.width} x {mark.height}", f"{mark.registered_at:%Y-%m-%d %H:%M}", mark.sha256[:12])
        for mark in connect(stack, region, profile).marks.list()
    ]
    print_table(("mark", "pixels", "registered", "sha256"), rows)
    if not rows:
        say("None yet: `cleanplate marks add LOGO.png`.")


def show(
    name: Name, output: Output = None, stack: Stack = None, region: Region = None, profile: Profile = None
) -> None:
    """Show a mark, and where its artwork lies."""
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    mark = client.marks.show(name)
    lines = {
        "mark": mark.name,
        "artwork": f"{mark.width} x {mark.height} pixels, {mark.size_bytes:,} bytes",
        "sha256": mark.sha256,
        "registered": f"{mark.registered_at:%Y-%m-%d %H:%M:%S} UTC",
        "lies at": mark.artwork.uri,
    }
    for key, text in lines.items():
        typer.echo(f"{key:12}{text}")
    if output:
        client.marks.download(mark, output)
