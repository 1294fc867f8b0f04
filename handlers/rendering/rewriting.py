"""What a picture tells that is delivered as it came or as a model made it: replaced without encoding its pixels."""

from contextlib import suppress
from pathlib import Path

import pyvips

from handlers.rendering import opening
from handlers.rendering.metadata import Metadata, gif, jpeg, permitted, png, webp
from schemas.asset import MediaType
from schemas.delivering import MetadataPolicy
from schemas.errors import PermanentFailure

LARGEST = 512 << 20
"""Bytes of a file that is taken into memory. An enlargement beyond that tells what its model left in it: its EXIF where
all of it may travel on, and nothing otherwise."""
_ICC = 8


def cut_down(path: Path, kind: MediaType, policy: MetadataPolicy) -> None:
    """Cut down what an upload tells that is delivered as it came. Its pixels stay, and how they are turned.

    A TIFF is written anew, without loss and upright, and tells nothing but its profile. A GIF loses comments and blocks
    of programs. A BMP tells nothing.

    Raises
    ------
    PermanentFailure
        ``metadata_unreadable`` if what it tells cannot be told from what it shows: then it is not delivered.
    """
    if policy == "keep" or kind is MediaType.BMP:
        return
    if kind is MediaType.TIFF:
        _as_silent_tiff(path)
        return
    try:
        told = permitted(opening.metadata_of(path, kind), policy, opening.orientation_of(path, kind))
        path.write_bytes(_replaced(path.read_bytes(), kind, told))
    except (ValueError, pyvips.Error) as error:
        raise PermanentFailure(
            "What this file tells beside its pixels cannot be read, so it cannot be left out.",
            code="metadata_unreadable",
        ) from error


def tell(path: Path, kind: MediaType, told: Metadata) -> None:
    """Let a picture tell this that a model made, and nothing else."""
    if path.stat().st_size <= LARGEST:
        with suppress(ValueError):  # what our own stages wrote tells nothing that nobody knows of
            path.write_bytes(_replaced(path.read_bytes(), kind, told))


def _replaced(data: bytes, kind: MediaType, told: Metadata) -> bytes:
    match kind:
        case MediaType.JPEG:
            return jpeg.rewritten(data, told.exif, told.iptc, told.xmp)
        case MediaType.PNG:
            return png.rewritten(data, told.exif, told.xmp)
        case MediaType.WEBP:
            return webp.rewritten(data, told.exif, told.xmp)
        case MediaType.GIF:
            return gif.silent(data)
    return data


def _as_silent_tiff(path: Path) -> None:
    image = opening.opened(path, MediaType.TIFF)
    silent: pyvips.Image = Metadata().on(image)
    written = path.with_name(f"{path.name}.silent")
    silent.tiffsave(str(written), compression="deflate", predictor="horizontal", keep=_ICC)
    written.replace(path)
