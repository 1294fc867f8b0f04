"""Folders of small pictures that carry one mark."""

import numpy as np
from skimage import data

from inference.unblending.learning.placing import Photo
from tests.unit.inference.unblending.marks import lettering

NAMES = ("chelsea", "coffee", "astronaut", "rocket")


def pictures(count: int, seed: int = 0, *, one_size: bool = False) -> list[np.ndarray]:
    """Crops of different photographs, turned over and of different sizes."""
    generator = np.random.default_rng(seed)
    made = []
    for index in range(count):
        whole = getattr(data, NAMES[index % len(NAMES)])()[..., :3]
        height, width = (130, 190) if one_size else generator.integers((110, 170), (150, 230))
        top = int(generator.integers(whole.shape[0] - height))
        left = int(generator.integers(whole.shape[1] - width))
        crop = whole[top : top + height, left : left + width]
        made.append(np.ascontiguousarray(crop[:, :: 1 - 2 * int(generator.integers(2))]))
    return made


def logo(opacity: float) -> np.ndarray:
    """White letters, ``(44, 108, 4)`` float32: premultiplied levels and opacity."""
    share = lettering(44, 108, "ACME", 1.0) * np.float32(opacity)
    return np.dstack([np.repeat(255 * share[..., None], 3, axis=2), share])


def stamp(truth: np.ndarray, mark: np.ndarray, down: float, across: float, margin: int = 8) -> np.ndarray:
    """Lay a mark beside a corner (0 or 1) or into the middle (0.5)."""
    places = []
    for share, room, side in zip((down, across), truth.shape, mark.shape, strict=False):
        places.append(margin if share == 0 else room - side - margin if share == 1 else (room - side) // 2)
    here = (slice(places[0], places[0] + mark.shape[0]), slice(places[1], places[1] + mark.shape[1]))
    result = truth.copy()
    result[here] = np.rint(truth[here] * (1 - mark[..., 3:]) + mark[..., :3])
    return result


def photos(rgbs: list[np.ndarray]) -> list[Photo]:
    return [Photo((rgb.shape[0], rgb.shape[1]), lambda rgb=rgb: rgb) for rgb in rgbs]
