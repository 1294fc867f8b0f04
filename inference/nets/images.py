"""Between pictures and tensors."""

from typing import TYPE_CHECKING, cast

import numpy as np

from inference.protocols import Mask, Rgb, Samples

if TYPE_CHECKING:
    import torch

WHITE_OF_16_BITS = 65_535


def as_tensor(rgb: Samples, place: str, dtype: "torch.dtype") -> "torch.Tensor":
    """``(H, W, 3)`` uint8 or uint16 to ``(1, 3, H, W)``, 0..1, on a device.

    The bytes travel, the numbers are made there.
    """
    import torch

    planes = torch.from_numpy(np.ascontiguousarray(rgb)).to(place).permute(2, 0, 1)[None]
    if rgb.dtype == np.uint16:  # 65,535 is more than float16 can hold
        return (planes.to(torch.float32) / WHITE_OF_16_BITS).to(dtype)
    return planes.to(dtype) / 255


def mask_tensor(mask: Mask, place: str, dtype: "torch.dtype") -> "torch.Tensor":
    """``(H, W)`` bool to ``(1, 1, H, W)``, 0 or 1."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(mask)).to(place)[None, None].to(dtype)


def as_rgb(planes: "torch.Tensor") -> Rgb:
    """``(1, 3, H, W)``, 0..1, to ``(H, W, 3)`` uint8; see :func:`as_samples`."""
    return cast(Rgb, as_samples(planes))


def as_samples(planes: "torch.Tensor", *, deep: bool = False) -> Samples:
    """``(1, 3, H, W)``, 0..1, to ``(H, W, 3)`` uint8, or uint16 where ``deep`` is set, rounded to the nearest.

    Raises
    ------
    ArithmeticError
        If a value is not finite: a net whose sums overflowed in half precision would make a black or a torn picture.
    """
    import torch

    if not bool(torch.isfinite(planes).all()):
        raise ArithmeticError("The net made numbers that are not finite.")
    white, depth = (WHITE_OF_16_BITS, torch.uint16) if deep else (255, torch.uint8)
    levels = (planes[0].float().clamp(0, 1) * white).round().to(depth)
    return cast(Samples, np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy()))
