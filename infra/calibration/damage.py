"""Photographs with something to be repaired: seeded holes, marks and stamps of which the truth is known."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from inference.protocols import Mask, Rgb

Cover = NDArray[np.floating]
"""``(H, W)``, 0..1: how much of a mark covers each pixel."""

Shape = Callable[[int, int, Generator], Mask]

_WORDS = ("SAMPLE", "Proof 18", "studio.example", "DRAFT", "No. 4071", "Copy", "preview", "do not use")
_INK = ((255, 255, 255), (255, 255, 255), (20, 20, 20), (230, 60, 40))


@dataclass(frozen=True, eq=False)
class Damaged:
    """A task with its truth.

    Parameters
    ----------
    kind
        The sort of damage, by which results are reported.
    truth, source
        ``(H, W, 3)`` uint8: the photograph, and what is uploaded instead.
    mask
        ``(H, W)``, what is to be replaced.
    """

    kind: str
    truth: Rgb
    source: Rgb
    mask: Mask


def thin(height: int, width: int, rng: Generator) -> Mask:
    """Scratches and wires."""
    return _strokes(height, width, rng, int(rng.integers(1, 5)), (2, 9))


def wide(height: int, width: int, rng: Generator) -> Mask:
    """Broad strokes, as drawn by hand over something."""
    return _strokes(height, width, rng, int(rng.integers(1, 4)), (18, 80))


def box(height: int, width: int, rng: Generator) -> Mask:
    """One rectangle."""
    mask = np.zeros((height, width), bool)
    tall, broad = (int(side * rng.uniform(0.05, 0.35)) for side in (height, width))
    top, left = (int(rng.integers(4, side - part - 4)) for side, part in ((height, tall), (width, broad)))
    mask[top : top + tall, left : left + broad] = True
    return mask


def blob(height: int, width: int, rng: Generator) -> Mask:
    """One thing with a smooth outline."""
    return _outline(height, width, rng, rng.uniform(0.03, 0.2) * min(height, width))


def several(height: int, width: int, rng: Generator) -> Mask:
    """Two to five small things."""
    mask = np.zeros((height, width), bool)
    for _ in range(int(rng.integers(2, 6))):
        mask |= _outline(height, width, rng, rng.uniform(0.015, 0.06) * min(height, width))
    return mask


def letters(height: int, width: int, rng: Generator) -> Mask:
    """Opaque lettering, grown by two pixels."""
    return _grown(_lettering(height, width, rng, rng.uniform(0.05, 0.16)) > 0.02, 2)


HOLES: dict[str, Shape] = {
    "thin": thin,
    "letters": letters,
    "box": box,
    "blob": blob,
    "several": several,
    "wide": wide,
}


def hole(photo: Rgb, kind: str, rng: Generator) -> Damaged:
    """Ask for a hole in an untouched photograph."""
    return Damaged(kind, photo, photo, HOLES[kind](photo.shape[0], photo.shape[1], rng))


def mark(photo: Rgb, rng: Generator) -> Damaged:
    """Lay a translucent mark on a photograph: a line of words, words all over, or an emblem."""
    height, width = photo.shape[:2]
    kind = str(rng.choice(["words", "tiled", "emblem"]))
    if kind == "words":
        cover = _lettering(height, width, rng, rng.uniform(0.06, 0.2))
    elif kind == "tiled":
        cover = _tiled(height, width, rng)
    else:
        cover = _emblem(height, width, rng)
    return _laid_on(photo, f"mark-{kind}", cover * rng.uniform(0.25, 0.85), rng)


def stamp(photo: Rgb, rng: Generator) -> Damaged:
    """Print a date over a corner, opaque."""
    height, width = photo.shape[:2]
    text = f"{rng.integers(1, 29):02d}.{rng.integers(1, 13):02d}.{rng.integers(0, 30):02d}"
    canvas = Image.new("L", (width, height), 0)
    place = (width * rng.uniform(0.05, 0.6), height * rng.choice([0.06, 0.86]))
    font = ImageFont.load_default(size=height * rng.uniform(0.04, 0.08))
    ImageDraw.Draw(canvas).text(place, text, 255, font=font)
    return _laid_on(photo, "stamp", np.asarray(canvas, np.float32) / 255, rng)


def grained(photo: Rgb, rng: Generator) -> Rgb:
    """Give a photograph grain of a random strength, luma and a little chroma."""
    noise = np.asarray(rng.normal(0, 1, photo.shape), np.float32)
    noise = 0.85 * noise[..., :1] + 0.3 * noise
    if rng.random() < 0.5:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.8), np.float32)
        noise = noise / noise.std()
    return _rounded(photo + noise * rng.uniform(2, 12))


def compressed(damaged: Damaged, rng: Generator) -> Damaged:
    """Send every other one through a JPEG, which does not spare a mark's edges; its truth goes the same way."""
    if rng.random() < 0.5:
        return damaged
    quality = int(rng.integers(75, 96))
    return replace(damaged, source=_jpeg(damaged.source, quality), truth=_jpeg(damaged.truth, quality))


