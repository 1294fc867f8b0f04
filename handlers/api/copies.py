"""Copies of what is delivered in a second bucket: had made once more."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import assets, callers
from handlers.api.errors import Conflict
from handlers.aws import queues
from handlers.settings import settings
from schemas.copied import CopyOrder
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]


@router.post("/<asset_id>/copies")
@callers.needs(Role.SUBMITTER)
def copy_again(asset_id: str) -> tuple[dict[str, Any], int]:
    """Have what is delivered of a picture copied to the second target once more, if it has to be.

    That happens by itself, and is tried again for two hours. This is for what was given up by then.
    """
    asset = assets.find(asset_id)
    if not settings().second_target:
        raise Conflict("This deployment has no second target.", code="no_second_target")
    order = CopyOrder(asset_id=asset.asset_id)
    queues.send(settings().copy_queue_url, [order.model_dump_json()])
    return {**order.model_dump(), "bucket": settings().second_target}, HTTPStatus.ACCEPTED
