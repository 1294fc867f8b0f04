"""Photographs with a sign, a face or a code in them, and edits that reach into those or not."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

from inference.guards.view import View

PAPER, INK = (235, 230, 220), (30, 30, 30)


def sign(text: str = "ROOM 24", *, size: int = 30, at: tuple[int, int] = (120, 140)) -> tuple[np.ndarray, np.ndarray]:
    """A cat with a sign before it: the picture, and the letters' ink ``(H, W)``."""
    canvas = Image.fromarray(data.chelsea())
    font = ImageFont.load_default(size=size)
    left, top, right, bottom = font.getbbox(text)
    x, y = at
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((x - 10, y - 10, x + right - left + 10, y + bottom - top + 10), fill=PAPER)
    ink = Image.new("L", canvas.size, 0)
    for pen, colour in ((draw, INK), (ImageDraw.Draw(ink), 255)):
        pen.text((x - left, y - top), text, colour, font=font)
    return np.asarray(canvas), np.asarray(ink) > 60


def edited(before: np.ndarray, hole: np.ndarray, after: np.ndarray | None = None) -> View:
    """An edit that changes nothing outside its hole; without a result the hole is smeared over."""
    made = cv2.inpaint(before, hole.astype(np.uint8) * 255, 3, cv2.INPAINT_TELEA) if after is None else after
    return View(before, np.where(hole[..., None], made, before), hole, hole)


def box(shape: tuple[int, ...], top: int, left: int, bottom: int, right: int) -> np.ndarray:
    """A rectangular hole."""
    hole = np.zeros(shape[:2], bool)
    hole[top:bottom, left:right] = True
    return hole
