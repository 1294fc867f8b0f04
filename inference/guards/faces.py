"""No face is touched, changed or invented, and none that was to be removed stays."""

from inference.guards.face_finder import Face, FaceFinder
from inference.guards.view import REMOVED, TOUCHED, View, overlap
from inference.protocols import Rgb
from schemas.finding import Change, Finding, Guard
from schemas.pointers import Box

SAME_FACE = 0.3
"""Overlap of two boxes from which they are one face."""
NEW = 0.15
"""Share of a face that lies where anything changed, from which it may be new."""


def findings(finder: FaceFinder, view: View) -> list[Finding]:
    """Compare the faces before and after, wherever the edit may have reached."""
    before, after = finder.find(view.before), finder.find(view.after)
    found = [finding for face in before if (finding := _what_became_of(view, face, after))]
    return found + [
        _finding(Change.INVENTED, face.box, "there was no face before")
        for face in after
        if view.touched(view.area_of(face.box)) >= NEW and not _is_among(face, before)
    ]


def enlarged_findings(finder: FaceFinder, native: Rgb, enlarged: Rgb) -> list[Finding]:
    """Look for faces that an enlargement has and its native picture has not.

    Parameters
    ----------
    native, enlarged
        The same place; the second is looked at in the size of the first, where both show the same faces.
    """
    known = finder.find(native)
    return [
        _finding(Change.INVENTED, face.box, "the enlargement shows a face where the native picture has none")
        for face in finder.find(enlarged)
        if not _is_among(face, known)
    ]


def _what_became_of(view: View, face: Face, after: list[Face]) -> Finding | None:
    area = view.area_of(face.box)
    if view.touched(area) <= TOUCHED:
        return None
    if view.removed(area) >= REMOVED:
        stays = _is_among(face, after)
        return _finding(Change.REMAINS, face.box, "it was to be removed, and a face is still there") if stays else None
    if _is_among(face, after):
        return _finding(Change.TOUCHED, face.box, "the mask reaches into it; compare it with the original")
    return _finding(Change.CHANGED, face.box, "the mask reaches into it, and it no longer looks like a face")


def _is_among(face: Face, others: list[Face]) -> bool:
    return any(overlap(face.box, other.box) > SAME_FACE for other in others)


def _finding(change: Change, box: Box, detail: str) -> Finding:
    return Finding(guard=Guard.FACES, change=change, box=box, detail=detail)
