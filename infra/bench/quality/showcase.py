"""``python -m infra.bench.quality.showcase FILE``: the picture in docs/quality.md, of photographs that may be shown."""

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageChops

from inference.inpainting.telea import diffuse
from inference.protocols import Mask, Rgb
from infra.bench.quality.artworks import two_inks
from infra.bench.quality.kit import Kit, Task
from infra.bench.quality.repair import recipe, repair
from infra.bench.quality.sheet import sheet
from infra.demo.dirt import photobomber, watermark
from infra.demo.photographs import astronaut_cutout, load


class Scene(NamedTuple):
    """A photograph, what was done to it, and what it was before."""

    name: str
    recipe: str
    given: Image.Image
    truth: Image.Image
    mask: Image.Image | None = None
    scale: int = 1
    artwork: Image.Image | None = None


def scenes() -> Iterator[Scene]:
    """A tiled mark that is found, a registered one, one whose mask is given, a photobomber, an enlargement."""
    coffee, cat, rocket = (load(file) for file in ("coffee.png", "chelsea.png", "rocket.jpg"))
    tiled = coffee
    for row, column in np.ndindex(5, 4):
        centre = (80 + 160 * column + 60 * (row % 2), 40 + 85 * row)
        tiled = watermark(tiled, "SAMPLE", size=26, angle=25, opacity=0.4, centre=centre)
    yield Scene("tiled mark, found", "remove-watermark", tiled, coffee)
    logo = two_inks()
    yield Scene("registered mark, found", "remove-watermark", _stamped(coffee, logo), coffee, artwork=logo)
    marked = watermark(cat, "© Somebody", size=56, angle=20, opacity=0.5, centre=(225, 150))
    yield Scene("mark, mask given", "remove-watermark", marked, cat, _mask(marked, cat))
    dirty, mask = photobomber(rocket, astronaut_cutout(150), left=40, top=240)
    yield Scene("photobomber, mask given", "remove-object", dirty, rocket, mask)
    small = cat.resize((cat.width // 2, cat.height // 2), Image.Resampling.BICUBIC)
    even = cat.crop((0, 0, small.width * 2, small.height * 2))
    yield Scene("enlarged by 2", "enhance", small, even, scale=2)


def main(target: Path) -> None:
    """Repair every scene and draw them all."""
    with tempfile.TemporaryDirectory() as folder:
        kit, tasks = Kit(Path(folder)), []
        for scene in scenes():
            tasks.append(_task(scene, kit.root))
            mask = _bytes(scene.mask) if scene.mask else None
            order = recipe(scene.recipe).with_format("png")
            marks = {"logo": _bytes(scene.artwork)} if scene.artwork else None
            made = repair(_bytes(scene.given), order, mask=mask, marks=marks, scale=scene.scale).image
            Image.fromarray(_baseline(scene)).save(kit.root / f"{scene.name}.baseline.png")
            Image.fromarray(made).save(kit.root / f"{scene.name}.cleanplate.png")
        sheet(kit, tasks, ("baseline", "cleanplate"), kit.root).save(target, quality=90)


def _stamped(photo: Image.Image, logo: Image.Image) -> Image.Image:
    """Lay a logo over the edge of cup and table, at half its opacity."""
    small = logo.resize((300, 100), Image.Resampling.LANCZOS)
    small.putalpha(small.getchannel("A").point(lambda value: value // 2))
    marked = photo.convert("RGBA")
    marked.alpha_composite(small, (170, 250))
    return marked.convert("RGB")


def _baseline(scene: Scene) -> Rgb:
    given = np.asarray(scene.given)
    if scene.scale > 1:
        return np.asarray(cv2.resize(given, scene.truth.size, interpolation=cv2.INTER_LANCZOS4), np.uint8)
    return diffuse(given, affected(scene))


def affected(scene: Scene) -> Mask:
    """``(H, W)``: the mask that is given, or else what was changed, with a rim."""
    return np.asarray(scene.mask or _mask(scene.given, scene.truth)) > 127


def _mask(dirty: Image.Image, clean: Image.Image) -> Image.Image:
    """What differs, with a rim."""
    changed = np.asarray(ImageChops.difference(dirty, clean)).max(axis=2) > 2
    return Image.fromarray(cv2.dilate(changed.astype(np.uint8) * 255, np.ones((5, 5), np.uint8)))


def _task(scene: Scene, root: Path) -> Task:
    names = {part: f"{scene.name}.{part}.png" for part in ("given", "truth", "mask")}
    scene.given.save(root / names["given"])
    scene.truth.save(root / names["truth"])
    area = None
    if scene.scale == 1:
        Image.fromarray(affected(scene)).save(root / names["mask"])
        area = names["mask"]
    facts: dict[str, Any] = {"scale": scene.scale}
    return Task(scene.name, scene.recipe, scene.name, names["given"], names["truth"], area, None, facts)


def _bytes(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
