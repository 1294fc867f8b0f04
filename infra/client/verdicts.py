"""People's verdicts, seen by somebody who measures by them; they are given through ``infra.client.reviews``."""

from collections.abc import Iterator

from infra.client.transport import Transport
from schemas.http.reviews import VerdictShown


class Verdicts:
    """The verdicts of one deployment.

    Its method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def all(self) -> Iterator[VerdictShown]:
        """All verdicts, page by page."""
        cursor: str | None = None
        while True:
            found = self._http.get("/verdicts", cursor=cursor)
            yield from (VerdictShown.model_validate(verdict) for verdict in found["verdicts"])
            cursor = found.get("cursor")
            if cursor is None:
                return
