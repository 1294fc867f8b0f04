"""Registered marks, seen by somebody who has artwork."""

from pathlib import Path

from pydantic import ConfigDict, Field

from infra.client.transfer import fetch
from infra.client.transport import Transport
from schemas.mark import ARTWORK
from schemas.records import MarkRecord


class MarkView(MarkRecord):
    """A mark as the API shows it; ``link`` to its artwork is empty in lists. New fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    link: str = Field(default="", repr=False)


class Marks:
    """The marks of one deployment.

    Every method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def list(self) -> list[MarkView]:
        """List the marks that new runs look for, by name."""
        return [MarkView.model_validate(mark) for mark in self._http.get("/marks")["marks"]]

    def show(self, name: str) -> MarkView:
        """Look at one mark, with a link to its artwork that lasts five minutes."""
        return MarkView.model_validate(self._http.get(f"/marks/{name}"))

    def add(self, name: str, artwork: bytes) -> MarkView:
        """Register a PNG under a name, in the place of what had the name before."""
        return MarkView.model_validate(self._http.put(f"/marks/{name}", artwork, "image/png"))

    def remove(self, name: str) -> MarkView:
        """Hide a mark from new runs."""
        return MarkView.model_validate(self._http.delete(f"/marks/{name}"))

    def download(self, mark: MarkView, path: Path) -> int:
        """Save the artwork of a mark that ``show`` gave; return the size in bytes."""
        return fetch(self._http.pool, mark.link, path, max_bytes=ARTWORK.max_bytes)
