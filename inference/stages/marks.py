"""Registered marks among a request's inputs: their artwork, and where an earlier stage saw them."""

from dataclasses import replace

from pydantic import ValidationError

from inference.pictures import Picture
from inference.protocols import Mark
from inference.stages.job import Job
from schemas.errors import BadInput
from schemas.mark import name_of_input
from schemas.pointers import S3Pointer
from schemas.sighting import Sighting, Sightings

SIGHTINGS = "sightings"
_LONGEST, _LARGEST = 2.0, 8.0
"""Of the picture: sides and pixels that a mark may have. The search finds none beyond 1.1, or with less than 0.15 of it
inside; what lies beyond would be drawn all the same."""
_MOST_BYTES = 8 << 20


def marks_of(job: Job) -> list[Mark]:
    """Read the inputs named ``mark-...``, in the order of their names."""
    return [Mark(name, job.artwork(given)) for name, given in _named(job).items()]


def sighted_marks_of(job: Job, picture: Picture) -> list[Mark]:
    """Read the marks, with their places where an earlier stage looked for them (input ``sightings``).

    Raises
    ------
    BadInput
        ``sightings``: no such document, or one of other artwork or another picture.
    """
    marks = marks_of(job)
    if not marks or not job.has(SIGHTINGS):
        return marks
    try:
        known = Sightings.model_validate_json(job.read(SIGHTINGS, _MOST_BYTES))
    except ValidationError:
        raise _refused("is no list of sightings") from None
    if known.artwork != _artwork(job):
        raise _refused("speaks of other artwork than is registered for this run")
    if not all(_may_lie_in(picture, sighting) for sighting in known.found):
        raise _refused("speaks of marks that lie outside of this picture")
    return [replace(mark, sighted=[one for one in known.found if one.name == mark.name]) for mark in marks]


def write_sightings(job: Job, found: list[Sighting]) -> None:
    """Write what was seen of the request's marks as ``sightings``."""
    document = Sightings(artwork=_artwork(job), found=found)
    job.write(SIGHTINGS, "sightings.json", document.model_dump_json().encode(), "application/json")


def _named(job: Job) -> dict[str, str]:
    """Names of marks, and of the inputs that hold their artwork."""
    named = ((name_of_input(given), given) for given in sorted(job.request.inputs))
    return {name: given for name, given in named if name is not None}


def _artwork(job: Job) -> dict[str, S3Pointer]:
    return {name: job.request.inputs[given] for name, given in _named(job).items()}


def _may_lie_in(picture: Picture, sighting: Sighting) -> bool:
    reach = (sighting.width + sighting.height) / 2
    inside = -reach < sighting.x < picture.width + reach and -reach < sighting.y < picture.height + reach
    short = max(sighting.width, sighting.height) <= _LONGEST * max(picture.width, picture.height)
    small = sighting.width * sighting.height <= _LARGEST * picture.width * picture.height
    box = sighting.box
    boxed = box.x + box.width <= picture.width and box.y + box.height <= picture.height
    return inside and short and small and boxed


def _refused(why: str) -> BadInput:
    return BadInput(f"The input `{SIGHTINGS}` {why}. Run the mask stage again.", code=SIGHTINGS)
