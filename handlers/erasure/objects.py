"""Pictures go: every version, in every bucket, of what is this asset's; and of what it shares, if it was the last."""

from urllib.parse import quote

from handlers.aws import cdn, endpoints, shared, storage, versions
from handlers.erasure.inventory import Inventory
from handlers.settings import settings
from schemas import keys
from schemas.erasure import Erasure
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, timestamp


def remove(asset: AssetRecord, erasure: Erasure, there: Inventory) -> int:
    """Take away all objects of an asset; return how many versions there were. The original goes last.

    Whoever is cut off begins again, and the original's key is what everything else is found by.
    """
    return (
        remove_delivered(asset, erasure)
        + remove_made(asset.asset_id, there.runs, there.places)
        + remove_original(asset, erasure)
    )


def remove_delivered(asset: AssetRecord, erasure: Erasure) -> int:
    """Take away what the world sees, and have the CDN forget it: files, and manifests by name and by path."""
    bucket, folder = settings().delivery_bucket, keys.delivered_folder(asset.asset_id)
    by_path = S3Pointer(bucket=bucket, key=keys.manifest_key(asset.source.key))
    count = versions.remove_folder(bucket, folder) + versions.remove_object(by_path, until=erasure.at)
    cdn.forget([f"/{folder}*", f"/{quote(by_path.key)}"], f"{asset.asset_id}-{timestamp(erasure.at)}")
    return count


def remove_made(asset_id: str, runs: list[str], places: list[str]) -> int:
    """Take away what lies in the work bucket: proofs, requests, and what stages made, unless others use it."""
    bucket = settings().work_bucket
    count = versions.remove_folder(bucket, f"reviews/{asset_id}/")
    count += sum(versions.remove_folder(bucket, endpoints.requests_folder(run)) for run in runs)
    for place in places:
        if shared.leave(place, asset_id):
            count += versions.remove_folder(bucket, place)
            shared.forget(place)
    return count


def remove_original(asset: AssetRecord, erasure: Erasure) -> int:
    """Take away the upload, and the mask and sidecar that lie beside it for it alone.

    What was uploaded to the same keys after the erasure was ordered is somebody's new picture.
    """
    bucket, key = settings().inbox_bucket, asset.source.key
    return sum(
        versions.remove_object(S3Pointer(bucket=bucket, key=each), until=erasure.at) for each in (*_own(key), key)
    )


def _own(photo: str) -> list[str]:
    """List companions that belong to no other photo: ``a.mask.png`` serves ``a.jpg`` and ``a.png``."""
    bucket = settings().inbox_bucket
    companions = [*keys.own_masks_for(photo), *keys.sidecars_for(photo)]
    neighbours = {key for each in companions for key in storage.keys_under(bucket, keys.neighbourhood(each))}
    return [each for each in companions if set(keys.photos_for(each, neighbours)) <= {photo}]
