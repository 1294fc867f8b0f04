"""What runs cost, added up: one line a day, recipe and model."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from schemas.pointers import Document

WHOLE_RUNS = ""
"""In the place of a model's name: the line of whole runs, of what goes around their models too."""
By = Literal["day", "recipe", "model"]


class Line(Document):
    """What was counted under one day, recipe and model. ``unpriced`` runs have no part in the dollars."""

    day: date
    recipe: str
    model: str = WHOLE_RUNS
    runs: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    dollars: float = Field(default=0.0, ge=0)
    unpriced: int = Field(default=0, ge=0)


class Sum(Document):
    """Lines that have something in common, added up."""

    name: str
    runs: int = 0
    seconds: float = 0.0
    dollars: float = 0.0
    unpriced: int = 0

    def plus(self, line: Line) -> "Sum":
        """Add a line."""
        return Sum(
            name=self.name,
            runs=self.runs + line.runs,
            seconds=self.seconds + line.seconds,
            dollars=self.dollars + line.dollars,
            unpriced=self.unpriced + line.unpriced,
        )


_NAMES: dict[By, Callable[[Line], str]] = {
    "day": lambda line: line.day.isoformat(),
    "recipe": lambda line: line.recipe,
    "model": lambda line: line.model,
}


def sums(lines: Iterable[Line], by: By) -> list[Sum]:
    """Add lines up by what they have in common, in the order of its name.

    Lines of models and those of whole runs say the same twice, so only one kind is added: of models where it is asked
    by model. What goes around a run's models is in no model's sum.
    """
    found: dict[str, Sum] = {}
    for line in lines:
        if (line.model != WHOLE_RUNS) == (by == "model"):
            name = _NAMES[by](line)
            found[name] = found.get(name, Sum(name=name)).plus(line)
    return [found[name] for name in sorted(found)]


def total(lines: Iterable[Line]) -> Sum:
    """Add up whole runs."""
    result = Sum(name="total")
    for line in lines:
        if line.model == WHOLE_RUNS:
            result = result.plus(line)
    return result
