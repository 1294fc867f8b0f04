"""Tasks that a kit lacks: marks whose artwork is known, or that a folder of photographs has in common.

They are stamped on the kit's own photographs, the same ones everywhere, and written in the kit's form.
"""

import json
import zlib
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.compositing.masks import dilate
from inference.protocols import Rgb
from inference.unblending.ink import Plane
from infra.bench.quality.artworks import ARTWORKS

FOLDER = 12
"""Photographs that share a mark."""
_MARGIN = 0.04
"""Of the shorter side: how far a mark that is the same everywhere stays away from the corner."""
_VISIBLE = 0.002
"""Opacity that changes a pixel: half a level of 255."""
_QUALITY = 92
_REACH = 2
"""Pixels by which a mask is wider than the mark, as in the kit."""


def draw(root: Path, photographs: list[Path]) -> Path:
    """Stamp the photographs of a kit; return the list of tasks.

    Every photograph gets one mark somewhere, at any size and opacity (``wm/registered``); then each mark is stamped at
    the same place of a dozen photographs (``wm/folder``), of which the first two are tasks. JPEGs are kinds of their
    own (``wm/registered-jpeg``): their noise bounds what can be won.
    """
    stamper = _Stamper(root)
    artworks = {name: stamper.artwork(name) for name in ARTWORKS}
    lines: list[dict[str, Any]] = []
    for name, quality, photograph in zip(cycle(ARTWORKS), cycle((None, _QUALITY)), photographs, strict=False):
        lines += stamper.anywhere(photograph, name, artworks[name], quality)
    for number, name in enumerate(ARTWORKS):
        for quality in (None, _QUALITY):
            lines += stamper.everywhere(photographs[number::2][:FOLDER], name, quality)
    listed = root / "tasks" / "stamped" / "tasks.jsonl"
    listed.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return listed


class _Stamper:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / "tasks" / "stamped"
        self._folder.mkdir(parents=True, exist_ok=True)

    def artwork(self, name: str) -> str:
        """Write an artwork; return its path in the kit."""
        path = self._folder / f"{name}.png"
        ARTWORKS[name]().save(path)
        return self._relative(path)

    def anywhere(self, photograph: Path, name: str, artwork: str, quality: int | None) -> Iterator[dict[str, Any]]:
        """Stamp one photograph at random: a fifth to three fifths of its width, opacity 0.2 to 0.8."""
        random = np.random.default_rng(zlib.crc32(f"registered {photograph.stem}".encode()))
        rgb = _read(photograph)
        height, width = rgb.shape[:2]
        mark = _scaled(ARTWORKS[name](), random.uniform(0.2, 0.6) * width, 0.9 * height)
        opacity = random.uniform(0.2, 0.8)
        place = random.uniform(0, width - mark.width), random.uniform(0, height - mark.height)
        marked, alpha = _stamp(rgb, mark, opacity, (int(place[0]), int(place[1])))
        facts = {"artwork": artwork, "style": name, "opacity": round(float(opacity), 3), "jpeg_input": bool(quality)}
        return self._tasks("registered", photograph, marked, alpha, facts, quality)

    def everywhere(self, photographs: list[Path], name: str, quality: int | None) -> Iterator[dict[str, Any]]:
        """Stamp many photographs in their lower right corner, at the same size in pixels."""
        opacity = np.random.default_rng(zlib.crc32(f"folder {name}".encode())).uniform(0.3, 0.7)
        mark = _scaled(ARTWORKS[name](), 300, 300)
        marked: list[tuple[Path, Rgb, Plane]] = []
        for photograph in photographs:
            rgb = _read(photograph)
            margin = int(_MARGIN * min(480, *rgb.shape[:2]))
            corner = rgb.shape[1] - mark.width - margin, rgb.shape[0] - mark.height - margin
            marked.append((photograph, *_stamp(rgb, mark, opacity, corner)))
        folder = [self._picture(f"folder_{name}_{path.stem}", rgb, quality) for path, rgb, _ in marked]
        facts = {"folder": folder, "style": name, "opacity": round(float(opacity), 3), "jpeg_input": bool(quality)}
        for path, rgb, alpha in marked[:2]:
            yield from self._tasks("folder", path, rgb, alpha, facts, quality)

    def _tasks(
        self, kind: str, photograph: Path, marked: Rgb, alpha: Plane, facts: dict[str, Any], quality: int | None
    ) -> Iterator[dict[str, Any]]:
        name = f"{kind}_{facts['style']}_{photograph.stem}"
        given = self._picture(name, marked, quality)
        mask = self._picture(f"{name}_mask", dilate(alpha > _VISIBLE, _REACH).astype(np.uint8) * 255, None)
        truth, kind_of_file = self._relative(photograph), "-jpeg" if quality else ""
        for mode in ("mask", "none"):
            yield {
                "id": f"{name}{kind_of_file}__{mode}",
                "task": "wm",
                "kind": f"{kind}{kind_of_file}/{mode}",
                "input": given,
                "mask": mask if mode == "mask" else None,
                "gt": truth,
                "affected": mask,
                **facts,
            }

    def _picture(self, name: str, pixels: NDArray[np.uint8], quality: int | None) -> str:
        path = self._folder / (f"{name}.jpg" if quality else f"{name}.png")
        Image.fromarray(pixels).save(path, quality=quality or 0)  # which PNG does not know
        return self._relative(path)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _stamp(rgb: Rgb, mark: Image.Image, opacity: float, corner: tuple[int, int]) -> tuple[Rgb, Plane]:
    """Lay a mark on; return the picture and the ``(H, W)`` opacity, 0 to 1."""
    alpha, paint = np.zeros(rgb.shape[:2], np.float32), np.zeros(rgb.shape, np.float32)
    own = np.asarray(mark, np.float32)
    rows, columns = slice(corner[1], corner[1] + mark.height), slice(corner[0], corner[0] + mark.width)
    alpha[rows, columns] = own[..., 3] / 255 * opacity
    paint[rows, columns] = own[..., :3]
    mixed = alpha[..., None] * paint + (1 - alpha[..., None]) * rgb
    return np.rint(mixed).clip(0, 255).astype(np.uint8), alpha


def _scaled(mark: Image.Image, width: float, height: float) -> Image.Image:
    """Bring a mark to a width, or to a height where that is the tighter bound."""
    scale = min(width / mark.width, height / mark.height)
    return mark.resize((round(mark.width * scale), round(mark.height * scale)), Image.Resampling.LANCZOS)


def _read(photograph: Path) -> Rgb:
    with Image.open(photograph) as image:
        return np.asarray(image.convert("RGB"))
