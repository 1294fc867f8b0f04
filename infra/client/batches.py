"""Batches: one order for many pictures that lie in the inbox."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

from infra.client.errors import TimedOut
from infra.client.transport import Transport
from schemas.batch import BatchState
from schemas.http.batches import BatchDetail, BatchShown, ItemShown
from schemas.job import Job

_PAUSE = 1.0
"""Seconds between two looks."""


class Batches:
    """The batches of one deployment.

    Its methods raise ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def start(
        self,
        *,
        prefix: str | None = None,
        manifest: str | None = None,
        keys: Sequence[str] | None = None,
        job: Job | None = None,
        concurrency: int = 20,
        name: str = "",
        try_first: int | None = None,
    ) -> BatchDetail:
        """Start a batch over all photos below a prefix, those of a manifest in the inbox, or these.

        Parameters
        ----------
        job
            What is to be otherwise than each picture's own job says.
        concurrency
            Pictures under way at the same time.
        try_first
            Pictures to do, at most 20; then the batch is ``tried`` and waits for ``resume``, which does the rest.
        """
        sources = {"prefix": prefix, "manifest": manifest, "keys": list(keys) if keys is not None else None}
        asked = {key: value for key, value in sources.items() if value is not None}
        said = {"job": (job or Job()).stated, "concurrency": concurrency, "name": name}
        trial = {"try": try_first} if try_first is not None else {}
        return BatchDetail.model_validate(self._http.post("/batches", {**asked, **said, **trial}))

    def show(self, batch_id: str) -> BatchDetail:
        """Look how a batch stands."""
        return BatchDetail.model_validate(self._http.get(f"/batches/{batch_id}"))

    def all(self) -> Iterator[BatchShown]:
        """All batches, the latest first."""
        cursor: str | None = None
        while True:
            found = self._http.get("/batches", cursor=cursor)
            yield from (BatchShown.model_validate(batch) for batch in found["batches"])
            cursor = found.get("cursor")
            if cursor is None:
                return

    def items(self, batch_id: str, *, status: str | None = None) -> Iterator[ItemShown]:
        """All pictures of a batch that were taken up, or those with one outcome."""
        cursor: str | None = None
        while True:
            found = self._http.get(f"/batches/{batch_id}/items", status=status, cursor=cursor)
            yield from (ItemShown.model_validate(item) for item in found["items"])
            cursor = found.get("cursor")
            if cursor is None:
                return

    def stop(self, batch_id: str) -> BatchDetail:
        """Begin nothing more of a batch; what is under way comes to its end."""
        return BatchDetail.model_validate(self._http.delete(f"/batches/{batch_id}"))

    def resume(self, batch_id: str) -> BatchDetail:
        """Go on with a batch: what has no outcome, failed or was cancelled is done; the rest, after a trial."""
        return BatchDetail.model_validate(self._http.post(f"/batches/{batch_id}/resume", {}))

    def wait(
        self,
        batch_id: str,
        on_look: Callable[[BatchDetail], None] | None = None,
        *,
        timeout: float = 3600,
        cancelled: threading.Event | None = None,
    ) -> BatchDetail:
        """Wait until a batch runs no longer: it is over, or what was to be tried of it is done.

        Raises
        ------
        TimedOut
            If it still runs after ``timeout`` seconds. It goes on.
        """
        deadline, stop = time.monotonic() + timeout, cancelled or threading.Event()
        while True:
            batch = self.show(batch_id)
            if on_look:
                on_look(batch)
            if batch.state is not BatchState.RUNNING or stop.is_set():
                return batch
            if time.monotonic() > deadline:
                raise TimedOut(f"The batch still runs after {timeout:g} seconds; it goes on.", code="timeout")
            stop.wait(_PAUSE)
