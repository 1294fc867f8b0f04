"""Pictures for these tests, written by other libraries than the one that is tested."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from schemas.asset import MediaType
from schemas.renditions import Master
from tests.documents import PHOTO

P3 = bytes(pyvips.Image.profile_load("p3"))


def photograph(width: int = 400, height: int = 300) -> Image.Image:
    """A cat, in colour."""
    return Image.fromarray(data.chelsea()).resize((width, height), Image.Resampling.LANCZOS)


def saved(picture: Image.Image, path: Path, kind: str = "PNG", **how: Any) -> Path:
    """Write a picture with Pillow."""
    picture.save(path, kind, **how)
    return path


def master(path: Path, *, name: str = "native", kind: MediaType = MediaType.PNG) -> tuple[Master, Path]:
    """Describe a file as the picture that a run made."""
    with Image.open(path) as picture:
        turned = picture.getexif().get(0x0112, 1) > 4
        size = picture.size[::-1] if turned else picture.size
    purpose = "native" if name == "native" else "enlarged"
    return Master(name=name, purpose=purpose, source=PHOTO, media_type=kind, width=size[0], height=size[1]), path


def pixels(data_or_path: bytes | Path) -> NDArray[np.uint8]:
    """Decode with Pillow, as it is stored."""
    source = io.BytesIO(data_or_path) if isinstance(data_or_path, bytes) else data_or_path
    with Image.open(source) as picture:
        return np.asarray(picture)


def p3_in_srgb(values: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Display P3 to sRGB by arithmetic (both with sRGB's curve and D65; IEC 61966-2-1, SMPTE EG 432-1), 0..255."""
    share = values / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.486571, 0.265668, 0.198217], [0.228975, 0.691739, 0.079287], [0.0, 0.045113, 1.043944]])
    to_rgb = np.array(
        [[3.240970, -1.537383, -0.498611], [-0.969244, 1.875968, 0.041555], [0.055630, -0.203977, 1.056972]]
    )
    seen = np.clip(linear @ (to_rgb @ to_xyz).T, 0, 1)
    curved = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    return np.asarray(curved * 255)
