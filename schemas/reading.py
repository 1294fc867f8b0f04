"""Reading a document that somebody wrote: YAML or JSON in, a checked document out, or all that is wrong with it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.flaws import Flaw, FlawedDocument, Path
from schemas.hints import explained
from schemas.written import Unreadable, Written, from_json, from_yaml

Model = TypeVar("Model", bound=BaseModel)
_MOST_FLAWS = 20


def read_document(
    kind: type[Model],
    text: str | bytes,
    *,
    what: str,
    code: str,
    largest: int,
    is_json: bool = False,
    defaults: Mapping[str, Any] = {},
) -> Model:
    """Read YAML, or JSON, as a document of a kind.

    Parameters
    ----------
    what
        What it is, for the message: ``The recipe``.
    code
        Of the error.
    largest
        Bytes that it may have.
    defaults
        Fields at the top that the text may leave out.

    Raises
    ------
    FlawedDocument
        With line, column and field of everything that is wrong, and a hint where a name is misspelt.
    """
    try:
        written = (from_json if is_json else from_yaml)(_decoded(text, largest))
    except Unreadable as error:
        raise FlawedDocument(what, [error.flaw], code=code) from None
    if not isinstance(written.values, dict):
        flaw = Flaw((), "it is empty" if written.values is None else "it has no fields: write `name: value`")
        raise FlawedDocument(what, [flaw], code=code)
    try:
        values = {**defaults, **written.values}
        return kind.model_validate(values)
    except ValidationError as error:
        raise FlawedDocument(what, _flaws(kind, written._replace(values=values), error), code=code) from None


def _decoded(text: str | bytes, largest: int) -> str:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > largest:
        raise Unreadable(Flaw((), f"it has more than {largest:,} bytes"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Flaw((), "it is no UTF-8 text")) from None


def _flaws(kind: type[BaseModel], written: Written, error: ValidationError) -> list[Flaw]:
    """Make one flaw of all that is said about one field; a union says it once for each of its members."""
    found: dict[Path, Flaw] = {}
    for each in error.errors(include_url=False):
        flaw = _flaw(kind, written, each)
        before = found.get(flaw.path)
        if before is None:
            found[flaw.path] = flaw
        elif flaw.message not in before.message:
            found[flaw.path] = before._replace(message=f"{before.message}, or {flaw.message}")
    return list(found.values())[:_MOST_FLAWS]


def _flaw(kind: type[BaseModel], written: Written, error: Mapping[str, Any]) -> Flaw:
    path = _path(written.values, error)
    _, spot = written.spot(path)
    by_name = error["type"] in ("extra_forbidden", "missing")
    place = None if spot is None else spot.name if by_name else spot.value
    return Flaw(path, explained(kind, error, path), place)


def _path(values: Any, error: Mapping[str, Any]) -> Path:
    """Leave out of a location what stands for the members of a union and not for parts of the document."""
    steps: list[str | int] = []
    for step in error["loc"]:
        there = (isinstance(values, dict) and step in values) or (isinstance(values, list) and isinstance(step, int))
        if not there:
            break
        steps.append(step)
        values = values[step]
    return (*steps, error["loc"][-1]) if error["type"] == "missing" else tuple(steps)
