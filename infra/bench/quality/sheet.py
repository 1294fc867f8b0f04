"""A contact sheet: what was given, what the methods made of it and what it had been, at native size around the edit."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inference.protocols import Mask, Rgb
from infra.bench.quality.kit import Kit, Task

TILE = 256
"""Pixels a side of each picture: a cut of native size, so that seams and grain are seen and not smoothed away."""
_CAPTION = 18


def sheet(kit: Kit, tasks: Sequence[Task], methods: Sequence[str], pictures: Path) -> Image.Image:
    """Draw a row for each task.

    Parameters
    ----------
    methods
        Columns between what was given and the truth; a picture that is not there leaves its place empty.
    pictures
        Folder with ``TASK.METHOD.png``.
    """
    names = ["given", *methods, "truth"]
    canvas = Image.new("RGB", (TILE * len(names), (TILE + _CAPTION) * len(tasks)), "white")
    for row, task in enumerate(tasks):
        cut = _cut(kit, task)
        for column, name in enumerate(names):
            place = (column * TILE, row * (TILE + _CAPTION))
            _caption(canvas, place, f"{task.kind}: {name}" if column == 0 else name)
            picture = _picture(kit, task, name, pictures)
            if picture is not None:
                canvas.paste(Image.fromarray(picture[cut]), (place[0], place[1] + _CAPTION))
    return canvas


def _picture(kit: Kit, task: Task, name: str, pictures: Path) -> Rgb | None:
    if name == "truth":
        return kit.rgb(task.truth)
    if name != "given":
        path = pictures / f"{task.id}.{name}.png"
        if not path.is_file():
            return None
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    given, scale = kit.rgb(task.input), task.facts.get("scale") or 1
    if scale == 1:
        return given
    return np.asarray(cv2.resize(given, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST), np.uint8)


def _cut(kit: Kit, task: Task) -> tuple[slice, slice]:
    """A square around the middle of the edit, or the middle of the picture."""
    height, width = kit.rgb(task.truth).shape[:2]
    area = task.affected or task.mask
    y, x = _busiest(kit.mask(area)) if area else (height // 2, width // 2)
    top, left = (max(0, min(middle - TILE // 2, side - TILE)) for middle, side in ((y, height), (x, width)))
    return slice(top, top + TILE), slice(left, left + TILE)


def _busiest(mask: Mask) -> tuple[int, int]:
    """Middle of the square that holds most of the mask."""
    share = cv2.blur(mask.astype(np.float32), (TILE, TILE), borderType=cv2.BORDER_CONSTANT)
    y, x = np.unravel_index(int(share.argmax()), share.shape)
    return int(y), int(x)


def _caption(canvas: Image.Image, place: tuple[int, int], text: str) -> None:
    ImageDraw.Draw(canvas).text((place[0] + 4, place[1] + 2), text, fill="black", font=ImageFont.load_default(12))
