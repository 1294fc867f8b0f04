"""What is wrong with a document that a person wrote, and where: by line, column and field."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.errors import BadInput

Path = tuple[str | int, ...]
"""Names and list positions that lead to a part of a document."""


class Place(NamedTuple):
    """Where something stands in a text, counted from 1."""

    line: int
    column: int


class Flaw(NamedTuple):
    """One thing that is wrong. ``place`` is ``None`` where nobody counts lines, as in JSON that a program sent."""

    path: Path
    message: str
    place: Place | None = None

    @property
    def field(self) -> str:
        """``policy.expiry.then``; empty where it is about the whole document."""
        return ".".join(map(str, self.path))

    @property
    def pointer(self) -> str:
        """The same as a JSON pointer (RFC 6901): ``/policy/expiry/then``."""
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)

    @property
    def words(self) -> str:
        """One line for people."""
        where = f"line {self.place.line}, column {self.place.column}" if self.place else ""
        field = f"`{self.field[:100]}`" if self.path else ""
        spot = ", ".join(part for part in (where, field) if part)
        return f"{spot}: {self.message}" if spot else self.message


class FlawedDocument(BadInput):
    """A document that cannot be used, with all that was found wrong with it, in the order of its lines.

    Parameters
    ----------
    what
        Names the document in the message: ``The recipe``.
    flaws
        At least one.
    """

    def __init__(self, what: str, flaws: Iterable[Flaw], *, code: str) -> None:
        self.flaws = sorted(flaws, key=lambda flaw: flaw.place or (0, 0))
        more = len(self.flaws) - 1
        words = self.flaws[0].words + (f" (and {more} more)" if more else "")
        super().__init__(f"{what} cannot be used: {words}{'' if words.endswith('?') else '.'}", code=code)
