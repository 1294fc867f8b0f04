"""Provenance, seen by somebody who has to account for pictures."""

from collections.abc import Iterator
from datetime import date

from infra.client.transport import Transport
from schemas.asset import Status
from schemas.http.provenance import FoundRuns, FoundRunShown
from schemas.provenance import RunProvenance


class Provenance:
    """What is written down of runs in one deployment.

    Every method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def trace(self, run_id: str) -> RunProvenance:
        """Trace one run: its order, the stages behind its result, and who decided."""
        return RunProvenance.model_validate(self._http.get(f"/runs/{run_id}/provenance"))

    def find(  # noqa: PLR0913  the ways to look for a run
        self,
        *,
        model: str | None = None,
        weights: str | None = None,
        recipe: str | None = None,
        reviewer: str | None = None,
        part: str | None = None,
        first: date | None = None,
        last: date | None = None,
        status: Status | None = None,
    ) -> Iterator[FoundRunShown]:
        """Find runs that ended, the latest first, page by page.

        Parameters
        ----------
        model, recipe
            ``name``, or ``name@version``.
        weights
            SHA-256 of a weight file.
        reviewer
            Name or identity of whoever gave a verdict. At most one of these four.
        part
            What the model did: ``made``, ``chose``, ``measured`` or ``tried``.
        first, last
            Days, UTC, both included; the last seven where nothing at all is given.
        status
            How they ended.
        """
        days = {"from": first.isoformat() if first else None, "to": last.isoformat() if last else None}
        asked = {"model": model, "weights": weights, "recipe": recipe, "reviewer": reviewer, "part": part}
        cursor: str | None = None
        while True:
            found = self._http.get("/provenance", **asked, **days, status=status, cursor=cursor)
            page = FoundRuns.model_validate(found)
            yield from page.runs
            cursor = page.cursor
            if cursor is None:
                return
