"""Erasures: have a picture and all that is known of it taken away, and look how far that is."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import assets, callers
from handlers.api.errors import NotFound
from handlers.erasure.ordering import order
from schemas.erasure import ErasureQuestion
from schemas.records import AssetRecord
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]


@router.delete("/assets/<asset_id>")
@callers.needs(Role.ADMIN)
def erase(asset_id: str) -> tuple[dict[str, Any], int]:
    """Erase a picture, for good: every version in every bucket, and all records but that it was erased. `?reason=`.

    Other uploads to the same key go with it, and so does what lies beside it for it alone. Runs are cancelled first.
    """
    asked = ErasureQuestion.model_validate({"reason": router.current_event.get_query_string_value("reason")})
    going = order(assets.find(asset_id), asked.reason, callers.person())
    return _shown(going), HTTPStatus.ACCEPTED


@router.get("/erasures/<asset_id>")
@callers.needs(*callers.ANY_ROLE)
def show(asset_id: str) -> dict[str, Any]:
    """Show how far an erasure is; what is left of the picture afterwards is this."""
    asset = assets.find(asset_id)
    if asset.erasure is None:
        raise NotFound("Nobody had this picture erased.", code="not_erased")
    return _shown(asset)


def _shown(asset: AssetRecord) -> dict[str, Any]:
    erasure = asset.erasure.model_dump(mode="json", exclude_none=True) if asset.erasure else {}
    return {"asset_id": asset.asset_id, "state": "erasing" if asset.is_being_erased else "erased", **erasure}
