"""LaMa: large holes with the structure of their surroundings, by a net that sees the whole crop at once."""

import math
from threading import Lock
from typing import Any

import numpy as np

from inference.inpainting.working_size import at_working_size
from inference.nets.device import device, dtype_for
from inference.nets.images import as_rgb, as_tensor, mask_tensor
from inference.nets.memory import free_bytes
from inference.nets.out_of_memory import at_a_size_that_fits, halved
from inference.nets.spandrel_file import only_file, read_net
from inference.parameters import whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

WORKING_SIDE = 1024
"""Pixels. Trained on crops of 256; its authors show it holding up to about four times that, and structure beyond that
falls apart into blur (Suvorov et al., section 4.3)."""

SMALLEST_SIDE = 128

BYTES_PER_PIXEL = 2000
"""Working memory, measured on a CPU: 1.7 kB at 256 x 256, 1.1 kB at 512 x 512."""


class LamaInpainter:
    """Large Mask inpainting (Suvorov et al., WACV 2022: Resolution-robust Large Mask Inpainting with Fourier
    Convolutions), through ``spandrel``.

    Parameters it understands: ``working_side``, longest side in pixels of what the net sees, 128 to 4096. Larger crops
    are filled at that size, and get their detail from the picture around the hole.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        self.device = device()
        self._net = _checked(read_net(only_file(card, weights)), card)
        # Never in half: the Fourier transform knows no bfloat16, and sums over the whole crop overflow float16.
        self._dtype = dtype_for({"dtype": "float32"}, self.device)
        self._net.eval().to(self.device, self._dtype)
        self._turn = Lock()
        self.held_bytes = sum(tensor.nbytes for tensor in self._net.model.state_dict().values())

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Fill ``hole``; see :class:`inference.protocols.Inpainter`. ``seed`` has no effect: LaMa draws nothing.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, ``mask_size`` or ``parameter``.
        TransientFailure
            ``out_of_memory`` if the crop does not fit at the smallest working size.
        """
        side = whole(parameters, "working_side", WORKING_SIDE, low=SMALLEST_SIDE, high=4096)
        with self._turn:
            return at_a_size_that_fits(
                lambda size: at_working_size(rgb, hole, size, self._infer),
                halved(min(side, self._affordable()), SMALLEST_SIDE),
                what=f"The fill by `{self.card.name}`",
            )

    def _affordable(self) -> int:
        """Side of a crop that takes half of the free memory at most: a machine without any left kills the process."""
        return max(math.isqrt(free_bytes(self.device) // 2 // BYTES_PER_PIXEL), SMALLEST_SIDE)

    def _infer(self, rgb: Rgb, hole: Mask) -> Rgb:
        import torch

        with torch.inference_mode():
            made = self._net(as_tensor(rgb, self.device, self._dtype), mask_tensor(hole, self.device, self._dtype))
        return np.where(hole[..., None], as_rgb(made), rgb)


def _checked(net: Any, card: ModelCard) -> Any:
    """Refuse a net that fills no holes in pictures.

    Raises
    ------
    PermanentFailure
        ``weights_unreadable``.
    """
    if net.purpose != "Inpainting" or (net.input_channels, net.output_channels) != (3, 3):
        message = f"The net of `{card.name}` ({net.architecture.name}) fills no holes in pictures of three channels."
        raise PermanentFailure(message, code="weights_unreadable")
    return net
