"""A click: the pixel that somebody pointed at."""

from collections.abc import Mapping
from typing import Any

from schemas import pointers
from schemas.errors import BadInput

Point = tuple[int, int]
"""Column and row, pixels."""


def read_point(parameters: Mapping[str, Any], height: int, width: int) -> Point | None:
    """The clicked pixel, ``x,y``.

    Raises
    ------
    BadInput
        ``point`` when it is none, or lies outside.
    """
    given = parameters.get("point")
    if given is None:
        return None
    try:
        point = pointers.Point.parse(given)
    except (AttributeError, ValueError) as error:
        raise BadInput("A point is x,y in whole pixels of the upright picture.", code="point") from error
    if not (point.x < width and point.y < height):
        raise BadInput(f"The point lies outside of the picture of {width} x {height}.", code="point")
    return point.x, point.y
