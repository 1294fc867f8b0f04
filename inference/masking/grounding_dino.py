"""From words to boxes: Grounding DINO (Liu et al., ECCV 2024)."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.nets.device import device, dtype_for
from inference.nets.pretrained import pretrained, tokenizer
from inference.nets.tensors import IMAGENET, bytes_of, normalised
from inference.protocols import Parameters, Rgb
from schemas.pointers import Box
from schemas.stage import Detection

SHORTER, LONGER = 800, 1333
"""Sides at which the net was trained; the shorter one counts unless the longer would be more than this."""
MULTIPLE = 32
"""Of both sides: the net's coarsest features are a 32nd of the picture."""
LONGEST_TEXT = 256
"""Tokens that the net reads."""
MOST = 50
"""Boxes. More than that is texture."""
SAME = 0.8
"""Overlap (intersection over union) from which two boxes are one thing found twice."""

Corners = tuple[float, float, float, float]


class GroundingDinoNet:
    """The net with its tokenizer."""

    def __init__(self, folder: Path, parameters: Parameters) -> None:
        self.device = device()
        # Its deformable attention loses small boxes in half precision.
        self._dtype = dtype_for(parameters, self.device, halves=())
        self._words = tokenizer(folder)
        self._net = pretrained("GroundingDinoForObjectDetection", folder, self._dtype, self.device)
        self.held_bytes = bytes_of(self._net)
        self._stop = int(self._words.convert_tokens_to_ids("."))

    def boxes(self, rgb: Rgb, phrases: list[str], score: float) -> list[Detection]:
        """Everything that one of the phrases names, the surest first.

        Parameters
        ----------
        phrases
            Lower case, without full stops.
        score
            Least probability, 0..1.
        """
        import torch

        words = self._words(". ".join(phrases) + ".", truncation=True, max_length=LONGEST_TEXT, return_tensors="pt")
        pixels = normalised(rgb, _working_size(*rgb.shape[:2]), IMAGENET).to(self.device, self._dtype)
        with torch.inference_mode():
            answer = self._net(pixel_values=pixels, **{name: value.to(self.device) for name, value in words.items()})
            probabilities = answer.logits[0].float().sigmoid().cpu().numpy()
            centres = answer.pred_boxes[0].float().cpu().numpy()
        # Which phrase a token belongs to: as many full stops as came before it.
        phrase_of = np.cumsum(words["input_ids"][0].numpy() == self._stop)
        return _detections(probabilities[:, : len(phrase_of)], centres, phrase_of, phrases, score, rgb.shape[:2])


def phrases_of(prompt: str) -> list[str]:
    """Split ``a dog, its leash`` into what the net looks for one by one."""
    return [phrase for part in re.split(r"[.,;\n]", prompt.lower()) if (phrase := " ".join(part.split()))]


def _working_size(height: int, width: int) -> tuple[int, int]:
    scale = min(SHORTER / min(height, width), LONGER / max(height, width))
    sides = (max(MULTIPLE, round(side * scale / MULTIPLE) * MULTIPLE) for side in (height, width))
    return next(sides), next(sides)


def _detections(
    probabilities: NDArray[np.float32],
    centres: NDArray[np.float32],
    phrase_of: NDArray[Any],
    phrases: list[str],
    score: float,
    shape: tuple[int, ...],
) -> list[Detection]:
    """Rows of ``(queries, tokens)`` and ``(queries, 4)`` (centre and size, 0..1) that reach the score, as boxes."""
    scores = probabilities.max(axis=1)
    kept: list[tuple[Corners, Detection]] = []
    for query in np.argsort(-scores, kind="stable"):
        if not scores[query] >= score or len(kept) == MOST:
            break
        corners = _corners(centres[query], *shape[:2])
        if corners is None or any(_overlap(corners, other) > SAME for other, _ in kept):
            continue
        left, top, right, bottom = (round(edge) for edge in corners)
        box = Box(x=left, y=top, width=max(1, right - left), height=max(1, bottom - top))
        phrase = phrases[min(int(phrase_of[probabilities[query].argmax()]), len(phrases) - 1)]
        kept.append((corners, Detection(label=phrase, score=float(scores[query]), box=box)))
    return [detection for _, detection in kept]


def _corners(centre: NDArray[np.float32], height: int, width: int) -> Corners | None:
    """Left, top, right and bottom inside the picture; ``None`` where nothing of it is inside."""
    x, y, across, down = (float(value) for value in centre)
    left, right = (float(np.clip((x + side * across / 2) * width, 0, width - 1)) for side in (-1, 1))
    top, bottom = (float(np.clip((y + side * down / 2) * height, 0, height - 1)) for side in (-1, 1))
    return (left, top, right, bottom) if right > left and bottom > top else None


def _overlap(one: Corners, other: Corners) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, across) * max(0.0, down)
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in (one, other)]
    return shared / (sum(areas) - shared)
