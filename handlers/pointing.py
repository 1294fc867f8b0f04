"""What somebody pointed at, in the metadata of an upload: a box around it, or a click on it."""

from collections.abc import Mapping

from schemas.asset import Inspection
from schemas.errors import BadInput
from schemas.pointers import Box, Point
from schemas.run import Run


def box_in(metadata: Mapping[str, str]) -> Box | None:
    """Read the box.

    Raises
    ------
    BadInput
        If it is none.
    """
    if "box" not in metadata:
        return None
    try:
        return Box.parse(metadata["box"])
    except ValueError:
        raise BadInput(
            "The box in the metadata is not four whole numbers x,y,width,height with a size above 0.", code="bad_box"
        ) from None


def point_in(metadata: Mapping[str, str]) -> Point | None:
    """Read the click.

    Raises
    ------
    BadInput
        If it is none.
    """
    if "point" not in metadata:
        return None
    try:
        return Point.parse(metadata["point"])
    except ValueError:
        raise BadInput("The point in the metadata is not two whole numbers x,y.", code="bad_point") from None


def check_inside(run: Run, picture: Inspection) -> None:
    """Compare what was pointed at with the picture.

    Raises
    ------
    BadInput
        If it lies outside.
    """
    size = f"outside the picture of {picture.width} x {picture.height} pixels."
    if run.box and (run.box.x >= picture.width or run.box.y >= picture.height):
        raise BadInput(f"The box starts at {run.box.x},{run.box.y}, {size}", code="bad_box")
    if run.point and (run.point.x >= picture.width or run.point.y >= picture.height):
        raise BadInput(f"The point {run.point.text} lies {size}", code="bad_point")
