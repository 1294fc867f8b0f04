"""Documents that people write as YAML or JSON: their values, and the place of each.

Of YAML it is read what a person sees at once. Aliases, tags and merged keys are refused, and so are fields that stand
there twice, of which the last would win unseen.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

import yaml

from schemas.flaws import Flaw, Path, Place

_DEEPEST = 20
_LARGEST_NUMBER, _SMALLEST_NUMBER = 1e15, 1e-100
"""What is beyond them fits into no record, and no setting of a picture needs it."""
_UNREAD = ("timestamp", "merge", "value")
"""Kinds that YAML makes of plain words, and that no document of ours has: these stay words."""


class Spot(NamedTuple):
    """Where a field's name stands, and where its value begins."""

    name: Place
    value: Place


class Written(NamedTuple):
    """A document's values, and where they stand in its text; in JSON nobody counts lines."""

    values: Any
    spots: Mapping[Path, Spot] = {}

    def spot(self, path: Path) -> tuple[Path, Spot | None]:
        """Find the nearest part of a path that stands in the text, and where that is."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.spots:
                return path[:length], self.spots[path[:length]]
        return path, None


class Unreadable(ValueError):
    """The text is not of its language, or has what we do not read."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.message)
        self.flaw = flaw


def from_yaml(text: str) -> Written:
    """Read YAML.

    Raises
    ------
    Unreadable
        With the first place that is wrong.
    """
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        spots: dict[Path, Spot] = {(): Spot(Place(1, 1), Place(1, 1))}
        values = loader.value_of(node, (), spots) if node is not None else None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Unreadable(Flaw((), "there is a character that YAML does not allow", place)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(Flaw((), str(error.problem or error.context), _place(mark) if mark else None)) from None
    finally:
        if loader is not None:
            loader.dispose()
    return Written(values, spots)


def from_json(text: str) -> Written:
    """Read JSON.

    Raises
    ------
    Unreadable
        With the first place that is wrong.
    """
    try:
        values = json.loads(text, object_pairs_hook=_no_field_twice)
    except json.JSONDecodeError as error:
        raise Unreadable(Flaw((), f"it is no JSON: {error.msg}", Place(error.lineno, error.colno))) from None
    except RecursionError:
        raise Unreadable(Flaw((), "it is nested too deeply")) from None
    except _FieldTwice as error:
        raise Unreadable(Flaw((str(error),), "this field stands there twice")) from None
    except ValueError:
        raise Unreadable(Flaw((), "a number in it has too many digits")) from None
    for path, value in _parts(values, ()):
        if message := _unfit(value):
            raise Unreadable(Flaw(path, message))
    return Written(values)


class _FieldTwice(Exception):
    """Carries the name out of the parser."""


def _no_field_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise _FieldTwice(name)
        fields[name] = value
    return fields


def _parts(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Walk all values, as deep as a document may be; what is deeper comes as it is and is unfit."""
    entries: Any = ()
    if len(path) < _DEEPEST:
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield path, value
    for name, part in entries:
        yield (*path, name), name
        yield from _parts(part, (*path, name))
    if len(path) >= _DEEPEST and isinstance(value, dict | list):
        raise Unreadable(Flaw((), "it is nested too deeply"))


def _unfit(value: Any) -> str | None:
    """Say why a single value can be kept nowhere."""
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        return "half a character stands in it"
    if isinstance(value, int | float) and not isinstance(value, bool):
        size = abs(value)
        if not math.isfinite(value) or size > _LARGEST_NUMBER or 0 < size < _SMALLEST_NUMBER:
            return "no number of such a size is used here"
    return None


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _refuse(mark: Any, message: str, path: Path = ()) -> NoReturn:
    raise Unreadable(Flaw(path, message, _place(mark)))


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with less of YAML, and a bound on depth: its own recursion has none."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag.rpartition(":")[2] not in _UNREAD]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            _refuse(
                event.start_mark, "anchors and aliases (`&`, `*`) are not read: write it out, or put it into quotes"
            )
        if event.tag is not None:
            _refuse(event.start_mark, "tags (`!`) are not read: put it into quotes if it is a word")
        if self._depth > _DEEPEST:
            _refuse(event.start_mark, "it is nested too deeply")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def value_of(self, node: Any, path: Path, spots: dict[Path, Spot]) -> Any:
        """Make plain values of a node, and note where each stands."""
        if isinstance(node, yaml.SequenceNode):
            values = []
            for position, part in enumerate(node.value):
                here = _place(part.start_mark)
                spots[*path, position] = Spot(here, here)
                values.append(self.value_of(part, (*path, position), spots))
            return values
        if not isinstance(node, yaml.MappingNode):
            return self._scalar(node, path)
        fields: dict[str, Any] = {}
        for name, part in node.value:
            if not isinstance(name, yaml.ScalarNode) or not name.tag.endswith(":str"):
                _refuse(
                    name.start_mark, "a field's name is a word; put it into quotes if it only looks like none", path
                )
            if name.value in fields:
                _refuse(name.start_mark, "this field stands there twice", (*path, name.value))
            spots[*path, name.value] = Spot(_place(name.start_mark), _place(part.start_mark))
            fields[name.value] = self.value_of(part, (*path, name.value), spots)
        return fields

    def _scalar(self, node: Any, path: Path) -> Any:
        try:
            value = self.construct_object(node)
        except ValueError:
            _refuse(node.start_mark, "it looks like a number and is none", path)
        if message := _unfit(value):
            _refuse(node.start_mark, message, path)
        return value
