"""Withdrawals: take back what was delivered of a picture."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import assets, callers
from handlers.api.bodies import body_of
from handlers.withdrawing import withdraw
from schemas.role import Role
from schemas.withdrawal import WithdrawalOrder

router = Router()  # type: ignore[no-untyped-call]


@router.post("/<asset_id>/withdraw")
@callers.needs(Role.REVIEWER)
def take_back(asset_id: str) -> tuple[dict[str, Any], int]:
    """Take back what was delivered of a picture. Its files are gone within seconds; then the outcome is told.

    A run that works on it is cancelled. Another run may deliver it again.
    """
    order = WithdrawalOrder.model_validate_json(body_of(router.current_event))
    taken = withdraw(assets.find(asset_id), order, callers.person())
    return taken.model_dump(mode="json", exclude_none=True), HTTPStatus.ACCEPTED
