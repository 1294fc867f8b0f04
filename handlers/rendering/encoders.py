"""Pictures to files for pages: what each format is asked for, and the range in which its quality is searched."""

from collections.abc import Callable
from typing import NamedTuple

import pyvips

from handlers.rendering.colour import flattened
from handlers.rendering.metadata import Metadata
from schemas.delivering import WebFormat

Encode = Callable[["pyvips.Image", int, Metadata], bytes]
FULL_CHROMA = 90
"""Quality from which a JPEG keeps the colour of every pixel."""


class Encoder(NamedTuple):
    """A format: how it is written and read back, between which qualities it is searched, and where most end up."""

    media_type: str
    encode: Encode
    decode: Callable[[bytes], "pyvips.Image"]
    lowest: int
    highest: int
    usual: int
    keeps_alpha: bool
    largest: int


def _jpeg(image: "pyvips.Image", quality: int, told: Metadata) -> bytes:
    """Write a progressive JPEG with MozJPEG's trellis quantisation and scan order.

    The table of quantisation is the standard's: with MozJPEG's own default (3) files of the same luma SSIM were 4 to
    13 % larger (four photographs).
    """
    return bytes(
        told.on(flattened(image)).jpegsave_buffer(
            Q=quality,
            interlace=True,
            optimize_coding=True,
            trellis_quant=True,
            overshoot_deringing=True,
            optimize_scans=True,
            subsample_mode="auto",
            keep=told.kept,
        )
    )


def _webp(image: "pyvips.Image", quality: int, told: Metadata) -> bytes:
    return bytes(told.on(image).webpsave_buffer(Q=quality, effort=4, smart_subsample=True, alpha_q=100, keep=told.kept))


def _avif(image: "pyvips.Image", quality: int, told: Metadata) -> bytes:
    return bytes(
        told.on(image).heifsave_buffer(
            Q=quality, compression="av1", effort=EFFORT, bitdepth=8, subsample_mode="auto", keep=told.kept
        )
    )


EFFORT = 3
"""Of AV1's encoder, 0..9: a step more took six times as long for a tenth less (3 megapixels, libaom)."""
ENCODERS: dict[WebFormat, Encoder] = {
    "avif": Encoder("image/avif", _avif, pyvips.Image.heifload_buffer, 25, 95, 74, keeps_alpha=True, largest=16_384),
    "webp": Encoder("image/webp", _webp, pyvips.Image.webpload_buffer, 30, 97, 88, keeps_alpha=True, largest=16_383),
    "jpeg": Encoder("image/jpeg", _jpeg, pyvips.Image.jpegload_buffer, 30, 96, 84, keeps_alpha=False, largest=65_535),
}
