"""Which mask belongs to a photo: one for all, one by name from a folder, or the one beside it."""

from collections.abc import Iterator
from pathlib import Path

from infra.cli.photos import Photo
from schemas.keys import PHOTO_SUFFIXES, masks_for, own_masks_for, stem


def mask_for(photo: Photo, given: Path | None) -> Path | None:
    """Find the mask.

    Parameters
    ----------
    given
        A file: the mask of every photo. A folder: there, ``photo.jpg.mask.png``, ``photo.mask.png`` or ``photo.png``
        (or any other picture of that name), in the photo's own sub-folder or directly. Whatever is given, what is not
        found in it is looked for beside the photo, and as ``_mask.png`` in its folder.
    """
    if given is not None and not given.is_dir():
        return given
    candidates = [*(_in_folder(photo, given) if given else ()), *_beside(photo)]
    return next((path for path in candidates if path.is_file()), None)


def _in_folder(photo: Photo, folder: Path) -> Iterator[Path]:
    plain_names = () if folder.resolve() == photo.file.parent.resolve() else PHOTO_SUFFIXES
    for relative in dict.fromkeys((photo.relative, photo.file.name)):
        yield from (folder / name for name in own_masks_for(relative))
        yield from (folder / (stem(relative) + ending) for ending in (".png", *plain_names) if plain_names)


def _beside(photo: Photo) -> Iterator[Path]:
    return (photo.file.with_name(name) for name in masks_for(photo.file.name))
