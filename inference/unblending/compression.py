"""How coarse the compression was that a picture went through: JPEG's quantisation, read off the picture itself."""

import numpy as np

from inference.protocols import Rgb
from inference.unblending.ground import TO_YCC

BLOCK = 8
MOST_BLOCKS = 4096
COMBED = 0.4
"""Mean cosine of coefficients over a step from which they are multiples of it; unquantised ones have 0."""
FREQUENCIES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0))
STEPS = np.arange(2, 41)
FEWEST = 30
"""Coefficients beyond zero that are needed to tell."""
COLOUR = 1.5
"""Error of all channels in that of luma: colour is quantised more coarsely."""


def compression_noise(rgb: Rgb) -> float:
    """Estimate the deviation, in levels, of what JPEG compression left; 0 for a picture that was not compressed.

    Coefficients of the cosine transform lie on a comb whose pitch is the quantisation step (Fan & de Queiroz 2003), and
    rounding to a step errs by its twelfth part, squared. A picture that was resized since shows no comb.
    """
    height, width = (side // BLOCK * BLOCK for side in rgb.shape[:2])
    if not height or not width:
        return 0.0
    stride = max(1, int(np.sqrt(height * width / (BLOCK * BLOCK) / MOST_BLOCKS)))
    rows = rgb[:height].reshape(height // BLOCK, BLOCK, *rgb.shape[1:])[::stride, :, :width]  # nothing copied so far
    blocks = rows.reshape(len(rows), BLOCK, width // BLOCK, BLOCK, 3)[:, :, ::stride]
    luma = (blocks.astype(np.float32) @ TO_YCC[0]).transpose(0, 2, 1, 3)
    cosine = _cosines()
    coefficients = cosine @ (luma - 128) @ cosine.T
    steps = [_pitch(coefficients[..., row, column].ravel()) for row, column in FREQUENCIES]
    return COLOUR * float(np.sqrt(np.square(steps).mean() / 12))


def _cosines() -> np.ndarray:
    frequency, place = np.meshgrid(np.arange(BLOCK), np.arange(BLOCK), indexing="ij")
    cosines = np.sqrt(2 / BLOCK) * np.cos(np.pi * (2 * place + 1) * frequency / (2 * BLOCK))
    cosines[0] /= np.sqrt(2)
    return np.asarray(cosines, np.float32)


def _pitch(values: np.ndarray) -> float:
    """Find the largest step of which all values are multiples; 0 if there is none."""
    best = 0.0
    for step in STEPS:
        beyond = values[np.abs(values) > step / 2]
        if len(beyond) >= FEWEST and float(np.cos(2 * np.pi * beyond / step).mean()) > COMBED:
            best = float(step)
    return best
