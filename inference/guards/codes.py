"""A barcode or QR code that could be read before an edit reads the same after it, unless it was to be removed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inference.guards.view import REMOVED, View, overlap
from inference.protocols import Rgb
from schemas.finding import Change, Finding, Guard
from schemas.pointers import Box

if TYPE_CHECKING:
    import zxingcpp

SAME_PLACE = 0.3
"""Overlap of two boxes from which they are one code's."""


@dataclass(frozen=True)
class Code:
    """A code that could be read: what it says, and where."""

    kind: str
    text: str
    box: Box


def read(rgb: Rgb) -> list[Code]:
    """Read all codes of a picture.

    Raises
    ------
    ModuleNotFoundError
        Where the reading library is not installed.
    """
    import zxingcpp

    return [_code(found, rgb) for found in zxingcpp.read_barcodes(np.ascontiguousarray(rgb)) if found.valid]


def findings(view: View) -> list[Finding]:
    """Read the codes again that the edit may have reached."""
    reached = [code for code in read(view.before) if view.touched(view.area_of(code.box)) > 0]
    kept = [code for code in reached if view.removed(view.area_of(code.box)) < REMOVED]
    return lost(kept, read(view.after)) if kept else []


def lost(before: list[Code], after: list[Code]) -> list[Finding]:
    """Say which codes do not read as they did, each in its own place: labels repeat a code."""
    return [_finding(code, after) for code in before if not any(_is_still(code, other) for other in after)]


def _is_still(code: Code, other: Code) -> bool:
    return code.text == other.text and overlap(code.box, other.box) > SAME_PLACE


def _finding(code: Code, after: list[Code]) -> Finding:
    if any(overlap(code.box, other.box) > SAME_PLACE for other in after):
        detail = f"the {code.kind} code reads otherwise than before"
        return Finding(guard=Guard.CODES, change=Change.CHANGED, box=code.box, detail=detail)
    detail = f"the {code.kind} code can no longer be read"
    return Finding(guard=Guard.CODES, change=Change.LOST, box=code.box, detail=detail)


def _code(found: "zxingcpp.Barcode", rgb: Rgb) -> Code:
    place = found.position
    corners = np.array([(corner.x, corner.y) for corner in _corners(place)])
    low = np.clip(corners.min(axis=0), 0, (rgb.shape[1] - 1, rgb.shape[0] - 1))
    high = np.clip(corners.max(axis=0) + 1, low + 1, (rgb.shape[1], rgb.shape[0]))
    box = Box(x=int(low[0]), y=int(low[1]), width=int(high[0] - low[0]), height=int(high[1] - low[1]))
    return Code(str(found.format).rpartition(".")[2], found.text, box)


def _corners(place: "zxingcpp.Position") -> "tuple[zxingcpp.Point, ...]":
    return place.top_left, place.top_right, place.bottom_right, place.bottom_left
