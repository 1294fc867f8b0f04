"""Delivered files: where they are read, for as long as it is asked for."""

import json
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers import links
from handlers.api import assets, callers
from handlers.delivered import manifest_of
from handlers.settings import settings
from schemas.keys import asset_manifest_key, delivered_folder
from schemas.picture_sources import address
from schemas.records import now, timestamp
from schemas.signed_link import LinkQuestion

router = Router()  # type: ignore[no-untyped-call]


@router.get("/assets/<asset_id>/links")
@callers.needs(*callers.ANY_ROLE)
def links_of(asset_id: str) -> dict[str, Any]:
    """Give the addresses of an asset's delivered files at the CDN, ready for a page: ``?seconds=``.

    Where the CDN lets in only who has a signed address, these are, for as many seconds. They are read until then by
    whoever has them.
    """
    given = router.current_event.query_string_parameters or {}
    asked = LinkQuestion.model_validate({name: given[name] for name in ("seconds",) if name in given})
    manifest, base = manifest_of(assets.find(asset_id)), settings().delivery_url
    until = now().replace(microsecond=0) + timedelta(seconds=asked.seconds)
    query = links.query_for(delivered_folder(asset_id), until) if links.are_signed() else ""
    shown = manifest.at(base, query)
    return {
        "asset_id": asset_id,
        "signed": links.are_signed(),
        **({"expires_at": timestamp(until)} if query else {}),
        "manifest": address(base, asset_manifest_key(asset_id), query),
        "links": {file.name: address(base, file.key, query) for file in manifest.renditions},
        **shown.model_dump(mode="json", include={"sources", "fallback"}, exclude_none=True),
    }


@router.get("/manifests/schema")
@callers.needs(*callers.ANY_ROLE)
def schema() -> Response[str]:
    """Describe the manifests beside delivered files as a JSON Schema."""
    from schemas import delivery_manifest  # built when somebody asks for it: no other request waits for that

    body = json.dumps(delivery_manifest.json_schema(), separators=(",", ":"))
    return Response(status_code=200, content_type="application/schema+json", body=body)
