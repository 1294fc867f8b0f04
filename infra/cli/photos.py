"""Which files are meant: pictures named one by one, and all pictures in folders."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import BadInput
from schemas.keys import PHOTO_SUFFIXES, is_mask


@dataclass(frozen=True)
class Photo:
    """A file to be edited; ``relative`` is its path below the folder that was named, with forward slashes."""

    file: Path
    relative: str


def find_photos(paths: Sequence[Path], *, skip: Path | None = None) -> list[Photo]:
    """List the pictures, each once, folders in alphabetical order and with their sub-folders.

    In folders, masks, hidden files and files that no picture's name fits are passed over; a file that is named
    itself is taken whatever it is called.

    Parameters
    ----------
    skip
        A folder that is not looked into: where the results go.

    Raises
    ------
    BadInput
        If a named file is a mask, or nothing at all is found.
    """
    found: dict[Path, Photo] = {}
    for path in paths:
        for photo in _in_folder(path, skip) if path.is_dir() else [_named(path)]:
            found.setdefault(photo.file.resolve(), photo)
    if not found:
        where = ", ".join(str(path) for path in paths)
        endings = " ".join(PHOTO_SUFFIXES)
        raise BadInput(f"No pictures in {where}. In folders these are taken: {endings}", code="no_pictures")
    return list(found.values())


def _named(path: Path) -> Photo:
    if is_mask(path.name):
        raise BadInput(f"{path} is a mask by its name; name the photo, its mask is found.", code="is_a_mask")
    return Photo(path, path.name)


def _in_folder(folder: Path, skip: Path | None) -> Iterator[Photo]:
    skipped = skip.resolve() if skip else None
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and (here / name).resolve() != skipped)
        for name in sorted(files):
            if name.lower().endswith(PHOTO_SUFFIXES) and not is_mask(name) and not name.startswith("."):
                yield Photo(here / name, (here / name).relative_to(folder).as_posix())
