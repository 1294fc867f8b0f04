"""What is said of one route, beside what stands where the route is."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel

Codes = Mapping[int, tuple[str, ...]]


class Operation(NamedTuple):
    """One route. ``sends`` and ``answers`` are a document, or the media type of what is none; some take several."""

    answers: type[BaseModel] | str | None
    query: type[BaseModel] | None = None
    sends: type[BaseModel] | str | tuple[str, ...] | None = None
    refuses: Codes = {}
    status: int = 200
    also: Mapping[int, str | type[BaseModel]] = {}
