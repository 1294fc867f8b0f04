"""Provenance: what is written down of a run, as one document."""

import json
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers, runs
from handlers.aws import dossier

router = Router()  # type: ignore[no-untyped-call]


@router.get("/runs/<run_id>/provenance")
@callers.needs(*callers.ANY_ROLE)
def trace(run_id: str) -> dict[str, Any]:
    """Trace a run: its order, each stage behind its result with all that it was done with, and who decided.

    Stages of an earlier run are in it where this one kept their work. What an older deployment did not write down is
    named in `lacks`.
    """
    from handlers.tracing import trace as traced  # only these routes need it

    record = runs.find(run_id)
    found = traced(dossier.read(record.run.asset_id), record)
    return found.model_dump(mode="json", exclude_none=True)


@router.get("/provenance/schema")
@callers.needs(*callers.ANY_ROLE)
def schema() -> Response[str]:
    """Describe a run's provenance as a JSON Schema."""
    from schemas import provenance  # built when somebody asks for it: no other request waits for that

    body = json.dumps(provenance.json_schema(), separators=(",", ":"))
    return Response(status_code=200, content_type="application/schema+json", body=body)
