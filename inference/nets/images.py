"""Between pictures and tensors."""

from typing import TYPE_CHECKING

import numpy as np

from inference.protocols import Mask, Rgb

if TYPE_CHECKING:
    import torch


def as_tensor(rgb: Rgb, place: str, dtype: "torch.dtype") -> "torch.Tensor":
    """``(H, W, 3)`` uint8 to ``(1, 3, H, W)``, 0..1, on a device. The bytes travel, the numbers are made there."""
    import torch

    planes = torch.from_numpy(np.ascontiguousarray(rgb)).to(place).permute(2, 0, 1)[None]
    return planes.to(dtype) / 255


def mask_tensor(mask: Mask, place: str, dtype: "torch.dtype") -> "torch.Tensor":
    """``(H, W)`` bool to ``(1, 1, H, W)``, 0 or 1."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(mask)).to(place)[None, None].to(dtype)


def as_rgb(planes: "torch.Tensor") -> Rgb:
    """``(1, 3, H, W)``, 0..1, to ``(H, W, 3)`` uint8, rounded to the nearest.

    Raises
    ------
    ArithmeticError
        If a value is not finite: a net whose sums overflowed in half precision would make a black or a torn picture.
    """
    import torch

    if not bool(torch.isfinite(planes).all()):
        raise ArithmeticError("The net made numbers that are not finite.")
    levels = (planes[0].float().clamp(0, 1) * 255).round().to(torch.uint8)
    return np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy())
