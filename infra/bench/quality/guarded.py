"""``python -m infra.bench.quality.guarded``: whether guards find what real fills do to codes, faces and logos.

Each is laid on photographs, a mask reaches into it, goes beside it or covers it, and ``by-hole`` fills.
"""

import argparse
import sys
import zlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from inference.compositing.edits_file import as_png
from inference.guards.codes import read
from inference.protocols import Mask, Rgb
from infra.bench.quality.repair import repair
from infra.bench.quality.things import Thing, code, face, logo
from schemas.finding import Guard
from schemas.pointers import Box
from schemas.recipe import Recipe

VIEW = (720, 540)
"""Width and height, pixels, of what is looked at of a photograph."""
HARMS, HARMLESS = ("partly covered", "struck through"), ("beside", "covered")
"""What a mask does. What it covers was to be removed, but for logos: a recipe names those that it removes."""
_SAID = ("found", "reads as before", "nothing")
_FREE = 100
"""Pixels beside a thing, for a mask that does not reach it."""


def main(arguments: list[str] | None = None) -> int:
    """Print the table: of each thing and mask the cases, and those in which its guard found something."""
    parser = argparse.ArgumentParser(prog="python -m infra.bench.quality.guarded", description=__doc__)
    parser.add_argument("--photographs", type=Path, required=True, help="folder of photographs without faces or codes")
    parser.add_argument("--faces", type=Path, nargs="*", default=[], help="photographs of one face each")
    parser.add_argument("--limit", type=int, default=20, help="photographs, evenly spread over the folder")
    options = parser.parse_args(arguments)
    faces = [face(path) for path in options.faces]
    files = [path for path in sorted(options.photographs.iterdir()) if path not in options.faces]
    counts: Counter[tuple[str, str, str]] = Counter()
    for path in files[:: max(1, len(files) // options.limit)][: options.limit]:
        rng = np.random.default_rng(zlib.crc32(path.stem.encode()))
        photo = _view(path)
        for thing in [code(rng), logo(rng), *([faces[int(rng.integers(len(faces)))](rng)] if faces else [])]:
            counts.update((thing.guard.value, how, answer) for how, answer in _tried(photo, thing, rng).items())
    print(_table(counts))
    return 0


def _tried(photo: Rgb, thing: Thing, rng: Generator) -> dict[str, str]:
    """Lay a thing on a photograph and edit it in each way; say what its guard made of that."""
    height, width = photo.shape[:2]
    left = int(rng.integers(_FREE, width - thing.width - _FREE))
    top = int(rng.integers(20, height - thing.height - 20))
    box = Box(x=left, y=top, width=thing.width, height=thing.height)
    before = thing.laid_on(photo, box)
    return {how: _answer(before, thing, _mask(how, box, before.shape, rng)) for how in (*HARMS, *HARMLESS)}


def _answer(before: Rgb, thing: Thing, mask: Mask) -> str:
    order = Recipe.model_validate(
        {"name": "guarded", "version": 1, "summary": "", "mask": {}, "inpaint": {"model": "by-hole"}}
    )
    made = repair(as_png(before), order, mask=as_png(mask.astype(np.uint8) * 255), protected=thing.registered)
    if any(finding.guard is thing.guard for finding in made.findings):
        return "found"
    reads = thing.guard is Guard.CODES and {each.text for each in read(made.image)} >= {thing.text}
    return "reads as before" if reads else "nothing"


def _mask(how: str, box: Box, shape: tuple[int, ...], rng: Generator) -> Mask:
    canvas = Image.new("1", (shape[1], shape[0]))
    draw = ImageDraw.Draw(canvas)
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    if how == "partly covered":  # from the left, up to 30 to 60 % of its width
        draw.rectangle((left - 20, top - 8, left + box.width * rng.uniform(0.3, 0.6), bottom + 8), fill=1)
    elif how == "struck through":
        start, end = (top + box.height * rng.uniform(0.3, 0.7) for _ in range(2))
        draw.line((left - 20, start, right + 20, end), fill=1, width=7)
    elif how == "beside":
        draw.rectangle((right + 30, top, right + 30 + 60, bottom), fill=1)
    else:
        draw.rectangle((left - 10, top - 10, right + 10, bottom + 10), fill=1)
    return np.asarray(canvas)


def _view(path: Path) -> Rgb:
    with Image.open(path) as image:
        rgb = np.asarray(image.convert("RGB"))
    factor = max(VIEW[0] / rgb.shape[1], VIEW[1] / rgb.shape[0])
    size = max(VIEW[0], round(rgb.shape[1] * factor)), max(VIEW[1], round(rgb.shape[0] * factor))
    fitted = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(fitted[: VIEW[1], : VIEW[0]])


def _table(counts: Mapping[tuple[str, str, str], int]) -> str:
    rows = ["| thing | mask | should find | cases | found | reads as before | nothing |"]
    rows.append("|---|---|---|---|---|---|---|")
    for guard in dict.fromkeys(key[0] for key in counts):
        for how in (*HARMS, *HARMLESS):
            found, reads, nothing = (counts.get((guard, how, said), 0) for said in _SAID)
            wanted = "yes" if how in HARMS or (guard == Guard.LOGOS and how == "covered") else "no"
            rows.append(f"| {guard} | {how} | {wanted} | {found + reads + nothing} | {found} | {reads} | {nothing} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
