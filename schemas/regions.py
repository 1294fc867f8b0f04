"""Boxes of a picture in another size of the same picture."""

from schemas.pointers import Box

Size = tuple[int, int]
"""Width and height, pixels."""


def scaled(boxes: list[Box], before: Size, after: Size, *, at_most: int) -> list[Box]:
    """Find boxes again in a picture that was resized, the ``at_most`` largest of them.

    They are rounded outward: what was inside of one still is, and none leaves the picture.
    """
    largest = sorted(boxes, key=lambda box: -box.width * box.height)[:at_most]
    return [_scaled(box, before, after) for box in largest]


def _scaled(box: Box, before: Size, after: Size) -> Box:
    x, width = _span(box.x, box.width, before[0], after[0])
    y, height = _span(box.y, box.height, before[1], after[1])
    return Box(x=x, y=y, width=width, height=height)


def _span(start: int, length: int, before: int, after: int) -> tuple[int, int]:
    begins = min(start * after // before, after - 1)
    ends = min(after, -(-(start + length) * after // before))
    return begins, max(1, ends - begins)
