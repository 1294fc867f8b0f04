"""People's verdicts, seen by somebody who measures by them; they are given through ``infra.client.reviews``."""

from collections.abc import Iterator

from pydantic import ConfigDict

from infra.client.transport import Transport
from schemas.verdict import Verdict


class VerdictView(Verdict):
    """A verdict as the API shows it. New fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Verdicts:
    """The verdicts of one deployment.

    Its method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def all(self) -> Iterator[VerdictView]:
        """All verdicts, page by page."""
        cursor: str | None = None
        while True:
            found = self._http.get("/verdicts", cursor=cursor)
            yield from (VerdictView.model_validate(verdict) for verdict in found["verdicts"])
            cursor = found.get("cursor")
            if cursor is None:
                return
