"""``marks add`` and ``marks remove``."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from infra.client import Client, MarkView

LOGO_HELP = "PNG of the mark alone, best on a transparent ground."
NAME_HELP = "Small letters, digits and hyphens; the file's name if not given."
Logo = Annotated[Path, typer.Argument(metavar="LOGO.png", exists=True, dir_okay=False, help=LOGO_HELP)]
Name = Annotated[str, typer.Argument(metavar="NAME")]


def add(
    logo: Logo,
    name: Annotated[str | None, typer.Option(help=NAME_HELP)] = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Register a watermark by its artwork. From then on `remove-watermark` finds it and computes it back.

    Transparency is the shape of the mark. Without any, the mark is what differs from its corners' median colour.
    A name that is taken gets the new artwork; runs that used the old one keep it.
    """
    from infra.cli.target import connect

    called = name or _name_from(logo)
    artwork = _read(logo)
    mark = register(connect(stack, region, profile, start=True), called, artwork)
    typer.echo(f"Registered `{mark.name}`, {mark.width} x {mark.height} pixels, sha256 {mark.sha256[:12]}.")


def remove(name: Name, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Hide a mark from new runs. Its artwork stays in the work bucket, for the runs that used it."""
    from infra.cli.target import connect

    mark = connect(stack, region, profile).marks.remove(name)
    typer.echo(f"Removed `{mark.name}`; runs that have begun still know it.")


def register(client: "Client", name: str, artwork: bytes) -> "MarkView":
    """Register artwork that some command read or made; the one way in.

    Parameters
    ----------
    client
        Of the deployment, from `infra.cli.target.connect`.
    name
        1 to 40 small letters, digits and hyphens.
    artwork
        A PNG of at most 4 MiB and 16 megapixels, 8 to 8192 pixels a side: colour and opacity, not premultiplied, as
        `inference.protocols.Mark` takes it.

    Returns
    -------
    MarkView
        The mark as it is registered now.

    Raises
    ------
    ApiError
        If the API refuses the name or the artwork, or there are 16 marks already; in words for the user.
    TransientFailure
        If there is no answer.
    """
    return client.marks.add(name, artwork)


def _name_from(logo: Path) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", logo.stem.lower()).strip("-")[:40]
    if not name:
        raise typer.BadParameter("the file's name makes no name of a mark: give one.", param_hint="--name")
    return name


def _read(logo: Path) -> bytes:
    """Read no more than may be sent: somebody may have named a film."""
    from schemas.errors import BadInput
    from schemas.mark import ARTWORK

    if logo.stat().st_size > ARTWORK.max_bytes:
        limit = ARTWORK.max_bytes >> 20
        message = f"{logo} has {logo.stat().st_size:,} bytes; artwork may have {limit} MiB: save it smaller."
        raise BadInput(message, code="too_many_bytes")
    return logo.read_bytes()
