"""Small pictures within a page: each once, however often it is shown, and all of them within a size."""

import base64
import io
import warnings
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, UnidentifiedImageError

from schemas.http.life import Seen

if TYPE_CHECKING:
    from infra.report.lives import Fetch

_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png"}
_LARGEST, _LONGEST_SIDE = 1_000_000, 2048
"""Bytes and pixels of one picture; a deployment that links more than that as a small one is not believed."""
_UNREADABLE = (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError)


class Print(NamedTuple):
    """A picture that lies in the page, to be shown by its name."""

    name: str
    address: str
    width: int
    height: int


class Prints:
    """Loads pictures, and keeps count of the room that they take."""

    def __init__(self, fetch: "Fetch | None", largest: int) -> None:
        self._fetch = fetch
        self._room = largest
        self._known: dict[str, Print | None] = {}
        self._taken: list[Print] = []
        self.without_room = 0

    def of(self, seen: Seen | None) -> Print | None:
        """Give the picture for the page; ``None`` where it is not made, cannot be had or has no room."""
        if self._fetch is None or seen is None or seen.small is None:
            return None
        place = seen.small.partition("?")[0]
        if place not in self._known:
            self._known[place] = self._load(seen.small)
        return self._known[place]

    def taken(self) -> list[Print]:
        """Give the pictures that were loaded since this was asked last: where they are first shown they have to lie."""
        taken, self._taken = self._taken, []
        return taken

    def _load(self, link: str) -> Print | None:
        data = self._fetch(link) if self._fetch else None
        if data is None or len(data) > _LARGEST:
            return None
        facts = _facts(data)
        if facts is None:
            return None
        media_type, width, height = facts
        address = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
        if len(address) > self._room:
            self.without_room += 1
            return None
        self._room -= len(address)
        made = Print(f"print-{len(self._known) + 1}", address, width, height)
        self._taken.append(made)
        return made


def _facts(data: bytes) -> tuple[str, int, int] | None:
    """Media type and size, of what is a small picture; by its content, whatever it was called."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(_FORMATS)) as picture:
                if max(picture.size) > _LONGEST_SIDE or picture.format not in _FORMATS:
                    return None
                return _FORMATS[picture.format], *picture.size
    except (*_UNREADABLE, Image.DecompressionBombWarning):
        return None
