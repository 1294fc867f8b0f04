"""Content Credentials of what is delivered."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import assets, callers
from handlers.aws import functions
from handlers.settings import settings

router = Router()  # type: ignore[no-untyped-call]


@router.get("/<asset_id>/credentials")
@callers.needs(*callers.ANY_ROLE)
def show(asset_id: str) -> dict[str, Any]:
    """Check the Content Credentials of every delivered file: what each says, and whether that holds.

    The files are read again from where the CDN reads them, by a function that carries the library for it.
    """
    asset = assets.find(asset_id)
    return functions.ask(settings().credentials_function, {"asset_id": asset.asset_id}, code="check_failed")
