"""Pictures that the deployment fetches from addresses."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from infra.client.errors import TimedOut
from infra.client.transport import Transport
from infra.client.waiting import look_until
from schemas.fetch import FetchState
from schemas.job import Job

_AS_USUAL = Job()


class FetchView(BaseModel):
    """An order to fetch, as the API shows it. New fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    fetch_id: str
    state: FetchState
    source: str
    key: str
    asset_id: str | None = None
    sha256: str | None = None
    size_bytes: int | None = None
    code: str | None = None
    reason: str | None = None
    created_at: datetime
    updated_at: datetime


class Fetches:
    """The orders of one deployment.

    Every method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def order(self, path: str, url: str, job: Job = _AS_USUAL) -> FetchView:
        """Have the picture at an address fetched into the inbox.

        Parameters
        ----------
        path
            Relative path it gets there, below the recipe's folder.
        url
            ``https``, of a public host.
        job
            What is to be done with it.
        """
        ordered = self._http.post("/assets", {"path": path, "source_url": url, **job.stated}, once=True)
        return FetchView.model_validate(ordered)

    def show(self, fetch_id: str) -> FetchView:
        """Look at one order."""
        return FetchView.model_validate(self._http.get(f"/fetches/{fetch_id}"))

    def wait(self, fetch_id: str, *, timeout: float = 300, pause: float = 0.5) -> FetchView:
        """Wait until an order is carried out, or has failed.

        Parameters
        ----------
        timeout, pause
            Seconds, for everything and between two looks.

        Raises
        ------
        TimedOut
            If it still waits then; it goes on.
        """
        return look_until(
            lambda: self.show(fetch_id),
            lambda view: view.state is not FetchState.WAITING,
            lambda view: TimedOut(f"`{view.source}` is still being fetched.", code="timed_out"),
            timeout=timeout,
            pause=pause,
        )
