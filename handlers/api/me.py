"""Whoever asks, as the API knows them."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers

router = Router()  # type: ignore[no-untyped-call]


@router.get("/me")
@callers.needs()
def me() -> dict[str, Any]:
    """Tell who the caller is and which roles they have."""
    found = callers.caller()
    return {"who": found.who, "name": found.name, "roles": sorted(found.roles), "signed": found.signed}
