"""Reviews, seen by somebody who clears the queue."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from infra.client.transport import Transport
from infra.client.views import TrailView
from schemas.redo import Changes
from schemas.verdict import Opinion

_TOLERANT = ConfigDict(frozen=True, extra="ignore")


class ReviewSummary(BaseModel):
    """A waiting review in one row. New fields are ignored."""

    model_config = _TOLERANT

    asset_id: str
    run_id: str
    name: str
    recipe: str
    rule: str
    reason: str
    confidence: float | None
    opened_at: str
    expires_at: str | None
    attempt: int
    state: str
    claimed_by: str | None
    mine: bool


class Reading(BaseModel):
    """A signal in words."""

    model_config = _TOLERANT

    name: str
    value: str
    words: str
    level: str


class ReviewItem(ReviewSummary):
    """A review with what is needed to decide; the whole answer is ``document``."""

    signals: list[Reading]
    findings: list[dict[str, Any]]
    stages: list[dict[str, Any]]
    files: dict[str, str]
    may: dict[str, Any]
    next_run: str | None
    document: dict[str, Any]


class Decision(BaseModel):
    """A verdict that was taken, how the review stands, and the run that carries it out."""

    model_config = _TOLERANT

    state: str
    next_run: str | None
    who: str
    name: str | None = None
    model: str | None = None
    confidence: float | None = None


class Reviews:
    """The reviews of one deployment.

    Every method raises ``ApiError`` where the API says no (``claimed``, ``decided``, ``already_judged`` ...), and
    ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def waiting(self, **filters: str | None) -> Iterator[ReviewSummary]:
        """List what waits, in the order in which people should look.

        Parameters
        ----------
        filters
            ``recipe``, ``rule``, ``guard``, ``min_confidence``, ``max_confidence``, ``older_than_hours``, ``mine``.
        """
        cursor: str | None = None
        while True:
            page = self._http.get("/reviews", cursor=cursor, limit="100", **filters)
            yield from (ReviewSummary.model_validate(item) for item in page["items"])
            cursor = page.get("cursor")
            if cursor is None:
                return

    def counts(self) -> dict[str, Any]:
        """Count what waits, by rule and by recipe."""
        return self._http.get("/reviews/counts")

    def show(self, asset_id: str, run_id: str) -> ReviewItem:
        """Look at one."""
        found = self._http.get(_path(asset_id, run_id))
        return ReviewItem.model_validate({**found, "document": found})

    def claim(self, asset_id: str, run_id: str) -> None:
        """Hold one for ten minutes, so that nobody else decides it."""
        self._http.post(_path(asset_id, run_id, "claim"), {})

    def release(self, asset_id: str, run_id: str) -> None:
        """Give it back."""
        self._http.delete(_path(asset_id, run_id, "claim"))

    def decide(self, asset_id: str, run_id: str, opinion: Opinion) -> Decision:
        """Approve or reject."""
        body = opinion.model_dump(mode="json", exclude_none=True)
        return Decision.model_validate(self._http.post(_path(asset_id, run_id, "verdict"), body))

    def redo(self, asset_id: str, run_id: str, changes: Changes) -> str:
        """Have it made again; return the new attempt's run."""
        body = changes.model_dump(mode="json", exclude_none=True)
        return str(self._http.post(_path(asset_id, run_id, "redo"), body)["run_id"])

    def trail(self, asset_id: str, run_id: str) -> list[TrailView]:
        """Read who did what, when and why."""
        return [
            TrailView.model_validate(entry) for entry in self._http.get(_path(asset_id, run_id, "trail"))["entries"]
        ]


def _path(asset_id: str, run_id: str, *end: str) -> str:
    return "/".join(("/reviews", asset_id, run_id, *end))
