"""What the routes of replays are asked with, answer and refuse; see ``handlers.api.operations``."""

from handlers.api.operation import Codes, Operation
from schemas.http.replays import ReplayShown, RunStages

_RUN: Codes = {404: ("unknown_run",)}

REPLAY_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/runs/<run_id>/stages"): Operation(RunStages, refuses=_RUN),
    ("POST", "/runs/<run_id>/replay"): Operation(
        ReplayShown, status=202, refuses={**_RUN, 400: ("not_replayable",), 422: ("no_parent_state",)}
    ),
    ("GET", "/replays/<run_id>"): Operation(ReplayShown, refuses={404: ("unknown_run", "unknown_replay")}),
}