def _jpeg(rgb: Rgb, quality: int) -> Rgb:
    _, coded = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def _laid_on(photo: Rgb, kind: str, cover: Cover, rng: Generator) -> Damaged:
    ink = np.array(_INK[int(rng.integers(len(_INK)))], np.float32)
    source = _rounded(photo * (1 - cover[..., None]) + ink * cover[..., None])
    return Damaged(kind, photo, source, _grown(cover > 0.02, 2))


def _lettering(height: int, width: int, rng: Generator, share: float) -> Cover:
    text = str(rng.choice(_WORDS))
    font = ImageFont.load_default(size=height * share)
    left, top, right, bottom = font.getbbox(text)
    tile = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 0)
    ImageDraw.Draw(tile).text((4 - left, 4 - top), text, 255, font=font)
    tile = tile.rotate(float(rng.choice([0, 0, rng.uniform(-40, 40)])), resample=Image.Resampling.BICUBIC, expand=True)
    tile.thumbnail((int(width * 0.9), int(height * 0.9)))
    canvas = Image.new("L", (width, height), 0)
    canvas.paste(tile, (int(rng.integers(0, width - tile.width)), int(rng.integers(0, height - tile.height))))
    return np.asarray(canvas, np.float32) / 255


def _tiled(height: int, width: int, rng: Generator) -> Cover:
    side = int(1.5 * max(height, width))
    canvas = Image.new("L", (side, side), 0)
    font, text = ImageFont.load_default(size=height * rng.uniform(0.04, 0.07)), str(rng.choice(_WORDS))
    step = font.getlength(text) * 1.5, height * rng.uniform(0.14, 0.25)
    for row in range(int(side / step[1]) + 1):
        for column in range(int(side / step[0]) + 2):
            place = ((column - 0.5 * (row % 2)) * step[0], row * step[1])
            ImageDraw.Draw(canvas).text(place, text, 255, font=font)
    canvas = canvas.rotate(float(rng.uniform(-35, 35)), resample=Image.Resampling.BICUBIC)
    left, top = (side - width) // 2, (side - height) // 2
    return np.asarray(canvas.crop((left, top, left + width, top + height)), np.float32) / 255


def _emblem(height: int, width: int, rng: Generator) -> Cover:
    radius = height * rng.uniform(0.06, 0.16)
    x, y = rng.uniform(radius, width - radius), rng.uniform(radius, height - radius)
    canvas = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=max(2, int(radius * 0.15)))
    turn = rng.uniform(0, np.pi)
    corners = [
        (x + 0.65 * radius * np.cos(turn + step), y + 0.65 * radius * np.sin(turn + step)) for step in (0, 2.1, 4.2)
    ]
    draw.polygon(corners, fill=255)
    return np.asarray(canvas, np.float32) / 255


def _strokes(height: int, width: int, rng: Generator, count: int, widths: tuple[int, int]) -> Mask:
    canvas = np.zeros((height, width), np.uint8)
    for _ in range(count):
        points = rng.uniform((0, 0), (width, height), (int(rng.integers(2, 4)), 2)).astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, int(rng.integers(*widths)))
    return canvas > 0


def _outline(height: int, width: int, rng: Generator, radius: float) -> Mask:
    """A star-shaped outline whose radius changes slowly, up to twice as tall as broad or the reverse."""
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    waves = sum(rng.normal(0, 0.25 / order) * np.cos(order * angles + rng.uniform(0, 6)) for order in range(1, 6))
    reach = radius * np.clip(1 + waves, 0.3, 2.5)
    stretch = rng.uniform(0.7, 1.4)
    x, y = rng.uniform(radius, width - radius), rng.uniform(radius, height - radius)
    points = np.stack([x + reach * np.cos(angles) * stretch, y + reach * np.sin(angles) / stretch], 1)
    canvas = np.zeros((height, width), np.uint8)
    cv2.fillPoly(canvas, [points.astype(np.int32)], 255)
    return canvas > 0


def _grown(mask: Mask, pixels: int) -> Mask:
    kernel = np.ones((2 * pixels + 1, 2 * pixels + 1), np.uint8)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def _rounded(levels: NDArray[np.floating]) -> Rgb:
    return np.asarray(np.clip(np.rint(levels), 0, 255), np.uint8)
