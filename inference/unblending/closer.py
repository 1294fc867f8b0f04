"""Bring a mark onto its place: Gauss-Newton on place, size and turn, from coarse to fine (Lucas & Kanade 1981)."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.unblending.artwork import Artwork, Pose
from inference.unblending.evidence import LEVELS, Evidence, Field, evidence, field_of, gradients, trace_of
from inference.unblending.ink import Plane
from inference.unblending.looked import Looked
from schemas.sighting import Paint

ROUNDS = 8
MARGIN = 8
"""Pixels around a mark that are looked at with it, at the size at which it is looked at."""
FARTHEST = (0.1, 0.25)
"""How far one step may change the logarithm of a size, and a turn in radians."""
SETTLED = 0.02
"""Pixels: a step below this is the last."""


@dataclass(frozen=True)
class Close:
    """A pose, and how clearly the mark is seen there."""

    pose: Pose
    paint: Paint
    seen: Evidence | None


class View:
    """A picture's luma around a pose, brought to the size at which a mark's longer side has ``side`` pixels."""

    def __init__(self, luma: Looked, pose: Pose, side: float) -> None:
        self.side = side
        self.factor = min(1.0, side / max(pose.width, pose.height))
        wide, tall = pose.extent
        margin = MARGIN / self.factor + 0.06 * max(wide, tall)
        top, left = int(pose.y - tall / 2 - margin), int(pose.x - wide / 2 - margin)
        bottom, right = int(pose.y + tall / 2 + margin) + 1, int(pose.x + wide / 2 + margin) + 1
        crop, (self.top, self.left), pitch = luma.cut((top, left, bottom, right), self.factor)
        height, width = (side * pitch for side in crop.shape)
        self.empty = min(height, width) < 8
        if self.empty:
            return
        size = (max(4, round(width * self.factor)), max(4, round(height * self.factor)))
        self.scale = (size[0] / width, size[1] / height)
        small = crop if self.factor == 1 else cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
        self.field = field_of(np.asarray(small, np.float32))

    def inward(self, pose: Pose) -> Pose:
        """Give a pose of the picture as it is in the view."""
        across, down = self.scale
        place = ((pose.x - self.left) * across, (pose.y - self.top) * down)
        return replace(pose, x=place[0], y=place[1], width=pose.width * across, height=pose.height * down)

    def outward(self, pose: Pose) -> Pose:
        """Give a pose of the view as it is in the picture."""
        across, down = self.scale
        place = (pose.x / across + self.left, pose.y / down + self.top)
        return replace(pose, x=place[0], y=place[1], width=pose.width / across, height=pose.height / down)


def climbed(luma: Looked, artwork: Artwork, start: Pose, paint: Paint, side: float) -> Close | None:
    """Climb to the pose nearby at which a mark is seen the clearest, with the mark brought to ``side`` pixels.

    Returns
    -------
    Close or None
        ``None`` where too little of it lies in the picture.
    """
    return climbed_in(View(luma, start, side), artwork, Close(start, paint, None))


def climbed_in(view: View, artwork: Artwork, start: Close, rounds: int = ROUNDS) -> Close | None:
    """Climb in a view for a number of rounds; without any, say how clearly the mark is seen from where it starts."""
    if view.empty:
        return None
    pose, paint = view.inward(start.pose), start.paint
    best = (weighed(view.field, artwork, pose, paint), pose)
    for _ in range(rounds):
        step = _step(view.field, artwork, best[1], paint)
        if step is None:
            break
        better = False
        for share in (1.0, 0.5, 0.2):
            moved = _moved(best[1], share * step)
            seen = weighed(view.field, artwork, moved, paint)
            if seen.clearness > best[0].clearness:
                best, better = (seen, moved), True
                break
        if not better or np.abs(step * _reach(best[1])).max() < SETTLED:
            break
    return Close(view.outward(best[1]), paint, best[0])


def weighed(field: Field, artwork: Artwork, pose: Pose, paint: Paint) -> Evidence:
    """Weigh a mark drawn at a pose of the field."""
    return evidence(field, trace_of(*artwork.drawn(pose, *field.weight.shape)), paint)


def _reach(pose: Pose) -> NDArray[np.float64]:
    """Pixels by which a mark's border moves per unit of each parameter."""
    half = max(pose.width, pose.height) / 2
    return np.array([1, 1, pose.width / 2, pose.height / 2, half])


def _moved(pose: Pose, step: NDArray[np.float64]) -> Pose:
    step = step.copy()
    step[2:4] = step[2:4].clip(-FARTHEST[0], FARTHEST[0])
    return Pose(
        pose.x + float(step[0]),
        pose.y + float(step[1]),
        pose.width * float(np.exp(step[2])),
        pose.height * float(np.exp(step[3])),
        pose.turn + float(np.rad2deg(np.clip(step[4], -FARTHEST[1], FARTHEST[1]))),
    )


def _step(field: Field, artwork: Artwork, pose: Pose, paint: Paint) -> NDArray[np.float64] | None:
    """Solve for the step in x, y, log width, log height and turn (radians), and for the opacity with them."""
    height, width = field.weight.shape
    laid, shape = artwork.drawn(pose, height, width)
    level = LEVELS.get(paint)
    usual = np.sqrt(field.weight)
    images = [shape] if level is not None else [shape, laid]
    # What a paint of one level leaves is the gradient of its coverage, times its contrast to the ground.
    contrast = usual * (np.float32(level or 0) - field.ground)

    def expected(steps: list[Plane]) -> Plane:
        left = gradients(steps[0]) * contrast
        return np.asarray(left + gradients(steps[1]) * usual if len(steps) == 2 else left, np.float32)

    present = expected(images)
    seen = field.gradient / usual
    energy = float(np.vdot(present, present))
    opacity = float(np.vdot(present, seen)) / energy if energy > 0 else 0.0
    if opacity <= 0:
        return None
    slopes = [gradients(image) for image in images]
    columns = [present.ravel()]
    for across, down in _displacements(pose, height, width):
        moved = [-(slope[0] * across + slope[1] * down) for slope in slopes]
        columns.append(opacity * expected(moved).ravel())
    matrix = np.stack(columns)
    normal = (matrix @ matrix.T).astype(np.float64)
    normal[np.diag_indices(6)] *= 1.001
    right = matrix @ (seen - opacity * present).ravel()
    try:
        return np.asarray(np.linalg.solve(normal, right.astype(np.float64))[1:], np.float64)
    except np.linalg.LinAlgError:
        return None


def _displacements(pose: Pose, height: int, width: int) -> list[tuple[Plane, Plane]]:
    """How far each pixel moves right and down per unit of x, y, log width, log height and turn."""
    angle = np.deg2rad(pose.turn)
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    x: Plane = (np.arange(width, dtype=np.float32) + np.float32(0.5 - float(pose.x)))[None, :]
    y = (np.arange(height, dtype=np.float32) + np.float32(0.5 - float(pose.y)))[:, None]
    along, athwart = x * cosine - y * sine, x * sine + y * cosine
    one, none = np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32)
    ways = [
        (one, none),
        (none, one),
        (along * cosine, -along * sine),
        (athwart * sine, athwart * cosine),
        (-along * sine + athwart * cosine, -along * cosine - athwart * sine),
    ]
    return [(np.asarray(across, np.float32), np.asarray(down, np.float32)) for across, down in ways]
