"""Recorded runs that are done again, and what runs made, seen by somebody who wants to know how."""

from infra.client.errors import TimedOut
from infra.client.transport import Transport
from infra.client.waiting import look_until
from schemas.http.replays import ReplayShown, RunStages


class Replays:
    """The replays of one deployment.

    Every method raises ``ApiError`` where the API says no (``not_replayable``, ``unknown_run`` ...), and
    ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def start(self, run_id: str) -> ReplayShown:
        """Order a run again, the same in everything. It changes nothing of its picture and delivers nothing."""
        return ReplayShown.model_validate(self._http.post(f"/runs/{run_id}/replay", {}, once=True))

    def show(self, run_id: str) -> ReplayShown:
        """Look at how a replay stands, by its own run."""
        return ReplayShown.model_validate(self._http.get(f"/replays/{run_id}"))

    def wait(self, run_id: str, *, timeout: float = 900, pause: float = 0.5) -> ReplayShown:
        """Wait until a replay has found out what came out the same.

        Parameters
        ----------
        timeout, pause
            Seconds, for everything and between two looks.

        Raises
        ------
        TimedOut
            If it still works then; it goes on.
        """
        return look_until(
            lambda: self.show(run_id),
            lambda seen: seen.state != "running",
            lambda _: TimedOut("The replay is not done yet; it goes on.", code="timeout"),
            timeout=timeout,
            pause=pause,
        )

    def stages(self, run_id: str) -> RunStages:
        """Look at what each stage of a run made and how, with links to the pictures."""
        return RunStages.model_validate(self._http.get(f"/runs/{run_id}/stages"))
