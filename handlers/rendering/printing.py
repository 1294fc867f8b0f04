"""A file for a print shop: millimetres and dots an inch to pixels, in the profile and the depth that were asked for."""

from pathlib import Path

import pyvips

from handlers.rendering import opening
from handlers.rendering.colour import flattened, icc_name, is_deep, to_8_bit, to_profile
from handlers.rendering.made import MadeFile
from handlers.rendering.metadata import Metadata
from schemas.delivering import PrintStep
from schemas.errors import PermanentFailure
from schemas.renditions import Master

_INCH = 25.4
JPEG_QUALITY = 95
_EXIF = 1
"""Of libvips' ``VipsForeignKeep``: it writes a JPEG's resolution there, into a block of its own where there is none."""


def print_file(step: PrintStep, master: Master, path: Path, told: Metadata, folder: Path) -> MadeFile:
    """Make the file of a step out of the largest picture that there is, and leave it in ``folder``.

    Where the picture has fewer pixels than paper and resolution ask for, it is printed with those that there are: the
    resolution that is told, in the file too, is the true one.

    Raises
    ------
    PermanentFailure
        ``too_coarse_for_print`` if that is below the recipe's ``least_dpi``.
    """
    size = opening.size_of(path, master.media_type)
    across = step.width_mm is not None
    millimetres = step.width_mm if step.width_mm is not None else step.height_mm or 0.0
    pixels, dpi = _planned(step, size[0] if across else size[1], millimetres)
    width = pixels if across else max(1, round(size[0] * pixels / size[1]))
    image = _in_profile(step, opening.opened(path, master.media_type, width=min(width, size[0])))
    name = f"print.{step.format}"
    _write(step, told.on(_at(image, dpi)), told, folder / name)
    return MadeFile(
        name=name,
        purpose="print",
        path=folder / name,
        media_type=f"image/{step.format}",
        width=image.width,
        height=image.height,
        enlarged=master.purpose == "enlarged",
        quality=JPEG_QUALITY if step.format == "jpeg" else None,
        dpi=round(dpi, 2),
        icc=icc_name(image),
    )


def _planned(step: PrintStep, there: int, millimetres: float) -> tuple[int, float]:
    """Pixels of the side that was asked for, and the resolution that they give."""
    wanted = max(1, round(millimetres / _INCH * step.dpi))
    if wanted <= there:
        return wanted, step.dpi
    dpi = there / (millimetres / _INCH)
    if step.least_dpi is not None and dpi < step.least_dpi:
        raise PermanentFailure(
            f"A print of {millimetres:g} mm would have {dpi:.0f} dots an inch, and the recipe wants at least "
            f"{step.least_dpi:g}; print it smaller, or enlarge it.",
            code="too_coarse_for_print",
        )
    return there, dpi


def _in_profile(step: PrintStep, image: "pyvips.Image") -> "pyvips.Image":
    deep = step.depth == "keep" and step.format != "jpeg" and is_deep(image)
    if step.format == "jpeg":
        image = flattened(image)
    if step.format == "png" and str(image.interpretation) == "cmyk":  # PNG knows no CMYK
        return to_profile(image, "srgb", deep=deep)
    if step.icc != "keep":
        return to_profile(image, step.icc, deep=deep)
    return image if deep else to_8_bit(image)


def _at(image: "pyvips.Image", dpi: float) -> "pyvips.Image":
    """Say how large it is on paper; libvips counts pixels a millimetre."""
    return image.copy(xres=dpi / _INCH, yres=dpi / _INCH)


def _write(step: PrintStep, image: "pyvips.Image", told: Metadata, path: Path) -> None:
    match step.format:
        case "tiff":
            image.tiffsave(str(path), compression="deflate", predictor="horizontal", resunit="inch", keep=told.kept)
        case "png":
            image.pngsave(str(path), compression=6, keep=told.kept)
        case "jpeg":
            kept = told.kept | _EXIF
            image.jpegsave(str(path), Q=JPEG_QUALITY, subsample_mode="off", optimize_coding=True, keep=kept)
