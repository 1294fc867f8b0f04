"""Reading text: lines found by the detector that masks use, read by PP-OCR's recogniser.

Source: Du et al., PP-OCR: a practical ultra lightweight OCR system, 2020; decoding after Graves et al., Connectionist
temporal classification, ICML 2006.
"""

from pathlib import Path

import cv2
import numpy as np

from inference.guards.words import Words, core
from inference.masking.dbnet import TextNet
from inference.masking.line import Line
from inference.nets.onnx_session import session
from inference.protocols import Rgb, Weights
from schemas.model_card import ModelCard

HEIGHT = 48
"""Pixels to which the recogniser wants lines brought."""
LONGEST = 1280
"""Pixels of a line at that height, 27 times as long as high."""
LEAST_HEIGHT = 6.0
"""Pixels. Nothing smaller can be read."""
DETECTED = 0.6
"""Score of the detector from which a line is worth reading: the recogniser decides."""


class TextReader:
    """Finds and reads lines of text. Safe to call from several threads."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        by_use = {"det" if "_det_" in file else "rec": path for file, path in weights.items()}
        self._net = TextNet(by_use["det"])
        self._recogniser = _Recogniser(by_use["rec"])

    def lines(self, rgb: Rgb, longer_side: int) -> list[Line]:
        """Find lines that may be text in a picture that is brought to this longer side for the detector."""
        found = self._net.lines(rgb, longer_side)
        height, width = rgb.shape[:2]
        return [
            line
            for line in found
            if line.score >= DETECTED and line.height >= LEAST_HEIGHT and 0 <= line.x < width and 0 <= line.y < height
        ]

    def read(self, rgb: Rgb, line: Line) -> Words:
        """Read one line."""
        text, score = self._recogniser.read(_levelled(rgb, line))
        return Words(text, score, line.corners(), core(line), line.height, line.bounds(*rgb.shape[:2]))


class _Recogniser:
    def __init__(self, path: Path) -> None:
        self._session = session(path)
        self._input = self._session.get_inputs()[0].name
        known = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._characters = ["", *known, " "]

    def read(self, strip: Rgb) -> tuple[str, float]:
        """Read a level strip of ``HEIGHT`` pixels."""
        samples = strip[..., ::-1].astype(np.float32) / 127.5 - 1  # BGR in -1..1, as the net was trained
        (answer,) = self._session.run(None, {self._input: np.ascontiguousarray(samples.transpose(2, 0, 1)[None])})
        steps = np.asarray(answer)[0]
        best = steps.argmax(axis=1)
        # A character counts once however long it lasts; the first class is the gap between characters.
        kept = np.flatnonzero((best != 0) & (best != np.concatenate([[-1], best[:-1]])))
        text = "".join(self._characters[best[step]] if best[step] < len(self._characters) else "" for step in kept)
        return text, float(steps[kept, best[kept]].mean()) if kept.size else 0.0


def _levelled(rgb: Rgb, line: Line) -> Rgb:
    """Cut a line out, turned level and brought to the recogniser's height."""
    upper_left, upper_right, _, lower_left = line.corners()
    width = int(np.clip(round(HEIGHT * line.length / line.height), HEIGHT // 2, LONGEST))
    to = np.array([[0, 0], [width, 0], [0, HEIGHT]], np.float32)
    across = cv2.getAffineTransform(np.array([upper_left, upper_right, lower_left], np.float32), to)
    strip = cv2.warpAffine(rgb, across, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(strip, np.uint8)
