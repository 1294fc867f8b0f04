"""``edits.zip``: ``edits.json`` and three PNGs a patch, the same bytes for the same layer.

The reader trusts nothing: names are compared and never used as paths, entries are stored and not deflated (so that a
zip cannot grow on reading), and every picture has the size that the index announces.
"""

import io
import json
import zipfile
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field

from inference.compositing.edits import EditLayer, Patch
from inference.pictures.header import BROKEN
from schemas.asset import Limits
from schemas.errors import BadInput
from schemas.pointers import Box, Document

MAX_PATCHES = 1000
MAX_CROP_SHARE = 4
"""Crops may overlap, but not cover the picture more often than this."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LARGEST_INDEX = 1_000_000


class _PatchEntry(Document):
    box: Box
    model: str = Field(min_length=1, max_length=63)
    hole_pixels: int = Field(ge=0)
    measured: bool = False


class _Index(Document):
    version: Literal[1] = 1
    width: int = Field(gt=0, le=100_000)
    height: int = Field(gt=0, le=100_000)
    patches: list[_PatchEntry] = Field(max_length=MAX_PATCHES)


def pack(layer: EditLayer) -> bytes:
    """Write a layer."""
    entries = [
        _PatchEntry(box=patch.box, model=patch.model, hole_pixels=int(patch.hole.sum()), measured=patch.measured)
        for patch in layer.patches
    ]
    index = _Index(width=layer.width, height=layer.height, patches=entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, "edits.json", json.dumps(index.model_dump(mode="json"), indent=1).encode())
        for number, patch in enumerate(layer.patches):
            fill, alpha, hole = _names(number)
            _add(archive, fill, as_png(patch.fill))
            _add(archive, alpha, as_png(patch.alpha))
            _add(archive, hole, as_png(patch.hole))
    return out.getvalue()


def unpack(data: bytes) -> EditLayer:
    """Read a layer.

    Raises
    ------
    BadInput
        ``edits`` when it is not exactly what ``pack`` writes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            index = _read_index(archive)
            patches = [_read_patch(archive, number, entry) for number, entry in enumerate(index.patches)]
            return EditLayer(index.width, index.height, patches)
    except (zipfile.BadZipFile, NotImplementedError, *BROKEN) as error:
        # pydantic's ValidationError is a ValueError; its text may quote the file, so it stays in the chain only.
        raise BadInput("The edit layer is damaged or was not made by this program.", code="edits") from error


def _read_index(archive: zipfile.ZipFile) -> _Index:
    entries = archive.infolist()
    if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
        raise ValueError("entries are stored, neither deflated nor encrypted")
    if archive.getinfo("edits.json").file_size > _LARGEST_INDEX:
        raise ValueError("the index is too long")
    index = _Index.model_validate_json(archive.read("edits.json"))
    expected = ["edits.json", *(name for number in range(len(index.patches)) for name in _names(number))]
    if [entry.filename for entry in entries] != expected:
        raise ValueError("the entries are not those of the index")
    if index.width * index.height > Limits().max_pixels:
        raise ValueError("the picture is larger than any that is accepted")
    covered = sum(entry.box.width * entry.box.height for entry in index.patches)
    if covered > MAX_CROP_SHARE * index.width * index.height:
        raise ValueError("the patches are larger than the picture explains")
    return index


def _read_patch(archive: zipfile.ZipFile, number: int, entry: _PatchEntry) -> Patch:
    fill, alpha, hole = (
        _read_png(archive.read(name), mode, entry.box)
        for name, mode in zip(_names(number), ("RGB", "L", "1"), strict=True)
    )
    return Patch(entry.box, fill, alpha, hole.astype(bool), entry.model, entry.measured)


def _read_png(data: bytes, mode: str, box: Box) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        if image.mode != mode or image.size != (box.width, box.height):
            raise ValueError(f"a {mode} picture of {box.width} x {box.height} was announced")
        return np.array(image)


def as_png(samples: NDArray[np.uint8] | NDArray[np.bool_]) -> bytes:
    """Write samples as a PNG with nothing else in it: fast to write, and the same bytes each time."""
    out = io.BytesIO()
    Image.fromarray(samples).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _names(number: int) -> tuple[str, str, str]:
    return (f"{number:03d}-fill.png", f"{number:03d}-alpha.png", f"{number:03d}-hole.png")


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add an entry whose header does not depend on the clock or the system."""
    entry = zipfile.ZipInfo(name, date_time=_EPOCH)
    entry.create_system = 3
    archive.writestr(entry, data)
