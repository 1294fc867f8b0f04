"""The page of an asset: where it is, what it tells, and the small pictures that it shows."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.errors import NotFound
from handlers.aws import dossier, events
from handlers.aws.dossier import Dossier
from handlers.life import life_of, missing_of
from schemas import ids
from schemas.records import AssetRecord

router = Router()  # type: ignore[no-untyped-call]


@router.get("/<asset_id>/page")
def to_the_page(asset_id: str) -> Response[str]:
    """Lead to the page of an asset, which signs people in. That there is such an asset, this does not say."""
    if not ids.is_asset_id(asset_id):
        raise _unknown(asset_id)
    place = f"../../review/#/assets/{asset_id}"
    return Response(status_code=HTTPStatus.FOUND, headers={"Location": place}, body="")


@router.get("/<asset_id>/life")
@callers.needs(*callers.ANY_ROLE)
def show(asset_id: str) -> dict[str, Any]:
    """Tell all that is known of an asset: its runs and their stages, deeds of people, files; links of five minutes."""
    known, asset = _read(asset_id)
    return life_of(known, asset)


@router.post("/<asset_id>/miniatures")
@callers.needs(*callers.ANY_ROLE)
def ask_for_miniatures(asset_id: str) -> tuple[dict[str, Any], int]:
    """Have the small pictures of an asset made that are missing. They are there some seconds later."""
    known, asset = _read(asset_id)
    missing = missing_of(known, asset)
    if missing:
        events.ask_for_miniatures(asset_id)
    return {"missing": len(missing)}, HTTPStatus.ACCEPTED


def _read(asset_id: str) -> tuple[Dossier, AssetRecord]:
    known = dossier.read(asset_id) if ids.is_asset_id(asset_id) else None
    if known is None or known.asset is None:
        raise _unknown(asset_id)
    return known, known.asset


def _unknown(asset_id: str) -> NotFound:
    return NotFound(f"There is no asset `{asset_id[:60]}`.", code="unknown_asset")
