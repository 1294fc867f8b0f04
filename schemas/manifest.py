"""A list of pictures that somebody wrote: keys, each with what is said of that picture alone. Text in, lines out."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from schemas.batch import MOST_ITEMS
from schemas.errors import BadInput
from schemas.job import Job

LARGEST_MANIFEST = 4 << 20
"""Bytes."""
SUFFIXES = (".csv", ".jsonl", ".json")
_COLUMNS = {field.replace("_", "-"): field for field in Job.model_fields}
Line = tuple[str, Job]


def read_manifest(name: str, text: str) -> list[Line]:
    """Read a list; its name's ending says how it is written. A key that stands in it twice counts once.

    ``.csv`` has a header with a column ``key`` and perhaps others, called like a job's fields. Lines of ``.jsonl``, and
    elements of ``.json``, are a key, or an object with ``key`` and a job's fields.

    Raises
    ------
    BadInput
        ``bad_manifest``, naming the line.
    """
    ending = next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), None)
    if ending is None:
        raise _bad(f"its name ends in none of {', '.join(SUFFIXES)}")
    reader = {".csv": _csv, ".jsonl": _jsonl, ".json": _json}[ending]
    found: dict[str, Line] = {}
    for line in reader(text.removeprefix("\ufeff")):
        found.setdefault(line[0], line)
        if len(found) > MOST_ITEMS:
            raise _bad(f"it names more than {MOST_ITEMS:,} pictures; make several batches")
    return list(found.values())


def _csv(text: str) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        if "key" not in header:
            raise _bad("its first line names no column `key`")
        if unknown := sorted({*header} - {"key", *_COLUMNS, *_COLUMNS.values()}):
            raise _bad(f"no field of a job is called `{unknown[0][:40]}`")
        for row in rows:
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if cell.strip()}
            if cells:
                yield _said(cells.pop("key", None), _from_texts(cells, rows.line_num), rows.line_num)
    except csv.Error as error:
        raise _bad(f"line {rows.line_num}: {error}") from None


def _from_texts(cells: dict[str, str], number: int) -> Job:
    try:
        return Job.from_metadata({name.replace("_", "-"): text for name, text in cells.items()})
    except BadInput as error:
        raise _bad(f"line {number}: {error.message}") from None


def _jsonl(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _object(_parsed(line, f"line {number}"), number)


def _json(text: str) -> Iterator[Line]:
    document = _parsed(text, "it")
    if not isinstance(document, list):
        raise _bad("it is no list")
    for number, element in enumerate(document, 1):
        yield _object(element, number)


def _parsed(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _bad(f"{what} is no JSON") from None


def _object(value: Any, number: int) -> Line:
    if isinstance(value, str):
        return _said(value, Job(), number)
    if not isinstance(value, dict):
        raise _bad(f"line {number}: neither a key nor an object with one")
    fields = {name: part for name, part in value.items() if name != "key"}
    try:
        job = Job.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, problem["loc"]))[:60]
        raise _bad(f"line {number}, `{where}`: {problem['msg']}") from None
    return _said(value.get("key"), job, number)


def _said(key: Any, job: Job, number: int) -> Line:
    if not isinstance(key, str) or not 0 < len(key.encode("utf-8", "replace")) <= 1024 or not key.isprintable():
        raise _bad(f"line {number} has no key of the inbox")
    return key, job


def _bad(why: str) -> BadInput:
    return BadInput(f"The manifest cannot be used: {why}.", code="bad_manifest")
