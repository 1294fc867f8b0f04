"""SPAN on a CPU through ncnn: enlarges faithfully and invents nothing."""

from os import cpu_count
from typing import cast

import ncnn
import numpy as np

from inference.parameters import whole
from inference.protocols import Parameters, Samples, Weights
from inference.upscaling.tiles import in_tiles
from schemas.errors import PermanentFailure, TransientFailure
from schemas.model_card import ModelCard

RECEPTIVE_RADIUS = 21
"""21 convolutions of 3 x 3 in a row: one at the start, six blocks of three, one after them, one before the shuffle."""

WORKERS = min(cpu_count() or 1, 4)
"""Tiles in work at the same time; each takes up to 0.2 GB at the default size."""


class SpanUpscaler:
    """Swift Parameter-free Attention Network (Wan et al., CVPR 2024 workshops), 48 channels, x2 or x4.

    Parameters it understands: ``tile``, side of a tile in pixels, 32 to 256. Larger tiles are not quicker, and
    memory grows with their area.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        if card.scale is None:
            raise PermanentFailure(f"The card of {card.name} names no scale.", code="model_card")
        self.card = card
        self.scale = card.scale
        self._net = _load(weights)

    def enlarge(self, rgb: Samples, *, parameters: Parameters) -> Samples:
        """Enlarge; see :class:`inference.protocols.Upscaler`.

        Raises
        ------
        BadInput
            ``parameter``.
        TransientFailure
            ``out_of_memory`` if ncnn could not run a tile.
        """
        tile = whole(parameters, "tile", 128, low=32, high=256)
        return in_tiles(rgb, self._infer, scale=self.scale, tile=tile, halo=RECEPTIVE_RADIUS + 1, workers=WORKERS)

    def _infer(self, rgb: Samples) -> Samples:
        white = np.float32(np.iinfo(rgb.dtype).max)
        # ncnn.Mat borrows the memory of the array: `planes` has to live until extract() is done.
        planes = np.ascontiguousarray(rgb.transpose(2, 0, 1), dtype=np.float32) / white
        extractor = self._net.create_extractor()  # one per call: the net is shared by threads, an extractor is not
        extractor.input("data", ncnn.Mat(planes))
        status, output = extractor.extract("output")
        if status != 0:
            raise TransientFailure("The enlargement ran out of memory.", code="out_of_memory")
        enlarged = np.array(output).transpose(1, 2, 0) * white
        return cast(Samples, np.rint(enlarged).clip(0, white).astype(rgb.dtype))


def _load(weights: Weights) -> "ncnn.Net":
    files = {path.suffix: str(path) for path in weights.values()}
    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    # ncnn's own threads meet at a spinning barrier after every layer: when other work kept both of two cores busy,
    # two threads took 32 s for what one did in 0.7 s. Tiles are independent, so threads take tiles instead.
    net.opt.num_threads = 1
    # Half floats move the result by up to a level and gain nothing on a CPU.
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    net.opt.use_bf16_storage = False
    if net.load_param(files[".param"]) != 0 or net.load_model(files[".bin"]) != 0:
        raise PermanentFailure("The weights of SPAN cannot be read.", code="weights_unreadable")
    return net
