"""From what the user named to a list of pictures, before anything is uploaded."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.cli.masks import mask_for
from infra.cli.naming import ENDINGS, distinct, result_name, result_stems, upload_path
from infra.cli.photos import Photo
from schemas.errors import BadInput


@dataclass(frozen=True)
class Picture:
    """One picture: the file, its path in the inbox, its mask, and its result's name without ending."""

    file: Path
    path: str
    mask: Path | None
    result: str


def plan(photos: Sequence[Photo], masks: Path | None, *, look_for_masks: bool = True) -> list[Picture]:
    """Make the pictures of one batch.

    Every batch gets a folder of its own in the inbox: two that edit files of equal names at the same time would
    otherwise replace each other's uploads.

    Parameters
    ----------
    masks
        What ``--mask`` named: a file for all, a folder, or nothing.
    look_for_masks
        Off where a box or a click says what to remove.
    """
    batch = f"edit-{secrets.token_hex(4)}"
    paths = distinct(upload_path(photo.relative) for photo in photos)
    stems = result_stems([photo.relative for photo in photos])
    return [
        Picture(photo.file, f"{batch}/{path}", mask_for(photo, masks) if look_for_masks else None, result)
        for photo, path, result in zip(photos, paths, stems, strict=True)
    ]


def keep_originals(pictures: Sequence[Picture], out: Path) -> None:
    """Refuse to write a result over one of the pictures it is made from.

    Raises
    ------
    BadInput
        Naming the first one.
    """
    originals = {picture.file.resolve() for picture in pictures}
    for picture in pictures:
        for ending in ENDINGS:
            target = out / result_name(picture.result, ending)
            if target.resolve() in originals:
                raise BadInput(f"{target} would be overwritten; choose another folder.", code="would_overwrite")
