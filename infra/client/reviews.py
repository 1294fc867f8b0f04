"""Reviews, seen by somebody who clears the queue."""

from collections.abc import Iterator

from infra.client.transport import Transport
from schemas.http.item import ReviewItem
from schemas.http.reviews import Decision, QueueCounts, ReviewSummary, TrailShown
from schemas.redo import Changes
from schemas.verdict import Opinion


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

    def counts(self) -> QueueCounts:
        """Count what waits, by rule and by recipe."""
        return QueueCounts.model_validate(self._http.get("/reviews/counts"))

    def show(self, asset_id: str, run_id: str) -> ReviewItem:
        """Look at one."""
        return ReviewItem.model_validate(self._http.get(_path(asset_id, run_id)))

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

    def trail(self, asset_id: str, run_id: str) -> list[TrailShown]:
        """Read who did what, when and why."""
        found = self._http.get(_path(asset_id, run_id, "trail"))
        return [TrailShown.model_validate(entry) for entry in found["entries"]]


def _path(asset_id: str, run_id: str, *end: str) -> str:
    return "/".join(("/reviews", asset_id, run_id, *end))
