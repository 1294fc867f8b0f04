"""What is delivered of an asset at the moment, as its manifest says it."""

from handlers import manifests as places
from handlers.api.errors import Conflict
from handlers.aws import manifests
from handlers.settings import settings
from schemas.delivery_manifest import DeliveryManifest
from schemas.keys import manifest_key
from schemas.records import AssetRecord


def manifest_of(asset: AssetRecord) -> DeliveryManifest:
    """Read an asset's own manifest; of what an older deployment delivered, that of its key, if it still is about it.

    Raises
    ------
    Conflict
        ``nothing_delivered``, where there is none, or what it named was withdrawn.
    """
    own = places.place_of(asset.asset_id)
    for place in (own, own.model_copy(update={"key": manifest_key(asset.source.key)})):
        manifest = DeliveryManifest.read(manifests.look(place).document)
        if manifest is not None and manifest.asset_id == asset.asset_id and manifest.renditions:
            return manifest.at(settings().delivery_url)
    raise Conflict("Nothing of this picture is delivered.", code="nothing_delivered")
