"""How a mark was drawn: which kernel brought the artwork to size, at which whole pixels it lies, how sharp it came out.

Whoever stamps a picture resizes the artwork once and pastes it. If that is done again in the same way, edges match to
rounding; a pose that is a twentieth of a pixel off, or another kernel, leaves a tenth of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
from PIL import Image

from inference.unblending.artwork import Artwork, Pose, placed, within_bounds
from inference.unblending.ink import Plane
from schemas.sighting import Kernel

UPRIGHT = 0.35
"""Pixels by which a turn may move a mark's corner for it to be taken for upright."""
Resize = Callable[[Plane, int, int], Plane]


def _with_opencv(flags: int, layers: Plane, height: int, width: int) -> Plane:
    return np.asarray(cv2.resize(layers, (width, height), interpolation=flags), np.float32)


def _with_pillow(kernel: Image.Resampling, layers: Plane, height: int, width: int) -> Plane:
    """Pillow widens its kernels when it reduces; OpenCV does so for areas only."""
    bands = [
        np.asarray(Image.fromarray(np.ascontiguousarray(layers[..., band])).resize((width, height), kernel))
        for band in range(layers.shape[2])
    ]
    return np.dstack(bands).astype(np.float32)


KERNELS: dict[Kernel, Resize] = {
    "area": partial(_with_opencv, cv2.INTER_AREA),
    "bicubic": partial(_with_pillow, Image.Resampling.BICUBIC),
    "lanczos": partial(_with_pillow, Image.Resampling.LANCZOS),
    "bilinear": partial(_with_pillow, Image.Resampling.BILINEAR),
    "linear": partial(_with_opencv, cv2.INTER_LINEAR),
    "cubic": partial(_with_opencv, cv2.INTER_CUBIC),
}
"""What image editors, Pillow and OpenCV do. ``linear`` and ``cubic`` skip pixels where they reduce."""


FIRST: Kernel = "bicubic"
"""Tried first: the others are like it rather than like each other."""
BETWEEN = 0.004
"""Likeness by which a pose between pixels has to be better than one at whole pixels, where nearly all marks lie."""


@dataclass(frozen=True)
class Drawing:
    """One way of drawing a mark.

    Parameters
    ----------
    pose
        Where.
    kernel
        Of :data:`KERNELS`.
    size
        Height and width, pixels, to which the kernel brings the artwork.
    softness
        0 as the kernel leaves it; 1 blurred by a Gaussian of :data:`SOFT` pixels, below 0 sharper.
    """

    pose: Pose
    kernel: Kernel
    size: tuple[int, int]
    softness: float = 0.0

    @classmethod
    def at(cls, pose: Pose, kernel: Kernel = FIRST) -> "Drawing":
        """Draw at a pose as it is."""
        return cls(pose, kernel, (max(1, round(pose.height)), max(1, round(pose.width))))

    def layers(self, artwork: Artwork, height: int, width: int, left: int, top: int) -> Plane:
        """Draw into a window, as :meth:`Artwork.drawn` does."""
        same = self.size == artwork.size
        sized = artwork.layers if same else within_bounds(KERNELS[self.kernel](artwork.layers, *self.size))
        drawn = placed(sized, self.pose, height, width, left, top)
        return softened(drawn, self.softness) if self.softness else drawn


SOFT = 0.7


def softened(layers: Plane, softness: float) -> Plane:
    """Blur or sharpen drawn layers."""
    blurred = cv2.GaussianBlur(layers, (0, 0), SOFT, borderType=cv2.BORDER_REPLICATE)
    mixed = layers + np.float32(softness) * (blurred - layers)
    return within_bounds(np.asarray(mixed, np.float32))


def is_upright(pose: Pose) -> bool:
    """Whether a pose is turned by nothing but quarters."""
    off = abs((pose.turn + 45) % 90 - 45)
    return float(np.deg2rad(off)) * max(pose.width, pose.height) / 2 < UPRIGHT


def whole(pose: Pose) -> Iterator[Pose]:
    """Give poses at whole pixels near one that is upright: sizes one up and down, the middle as near as may be."""
    turn = float(round(pose.turn / 90) * 90)
    swapped = round(turn / 90) % 2 == 1
    for wider in (0, -1, 1):
        for taller in (0, -1, 1):
            width, height = max(1, round(pose.width) + wider), max(1, round(pose.height) + taller)
            across, down = (height, width) if swapped else (width, height)
            left, top = round(pose.x - across / 2), round(pose.y - down / 2)
            yield replace(pose, x=left + across / 2, y=top + down / 2, width=width, height=height, turn=turn)


def best_drawing(artwork: Artwork, pose: Pose, weigh: Callable[[Drawing], float]) -> Drawing:
    """Find the way of drawing that matches best, by ``weigh``: higher is better."""
    near = list(whole(pose)) if is_upright(pose) else [pose]
    best = _best([Drawing.at(one) for one in near], weigh)
    best = _best([replace(best, kernel=kernel) for kernel in KERNELS], weigh)
    if best.kernel != FIRST:
        best = _best([Drawing.at(one, best.kernel) for one in near], weigh)
    between = Drawing.at(pose, best.kernel)
    return between if weigh(between) > weigh(best) + BETWEEN else best


def moved_to(like: Drawing, pose: Pose) -> Drawing:
    """Draw another copy: as the one that is known, elsewhere; at whole pixels, if that one was."""
    apart = (pose.x - like.pose.x, pose.y - like.pose.y)
    if _at_whole_pixels(like):
        apart = (float(round(apart[0])), float(round(apart[1])))
    return replace(like, pose=replace(like.pose, x=like.pose.x + apart[0], y=like.pose.y + apart[1]))


def _at_whole_pixels(drawing: Drawing) -> bool:
    return drawing.pose.turn % 90 == 0 and drawing.size == (drawing.pose.height, drawing.pose.width)


def _best(ways: list[Drawing], weigh: Callable[[Drawing], float]) -> Drawing:
    return ways[int(np.argmax([weigh(way) for way in ways]))]
