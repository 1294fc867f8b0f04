"""Fetches: whether the picture at an address has come, and which asset it became."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.errors import NotFound
from handlers.aws import fetches
from schemas import ids
from schemas.fetch import FetchRecord

router = Router()  # type: ignore[no-untyped-call]


@router.get("/<fetch_id>")
@callers.needs(*callers.ANY_ROLE)
def show(fetch_id: str) -> dict[str, Any]:
    """Show how an order to fetch stands; it is forgotten after 30 days."""
    record = fetches.find(fetch_id) if ids.is_fetch_id(fetch_id) else None
    if record is None:
        raise NotFound(f"There is no fetch `{fetch_id[:60]}`.", code="unknown_fetch")
    return shown(record)


def shown(record: FetchRecord) -> dict[str, Any]:
    """Write an order as the API shows it: without the query of its address, which may be a signature."""
    kept = record.model_dump(mode="json", exclude_none=True, exclude={"url", "job", "version_id", "expires_at"})
    return {**kept, "source": record.source}
