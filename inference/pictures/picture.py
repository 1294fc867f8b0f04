"""What a decoded picture is."""

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Rgb, Samples
from schemas.asset import MediaType

WIDEN = 257
"""8 to 16 bit: 255 * 257 is 65535, and dividing by 257 gives every 8-bit value back."""


@dataclass(frozen=True)
class Picture:
    """An upright picture with everything that has to survive an edit.

    Parameters
    ----------
    pixels
        ``(H, W, 3)`` uint8 or uint16, RGB, C-contiguous. Grey pictures have three equal channels.
    alpha
        ``(H, W)`` of the same dtype, or ``None`` where the picture has no transparency.
    icc
        ICC profile of the pixels.
    exif
        EXIF block that starts with ``Exif\\0\\0``; its orientation is 1 and it holds no thumbnail.
    was_gray
        Whether the file was grey: then it is written grey again, unless something coloured was added.
    media_type
        Type of the file it came from.
    """

    pixels: Samples
    alpha: Samples | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    was_gray: bool = False
    media_type: MediaType = MediaType.PNG

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    @property
    def deep(self) -> bool:
        """Whether it has 16 bits per channel."""
        return self.pixels.dtype == np.uint16

    def rgb8(self) -> Rgb:
        """The picture as models see it: ``(H, W, 3)`` uint8. An 8-bit picture gives its own array, not a copy."""
        return to_8_bit(self.pixels)

    def alpha8(self) -> NDArray[np.uint8] | None:
        """The transparency in 8 bits, ``(H, W)``."""
        return None if self.alpha is None else to_8_bit(self.alpha)

    def with_pixels(self, pixels: Samples, alpha: Samples | None) -> "Picture":
        """The same picture with other pixels: profile, EXIF and origin are kept."""
        return replace(self, pixels=pixels, alpha=alpha)


def to_8_bit(samples: Samples) -> NDArray[np.uint8]:
    """Round 16-bit samples to 8 bits; 8-bit samples come back as they are."""
    if samples.dtype == np.uint8:
        return cast(NDArray[np.uint8], samples)
    # In C, without the 32-bit temporary that numpy would need (1.4 GB for 120 megapixels).
    return cast(NDArray[np.uint8], cv2.convertScaleAbs(samples, alpha=1 / WIDEN))
