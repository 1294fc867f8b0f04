"""Registered marks: watermarks whose artwork is known, so that they are found and subtracted."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints

from schemas.asset import Limits
from schemas.pointers import S3Pointer

MarkName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]

MOST_MARKS = 16
"""Marks that are registered at once. A run looks for each at every place and size, which takes a second or two,
however large the picture."""

ARTWORK = Limits(max_bytes=4 << 20, max_pixels=16_000_000, max_side=8_192)
"""What artwork may be. It comes as the body of one request, and a function is called with at most 6 MiB of text: room
for 4 MiB as base64 and the rest of the event."""

_INPUT = "mark-"


def artwork_key(name: str, sha256: str) -> str:
    """Where a mark's artwork lies in the work bucket: named by its content, so that it never changes."""
    return f"marks/{name}/{sha256}.png"


def as_inputs(marks: Mapping[str, S3Pointer]) -> dict[str, S3Pointer]:
    """Name artwork as a stage's request does: ``mark-NAME``."""
    return {_INPUT + name: artwork for name, artwork in marks.items()}


def name_of_input(given: str) -> str | None:
    """Read a mark's name from the name of an input; ``None`` where that is another input."""
    return given.removeprefix(_INPUT) if given.startswith(_INPUT) else None
