"""Deliveries of webhooks: what was told, what could not be, and once more."""

import re
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.cursors import cursor_in
from handlers.api.errors import Conflict, NotFound
from handlers.aws import deliveries
from schemas.errors import BadInput
from schemas.role import Role
from schemas.webhook import DeliveryRecord, DeliveryState

router = Router()  # type: ignore[no-untyped-call]
_KEPT_BACK = {"url", "body", "expires_at"}


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def list_deliveries() -> dict[str, Any]:
    """List deliveries of one state, the latest first: ``?state=failed|pending|delivered&cursor=``."""
    state = router.current_event.get_query_string_value("state") or DeliveryState.FAILED
    if state not in list(DeliveryState):
        raise BadInput(f"`state` is one of {', '.join(DeliveryState)}.", code="bad_state")
    found, cursor = deliveries.page(DeliveryState(state), cursor_in(router.current_event))
    return {"deliveries": [shown(record) for record in found], "cursor": cursor}


@router.get("/<delivery_id>")
@callers.needs(*callers.ANY_ROLE)
def show(delivery_id: str) -> dict[str, Any]:
    """Show a delivery; it is forgotten after 30 days."""
    return shown(_known(delivery_id))


@router.post("/<delivery_id>/resend")
@callers.needs(Role.SUBMITTER)
def resend(delivery_id: str) -> dict[str, Any]:
    """Send once more what was delivered or given up, with as many attempts as the first time."""
    from handlers.webhooks import ordering

    if not ordering.again(_known(delivery_id)):
        raise Conflict("It is still being sent.", code="still_pending")
    return shown(_known(delivery_id))


def shown(record: DeliveryRecord) -> dict[str, Any]:
    """Write a delivery as the API shows it: without the query of a callback's address, which may be a token."""
    kept = record.model_dump(mode="json", exclude_none=True, exclude=_KEPT_BACK)
    to = {"to": record.url.partition("?")[0].partition("#")[0]} if record.url else {}
    return {**kept, **to}


def _known(delivery_id: str) -> DeliveryRecord:
    found = deliveries.find(delivery_id) if re.fullmatch("d-[0-9a-f]{40}", delivery_id) else None
    if found is None:
        raise NotFound(f"There is no delivery `{delivery_id[:60]}`.", code="unknown_delivery")
    return found
