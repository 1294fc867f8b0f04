"""Looks at what would be removed, or at what words make, before anything dear is done."""

from itertools import chain
from typing import Any, Literal

from infra.client.errors import TimedOut
from infra.client.runs import AS_BEFORE
from infra.client.transport import Transport
from infra.client.waiting import look_until
from schemas.http.previews import PreviewShown
from schemas.job import Job


class Previews:
    """Previews of one deployment.

    Every method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def start(self, asset_id: str, want: Literal["mask", "prompt"], job: Job = AS_BEFORE) -> PreviewShown:
        """Order a look at a picture; ``job`` is what is to be otherwise than with its own."""
        ordered: dict[str, Any] = {"asset_id": asset_id, "want": want, **job.stated}
        started = self._http.post("/previews", ordered, once=True)
        return self.show(started["asset_id"], started["run_id"])

    def show(self, asset_id: str, run_id: str) -> PreviewShown:
        """Look at how it stands."""
        return PreviewShown.model_validate(self._http.get(f"/previews/{asset_id}/{run_id}"))

    def wait(self, preview: PreviewShown, *, timeout: float = 300, pause: float = 0.5) -> PreviewShown:
        """Wait until there is something to see, or why there is nothing.

        Parameters
        ----------
        timeout, pause
            Seconds, for everything and between two looks.

        Raises
        ------
        TimedOut
            If it still works then; it goes on.
        """
        looks = chain([preview], iter(lambda: self.show(preview.asset_id, preview.run_id), None))
        return look_until(
            lambda: next(looks),
            lambda seen: seen.state != "running",
            lambda _: TimedOut("There is nothing to see yet; the preview goes on.", code="timeout"),
            timeout=timeout,
            pause=pause,
        )
