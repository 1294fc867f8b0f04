"""Registered marks: taking one in, and choosing those that a run looks for."""

from handlers.artwork import inspect_artwork
from handlers.aws import marks, storage
from handlers.settings import settings
from schemas.errors import BadInput
from schemas.finding import Guard
from schemas.mark import MOST_MARKS, artwork_key
from schemas.pointers import S3Pointer
from schemas.recipe import Recipe
from schemas.records import MarkRecord, now


def add(name: str, data: bytes) -> MarkRecord:
    """Register artwork under a name; new runs look for it at once. Sending the same again changes nothing.

    Raises
    ------
    BadInput
        If it is no artwork, or there are as many marks as a run can look for.
    TransientFailure
        If somebody else changed the mark meanwhile.
    """
    inspection = inspect_artwork(data)
    known = marks.find_mark(name)
    if known and known.removed_at is None and known.sha256 == inspection.sha256:
        return known
    _check_there_is_room(name)
    place = S3Pointer(bucket=settings().work_bucket, key=artwork_key(name, inspection.sha256))
    artwork = storage.write_once(place, data, inspection.media_type)
    record = MarkRecord(
        name=name,
        artwork=artwork.model_copy(update={"sha256": inspection.sha256}),
        sha256=inspection.sha256,
        width=inspection.width,
        height=inspection.height,
        size_bytes=inspection.size_bytes,
        registered_at=now(),
    )
    marks.register(record, replaces=known)
    return record


def _check_there_is_room(name: str) -> None:
    others = [mark.name for mark in marks.registered_marks() if mark.name != name]
    if len(others) >= MOST_MARKS:
        raise BadInput(
            f"There are {len(others)} marks, as many as a run can look for; remove one first: {', '.join(others)}.",
            code="too_many_marks",
        )


def for_run(recipe: Recipe) -> tuple[dict[str, S3Pointer], dict[str, S3Pointer]]:
    """Choose the artwork that a recipe looks for, and that which its edits may not touch: all other registered marks.

    Raises
    ------
    BadInput
        If it names a mark that is not registered.
    """
    guards = recipe.inpaint is not None and Guard.LOGOS in recipe.policy.active_guards
    if not guards:
        return wanted_by(recipe), {}
    there = _registered()
    wanted = _wanted(recipe, there)
    return wanted, {name: artwork for name, artwork in there.items() if name not in wanted}


def wanted_by(recipe: Recipe) -> dict[str, S3Pointer]:
    """Choose the artwork that a recipe asks for, by name, as it is registered now.

    Raises
    ------
    BadInput
        If it names a mark that is not registered; names those that are.
    """
    asks = recipe.mask is not None and recipe.mask.marks != "none"
    return _wanted(recipe, _registered()) if asks else {}


def _registered() -> dict[str, S3Pointer]:
    return {mark.name: mark.artwork for mark in marks.registered_marks()}


def _wanted(recipe: Recipe, there: dict[str, S3Pointer]) -> dict[str, S3Pointer]:
    wanted = recipe.mask.marks if recipe.mask else "none"
    if wanted == "none":
        return {}
    if wanted == "all":
        return there
    missing = [name for name in wanted if name not in there]
    if missing:
        known = ", ".join(there) or "none"
        raise BadInput(
            f"Recipe `{recipe.name}` looks for the mark `{missing[0]}`, which is not registered; there are: {known}.",
            code="unknown_mark",
        )
    return {name: there[name] for name in wanted}
