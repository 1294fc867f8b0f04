"""Pairs of pictures to judge: a photograph with something on it, and the same without."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from handlers.proofing.making import Files, make
from schemas.pointers import S3Pointer
from schemas.proof import Proofs
from tests.unit.handlers.pictures import encoded

CLEAN = Image.fromarray(data.astronaut()[:300, :400])  # 400 x 300
HOLE = (60, 80, 120, 130)
"""Left, top, right and bottom of what was edited."""


def dirty() -> Image.Image:
    """Cover the hole."""
    covered = CLEAN.copy()
    covered.paste((255, 255, 255), HOLE)
    return covered


def mask(size: tuple[int, int] = CLEAN.size, *boxes: tuple[int, int, int, int]) -> Image.Image:
    """Draw a mask of the hole, or of other boxes."""
    drawn = Image.new("L", size)
    for box in boxes or (HOLE,):
        drawn.paste(255, box)
    return drawn


class Made:
    """Proofs, with the pictures that they point at."""

    def __init__(self, proofs: Proofs, kept: dict[str, bytes]) -> None:
        self.proofs = proofs
        self.kept = kept

    def picture(self, pointer: S3Pointer | None) -> Image.Image:
        """Open a picture of the proofs."""
        assert pointer is not None
        return Image.open(io.BytesIO(self.kept[pointer.key]))

    def pixels(self, pointer: S3Pointer | None, mode: str = "RGB") -> NDArray[np.int16]:
        """Decode a picture of the proofs."""
        return np.asarray(self.picture(pointer).convert(mode)).astype(np.int16)


Prove = Callable[..., Made]


def prove(folder: Path, before: bytes | None, after: bytes | None, mask: bytes | None = None) -> Made:
    """Make proofs of files; ``before is after`` for a run that made nothing."""
    kept: dict[str, bytes] = {}

    def keep(name: str, content: bytes, media_type: str) -> S3Pointer:
        assert Image.open(io.BytesIO(content)).get_format_mimetype() == media_type
        kept[name] = content
        return S3Pointer(bucket="work", key=name)

    paths: dict[str, Path | None] = {}
    for name, content in (("before", before), ("after", after), ("mask", mask)):
        paths[name] = folder / name if content is not None else None
        if content is not None:
            (folder / name).write_bytes(content)
    if before is after:
        paths["after"] = paths["before"]
    return Made(make(Files(**paths), keep), kept)


def png(picture: Image.Image, **options: Any) -> bytes:
    """Encode without loss."""
    return encoded(picture, "PNG", **options)
