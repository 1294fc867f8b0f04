"""Runs, seen by somebody who orders them."""

from pydantic import ConfigDict

from infra.client.transport import Transport
from schemas.asset import Status
from schemas.job import Job
from schemas.records import RunRecord
from schemas.stage import Stage

AS_BEFORE = Job()
"""What the picture's own job says, and nothing else."""


class RunView(RunRecord):
    """A run as the API shows it. New fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    run_id: str
    asset_id: str
    status: Status
    stage: Stage | None = None


class Runs:
    """The runs of one deployment.

    Every method raises ``ApiError`` where the API says no (``under_way``, ``superseded``, ``over`` ...), and
    ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def show(self, run_id: str) -> RunView:
        """Look at one run."""
        return RunView.model_validate(self._http.get(f"/runs/{run_id}"))

    def again(self, asset_id: str, job: Job = AS_BEFORE, *, entry: Stage = Stage.INSPECT) -> RunView:
        """Have a picture done again.

        Parameters
        ----------
        job
            What is to be otherwise than with the picture's own job.
        entry
            Where to begin, with what the last run made by then.
        """
        began = {"entry": entry.value} if entry is not Stage.INSPECT else {}
        return RunView.model_validate(self._http.post(f"/assets/{asset_id}/runs", {**job.stated, **began}, once=True))

    def cancel(self, run_id: str) -> RunView:
        """Cancel a run that is under way."""
        return RunView.model_validate(self._http.delete(f"/runs/{run_id}"))
