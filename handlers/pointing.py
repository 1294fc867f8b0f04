"""What somebody pointed at: a box around it, or a click on it."""

from schemas.asset import Inspection
from schemas.errors import BadInput
from schemas.run import Run


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
