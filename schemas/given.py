"""What a run is given beside the picture and the recipe, and how that takes part in the run's name."""

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from schemas.ids import canonical_json
from schemas.pointers import Box, Point, S3Pointer
from schemas.recipe import Recipe
from schemas.review import Ruling
from schemas.stage import Stage

Rights = Literal["owned", "licensed"]
"""What whoever brings a picture states about it: it is theirs, or they may edit it."""


class Given(TypedDict, total=False):
    """What a run is given beside the picture and the recipe.

    What somebody pointed at, marks that are known, and what was stated about the rights to the picture. A run that
    follows from a person's verdict begins at ``entry`` with what its ``parent`` had made by then. ``job_version`` is
    the version of the sidecar that the job was read from. ``callback``, ``tags`` and ``batch`` are for whoever waits.
    ``replay_of`` is the run that is done again to see whether it comes out the same.
    """

    mask: S3Pointer | None
    box: Box | None
    point: Point | None
    marks: Mapping[str, S3Pointer]
    protected: Mapping[str, S3Pointer]
    rights: Rights | None
    entry: Stage
    parent: str | None
    ruling: Ruling | None
    strokes: S3Pointer | None
    context: float | None
    trial: bool
    ordered: bool
    job_version: str
    callback: str | None
    tags: Mapping[str, str]
    batch: str | None
    cache: bool
    until: Stage | None
    replay_of: str | None


def further_names(given: Given, recipe: Recipe) -> list[str]:
    """Give what else names a run. Artwork counts by its content, so that registering the same again changes nothing.

    A run that follows from a verdict may use its recipe with changes, under the same name and version.
    """
    point = given.get("point")
    more: dict[str, Any] = {"point": point.text} if point else {}
    if parent := given.get("parent"):
        strokes, ruling = given.get("strokes"), given.get("ruling")
        more |= {
            "parent": parent,
            "recipe": recipe.sha256,
            "context": given.get("context"),
            "trial": given.get("trial"),
        }
        more |= {
            "strokes": strokes.model_dump() if strokes else None,
            "ruling": ruling.model_dump() if ruling else None,
        }
    for name, artwork in (("marks", given.get("marks")), ("protected", given.get("protected"))):
        if artwork:
            more[name] = {mark: pointer.sha256 for mark, pointer in artwork.items()}
    if rights := given.get("rights"):
        more["rights"] = rights
    if version := given.get("job_version"):
        more["job"] = version
    if not given.get("cache", True):
        more["cache"] = False
    if replayed := given.get("replay_of"):
        more["replay_of"] = replayed
    if until := given.get("until"):
        more |= {"until": until, "recipe": recipe.sha256}  # a look at other words is another look
    return [canonical_json(more)] if more else []
