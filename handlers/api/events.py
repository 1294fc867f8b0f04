"""Events: what the ones on the outcome bus look like."""

import json

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers

router = Router()  # type: ignore[no-untyped-call]


@router.get("/events/schema")
@callers.needs(*callers.ANY_ROLE)
def schema() -> Response[str]:
    """Describe the events on the outcome bus, and what webhooks are sent, as a JSON Schema."""
    from schemas import outcome_event  # built when somebody asks for it: no other request waits for that

    body = json.dumps(outcome_event.json_schema(), separators=(",", ":"))
    return Response(status_code=200, content_type="application/schema+json", body=body)
