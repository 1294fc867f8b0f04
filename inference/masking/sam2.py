"""From a box or a click to the object there: SAM 2 (Ravi et al., 2024)."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import default_growth, dilate
from inference.compositing.regions import as_slices
from inference.masking.point import Point, read_point
from inference.masking.shadow import shadow_of
from inference.nets.device import device, dtype_for
from inference.nets.folder import pretrained_folder
from inference.nets.pretrained import pretrained
from inference.nets.tensors import IMAGENET, bytes_of, normalised
from inference.parameters import flag, whole
from inference.protocols import Found, Mask, Parameters, Rgb, Weights
from schemas.errors import BadInput
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.stage import Detection

CONTEXT = 1.0
"""Of the box's longer side, around it. The net looks at 1024 x 1024 pixels of whatever it is given: a small
thing in a large photograph gets its edge from a crop of its surroundings and not from the whole."""
SPILL = 0.1
"""Of the box's longer side: how far an object may reach beyond a box that was drawn too tight."""


class SamObject:
    """Masks what lies in a drawn box, or what somebody clicked on."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        self._net = Sam2Net(pretrained_folder(weights), card.defaults)
        self.device, self.held_bytes = self._net.device, self._net.held_bytes

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``.

        Parameters
        ----------
        parameters
            ``point``: ``x,y`` of a click, used where there is no box; ``shadow`` (default true: what the object dims
            goes with it); ``grow`` (pixels; twice the default growth of the picture when absent, because an edge's
            mixed pixels belong to the object).

        Raises
        ------
        BadInput
            ``box`` with neither box nor point, ``point``, ``parameter``.
        """
        del supplied
        point = read_point(parameters, *rgb.shape[:2])
        if box is None and point is None:
            message = "This model needs a box around the object (x,y,width,height) or a point on it (x,y)."
            raise BadInput(message, code="box")
        radius = growth(parameters, *rgb.shape[:2])
        found = [self._net.in_box(rgb, box)] if box else self._net.at_point(rgb, point or (0, 0))
        shadow = flag(parameters, "shadow", True)
        mask = np.zeros(rgb.shape[:2], bool)
        for area, detection in found:
            mask |= area
            if shadow and detection.label != "box":
                mask |= shadow_of(rgb, area)
        return Found(dilate(mask, radius), [detection for _, detection in found])


class Sam2Net:
    """The net itself; it answers for one object at a time."""

    def __init__(self, folder: Path, parameters: Parameters) -> None:
        self.device = device()
        self._dtype = dtype_for(parameters, self.device, halves=())
        self._net = pretrained("Sam2Model", folder, self._dtype, self.device)
        self.held_bytes = bytes_of(self._net)
        self._side = int(self._net.config.prompt_encoder_config.image_size)

    def in_box(self, rgb: Rgb, box: Box, label: str = "object", point: Point | None = None) -> tuple[Mask, Detection]:
        """The object in a box, as a mask of the picture; the whole box where the net sees none."""
        crop = _around(box, CONTEXT, *rgb.shape[:2])
        corners = (box.x - crop.x, box.y - crop.y, box.x + box.width - crop.x, box.y + box.height - crop.y)
        local = (point[0] - crop.x, point[1] - crop.y) if point else None
        area, sure = self._segment(rgb[as_slices(crop)], corners, local)
        mask, within = np.zeros(rgb.shape[:2], bool), _around(box, SPILL, *rgb.shape[:2])
        mask[as_slices(crop)] = area
        object_ = np.zeros_like(mask)
        object_[as_slices(within)] = mask[as_slices(within)]
        if not object_.any():
            object_[as_slices(box)] = True
            return object_, Detection(label="box", score=0.5, box=box)
        return object_, Detection(label=label, score=sure, box=box)

    def at_point(self, rgb: Rgb, point: Point) -> list[tuple[Mask, Detection]]:
        """The object under a click: found in the whole picture, then cut again from its surroundings."""
        area, sure = self._segment(rgb, None, point)
        if not area.any():
            return []
        left, top, width, height = cv2.boundingRect(area.astype(np.uint8))
        box = Box(x=left, y=top, width=width, height=height)
        if max(width, height) * (1 + 2 * CONTEXT) < max(rgb.shape[:2]):
            return [self.in_box(rgb, box, point=point)]
        return [(area, Detection(label="object", score=sure, box=box))]

    def _segment(self, rgb: Rgb, corners: tuple[int, int, int, int] | None, point: Point | None) -> tuple[Mask, float]:
        """The object at a prompt, ``(H, W)`` bool, and how sure the net is of it, 0..1."""
        import torch

        height, width = rgb.shape[:2]
        scale = torch.tensor([self._side / width, self._side / height], device=self.device)
        prompt: dict[str, Any] = {"multimask_output": corners is None}
        if corners is not None:
            prompt["input_boxes"] = torch.tensor([[corners]], device=self.device) * scale.repeat(2)
        if point is not None:
            prompt["input_points"] = (torch.tensor([[[point]]], device=self.device) + 0.5) * scale
            prompt["input_labels"] = torch.ones((1, 1, 1), dtype=torch.int32, device=self.device)
        pixels = normalised(rgb, (self._side, self._side), IMAGENET).to(self.device, self._dtype)
        with torch.inference_mode():
            answer = self._net(pixel_values=pixels, **prompt)
            scores = answer.iou_scores[0, 0].float().cpu().numpy()
            best = int(scores.argmax())
            logits = answer.pred_masks[0, 0, best].float().cpu().numpy()
        full = cv2.resize(logits, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(full) > 0, float(np.clip(np.nan_to_num(scores[best]), 0, 1))


def growth(parameters: Parameters, height: int, width: int) -> int:
    """Pixels by which a mask grows: the parameter ``grow``, or twice the default of the picture.

    Raises
    ------
    BadInput
        ``parameter``.
    """
    if parameters.get("grow") is None:
        return 2 * default_growth(height, width)
    return whole(parameters, "grow", 0, low=0, high=200)


def _around(box: Box, share: float, height: int, width: int) -> Box:
    """A box with a share of its longer side around it, inside the picture."""
    return box.widened(max(8, round(share * max(box.width, box.height))), height, width)
