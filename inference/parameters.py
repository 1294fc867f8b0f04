"""Reading a recipe's parameters. They come from outside: each is checked for type and range, and a refusal names it."""

from collections.abc import Mapping
from typing import Any

from schemas.errors import BadInput
from schemas.words import one_line


class Resolved(dict[str, Any]):
    """A recipe's parameters that remember what was made of them: the provenance wants defaults as well.

    Read through the functions below, which note each value that they give out.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self._used: dict[str, Any] = {}

    def note(self, name: str, value: Any) -> None:
        """Note what a parameter came to mean, such as the number format that `auto` was."""
        self._used[name] = value

    def but(self, **changes: Any) -> "Resolved":
        """The same parameters with others among them, which then count for what is noted."""
        changed = Resolved({**self, **changes})
        changed._used = self._used
        self._used.update(changes)
        return changed

    @property
    def whole(self) -> dict[str, Any]:
        """What was given, with what was used in the place of what was left out or said in general words."""
        return {**self, **self._used}


def noted(parameters: Mapping[str, Any], name: str, value: Any) -> None:
    """Note what a parameter came to mean, where somebody wants to know."""
    if isinstance(parameters, Resolved):
        parameters.note(name, value)


def _read(parameters: Mapping[str, Any], name: str, default: Any) -> Any:
    value = parameters.get(name, default)
    if name not in parameters:
        noted(parameters, name, value)
    return value


def number(parameters: Mapping[str, Any], name: str, default: float, *, low: float, high: float) -> float:
    """Read a number from ``low`` to ``high``.

    Raises
    ------
    BadInput
        ``parameter`` if it is something else.
    """
    value = _read(parameters, name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadInput(f"The parameter `{name}` must be a number from {low:g} to {high:g}.", code="parameter")
    return value


def whole(parameters: Mapping[str, Any], name: str, default: int, *, low: int, high: int) -> int:
    """Read a whole number from ``low`` to ``high``.

    Raises
    ------
    BadInput
        ``parameter`` if it is something else.
    """
    value = number(parameters, name, default, low=low, high=high)
    if value != int(value):
        raise BadInput(f"The parameter `{name}` must be a whole number.", code="parameter")
    return int(value)


def flag(parameters: Mapping[str, Any], name: str, default: bool) -> bool:
    """Read true or false.

    Raises
    ------
    BadInput
        ``parameter`` if it is something else.
    """
    value = _read(parameters, name, default)
    if not isinstance(value, bool):
        raise BadInput(f"The parameter `{name}` must be true or false.", code="parameter")
    return value


def choice(parameters: Mapping[str, Any], name: str, default: str, among: tuple[str, ...]) -> str:
    """Read one word out of several.

    Raises
    ------
    BadInput
        ``parameter`` if it is something else.
    """
    value = _read(parameters, name, default)
    if value not in among:
        raise BadInput(f"The parameter `{name}` must be one of: {', '.join(among)}.", code="parameter")
    return str(value)


def text(parameters: Mapping[str, Any], name: str, default: str = "", *, longest: int = 2000) -> str:
    """Read words as one line, without control characters.

    Raises
    ------
    BadInput
        ``parameter`` if it is something else, or longer than ``longest`` characters.
    """
    value = _read(parameters, name, default)
    if not isinstance(value, str) or len(value) > longest:
        raise BadInput(f"The parameter `{name}` must be text of at most {longest:,} characters.", code="parameter")
    return one_line(value)
