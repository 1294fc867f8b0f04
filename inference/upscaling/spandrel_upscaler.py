"""Any enlarging net that spandrel knows: Real-ESRGAN, HAT, DAT, SwinIR, SPAN and some thirty more."""

import logging
import math
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.nets.device import device, dtype_for
from inference.nets.images import as_samples, as_tensor
from inference.nets.memory import free_bytes
from inference.nets.out_of_memory import at_a_size_that_fits, halved
from inference.nets.spandrel_file import halves, only_file, read_net
from inference.parameters import whole
from inference.protocols import Parameters, Samples, Weights
from inference.upscaling.tiles import in_tiles
from schemas.errors import PermanentFailure, TransientFailure
from schemas.model_card import ModelCard

if TYPE_CHECKING:
    import torch

SMALLEST_TILE, LARGEST_TILE = 64, 1024
"""Pixels. Below, the halo is most of the work; above, a GPU has long been busy."""

STEP = 32
"""Pixels. A multiple of the windows of HAT (16), SwinIR (8) and DAT (8 x 32), so that tiles do not shift their grid."""

HALO = 32
"""Pixels. An effective receptive field is far smaller than the one that layers add up to: Real-ESRGAN's own program
takes 10, chaiNNer 16."""

BYTES_PER_PIXEL = {"cpu": 50_000}
BYTES_PER_PIXEL_OF_ACCELERATOR = 25_000
"""Working memory per pixel of a tile that is assumed at first; what does not fit is tried at half the side. Measured in
float32 on a CPU: HAT 50 kB, DAT 39 kB, Real-ESRGAN 14 to 21 kB (`python -m infra.bench.nets`); halves take half."""

logger = logging.getLogger("cleanplate.upscaling")


class SpandrelUpscaler:
    """A net out of a safetensors file, in tiles as large as memory allows.

    Parameters it understands: ``tile``, side of a tile in pixels, 64 to 4096, 0 for as large as memory allows;
    ``halo``, 0 to 256 pixels; ``dtype``.

    How a net wants to be tiled is spandrel's to say: one for which it is discouraged is given the whole picture where
    that fits, and tiles as large as possible where not; one that tiles by itself is given the whole picture only.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        self.device = device()
        self._net = checked_enlarger(read_net(only_file(card, weights)), card)
        self._net.eval()
        self._state = self._net.model.state_dict()
        self._turn = Lock()  # a second picture at once would find the net in another number format, or half converted
        self._convert(dtype_for(card.defaults, self.device, halves=halves(self._net)))
        self.held_bytes = sum(tensor.nbytes for tensor in self._net.model.state_dict().values())

    def enlarge(self, rgb: Samples, *, parameters: Parameters) -> Samples:
        """Enlarge; see :class:`inference.protocols.Upscaler`.

        Raises
        ------
        BadInput
            ``parameter``.
        TransientFailure
            ``out_of_memory`` if not even the smallest tile fits.
        """
        halo = whole(parameters, "halo", HALO, low=0, high=256)
        asked = whole(parameters, "tile", 0, low=0, high=4096)
        dtype = dtype_for(parameters, self.device, halves=halves(self._net))

        def work(side: int) -> Samples:
            return in_tiles(rgb, self._infer, scale=self._net.scale, tile=side, halo=halo)

        with self._turn:
            self._convert(dtype)
            sides = self._sides(max(rgb.shape[:2]), asked, halo)
            return at_a_size_that_fits(work, sides, what=f"The enlargement by `{self.card.name}`")

    def _sides(self, longest: int, asked: int, halo: int) -> list[int]:
        """Sides of tiles to try, the best one first, for a picture of this longest side."""
        tiling, affordable = self._net.tiling.name, self._affordable(halo)
        whole_picture = math.ceil(longest / STEP) * STEP
        if tiling == "INTERNAL":
            if self.device == "cpu" and whole_picture > affordable:
                # A machine that is out of memory does not say so: it kills the process.
                raise TransientFailure(f"`{self.card.name}` has no room for this picture.", code="out_of_memory")
            return [whole_picture]
        most = affordable if tiling == "DISCOURAGED" else min(affordable, LARGEST_TILE)
        smallest = max(min(asked or SMALLEST_TILE, SMALLEST_TILE), self._net.size_requirements.minimum)
        return halved(min(asked or most, whole_picture), smallest, multiple_of=STEP)

    def _affordable(self, halo: int) -> int:
        """Side of a tile that takes half of the free memory at most."""
        per_pixel = BYTES_PER_PIXEL.get(self.device, BYTES_PER_PIXEL_OF_ACCELERATOR)
        return max(math.isqrt(free_bytes(self.device) // 2 // per_pixel) - 2 * halo, SMALLEST_TILE)

    def _convert(self, dtype: "torch.dtype") -> None:
        """Bring the net into a number format, from the numbers of its file: halves do not come back."""
        if (self._net.dtype, self._net.device.type) == (dtype, self.device.partition(":")[0]):
            return
        self._net.to(self.device, dtype)
        self._net.model.load_state_dict(self._state)

    def _infer(self, rgb: Samples) -> Samples:
        try:
            return as_samples(self._net(as_tensor(rgb, self.device, self._net.dtype)), deep=rgb.dtype == np.uint16)
        except ArithmeticError:
            # Numbers of float16 end at 65,504. Where one tile gets over it, others of the picture will too.
            logger.warning("%s overflowed in %s and goes on in float32", self.card.name, self._net.dtype)
            self._convert(dtype_for({"dtype": "float32"}, self.device))
            return as_samples(self._net(as_tensor(rgb, self.device, self._net.dtype)), deep=rgb.dtype == np.uint16)


def checked_enlarger(net: Any, card: ModelCard) -> Any:
    """Refuse a net that does something else than the card says.

    Raises
    ------
    PermanentFailure
        ``weights_unreadable``.
    """
    if net.purpose not in ("SR", "FaceSR"):
        said = f"is made for {net.purpose.lower()}, not for enlarging"
    elif net.scale != card.scale:
        said = f"enlarges by {net.scale}, and its card says {card.scale}"
    elif (net.input_channels, net.output_channels) != (3, 3):
        said = f"takes {net.input_channels} channels and gives {net.output_channels}; pictures have 3"
    else:
        return net
    message = f"The net of `{card.name}` ({net.architecture.name}) {said}."
    raise PermanentFailure(message, code="weights_unreadable")
