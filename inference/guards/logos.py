"""No registered logo is touched but those that the recipe removes."""

from inference.guards.view import View
from inference.protocols import Mark
from inference.unblending.handed import sighting_of
from inference.unblending.registered import find_marks
from schemas.finding import Change, Finding, Guard
from schemas.sighting import Sighting


def findings(view: View, protected: list[Mark]) -> list[Finding]:
    """Look for the logos before the edit; each that it may have reached is a find."""
    if not protected:
        return []
    seen = [sighting_of(place) for place in find_marks(view.before, protected)]
    return [_finding(sighting) for sighting in seen if view.touched(view.area_of(sighting.box)) > 0]


def _finding(sighting: Sighting) -> Finding:
    detail = f"the edit reaches into the registered mark `{sighting.name}`, which the recipe does not remove"
    return Finding(guard=Guard.LOGOS, change=Change.TOUCHED, box=sighting.box, detail=detail)
