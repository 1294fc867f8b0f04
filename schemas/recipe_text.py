"""Recipes as people write them: YAML or JSON in, a recipe out; and the JSON Schema by which editors check them."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

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
