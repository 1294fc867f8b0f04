"""What somebody probably meant who misspelt a field or a word, and what is wrong in the words of people."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import AliasChoices, BaseModel

from schemas.flaws import Path
from schemas.names import FORMS

_CLOSE = 0.6
_NO_FIELDS = ("model_type", "model_attributes_type", "dict_type")
_MOST_NAMED = 20


def explained(kind: type[BaseModel], error: Mapping[str, Any], path: Path) -> str:
    """Say what is wrong at ``path``, with a hint where there is one.

    Parameters
    ----------
    kind
        The document's model.
    error
        One of a ``ValidationError``'s.
    path
        Where it is, without what pydantic adds for the members of a union.
    """
    if error["type"] == "missing":
        return "it is missing"
    if error["type"] == "extra_forbidden":
        return "there is no such field" + _field_hint(kind, path)
    if error["type"] in _NO_FIELDS:
        return "it should have fields: `name: value`"
    if form := FORMS.get(str(error.get("ctx", {}).get("pattern"))):
        return form
    message = error["msg"].removeprefix("Value error, ")
    message = re.sub(r"^Input (?=should )", "it ", message)
    message = message[:1].lower() + message[1:]
    return message + _word_hint(error)


def fields_of(kind: type[BaseModel]) -> dict[str, Any]:
    """List the fields of a model as people write them, with their types."""
    return {name: field.annotation for name, field in spelt_fields(kind)}


def spelt_fields(kind: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Go through the fields of a model, each with its name as people write it."""
    for name, field in kind.model_fields.items():
        choices = field.validation_alias
        first = choices.choices[0] if isinstance(choices, AliasChoices) else choices
        yield (first if isinstance(first, str) else name), field


def _field_hint(kind: type[BaseModel], path: Path) -> str:
    wrong, model = str(path[-1]), _model_at(kind, path[:-1])
    if model is None:
        return ""
    here = fields_of(model)
    homes = list(_homes(kind, wrong, ()))
    if len(homes) == 1:  # a field that stands in many places was not put into the wrong one of them
        above = ".".join(map(str, homes[0]))
        return f"; it belongs into `{above}`" if above else "; it belongs to the top, not in here"
    if close := difflib.get_close_matches(wrong, here, n=1, cutoff=_CLOSE):
        return f"; did you mean `{close[0]}`?"
    return f"; there are: {', '.join(list(here)[:_MOST_NAMED])}"


def _homes(kind: type[BaseModel], name: str, path: Path) -> Iterator[Path]:
    """Where in a document a field of this name may stand."""
    for field, annotation in fields_of(kind).items():
        if field == name:
            yield path
        if (inner := _model_in(annotation)) and len(path) < 4:
            yield from _homes(inner, name, (*path, field))


def _model_at(kind: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Find the model of the part at a path, through lists and mappings."""
    annotation: Any = kind
    for step in path:
        model = _model_in(annotation)
        if model is not None and step in (fields := fields_of(model)):
            annotation = fields[str(step)]
    return _model_in(annotation)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _word_hint(error: Mapping[str, Any]) -> str:
    """Where one of some words is expected, say which comes closest."""
    expected, given = str(error.get("ctx", {}).get("expected", "")), error.get("input")
    if error["type"] not in ("literal_error", "enum") or not isinstance(given, str):
        return ""
    words = re.findall(r"'([^']*)'", expected)
    close = difflib.get_close_matches(given, words, n=1, cutoff=_CLOSE)
    return f"; did you mean `{close[0]}`?" if close else ""
