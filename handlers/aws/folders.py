"""What lies in the inbox below a prefix, as assets: S3 knows the keys in their order, the table what became of them."""

from concurrent.futures import ThreadPoolExecutor

from handlers.aws import records, storage
from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas import ids, keys
from schemas.records import AssetRecord

_PAGE = 50
_AT_ONCE = 10


def page(prefix: str, after: str | None) -> tuple[list[AssetRecord], str | None]:
    """List the assets that the keys below a prefix hold at the moment, in the order of the keys.

    Reading costs as much as lies there, however many assets there are elsewhere. What lies there and is no asset (a
    mask, a sidecar, a photo that nobody has looked at yet) is left out, so a page may hold fewer, or none, with more to
    come.

    Parameters
    ----------
    after
        Key after which the page begins: what the page before gave.
    """
    begins = {"StartAfter": after} if after else {}
    with translated("listing a folder"):
        found = client("s3").list_objects_v2(Bucket=settings().inbox_bucket, Prefix=prefix, MaxKeys=_PAGE, **begins)
    listed = [entry["Key"] for entry in found.get("Contents", [])]
    photos = [key for key in listed if not keys.is_companion(key) and not keys.is_ignored(key)]
    with ThreadPoolExecutor(_AT_ONCE) as at_once:
        assets = [asset for asset in at_once.map(at, photos) if asset]
    return assets, listed[-1] if found["IsTruncated"] and listed else None


def at(key: str) -> AssetRecord | None:
    """Read the asset that a key of the inbox holds at the moment; ``None`` if nothing is known of it."""
    found = storage.head(settings().inbox_bucket, key)
    if found is None:
        return None
    return records.find_asset(ids.asset_id(settings().inbox_bucket, key, found.pointer.version_id or ""))
