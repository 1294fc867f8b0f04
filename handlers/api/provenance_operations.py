"""What the routes of provenance are asked with, answer and refuse; see ``handlers.api.operations``."""

from handlers.api.operation import Operation
from schemas.http import questions
from schemas.http.provenance import FoundRuns
from schemas.provenance import RunProvenance

PROVENANCE_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/runs/<run_id>/provenance"): Operation(RunProvenance, refuses={404: ("unknown_run",)}),
    ("GET", "/provenance"): Operation(
        FoundRuns,
        query=questions.ProvenanceQuestion,
        refuses={400: ("bad_filter", "bad_status", "bad_days", "bad_cursor")},
    ),
    ("GET", "/provenance/schema"): Operation("application/schema+json"),
}
