"""What a reviewer is shown in the tests of the page: the demo's pictures, repaired in a simple way, as proofs."""

import io
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image

from infra.demo.photographs import load
from infra.demo.pictures import dirty_pictures

CLEAN = {"cat.png": "chelsea.png"}
MARGIN = 40
"""Pixels of surroundings in an area's view."""


@dataclass
class Shown:
    """One result: its pictures as files by name, its edited areas as boxes."""

    width: int
    height: int
    files: dict[str, bytes] = field(default_factory=dict)
    areas: list[dict[str, dict[str, int]]] = field(default_factory=list)


@cache
def shown(name: str) -> Shown:
    """Make all pictures of the demo's picture ``name``."""
    picture = next(picture for picture in dirty_pictures() if picture.file == name)
    before = picture.image
    if picture.mask is not None:
        mask = np.asarray(picture.mask) > 127
    else:
        mask = np.abs(np.asarray(before, int) - np.asarray(load(CLEAN[name]), int)).max(axis=2) > 2
        mask = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    pixels = np.asarray(before)
    after = Image.fromarray(cv2.inpaint(pixels, mask.astype(np.uint8), 4, cv2.INPAINT_TELEA))
    return _proofs(before, after, mask)


def _proofs(before: Image.Image, after: Image.Image, mask: np.ndarray) -> Shown:
    made = Shown(*before.size)
    changed = np.abs(np.asarray(before, int) - np.asarray(after, int)).max(axis=2)
    heat = np.zeros((*changed.shape, 4), np.uint8)
    heat[..., 0], heat[..., 1], heat[..., 3] = 255, 255 - np.clip(changed * 2, 0, 255), np.clip(changed * 3, 0, 230)
    tint = np.zeros((*mask.shape, 4), np.uint8)
    tint[cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0] = (255, 0, 140, 255)
    tint[mask] = (255, 0, 140, 80)
    small = after.copy()
    small.thumbnail((256, 256))
    made.files = {
        "before.jpg": encoded(before, "JPEG"),
        "after.jpg": encoded(after, "JPEG"),
        "heat.png": encoded(Image.fromarray(heat), "PNG"),
        "mask.png": encoded(Image.fromarray(tint), "PNG"),
        "thumbnail.jpg": encoded(small, "JPEG"),
    }
    for index, edited in enumerate(_boxes(mask)):
        view = _view(edited, before.size)
        crop = (view["x"], view["y"], view["x"] + view["width"], view["y"] + view["height"])
        made.files[f"area-{index}-before.png"] = encoded(before.crop(crop), "PNG")
        made.files[f"area-{index}-after.png"] = encoded(after.crop(crop), "PNG")
        made.areas.append({"edited": edited, "view": view})
    return made


def _boxes(mask: np.ndarray) -> list[dict[str, int]]:
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((25, 25), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(grown)
    return [{"x": int(x), "y": int(y), "width": int(w), "height": int(h)} for x, y, w, h, _ in stats[1:7]]


def _view(box: dict[str, int], size: tuple[int, int]) -> dict[str, int]:
    left, top = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
    right = min(size[0], box["x"] + box["width"] + MARGIN)
    bottom = min(size[1], box["y"] + box["height"] + MARGIN)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def encoded(picture: Image.Image, kind: str) -> bytes:
    """Encode a picture."""
    file = io.BytesIO()
    picture.save(file, kind, **({"quality": 92} if kind == "JPEG" else {}))
    return file.getvalue()


def proofs(made: Shown, link: Any, scale: int = 1) -> dict[str, Any]:
    """Describe the pictures as the API does; ``link`` makes an address of a file's name.

    With a ``scale`` they are said to be overviews of a picture that is so many times as wide.
    """
    width, height = made.width * scale, made.height * scale
    areas = [
        {**_scaled(area, scale), "before": link(f"area-{index}-before.png"), "after": link(f"area-{index}-after.png")}
        for index, area in enumerate(made.areas)
    ]
    named = {
        name: link(f"{name}.{'png' if name in ('heat', 'mask') else 'jpg'}")
        for name in ("before", "after", "heat", "mask", "thumbnail")
    }
    return {
        "width": width,
        "height": height,
        "after_width": width,
        "after_height": height,
        **named,
        "areas": areas,
        "areas_left_out": 0,
    }


def _scaled(area: dict[str, dict[str, int]], scale: int) -> dict[str, dict[str, int]]:
    return {name: {side: length * scale for side, length in box.items()} for name, box in area.items()}
