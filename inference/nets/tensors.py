"""Pictures as the tensors that nets of transformers take.

Made here and not by its image processors: those want torchvision's operators, choose another implementation by what is
installed, and need files that some published models lack. A resize and a normalisation is all that they do.
"""

from typing import TYPE_CHECKING

import cv2
import numpy as np

from inference.protocols import Rgb

if TYPE_CHECKING:
    import torch

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and deviation per channel of values in 0..1."""
CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))

Norm = tuple[tuple[float, float, float], tuple[float, float, float]]


def normalised(rgb: Rgb, size: tuple[int, int], norm: Norm) -> "torch.Tensor":
    """Resize to height and width without regard to shape, and normalise.

    Returns
    -------
    torch.Tensor
        ``(1, 3, height, width)`` float32 on the CPU.
    """
    import torch

    shrinks = size[0] < rgb.shape[0] and size[1] < rgb.shape[1]
    small = cv2.resize(rgb, size[::-1], interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    mean, deviation = (np.asarray(values, np.float32) for values in norm)
    values = (np.asarray(small, np.float32) / np.float32(255) - mean) / deviation
    return torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1)))[None]


def bytes_of(net: "torch.nn.Module") -> int:
    """Memory that a net's weights take."""
    return sum(weight.numel() * weight.element_size() for weight in [*net.parameters(), *net.buffers()])
