"""Batches: one order for many pictures in the inbox."""

import secrets
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers import batches
from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.cursors import cursor_in
from handlers.api.errors import NotFound
from handlers.api.once import once
from handlers.aws import batches as stored
from schemas import ids
from schemas.asset import Status
from schemas.batch import BatchItem, BatchOrder, BatchRecord
from schemas.errors import BadInput
from schemas.records import now
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]
_LONGEST_CURSOR = 100


@router.post("/")
@callers.needs(Role.SUBMITTER)
@once()
def create() -> tuple[dict[str, Any], int]:
    """Start a batch over a prefix, a manifest or keys of the inbox, also of pictures that were done before.

    With `try`, only so many are done; then it is `tried`, and waits for whoever resumes it or stops it.
    """
    asked = BatchOrder.model_validate_json(body_of(router.current_event))
    batch = batches.order(asked, ids.batch_id(secrets.token_hex(16)), callers.person())
    return _detail(batch), HTTPStatus.ACCEPTED


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def list_batches() -> dict[str, Any]:
    """List batches, the latest first."""
    found, cursor = stored.page(cursor_in(router.current_event, longest=_LONGEST_CURSOR))
    return {"batches": [_shown(batch) for batch in found], "cursor": cursor}


@router.get("/<batch_id>")
@callers.needs(*callers.ANY_ROLE)
def show(batch_id: str) -> dict[str, Any]:
    """Show a batch: how many pictures came to what, how long the rest will take, what it cost so far."""
    return _detail(_find(batch_id))


@router.get("/<batch_id>/items")
@callers.needs(*callers.ANY_ROLE)
def list_items(batch_id: str) -> dict[str, Any]:
    """List the pictures of a batch that were taken up: `?status=FAILED&cursor=`."""
    batch = _find(batch_id)
    asked = router.current_event.get_query_string_value("status") or None
    if asked is not None and asked not in list(Status):
        raise BadInput(f"`status` is one of {', '.join(Status)}.", code="bad_status")
    after = cursor_in(router.current_event, longest=_LONGEST_CURSOR)
    if after and not after.startswith("ITEM#"):
        raise BadInput("`cursor` is not one that this list gave.", code="bad_cursor")
    found, cursor = stored.item_page(batch.batch_id, after)
    return {"items": [_item(item) for item in found if asked in (None, item.status)], "cursor": cursor}


@router.delete("/<batch_id>")
@callers.needs(Role.SUBMITTER)
def stop(batch_id: str) -> dict[str, Any]:
    """Begin nothing more of a batch. What is under way comes to its end; a single run is cancelled by itself."""
    return _detail(batches.stop(_find(batch_id)))


@router.post("/<batch_id>/resume")
@callers.needs(Role.SUBMITTER)
def resume(batch_id: str) -> tuple[dict[str, Any], int]:
    """Go on with a batch: what has no outcome, failed or was cancelled is done; nothing else is touched.

    After its trial, that is the rest. A trial that was cut short is finished first.
    """
    return _detail(batches.resume(_find(batch_id))), HTTPStatus.ACCEPTED


def _find(batch_id: str) -> BatchRecord:
    batch = stored.find(batch_id) if ids.is_batch_id(batch_id) else None
    if batch is None:
        raise NotFound(f"There is no batch `{batch_id[:60]}`.", code="unknown_batch")
    return batch


def _shown(batch: BatchRecord) -> dict[str, Any]:
    return batch.model_dump(mode="json", exclude_none=True)


def _detail(batch: BatchRecord) -> dict[str, Any]:
    counted = batches.progress(batch, stored.items_of(batch.batch_id), now())
    return {**_shown(batch), "progress": counted.model_dump(mode="json")}


def _item(item: BatchItem) -> dict[str, Any]:
    return item.model_dump(mode="json", exclude_none=True, exclude={"task_token"})
