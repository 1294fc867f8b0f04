"""What guards look after, made to be laid on photographs: codes, logos, and faces cut out of other photographs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from inference.compositing.edits_file import as_png
from inference.compositing.regions import as_slices
from inference.guards.face_finder import FaceFinder
from inference.protocols import Rgb
from inference.registry import Registry
from infra.bench.quality.artworks import ARTWORKS
from schemas.finding import Guard
from schemas.pointers import Box

_FORMATS = {
    "part 4711 / lot 18": zxingcpp.BarcodeFormat.QRCode,
    "4006381333931": zxingcpp.BarcodeFormat.EAN13,
    "CP-2047-18": zxingcpp.BarcodeFormat.Code128,
}


@dataclass(frozen=True, eq=False)
class Thing:
    """One thing to be laid on a photograph.

    Parameters
    ----------
    guard
        What looks after it.
    rgba
        ``(H, W, 4)`` uint8.
    text
        What it says, where it is a code.
    registered
        Artwork by name, as PNGs, where it is a logo.
    """

    guard: Guard
    rgba: NDArray[np.uint8]
    text: str = ""
    registered: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.rgba.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.rgba.shape[0])

    def laid_on(self, photo: Rgb, box: Box) -> Rgb:
        """Lay it on a photograph, whose other pixels stay."""
        made, place = photo.copy(), as_slices(box)
        share = self.rgba[..., 3:].astype(np.float32) / 255
        made[place] = np.rint(photo[place] * (1 - share) + self.rgba[..., :3] * share)
        return made


def code(rng: Generator) -> Thing:
    """Draw a QR code, an EAN or a Code 128 with its quiet zone, two or three pixels a module."""
    text = str(rng.choice(list(_FORMATS)))
    made = zxingcpp.create_barcode(text, _FORMATS[text])
    grey = np.asarray(zxingcpp.write_barcode_to_image(made, scale=int(rng.integers(2, 4))))
    return Thing(Guard.CODES, np.dstack([grey, grey, grey, np.full_like(grey, 255)]), text=text)


def logo(rng: Generator) -> Thing:
    """Bring one of the bench's artworks to 120 to 240 pixels of width; it is registered as it was drawn."""
    name = str(rng.choice(list(ARTWORKS)))
    artwork = np.asarray(ARTWORKS[name]())
    width = int(rng.integers(120, 240))
    size = width, round(width * artwork.shape[0] / artwork.shape[1])
    small = np.asarray(Image.fromarray(artwork).resize(size, Image.Resampling.LANCZOS))
    return Thing(Guard.LOGOS, small, registered={name: as_png(artwork)})


def face(path: Path) -> Callable[[Generator], Thing]:
    """Cut the surest face out of a photograph, in an ellipse with a soft edge; it is made 60 to 160 pixels tall."""
    with Image.open(path) as image:
        rgb = np.asarray(image.convert("RGB"))
    finder: FaceFinder = Registry().load("centerface")
    found = finder.find(rgb)[0].box
    box = found.widened(found.height // 3, *rgb.shape[:2])
    shape = np.zeros((box.height, box.width), np.uint8)
    middle, axes = (box.width // 2, box.height // 2), (int(box.width * 0.45), int(box.height * 0.45))
    cv2.ellipse(shape, middle, axes, 0, 0, 360, 255, -1)
    cut = np.dstack([rgb[as_slices(box)], cv2.GaussianBlur(shape, (0, 0), box.height * 0.02)])

    def sized(rng: Generator) -> Thing:
        height = int(rng.integers(100, 260))
        size = round(height * cut.shape[1] / cut.shape[0]), height
        return Thing(Guard.FACES, np.asarray(Image.fromarray(cut).resize(size, Image.Resampling.LANCZOS)))

    return sized
