"""Lines that belong together: of one direction and size."""

import numpy as np

from inference.masking.line import Line

ASIDE, LARGER = 8.0, 1.5
"""Degrees, and times the height, by which lines of a family differ at most."""


def families(lines: list[Line]) -> list[list[Line]]:
    """Group lines, the largest group first; each line is in one group."""
    left, found = list(lines), []
    while left:
        groups = [[other for other in left if _alike(line, other)] for line in left]
        largest = max(groups, key=len)
        found.append(largest)
        members = {id(line) for line in largest}
        left = [line for line in left if id(line) not in members]
    return found


def common_angle(lines: list[Line]) -> float:
    """Weighted median of their angles, degrees; long lines know theirs best."""
    reference = lines[0].angle
    angles = np.array([reference + _turn(line.angle, reference) for line in lines])
    weights = np.array([line.length / line.height for line in lines])
    order = np.argsort(angles)
    half = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return (float(angles[order][half]) + 90) % 180 - 90


def _alike(line: Line, other: Line) -> bool:
    ratio = line.height / other.height
    return abs(_turn(line.angle, other.angle)) <= ASIDE and 1 / LARGER <= ratio <= LARGER


def _turn(angle: float, reference: float) -> float:
    return (angle - reference + 90) % 180 - 90
