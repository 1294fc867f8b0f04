"""From a drawn box or a click to the object there (Rother, Kolmogorov and Blake, "GrabCut", SIGGRAPH 2004)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import default_growth, dilate
from inference.compositing.regions import as_slices
from inference.masking.click import object_at
from inference.masking.point import read_point
from inference.masking.shadow import shadow_of
from inference.parameters import flag, whole
from inference.protocols import Found, Mask, Parameters, Rgb, Weights
from schemas.errors import BadInput
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.stage import Detection

WORKING_SIDE = 480
"""The longer side of the crop while cutting: a graph of 480 x 480 is cut in about a second."""
CONTEXT = 0.4
"""Of the box's longer side, around it: known background for the colour models."""
RIM = 0.1
"""Of the box's shorter side, along its sides inside: an object touches its box in few places, what is beside it in
many. A window or a wall that begins in the box is learned as ground from there."""
GROWTH, GROWTH_OF_CLICK = 4, 2
"""Times the picture's default growth. The cut runs along the edge at a working size below the picture's: the edge's
mixed pixels, and those that the smaller size hides, belong to the object. With 2, a box lost 2 % more of its object."""
BELIEVED = (0.08, 0.97)
"""Share of the box that an object fills. Less, and the colours of object and ground were too alike to cut."""


class GrabCutBox:
    """Cuts the object out of the box, which it takes whole where that fails; or out of the surroundings of a click."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        del weights
        self.card = card

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``.

        Parameters
        ----------
        parameters
            ``point`` (``x,y`` of a click, used where there is no box), ``iterations`` (1..10, default 4, of a box),
            ``shadow`` (default true: what the object dims goes with it) and ``grow`` (pixels; a few times the default
            growth of the picture when absent, because a cut runs along the edge and the edge's mixed pixels belong to
            the object).

        Raises
        ------
        BadInput
            ``box`` with neither box nor point; ``point`` where nothing stands out under it; ``parameter``.
        """
        del supplied
        grow = parameters.get("grow")
        usual = (GROWTH if box else GROWTH_OF_CLICK) * default_growth(*rgb.shape[:2])
        radius = usual if grow is None else whole(parameters, "grow", 0, low=0, high=200)
        window, area, detection = _in_box(rgb, box, parameters) if box else _under_click(rgb, parameters)
        mask = np.zeros(rgb.shape[:2], bool)
        mask[as_slices(window)] = area
        if detection.label == "object" and flag(parameters, "shadow", True):
            mask |= shadow_of(rgb, mask)
        return Found(dilate(mask, radius), [detection])


def _in_box(rgb: Rgb, box: Box, parameters: Parameters) -> tuple[Box, Mask, Detection]:
    area = _cut(rgb, box, whole(parameters, "iterations", 4, low=1, high=10))
    if area is None:
        return box, np.ones((box.height, box.width), bool), Detection(label="box", score=0.5, box=box)
    return box, area, Detection(label="object", score=1.0, box=box)


def _under_click(rgb: Rgb, parameters: Parameters) -> tuple[Box, Mask, Detection]:
    point = read_point(parameters, *rgb.shape[:2])
    if point is None:
        message = "This model needs a box around the object (x,y,width,height) or a point on it (x,y)."
        raise BadInput(message, code="box")
    clicked = object_at(rgb, point)
    if clicked is None:
        message = f"Nothing stands out around the point {point[0]},{point[1]}: draw a box around what is to go."
        raise BadInput(message, code="point")
    left, top, width, height = cv2.boundingRect(clicked.area.astype(np.uint8))
    bounds = Box(x=clicked.window.x + left, y=clicked.window.y + top, width=width, height=height)
    return clicked.window, clicked.area, Detection(label="object", score=clicked.score, box=bounds)


def _cut(rgb: Rgb, box: Box, iterations: int) -> Mask | None:
    """The object as ``(box.height, box.width)`` bool, or ``None`` where it cannot be told from its ground."""
    crop = _surroundings(box, rgb.shape[1], rgb.shape[0])
    scale = min(1.0, WORKING_SIDE / max(crop.width, crop.height))
    size = (max(2, round(crop.width * scale)), max(2, round(crop.height * scale)))
    small = cv2.resize(rgb[as_slices(crop)], size, interpolation=cv2.INTER_AREA)
    if crop == box:
        return None  # the box is the picture: no ground to learn from
    labels = _guessed(size, box.model_copy(update={"x": box.x - crop.x, "y": box.y - crop.y}), scale)
    models = np.zeros((2, 1, 65))
    try:
        cv2.setRNGSeed(0)  # its clustering starts at random; the same picture shall give the same mask
        cv2.grabCut(small, labels, None, models[0], models[1], iterations, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    except cv2.error:
        return None  # fewer colours than clusters
    cut = _solid((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    full = cv2.resize(cut, (crop.width, crop.height), interpolation=cv2.INTER_LINEAR) > 0.4
    inside = np.asarray(full)[as_slices(box.model_copy(update={"x": box.x - crop.x, "y": box.y - crop.y}))]
    return inside if BELIEVED[0] <= inside.mean() <= BELIEVED[1] else None


def _guessed(size: tuple[int, ...], box: Box, scale: float) -> NDArray[np.uint8]:
    """Where to start from: ground outside of the box, likely ground along its sides, likely object within."""
    labels = np.full(size[::-1], cv2.GC_BGD, np.uint8)
    left, top = int(box.x * scale), int(box.y * scale)
    right, bottom = left + max(1, round(box.width * scale)), top + max(1, round(box.height * scale))
    rim = round(RIM * min(right - left, bottom - top))
    labels[top:bottom, left:right] = cv2.GC_PR_BGD
    labels[top + rim : bottom - rim, left + rim : right - rim] = cv2.GC_PR_FGD
    return labels


def _surroundings(box: Box, width: int, height: int) -> Box:
    return box.widened(max(8, round(CONTEXT * max(box.width, box.height))), height, width)


def _solid(cut: Mask) -> Mask:
    """Drop crumbs, close cracks, fill holes: an object without its inside would leave its inside in the picture."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    closed = cv2.morphologyEx(cut.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    areas = [cv2.contourArea(contour) for contour in contours]
    kept = [contour for contour, area in zip(contours, areas, strict=True) if area >= 0.05 * max(areas)]
    return np.asarray(cv2.drawContours(np.zeros_like(closed), kept, -1, 1, cv2.FILLED)).astype(bool)
