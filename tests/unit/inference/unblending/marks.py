"""Photographs with marks of known shape, colour and opacity."""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.compositing.masks import dilate
from tests.unit.inference.files import photograph


@dataclass(frozen=True, eq=False)
class Marked:
    """A picture, what lies beneath, and where the mark is."""

    truth: np.ndarray
    rgb: np.ndarray
    opacity: np.ndarray
    mask: np.ndarray

    @property
    def affected(self) -> np.ndarray:
        return (self.rgb != self.truth).any(axis=2)

    def error(self, rgb: np.ndarray) -> float:
        """Root of the mean square error where the mark changed anything, levels."""
        return float(np.sqrt(np.square(rgb.astype(float) - self.truth)[self.affected].mean()))


def lettering(height: int, width: int, text: str = "SAMPLE", scale: float = 1.2) -> np.ndarray:
    """Coverage of a line of text in the middle, 0..1, antialiased."""
    area = np.zeros((height, width), np.uint8)
    (long, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 5)
    place = ((width - long) // 2, (height + high) // 2)
    cv2.putText(area, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 5, cv2.LINE_AA)
    return (area / 255).astype(np.float32)


def marked(truth: np.ndarray, coverage: np.ndarray, opacity: float, colour: object = (255, 255, 255)) -> Marked:
    """Lay a mark over a photograph, and round to 8 bits as any file is."""
    share = (coverage * opacity)[..., None]
    rgb = np.rint(truth * (1 - share) + np.asarray(colour, np.float32) * share).astype(np.uint8)
    return Marked(truth, rgb, coverage * opacity, dilate(coverage > 0.02, 2))


def lettered(opacity: float = 0.45, colour: object = (255, 255, 255), name: str = "coffee") -> Marked:
    return marked(photograph(name, 160, 224), lettering(160, 224), opacity, colour)
