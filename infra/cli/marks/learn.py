"""``marks learn``: estimate a mark from a folder of pictures that carry it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.console import printable, say
from infra.cli.marks.bring import NAME_HELP, register
from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from inference.protocols import Rgb
    from inference.unblending.learning.learn import Learned
    from inference.unblending.learning.placing import Photo

OUT_HELP = "Write the artwork here. Alone, nothing is registered."
MOST = 200
"""Pictures. More tell no more, and each is decoded several times."""
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False)]


def learn(
    folder: Folder,
    name: Annotated[str | None, typer.Option(help=NAME_HELP.replace("file", "folder"))] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", dir_okay=False, help=OUT_HELP)] = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Learn a watermark that a folder of pictures has in common, and register it.

    Takes 5 to 200 pictures, 20 do well, of different things, with the mark in the same corner or in the middle, of one
    size or growing with the picture. Look at what it wrote before you rely on it: `--out`.
    """
    if name is None and out is None:
        raise typer.BadParameter("give --name to register the mark, --out to write it to a file, or both.")
    from inference.unblending.learning.learn import learn as learned_from

    photos = _photos(folder)
    say(f"Looking at {len(photos)} pictures for what they have in common ...")
    learned = learned_from(photos)
    artwork = learned.as_png()
    say(_words(learned, len(photos)))
    if out:
        out.write_bytes(artwork)
        typer.echo(f"{printable(str(out))}: {learned.rgba.shape[1]} x {learned.rgba.shape[0]} pixels.")
    if name:
        from infra.cli.target import connect

        mark = register(connect(stack, region, profile, start=True), name, artwork)
        typer.echo(f"Registered `{mark.name}`, {mark.width} x {mark.height} pixels, sha256 {mark.sha256[:12]}.")


def _photos(folder: Path) -> list["Photo"]:
    """Take all pictures of a folder; what cannot be read is left out, and said."""
    from inference.unblending.learning.placing import Photo
    from infra.cli.photos import find_photos
    from schemas.errors import BadInput

    photos = []
    for found in find_photos([folder])[:MOST]:
        try:
            size = _read(found.file).shape[:2]
        except (BadInput, OSError) as error:
            reason = error.message if isinstance(error, BadInput) else error.strerror
            say(printable(f"{found.relative} is left out: {reason}"))
            continue
        photos.append(Photo((size[0], size[1]), partial(_read, found.file)))
    return photos


def _read(file: Path) -> "Rgb":
    from inference.pictures.decode import decode

    return decode(file.read_bytes()).rgb8()


def _words(learned: "Learned", asked: int) -> str:
    inks = ", ".join(
        f"#{''.join(f'{round(float(value)):02x}' for value in ink.colour)} at {ink.opacity:.0%}" for ink in learned.inks
    )
    return f"A mark at {learned.placing.words}, learned from {learned.used} of {asked} pictures: {inks}."
