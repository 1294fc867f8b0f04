"""What a JSON Schema allows, in few words for people."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

Schema = Mapping[str, Any]
_BOUNDS = (
    ("minimum", "from {}"),
    ("exclusiveMinimum", "above {}"),
    ("maximum", "to {}"),
    ("exclusiveMaximum", "below {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {}"),
    ("maxItems", "at most {}"),
    ("maxProperties", "at most {} names"),
    ("pattern", "matching {}"),
)


def shape(schema: Schema) -> str:
    """Describe it as HTML; what has a name of its own is linked."""
    if reference := schema.get("$ref"):
        name = escape(str(reference).rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(shape(each) for each in schema[several])) + _default(schema)
    if len(schema.get("allOf", ())) == 1:
        return shape(schema["allOf"][0]) + _default(schema)
    if "const" in schema:
        return f"<code>{_value(schema['const'])}</code>"
    if "enum" in schema:
        return " or ".join(f"<code>{_value(value)}</code>" for value in schema["enum"]) + _default(schema)
    bounds = [words.format(f"<code>{_plain(schema[name])}</code>") for name, words in _BOUNDS if name in schema]
    return ", ".join((_kind(schema), *bounds)) + _default(schema)


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {shape(schema.get('items', {}))}"
    if kind == "object" and isinstance(values := schema.get("additionalProperties"), Mapping):
        return f"names with {shape(values)}"
    form = {"date-time": "moment", "date": "day", "uri": "address"}.get(schema.get("format", ""))
    return form or {"string": "text", "null": "nothing", "integer": "whole number"}.get(kind, escape(str(kind)))


def _default(schema: Schema) -> str:
    given = schema.get("default")
    return f"; else <code>{_value(given)}</code>" if given not in (None, [], {}) else ""


def _value(value: Any) -> str:
    return escape(json.dumps(value, ensure_ascii=False))


def _plain(value: Any) -> str:
    return escape(str(value))
