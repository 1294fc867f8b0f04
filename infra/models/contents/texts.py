"""Whether a file is settings or words: JSON, plain text, or a sentencepiece vocabulary. None may name code to run."""

import json
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inference.nets.protobuf import BYTES, fields
from infra.models.contents.beginnings import mistaken_for
from infra.models.contents.refusal import Refusal

_LARGEST = 32 << 20
"""Bytes. The longest that pipelines have is a tokenizer's vocabulary, 11 MB."""
_CODE = frozenset({"auto_map", "custom_pipelines", "trust_remote_code"})
"""Settings with which transformers and diffusers import Python that lies beside the weights."""
_LIBRARIES = ("diffusers", "transformers", "stable_diffusion", None)
"""Where a pipeline's parts may come from (``stable_diffusion`` is a part of diffusers); diffusers imports any other."""


def check_json(path: Path) -> None:
    """Refuse what is no JSON, and settings that would run code.

    Raises
    ------
    Refusal
    """
    try:
        document = json.loads(_text(path))
        _refuse_code(document)
    except (ValueError, RecursionError) as error:
        raise Refusal("is no JSON") from error


def check_text(path: Path) -> None:
    """Refuse what is no text, or is the text that a server sends in place of a file.

    Raises
    ------
    Refusal
    """
    if what := mistaken_for(path):
        raise Refusal(what)
    _text(path)


def check_sentencepiece(path: Path) -> None:
    """Refuse what is no sentencepiece model: pieces, and settings, all of them messages.

    Raises
    ------
    Refusal
    """
    if not path.stat().st_size:
        raise Refusal("is empty")
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            numbers = {field.number if field.wire == BYTES else 0 for field in fields(data, 0, len(data))}
            pieces = data[0] == 1 << 3 | BYTES
    except ValueError as error:
        raise Refusal("is no sentencepiece model") from error
    if not pieces or 0 in numbers:
        raise Refusal("is no sentencepiece model")


def _text(path: Path) -> str:
    if path.stat().st_size > _LARGEST:
        raise Refusal(f"has more than {_LARGEST >> 20} MB, which no settings have")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refusal("is no text") from error
    if "\0" in text:
        raise Refusal("is no text")
    return text


def _refuse_code(document: Any) -> None:
    for value in _objects(document):
        if named := _CODE & value.keys():
            raise Refusal(f"asks for code to be run ({', '.join(sorted(named))}); only settings are taken")
    name = document.get("_class_name") if isinstance(document, dict) else None
    if isinstance(name, list):
        raise Refusal("names a pipeline of its own; only those of diffusers are taken")
    if isinstance(name, str) and name.endswith("Pipeline"):
        _refuse_modules(document)


def _refuse_modules(pipeline: dict[str, Any]) -> None:
    """Each part of a pipeline is ``[library, class]``."""
    for name, part in pipeline.items():
        if isinstance(part, list) and len(part) == 2 and part[0] not in _LIBRARIES:
            raise Refusal(f"takes `{name}` out of `{part[0]}`; parts come from diffusers and transformers only")


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
