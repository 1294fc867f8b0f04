"""MI-GAN: a small net that fills holes in a fraction of a second on a CPU."""

from typing import Any

import numpy as np
import onnxruntime

from inference.inpainting.working_size import at_working_size
from inference.nets.spandrel_file import only_file
from inference.parameters import whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

WORKING_SIDE = 512
"""Pixels: the size that the net was trained at, and to which the exported pipeline brings what it is given."""

KNOWN, MISSING = 255, 0
"""The pipeline's mask is the other way round than ours."""


class MiganInpainter:
    """MI-GAN (Sargsyan et al., ICCV 2023: A Simple Baseline for Image Inpainting on Mobile Devices) as its authors
    export it: ``migan_pipeline_v2.onnx``, which takes and gives uint8.

    Parameters it understands: ``working_side``, longest side in pixels of what the pipeline sees, 128 to 2048. Larger
    crops are filled at that size, and get their detail from the picture around the hole.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        self._session = _session(only_file(card, weights), card)

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Fill ``hole``; see :class:`inference.protocols.Inpainter`. ``seed`` has no effect: noise is in the weights.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, ``mask_size`` or ``parameter``.
        """
        side = whole(parameters, "working_side", WORKING_SIDE, low=128, high=2048)
        return at_working_size(rgb, hole, side, self._infer)

    def _infer(self, rgb: Rgb, hole: Mask) -> Rgb:
        image = np.ascontiguousarray(rgb.transpose(2, 0, 1))[None]
        mask = np.where(hole, MISSING, KNOWN).astype(np.uint8)[None, None]
        (made,) = self._session.run(["result"], {"image": image, "mask": mask})
        return np.where(hole[..., None], np.asarray(made[0], np.uint8).transpose(1, 2, 0), rgb)


def _session(path: Any, card: ModelCard) -> Any:
    """Open the net on the CPU.

    Raises
    ------
    PermanentFailure
        ``weights_unreadable`` for a file that is no ONNX net, or one of another contract.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime has a dozen classes of its own for a file that it cannot read
        said = str(error).strip().partition("\n")[0]
        raise PermanentFailure(
            f"{path.name} holds no net that can be read: {said}", code="weights_unreadable"
        ) from error
    takes = {each.name: (each.type, len(each.shape)) for each in session.get_inputs()}
    gives = {each.name: each.type for each in session.get_outputs()}
    wanted = ("tensor(uint8)", 4)
    if takes != {"image": wanted, "mask": wanted} or gives.get("result") != "tensor(uint8)":
        message = f"The net of `{card.name}` is not MI-GAN's exported pipeline: it takes {takes} and gives {gives}."
        raise PermanentFailure(message, code="weights_unreadable")
    return session
