"""What is delivered of an asset at the moment, as its manifest says it."""

from pydantic import ValidationError

from handlers import manifests as places
from handlers.api.errors import Conflict
from handlers.aws import manifests
from handlers.settings import settings
from schemas.delivery_manifest import DeliveryManifest
from schemas.records import AssetRecord


def manifest_of(asset: AssetRecord) -> DeliveryManifest:
    """Read an asset's own manifest.

    Raises
    ------
    Conflict
        ``nothing_delivered``, where there is none, or what it named was withdrawn.
    """
    found = manifests.look(places.place_of(asset.asset_id)).document
    try:
        manifest = DeliveryManifest.model_validate(found) if found else None
    except ValidationError:  # of an older deployment
        manifest = None
    if manifest is None or not manifest.renditions:
        raise Conflict("Nothing of this picture is delivered.", code="nothing_delivered")
    return manifest.at(settings().delivery_url)
