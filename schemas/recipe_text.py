"""Recipes as people write them: YAML or JSON in, a recipe out; and the JSON Schema by which editors check them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas.hints import spelt_fields
from schemas.names import RecipeName
from schemas.reading import read_document
from schemas.recipe import Recipe

LARGEST = 16 << 10
"""Bytes of a recipe's text. Every run carries its recipe from step to step, whose state has 256 KiB for everything."""
CODE = "bad_recipe"
_NAME: TypeAdapter[str] = TypeAdapter(RecipeName)


def read_recipe(text: str | bytes, *, is_json: bool = False, **defaults: Any) -> Recipe:
    """Read a recipe.

    Parameters
    ----------
    defaults
        ``name`` and ``version``, for a text that leaves them to whoever publishes it.

    Raises
    ------
    FlawedDocument
        ``bad_recipe``, with line, column and field.
    """
    return read_document(
        Recipe, text, what="The recipe", code=CODE, largest=LARGEST, is_json=is_json, defaults=defaults
    )


def is_recipe_name(text: str) -> bool:
    """Whether a recipe may be called so."""
    try:
        _NAME.validate_python(text)
    except ValidationError:
        return False
    return True


def recipe_schema() -> dict[str, Any]:
    """Describe a recipe's text for editors (JSON Schema 2020-12). Name and version may be left to the publisher."""
    schema = Recipe.model_json_schema()
    given_else = ("name", "version")
    schema["required"] = [name for name in schema["required"] if name not in given_else]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Cleanplate recipe"}


def as_written(document: BaseModel) -> dict[str, Any]:
    """Write a recipe, or a part of one, as a person would: what is the default is left out."""
    plain, written = document.model_dump(mode="json", exclude_defaults=True), {}
    for name, (spelt, _) in _named(document):
        if name in plain:
            value = getattr(document, name)
            written[spelt] = as_written(value) if isinstance(value, BaseModel) else plain[name]
    return written


def meaning(recipe: Recipe) -> list[str]:
    """Write all that a recipe says, defaults too, a line a field: equal lines mean the same, however it was written.

    The version is left out: it says which recipe it is, and not what is done.
    """
    return list(_lines(_whole(recipe), "", leave_out=("version",)))


def _whole(value: Any) -> Any:
    if not isinstance(value, BaseModel):
        return value
    return {spelt: _whole(getattr(value, name)) for name, (spelt, _) in _named(value)}


def _named(document: BaseModel) -> Iterator[tuple[str, tuple[str, Any]]]:
    return zip(type(document).model_fields, spelt_fields(type(document)), strict=True)


def _lines(value: Any, path: str, leave_out: Sequence[str] = ()) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, part in value.items():
            if name not in leave_out:
                yield from _lines(part, f"{path}.{name}" if path else str(name))
    elif value is not None:
        yield f"{path}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
