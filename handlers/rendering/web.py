"""Files for pages: each width in each format, in sRGB, as small as the wanted likeness lets them be."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyvips

from handlers.rendering import opening, quality
from handlers.rendering.colour import flattened, to_srgb
from handlers.rendering.encoders import ENCODERS
from handlers.rendering.made import MadeFile
from handlers.rendering.metadata import Metadata
from schemas.delivering import WebFormat, WebStep
from schemas.renditions import Master, web_widths

_AT_ONCE = 2
"""Files in the making: WebP's encoder and MozJPEG's use one core each, AV1's both."""


def web_files(
    step: WebStep, masters: Mapping[str, tuple[Master, Path]], told: Mapping[str, Metadata], folder: Path
) -> list[MadeFile]:
    """Make the files of a step out of the pictures of a run, and leave them in ``folder``.

    A width up to that of the native picture is made of it, one above it of the enlargement: what was drawn by a model
    is not asked where the picture itself has the pixels.
    """
    made: list[MadeFile] = []
    planned = web_widths(step.widths, [master for master, _ in masters.values()])
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for name, widths in planned.items():
            master, path = masters[name]
            for image in _bases(path, master, widths):
                file = partial(_file, image=image, step=step, told=told[name], master=master, folder=folder)
                made += pool.map(file, [kind for kind in step.formats if _holds(kind, image)])
    return made


def _holds(kind: WebFormat, image: "pyvips.Image") -> bool:
    """Whether a format can be this large: a very tall picture is delivered in the others alone."""
    return bool(max(image.width, image.height) <= ENCODERS[kind].largest)


def _bases(path: Path, master: Master, widths: list[int]) -> Iterator["pyvips.Image"]:
    """Give the picture at each width, the largest first; the others are made of it."""
    largest = to_srgb(opening.opened(path, master.media_type, width=max(widths))).copy_memory()
    for width in sorted(widths, reverse=True):
        yield opening.reduced(largest, width).copy_memory()


def _file(
    kind: WebFormat, *, image: "pyvips.Image", step: WebStep, told: Metadata, master: Master, folder: Path
) -> MadeFile:
    encoder = ENCODERS[kind]
    shown = image if encoder.keeps_alpha else flattened(image)
    file = quality.encoded(shown, encoder, step.ssim, told)
    name = f"web-{image.width}.{kind}"
    path = folder / name
    path.write_bytes(file.data)
    return MadeFile(
        name=name,
        purpose="web",
        path=path,
        media_type=encoder.media_type,
        width=image.width,
        height=image.height,
        enlarged=master.purpose == "enlarged",
        ssim=round(file.ssim, 5),
        quality=file.quality,
    )
